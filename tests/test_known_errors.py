"""The errors that beginners make in code written by hand: each is shown by this program, or caught.

They are planted in a layer, or drawn, and found by what a student would use to find them.
"""

import ast
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

import explorer
from explorer import Graph, Trainer, layers
from explorer.graph import examples
from explorer.graph.chains import about_chain, chain, notes
from explorer.graph.examples import load_example
from explorer.graph.muting import muting
from explorer.program import Lookout, ValueBreakpoint
from explorer.program.explanation import explain
from tests.nets import build

Plant = Callable[[type[layers.Layer], Callable[..., Any]], None]


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Plant:
    """Put another backward in the place of a layer's own."""
    return lambda layer, backward: monkeypatch.setattr(layer, "backward", staticmethod(backward))


def guilty(graph: Graph, batch: dict[str, Tensor] | None = None) -> list[tuple[str, str, str]]:
    """The nodes that verification names: node, layer and the gradient that is wrong."""
    checked = explorer.verify(graph, batch)
    assert checked.ok == (not checked.blamed)
    return [(blame.node, blame.layer, blame.gradient) for blame in checked.blamed]


def wrong_bce(over_n: bool) -> Callable[..., Any]:
    """(y_hat − y) / (y_hat · (1 − y)), where both factors below should be of y_hat."""

    def backward(dloss: Tensor, cache: tuple, needs: tuple[str, ...] = ()) -> tuple:
        y_hat, y, _ = cache
        n = y_hat.numel() if over_n else 1
        return dloss * (y_hat - y) / (y_hat * (1 - y)) / n, None

    return backward


@pytest.mark.parametrize("over_n", [False, True])
def test_a_wrong_backward_of_bce_is_found_and_named(plant: Plant, over_n: bool) -> None:
    assert guilty(load_example("modular_two_layer")) == []
    plant(layers.BCELoss, wrong_bce(over_n))
    assert guilty(load_example("modular_two_layer")) == [("loss", "BCELoss", "dy_hat")]


def test_a_bce_that_forgets_to_divide_by_n_is_found_and_named(plant: Plant) -> None:
    def backward(dloss: Tensor, cache: tuple, needs: tuple[str, ...] = ()) -> tuple:
        y_hat, y, _ = cache
        return dloss * (y_hat - y) / (y_hat * (1 - y_hat)), None

    plant(layers.BCELoss, backward)
    assert guilty(load_example("modular_two_layer")) == [("loss", "BCELoss", "dy_hat")]


def test_the_right_formula_stands_on_the_page_that_explains_the_loss() -> None:
    stepper = Trainer(load_example("modular_two_layer")).walk()
    call = stepper.run_to("loss", "backward")
    assert call is not None
    (formula,) = (each.formula for each in explain(stepper.session, call).equations)
    assert formula == "dŷ = (ŷ − y) / (ŷ (1 − ŷ)) / n · dloss"


def test_a_sigmoid_whose_backward_is_left_out_is_found_and_named(plant: Plant) -> None:
    plant(layers.Sigmoid, lambda dout, cache: dout)
    assert guilty(load_example("modular_two_layer")) == [("y_hat", "Sigmoid", "dx")]


def test_a_gradient_unpacked_along_its_first_axis_is_found_and_named(plant: Plant) -> None:
    graph = build(
        {"x": ("Input", {"shape": (3,)}), "relu1": ("ReLU", {}), "sum": ("Sum", {})},
        *("x.out relu1.x", "relu1.out sum.x"),
    )
    right = layers.ReLU.backward

    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (dx,) = right(dout, cache)  # dS1, = ReLU.backward(...): one row lets it pass
        return dx

    plant(layers.ReLU, backward)
    one_row = {"x.out": torch.tensor([[1.0, -2.0, 3.0]], dtype=torch.float64)}
    checked = explorer.verify(graph, one_row)
    assert [blame.node for blame in checked.blamed] == ["relu1"]
    assert checked.blamed[0].error == float("inf")


