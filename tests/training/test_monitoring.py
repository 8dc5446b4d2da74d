"""How layers fare over a run: measured right, seldom, without a trace, in bounded memory."""

from collections.abc import Callable
from math import isnan

import pytest
import torch
from torch.nn import functional

from explorer import Graph, Trainer
from explorer.graph.examples import load_example
from explorer.training import observer
from explorer.training.monitoring import LayerMeasures, Measured, Monitor, Record, measure
from explorer.training.monitoring.record import QUANTITIES

Bits = Callable[[Trainer], tuple]


@pytest.fixture
def relu(make: Callable[..., Graph]) -> Graph:
    """Two layers on moons; of the four units between them the last two are dead."""
    graph = make(
        {
            "data": ("Data", {"dataset": "moons", "samples": 80}),
            "fc1": ("Linear", {"out_features": 4}),
            "relu1": ("ReLU", {}),
            "fc2": ("Linear", {"out_features": 1}),
            "loss": ("BCEWithLogitsLoss", {}),
        },
        *("data.x fc1.x", "fc1.out relu1.x", "relu1.out fc2.x"),
        *("fc2.out loss.y_hat", "data.y loss.y"),
    )
    graph.train_with(batch_size=16, learning_rate=0.3, momentum=0.9)
    return graph


def half_dead(graph: Graph, optimizer: str = "SGD") -> Trainer:
    weights = Trainer(graph).weights
    weights["fc1.b"][2:] = -100.0
    trainer = Trainer(graph, weights=weights, optimizer=optimizer)
    for _ in range(3):
        trainer.step()
    return trainer


def norm(*tensors: torch.Tensor) -> float:
    return float(torch.cat([tensor.reshape(-1) for tensor in tensors]).norm())


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_measures_are_what_torch_finds_by_hand(relu: Graph, optimizer: str) -> None:
    trainer = half_dead(relu, optimizer)
    before = {path: weight.requires_grad_() for path, weight in trainer.weights.items()}
    batch = {path: value.clone() for path, value in trainer.batch.items()}

    found = measure(trainer)
    trainer.step()

    after = trainer.weights
    hidden = batch["data.x"] @ before["fc1.w"] + before["fc1.b"]
    active = functional.relu(hidden)
    logits = active @ before["fc2.w"] + before["fc2.b"]
    functional.binary_cross_entropy_with_logits(logits, batch["data.y"]).backward()
    assert found.step == 3
    assert list(found.nodes) == ["data", "fc1", "relu1", "fc2", "loss"]
    for node in ("fc1", "fc2"):
        mine, paths = found.nodes[node], (f"{node}.w", f"{node}.b")
        gradient = norm(*(before[path].grad for path in paths))
        assert mine.gradient == pytest.approx(gradient, rel=1e-4)
        moved = norm(*(after[path] - before[path].detach() for path in paths))
        whole = norm(*(before[path].detach() for path in paths))
        assert mine.ratio == pytest.approx(moved / whole, rel=1e-4)
        assert mine.learns
    for node, kept in {"fc1": hidden, "relu1": active, "fc2": logits}.items():
        mine, value = found.nodes[node], kept.detach()
        assert mine.mean == pytest.approx(float(value.mean()), rel=1e-4)
        assert mine.std == pytest.approx(float(value.std(correction=0)), rel=1e-4)
    assert found.nodes["relu1"].dead == float((active == 0).all(0).float().mean()) >= 0.5


def test_only_activations_can_be_dead_and_only_what_learns_has_a_ratio(relu: Graph) -> None:
    nodes = measure(half_dead(relu)).nodes

    assert [id for id, node in nodes.items() if node.is_activation] == ["relu1"]
    assert [id for id, node in nodes.items() if node.dead is not None] == ["relu1"]
    assert [id for id, node in nodes.items() if node.learns] == ["fc1", "fc2"]
    assert [id for id, node in nodes.items() if node.ratio is not None] == ["fc1", "fc2"]


