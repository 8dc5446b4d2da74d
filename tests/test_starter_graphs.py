"""The starter graphs show what their notes promise, and the figures of the tutorial done right."""

from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.testing import assert_close

import explorer
from explorer import Graph, Stepper, Trainer, layers
from explorer.graph import TrainingSettings, examples
from explorer.graph.examples import load_example
from explorer.training.optimizers import Update

NAMES = examples.names()
CARD = (200.0, 120.0)
"""What a card with its margin takes up on the canvas, in scene units."""

everyone = pytest.mark.parametrize("name", NAMES)


# Each of them is a document in good order


def test_the_starter_graphs_are_there() -> None:
    promised = {
        *("naive_two_layer", "modular_two_layer", "autograd_scalar"),
        *("regression_mlp", "digits_mlp", "spiral", "convnet", "residual_digits"),
        *("char_lstm", "transformer_text", "ctc_digit_strips", "autoencoder_digits"),
    }

    assert promised <= set(NAMES)
    assert NAMES[0] == examples.FIRST == "digits_mlp"


@everyone
def test_it_can_train_as_it_is(name: str) -> None:
    graph = load_example(name)

    assert graph.problems() == []
    assert explorer.compile(graph).left_out == ()
    assert examples.about(graph).endswith(".")


@everyone
def test_its_cards_do_not_overlap_and_its_wires_run_right_or_to_a_line_below(name: str) -> None:
    graph = load_example(name)

    for one, two in combinations(graph.nodes.values(), 2):
        apart = [abs(a - b) for a, b in zip(one.position, two.position, strict=True)]
        assert apart[0] >= CARD[0] or apart[1] >= CARD[1], f"{one.id} lies on {two.id}"
    for wire in graph.wires.values():
        source, target = graph.node(wire.source_node), graph.node(wire.target_node)
        right, down = (b - a for a, b in zip(source.position, target.position, strict=True))
        assert right >= CARD[0] or down >= CARD[1]


@everyone
def test_it_is_saved_as_it_was_read(name: str, tmp_path: Path) -> None:
    load_example(name).save(tmp_path / "saved.json")

    assert (tmp_path / "saved.json").read_bytes() == examples.path(name).read_bytes()


# What you see is what runs


@everyone
def test_each_of_its_gradients_is_right(name: str) -> None:
    checked = explorer.verify(load_example(name))

    assert checked.ok, checked.first_wrong
    assert {c.path for c in checked if c.is_parameter} == set(
        explorer.compile(load_example(name)).parameters
    )


def optimizer_of(settings: TrainingSettings, weights: list[Tensor]) -> torch.optim.Optimizer:
    """The optimizer that the settings mean, made by hand."""
    if settings.optimizer == "Adam":
        return torch.optim.Adam(weights, lr=settings.learning_rate, fused=True)
    return torch.optim.SGD(
        weights, lr=settings.learning_rate, momentum=settings.momentum, fused=True
    )


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[list[Tensor]]:
    """The gradients that training gives its optimizer, step by step."""
    found: list[list[Tensor]] = []
    update = Update.__call__

    def note(self: Update, gradients: list[Tensor]) -> None:
        found.append([gradient.clone() for gradient in gradients])
        update(self, gradients)

    monkeypatch.setattr(Update, "__call__", note)
    return found


def step_through(stepper: Stepper) -> None:
    while stepper.step():
        pass


def run_calls(stepper: Stepper) -> None:
    session = stepper.session
    for call in session.program.forward_calls:
        session.run(call)
    session.start_backward()
    for call in session.program.backward_calls:
        session.run(call)


@everyone
@pytest.mark.parametrize("walk", [step_through, run_calls])
def test_training_and_stepping_give_the_same_bits(
    name: str, walk: Callable[[Stepper], None], given: list[list[Tensor]]
) -> None:
    trainer = Trainer(load_example(name), seed=4)
    session = explorer.compile(load_example(name)).start(seed=4)
    optimizer = optimizer_of(trainer.settings, list(session.parameters.values()))

    for _ in range(5):
        stepper = Stepper(session, trainer.batch, trainer.batch_seed)
        trainer.step()
        walk(stepper)

        assert trainer.result.losses[-1] == session.value(session.program.loss).item()
        gradients = session.gradients()
        assert list(gradients) == list(session.parameters)
        assert all(torch.equal(a, b) for a, b in zip(given[-1], gradients.values(), strict=True))
        for path, gradient in gradients.items():
            session.parameters[path].grad = gradient
        optimizer.step()
        for path, variable in session.program.buffers.items():
            session.buffers[path].copy_(session.namespace[variable])
        assert all(torch.equal(w, session.state[p]) for p, w in trainer.weights.items())