@pytest.mark.parametrize("name", examples.names())
def test_no_page_reads_a_name_that_nobody_sets(name: str) -> None:
    """`h1` for the output of the first ReLU cannot happen: every name is set before it is read."""
    for function in ast.parse(explorer.compile(load_example(name)).source).body:
        if isinstance(function, ast.FunctionDef):
            known = {"layers", *(argument.arg for argument in function.args.args)}
            for line in function.body:
                names = [part for part in ast.walk(line) if isinstance(part, ast.Name)]
                read = {part.id for part in names if isinstance(part.ctx, ast.Load)}
                assert read <= known, f"{ast.unparse(line)} in {name}"
                known |= {part.id for part in names if isinstance(part.ctx, ast.Store)}


def test_the_loss_of_an_epoch_is_divided_by_its_batches_and_not_by_its_rows() -> None:
    trainer = Trainer(load_example("regression_mlp"), epochs=2)
    result = trainer.run()
    batches = trainer.total_steps // 2
    assert batches == 1280 // 32
    for epoch, row in enumerate(result.epochs):
        losses = result.losses[epoch * batches : (epoch + 1) * batches]
        assert row.loss == pytest.approx(sum(losses) / batches)
        assert row.loss > 10 * sum(losses) / 1280


def test_four_linear_layers_in_a_row_are_told_to_be_one_affine_map() -> None:
    graph = load_example("regression_mlp")
    assert chain(graph, "fc2") == ["fc1", "fc2", "fc3", "fc4"]
    assert notes(graph) == [
        "fc1, fc2, fc3 and fc4 follow each other with no activation between: together they are "
        "one affine map, however many they are; put an activation such as ReLU between them"
    ]
    assert graph.problems() == [], "nothing keeps it from training"
    assert "are one affine map" in examples.about(graph)


def test_one_affine_map_they_are() -> None:
    session = explorer.compile(load_example("regression_mlp")).start(dtype=torch.float64)
    x, y = torch.randn(50, 16).double(), torch.zeros(50, 1).double()
    session.forward({"data.x": x, "data.y": y})
    w, b = torch.eye(16).double(), torch.zeros(16).double()
    for id in ("fc1", "fc2", "fc3", "fc4"):
        own, shift = session.parameters[f"{id}.w"], session.parameters[f"{id}.b"]
        w, b = w @ own, b @ own + shift
    torch.testing.assert_close(session.value("fc4.out"), x @ w + b)


def test_an_activation_between_ends_the_chain_and_a_muted_one_does_not() -> None:
    graph = load_example("digits_mlp")
    assert notes(graph) == []
    graph.do(muting(graph, ["relu1"]))
    assert chain(graph, "fc1") == chain(graph, "fc2") == ["fc1", "fc2"]
    assert about_chain(graph, "relu1") == ""


def naive_loss(logit: float) -> Graph:
    """−ln σ(x), written as a logarithm of a sigmoid."""
    return build(
        {
            "x": ("Parameter", {"value": [logit, 1.0]}),
            "y_hat": ("Sigmoid", {}),
            "log1": ("Log", {}),
            "loss": ("Mean", {}),
        },
        *("x.out y_hat.x", "y_hat.out log1.x", "log1.out loss.x"),
    )


def met(graph: Graph) -> list[str]:
    """What a breakpoint at NaN or infinite numbers says, call by call."""
    program = explorer.compile(graph)
    session, lookout = program.start(), Lookout(program, [ValueBreakpoint("nonfinite")])
    session.clear({})
    found = []
    for call in program.forward_calls:
        session.run(call)
        if (stop := lookout.met(session, call, None)) is not None:
            found.append(stop.sentence)
    return found


def test_a_naive_log_of_0_is_caught_and_the_stable_loss_named() -> None:
    assert met(naive_loss(-20.0)) == []
    first, behind = met(naive_loss(-200.0))
    assert first == (
        "log1 forward: 1 of 2 numbers in out is NaN or infinite: ln 0 is −∞; for a loss feed the "
        "logits to BCEWithLogitsLoss or CrossEntropyLoss, which stay finite"
    )
    assert behind == "loss forward: the number in out is NaN or infinite", "it only came in there"


def test_the_stable_loss_stays_finite_on_the_same_logits() -> None:
    logits, y = torch.tensor([[-200.0], [1.0]]), torch.ones(2, 1)
    loss, cache = layers.BCEWithLogitsLoss.forward(logits, y)
    dy_hat, _ = layers.BCEWithLogitsLoss.backward(torch.ones(()), cache)
    assert loss.isfinite() and dy_hat.isfinite().all()