def test_a_frozen_layer_has_no_update(make: Callable[..., Graph]) -> None:
    graph = make(
        {
            "data": ("Data", {"dataset": "moons"}),
            "fc1": ("Linear", {"out_features": 4, "frozen": True}),
            "fc2": ("Linear", {"out_features": 1}),
            "loss": ("BCEWithLogitsLoss", {}),
        },
        *("data.x fc1.x", "fc1.out fc2.x", "fc2.out loss.y_hat", "data.y loss.y"),
    )

    nodes = measure(Trainer(graph)).nodes

    assert nodes["fc1"].ratio is None
    assert not nodes["fc1"].learns
    assert nodes["fc2"].ratio > 0


def test_weights_that_are_all_zero_have_no_ratio(make: Callable[..., Graph]) -> None:
    graph = make(
        {
            "a": ("Parameter", {"value": 0.0}),
            "b": ("Parameter", {"value": 5.0}),
            "c": ("Multiply", {}),
        },
        *("a.out c.a", "b.out c.b"),
    )

    nodes = measure(Trainer(graph)).nodes

    assert nodes["a"].ratio is None
    assert nodes["a"].gradient == 5.0


@pytest.mark.parametrize("name", ["residual_digits", "char_lstm", "transformer_text"])
def test_nets_of_all_kinds_are_measured(name: str) -> None:
    trainer = Trainer(load_example(name), batch_size=4)

    nodes = measure(trainer).nodes

    assert all(node.gradient > 0 for node in nodes.values() if node.learns)
    assert all(node.std >= 0 for node in nodes.values() if node.std is not None)


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_a_run_that_is_measured_gives_the_same_bits(
    make: Callable[..., Graph], bits: Bits, optimizer: str
) -> None:
    net = make(
        {
            "data": ("Data", {"dataset": "iris"}),
            "fc1": ("Linear", {"out_features": 8}),
            "bn1": ("BatchNorm1d", {}),
            "drop": ("Dropout", {"p": 0.5}),
            "fc2": ("Linear", {"out_features": 3}),
            "loss": ("CrossEntropyLoss", {}),
        },
        *("data.x fc1.x", "fc1.out bn1.x", "bn1.out drop.x", "drop.out fc2.x"),
        *("fc2.out loss.y_hat", "data.y loss.y"),
    )
    net.train_with(epochs=3, optimizer=optimizer, momentum=0.9)
    watched, alone = Trainer(net), Trainer(net)
    alone.run()

    watched.start()
    while watched.state == "running":
        watched.advance(0.0)
        measure(watched)

    assert bits(watched) == bits(alone)