# The figures of the tutorial


def naive(seed: int) -> Graph:
    """Another thousand random rows, with random labels, for each seed."""
    graph = load_example("naive_two_layer")
    graph.set("data", seed=seed)
    return graph


def tutorial_done_right(x: Tensor, y: Tensor, w: dict[str, Tensor]) -> Iterator[float]:
    """The losses of the tutorial's two-layer net, its gradients written out, at a rate of 0.1."""
    n = len(x)
    while True:
        a1 = torch.sigmoid(x @ w["fc1.w"] + w["fc1.b"])
        out = torch.sigmoid(a1 @ w["fc2.w"] + w["fc2.b"])
        yield float(-(y * torch.log(out) + (1 - y) * torch.log(1 - out)).sum() / n)
        ds2 = (out - y) / n
        ds1 = ds2 @ w["fc2.w"].t() * a1 * (1 - a1)
        gradients = {
            "fc1.w": x.t() @ ds1,
            "fc1.b": ds1.sum(0),
            "fc2.w": a1.t() @ ds2,
            "fc2.b": ds2.sum(0),
        }
        w = {path: weight - 0.1 * gradients[path] for path, weight in w.items()}


@pytest.mark.parametrize("seed", range(5))
def test_naive_two_layer_finds_nothing_in_random_labels(seed: int) -> None:
    trainer = Trainer(naive(seed), seed=seed)
    batch, weights = trainer.batch, trainer.weights
    assert batch["data.x"].shape == (1000, 16)
    assert weights["fc1.w"].shape == (16, 64)

    losses = trainer.run().losses

    assert len(losses) == 20
    assert losses[0] == pytest.approx(0.70, abs=0.01)
    assert all(0.6905 <= loss <= 0.6935 for loss in losses[5:])
    by_hand = tutorial_done_right(batch["data.x"], batch["data.y"], weights)
    expected = [loss for loss, _ in zip(by_hand, range(20), strict=False)]
    assert losses == pytest.approx(expected, abs=1e-6)


def test_autograd_scalar_gives_five_and_three() -> None:
    session = explorer.compile(load_example("autograd_scalar")).start()

    c = session.forward({})
    gradients = session.backward()

    assert float(c) == 15
    assert {path: float(gradient) for path, gradient in gradients.items()} == {
        "a.value": 5,
        "b.value": 3,
    }
    assert float(session.gradient("a.out")) == 5 and float(session.gradient("b.out")) == 3


def test_regression_mlp_is_the_same_net_in_torch_nn() -> None:
    trainer = Trainer(load_example("regression_mlp"))
    sizes = [16, 32, 64, 32, 1]
    net = nn.Sequential(*(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:], strict=False)))
    with torch.no_grad():
        for number, line in enumerate(net, 1):
            line.weight.copy_(trainer.weights[f"fc{number}.w"].t())
            line.bias.copy_(trainer.weights[f"fc{number}.b"])
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    expected = []

    for _ in range(400):
        batch = trainer.batch
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(batch["data.x"]), batch["data.y"])
        loss.backward()
        optimizer.step()
        expected.append(loss.item())
        trainer.step()

    result = trainer.run()
    assert result.state == "done"
    assert len(result.epochs) == 10 and result.epochs[-1].steps == 400
    assert result.losses == pytest.approx(expected, abs=1e-5)
    assert result.epochs[-1].loss == pytest.approx(1 / 12, abs=0.02), "not the targets' variance"


# They learn


def test_digits_mlp_reads_nineteen_digits_of_twenty() -> None:
    rows = Trainer(load_example("digits_mlp"), epochs=40).run().epochs

    assert max(row.validation_accuracy for row in rows) >= 0.95
    assert rows[-1].validation_loss < rows[0].validation_loss / 5


@pytest.mark.parametrize(
    ("name", "share"), [("modular_two_layer", 0.93), ("spiral", 0.9), ("digits_mlp", 0.93)]
)
def test_it_learns_with_its_own_settings(name: str, share: float) -> None:
    last = Trainer(load_example(name)).run().epochs[-1]

    assert last.accuracy > share
    assert last.validation_accuracy > share


# None of the tutorial's known errors


def test_the_gradient_of_the_loss_is_divided_by_the_rows_and_uses_y_hat_twice() -> None:
    y_hat = torch.tensor([[0.2], [0.7], [0.4], [0.9]], dtype=torch.float64, requires_grad=True)
    y = torch.tensor([[1.0], [0.0], [0.0], [1.0]], dtype=torch.float64)

    _, cache = layers.BCELoss.forward(y_hat, y)
    dy_hat, _ = layers.BCELoss.backward(torch.ones((), dtype=torch.float64), cache)

    assert_close(dy_hat, (y_hat - y) / (y_hat * (1 - y_hat)) / 4)
    nn.functional.binary_cross_entropy(y_hat, y).backward()
    assert_close(dy_hat, y_hat.grad)
    assert dy_hat.isfinite().all(), "divided by 1 − y, which is 0 where y is 1"


def test_one_pass_goes_through_every_layer_and_back_through_every_layer() -> None:
    program = explorer.compile(load_example("modular_two_layer"))

    forward = [call.node for call in program.forward_calls]
    backward = [call.node for call in program.backward_calls]

    assert forward == ["data", "fc1", "relu1", "fc2", "y_hat", "loss"]
    assert backward == ["loss", "y_hat", "fc2", "relu1", "fc1"]
    assert "layers.Linear.forward(relu1, " in program.source
    assert "= layers.Sigmoid.backward(dy_hat, y_hat_cache)" in program.source
    assert "layers.Linear.backward(dfc2, fc2_cache)" in program.source


def test_the_backward_pass_of_an_activation_is_one_tensor() -> None:
    x = torch.tensor([[1.0, -2.0], [0.0, 3.0]])

    for layer in (layers.ReLU, layers.Sigmoid, layers.Tanh):
        _, cache = layer.forward(x)
        assert layer.backward(torch.ones_like(x), cache).shape == x.shape


def test_the_loss_of_an_epoch_is_a_mean_and_not_a_sum_over_the_rows() -> None:
    result = Trainer(load_example("regression_mlp"), epochs=1).run()

    assert result.epochs[0].loss == pytest.approx(sum(result.losses) / 40)