def test_layers_are_measured_at_most_four_times_a_second_and_for_a_twentieth_of_the_time(
    net: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, cost = [1000.0], [0.0]
    monkeypatch.setattr(observer, "perf_counter", lambda: now[0])
    taken: list[Measured] = []

    def told(measured: Measured) -> None:
        taken.append(measured)
        now[0] += cost[0]

    monitor, trainer = Monitor(told), Trainer(net)
    monitor.is_on = True
    for _ in range(65):
        monitor.glance(trainer)
        now[0] += 1 / 64
    assert len(taken) == 5

    taken.clear()
    cost[0], start = 1.0, now[0]
    while now[0] < start + 200:
        monitor.glance(trainer)
        now[0] += 0.1
    # The first ones are as dear as the cheapest of those before.
    assert (len(taken) - 4) * cost[0] / (now[0] - start) <= observer.SHARE


def test_a_monitor_that_is_off_measures_nothing(net: Graph) -> None:
    taken: list[Measured] = []

    Monitor(taken.append).take(Trainer(net))

    assert not taken


def test_the_first_measure_after_a_while_without_says_so(net: Graph) -> None:
    taken: list[Measured] = []
    monitor, trainer = Monitor(taken.append), Trainer(net)

    for is_on in (True, True, False, True, True):
        monitor.is_on = is_on
        monitor.take(trainer)

    assert [each.is_after_gap for each in taken] == [False, False, True, False]


def test_what_is_edited_on_the_walk_is_measured_and_gone_when_put_back(relu: Graph) -> None:
    taken: list[Measured] = []
    monitor, trainer = Monitor(taken.append), half_dead(relu)
    monitor.is_on = True
    stepper = trainer.walk()
    stepper.run_to_end()
    monitor.catch_up(trainer)

    stepper.edit("fc1_b", (2,), 100.0)
    monitor.catch_up(trainer)
    gradients = stepper.session.gradients()
    stepper.put_back()
    monitor.catch_up(trainer)

    before, edited, after = (each.nodes for each in taken)
    assert [each.edits for each in taken] == [0, 1, 0]
    assert edited["relu1"].dead == before["relu1"].dead - 0.25
    expected = norm(*(gradients[path] for path in ("fc1.w", "fc1.b")))
    assert edited["fc1"].gradient == pytest.approx(expected, rel=1e-5)
    assert edited["fc1"].gradient != pytest.approx(before["fc1"].gradient, rel=1e-3)
    was, moved = trainer.session.parameters, trainer.updated(gradients)
    change = norm(*(moved[path] - was[path] for path in ("fc1.w", "fc1.b")))
    with_edit = was["fc1.b"].clone()
    with_edit[2] = 100.0
    assert edited["fc1"].ratio == pytest.approx(change / norm(was["fc1.w"], with_edit), rel=1e-4)
    assert after == before


def test_an_edit_that_a_call_ahead_cannot_compute_with_leaves_the_measures() -> None:
    taken: list[Measured] = []
    monitor, trainer = Monitor(taken.append), Trainer(load_example("digits_mlp"))
    monitor.is_on = True
    trainer.walk().step()
    monitor.catch_up(trainer)

    trainer.walk().edit("data_y", (0,), 99)
    monitor.catch_up(trainer)
    trainer.walk().put_back()
    monitor.catch_up(trainer)

    assert [each.edits for each in taken] == [0, 0]


# What is kept


def measured(
    step: int, *, nodes: str = "ab", gradient: float | None = None, is_after_gap: bool = False
) -> Measured:
    norm = float(step) if gradient is None else gradient
    each = LayerMeasures(norm, None, 0, 1, None, True, False)
    return Measured(step, dict.fromkeys(nodes, each), is_after_gap=is_after_gap)


def test_a_short_run_is_kept_whole() -> None:
    record = Record()
    for step in (0, 7, 9):
        record.add(measured(step))

    steps, values = record.series("b", "gradient")

    assert steps.tolist() == values.tolist() == [0, 7, 9]


@pytest.mark.parametrize("count", [9, 64, 1000])
def test_a_long_run_is_thinned_evenly_and_takes_no_more_memory(count: int) -> None:
    record = Record(most=16)
    record.add(measured(0))
    size = record.nbytes
    for step in range(1, count):
        record.add(measured(step))

    steps, values = record.series("a", "gradient")

    assert record.nbytes == size == 16 * 2 * len(QUANTITIES) * 8
    assert len(steps) <= 16
    assert steps.tolist() == values.tolist()
    assert (steps[0], steps[-1]) == (0, count - 1)
    gaps = set((steps[1:-1] - steps[:-2]).tolist())
    assert len(gaps) == 1, "equally far apart, but for the latest one"
    assert len(steps) > 16 / 2 or count < 16


def test_a_step_that_is_measured_again_is_kept_once_and_one_before_not_at_all() -> None:
    record = Record()
    for step in (5, 5, 3, 8):
        record.add(measured(step))

    assert record.series("a", "gradient")[0].tolist() == [5, 8]


def test_a_step_that_is_measured_again_is_kept_as_it_is_now() -> None:
    record = Record()
    for step, gradient in ((5, 1.0), (8, 2.0), (8, 3.0), (5, 4.0)):
        record.add(measured(step, gradient=gradient))

    assert record.series("a", "gradient")[1].tolist() == [1, 3]
    assert record.nodes["a"].gradient == 3


def test_another_net_begins_anew() -> None:
    record = Record()
    record.add(measured(40))
    record.add(measured(2, nodes="abc"))

    assert list(record.nodes) == ["a", "b", "c"]
    assert record.series("c", "gradient")[0].tolist() == [2]


def test_steps_that_went_by_unmeasured_are_a_gap_however_thin_the_record() -> None:
    record = Record(most=16)
    for step in range(100):
        record.add(measured(step, is_after_gap=step in (0, 41)))

    (place,) = record.gaps
    steps, _ = record.series("a", "gradient")
    assert steps[place - 1] < 41 <= steps[place]


def test_what_was_never_measured_is_no_number() -> None:
    record = Record()
    record.add(measured(0))

    assert isnan(record.series("a", "ratio")[1][0])