def test_the_regression_net_is_one_affine_map_whatever_its_depth() -> None:
    trainer = Trainer(load_example("regression_mlp"))
    trainer.run()
    batch, weights = trainer.batch, trainer.weights
    trainer.session.forward(batch)
    slope, offset = torch.eye(16), torch.zeros(16)

    for number in range(1, 5):
        slope = slope @ weights[f"fc{number}.w"]
        offset = offset @ weights[f"fc{number}.w"] + weights[f"fc{number}.b"]

    assert_close(
        trainer.session.value("fc4.out"), batch["data.x"] @ slope + offset, rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("far", [100.0, 1000.0])
def test_a_prediction_that_is_certain_and_wrong_has_a_finite_loss_and_gradient(far: float) -> None:
    logits, y = torch.tensor([[far], [-far]]), torch.tensor([[0.0], [1.0]])
    certain = torch.sigmoid(logits)

    fused, cache = layers.BCEWithLogitsLoss.forward(logits, y)
    dfused, _ = layers.BCEWithLogitsLoss.backward(torch.ones(()), cache)
    plain, cache = layers.BCELoss.forward(certain, y)
    dplain, _ = layers.BCELoss.backward(torch.ones(()), cache)

    assert float(fused) == pytest.approx(far)
    assert_close(dfused, torch.tensor([[0.5], [-0.5]]))
    assert plain.isfinite() and dplain.isfinite().all()


# The contract with other people's programs


def test_the_api_works_to_the_letter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "gated.json"
    graph = explorer.Graph()
    graph.add("Data", id="data", dataset="moons")
    graph.add("Parameter", id="a", value=3.0)
    graph.add("Linear", id="fc1", out_features=64)
    graph.add("Multiply", id="gate")
    graph.add("Linear", id="fc2", out_features=1)
    graph.add("BCEWithLogitsLoss", id="loss")
    graph.connect("data.x", "fc1.x")
    graph.connect("fc1.out", "gate.a")
    graph.connect("a.out", "gate.b")
    graph.connect("gate.out", "fc2.x")
    graph.connect("fc2.out", "loss.y_hat")
    assert [problem.message for problem in graph.problems()] == ["loss.y is not connected"]
    with pytest.raises(explorer.GraphError, match=r"loss\.y is not connected"):
        explorer.compile(graph)
    graph.connect("data.y", "loss.y")

    graph.save(path)
    graph = explorer.load(path)
    assert graph.problems() == []
    assert graph.shapes()["fc1.out"] == ("N", 64)
    program = explorer.compile(graph)
    call = next(call for call in program.calls if call.node == "fc1")
    assert (call.phase, call.inputs) == ("forward", ("data_x", "fc1_w", "fc1_b"))
    assert call.outputs == ("fc1", "fc1_cache")
    assert call.text in program.source
    assert {call.phase for call in program.calls} == {"forward", "backward"}

    session = program.start(device="cpu", dtype=torch.float32, seed=0)
    x, y = torch.randn(5, 2), torch.ones(5, 1)
    loss = session.forward({"data.x": x, "data.y": y})
    grads = session.backward()
    assert loss.shape == ()
    assert (
        set(grads)
        == set(session.parameters)
        == {
            *("a.value", "fc1.w", "fc1.b", "fc2.w", "fc2.b"),
        }
    )
    session.parameters["fc1.w"].zero_()
    assert float(session.forward({"data.x": x, "data.y": y})) != float(loss), "not live"
    assert session.value("fc1.out").shape == (5, 64)
    session.backward()
    assert session.gradient("fc1.out").shape == (5, 64)

    checked = explorer.verify(graph)
    assert checked.ok
    assert checked["fc1.w"].against_autograd <= 1e-5
    assert checked["fc1.out"].against_finite_differences <= 1e-5

    trainer = explorer.Trainer(graph, device="cpu", seed=0, epochs=20, on_event=print)
    result = trainer.run()
    assert len(result.losses) == 20 * 25 and len(result.epochs) == 20
    assert result.steps_per_second > 0
    assert "StateChanged(state='done'" in capsys.readouterr().out


def test_an_input_is_fed_by_the_caller_and_has_a_gradient() -> None:
    graph = explorer.Graph()
    graph.add("Input", id="x", shape=(16,))
    graph.add("Linear", id="fc1", out_features=64)
    graph.add("Sum", id="sum")
    graph.connect("x.out", "fc1.x")
    graph.connect("fc1.out", "sum.x")

    session = explorer.compile(graph).start()
    session.forward({"x.out": torch.randn(7, 16)})
    session.backward()

    assert graph.shapes() == {"x.out": ("N", 16), "fc1.out": ("N", 64), "sum.out": ()}
    assert_close(session.gradient("x.out"), session.parameters["fc1.w"].sum(1).expand(7, 16))


def test_the_output_that_nothing_reads_is_the_loss_and_of_several_the_user_says_which() -> None:
    graph = load_example("autograd_scalar")
    graph.add("Add", id="d")
    graph.connect("a.out", "d.a")
    graph.connect("b.out", "d.b")

    with pytest.raises(explorer.GraphError, match=r"could be the loss: c\.out and d\.out"):
        explorer.compile(graph)
    session = explorer.compile(graph, "d.out").start()
    assert float(session.forward({})) == 8
    assert {path: float(g) for path, g in session.backward().items()} == {
        "a.value": 1,
        "b.value": 1,
    }


def test_layers_work_on_their_own() -> None:
    x, w, b = torch.randn(5, 3), torch.randn(3, 2), torch.randn(2)

    out, cache = layers.Linear.forward(x, w, b)
    dx, dw, db = layers.Linear.backward(torch.ones(5, 2), cache)

    assert_close(out, x @ w + b)
    assert (dx.shape, dw.shape, db.shape) == (x.shape, w.shape, b.shape)
