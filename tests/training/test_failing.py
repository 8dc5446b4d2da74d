"""What cannot be trained, or cannot go on, says so in a sentence and keeps what it has."""

from collections.abc import Callable
from math import isfinite, isnan
from pathlib import Path
from typing import Any

import pytest
import torch

from explorer import Graph, GraphError, Trainer, TrainingError
from explorer.training import DeviceError, Event, Progress, StateChanged, faults

Make = Callable[..., Graph]


def wide_step(make: Make) -> Graph:
    """A net that fits any machine until its first step, which takes more than can be addressed."""
    column, row = [[[[0.0]]]] * 3000, [[[0.0]]] * 3000
    graph = make(
        {
            "data": ("Data", {"samples": 10_000}),
            "fc1": ("Linear", {"out_features": 1200}),
            "column": ("Parameter", {"value": column}),
            "row": ("Parameter", {"value": row}),
            "table": ("Multiply", {}),
            "all": ("Multiply", {}),
            "mean": ("Mean", {}),
        },
        *("data.x fc1.x", "column.out table.a", "row.out table.b"),
        *("table.out all.a", "fc1.out all.b", "all.out mean.x"),
    )
    graph.train_with(batch_size=10_000, validation=0.0)
    return graph


def wide_weights(make: Make) -> Graph:
    """A net whose weights alone take more than can be addressed."""
    graph = make(
        {
            "data": ("Data", {"dataset": "digits"}),
            "column": ("Parameter", {"value": [[[0.0]]] * 25_000}),
            "images": ("Multiply", {}),
            "rows": ("Flatten", {"start_dim": 2}),
            "one": ("Linear", {"out_features": 1}),
            "row": ("Parameter", {"value": [0.0] * 25_000}),
            "square": ("Multiply", {}),
            "flat": ("Flatten", {}),
            "fc1": ("Linear", {"out_features": 65_536}),
            "mean": ("Mean", {}),
        },
        *("data.x images.a", "column.out images.b", "images.out rows.x", "rows.out one.x"),
        *("one.out square.a", "row.out square.b", "square.out flat.x", "flat.out fc1.x"),
        "fc1.out mean.x",
    )
    assert graph.shapes()["flat.out"] == ("N", 25_000**2)
    return graph


def test_a_run_that_diverges_stops_and_says_since_when(steep: Graph, events: list[Event]) -> None:
    trainer = Trainer(steep, on_event=events.append)

    result = trainer.run()

    first = next(step for step, loss in enumerate(result.losses) if not isfinite(loss))
    assert result.state == trainer.state == "diverged"
    assert result.message == (
        f"the loss is no longer a number since step {first} (epoch {first // 12 + 1}): reset, "
        "lower the learning rate (it is 1) and train again"
    )
    assert events[-1] == StateChanged("diverged", trainer.steps, result.message)
    assert trainer.steps < trainer.total_steps
    assert len(result.losses) == trainer.steps


def test_divergence_is_found_step_by_step_too(steep: Graph) -> None:
    trainer = Trainer(steep)

    while trainer.state != "diverged":
        trainer.step()

    assert not isfinite(trainer.result.losses[-1])
    assert all(isfinite(loss) for loss in trainer.result.losses[:-1])


@pytest.mark.parametrize("ask", ["pause", "stop"])
def test_divergence_is_found_though_somebody_pauses_just_then(steep: Graph, ask: str) -> None:
    def listen(event: Event) -> None:
        if isinstance(event, Progress):
            getattr(trainer, ask)()

    trainer = Trainer(steep, on_event=listen)
    while all(isfinite(loss) for loss in trainer.run().losses):
        assert trainer.state in ("paused", "stopped")

    assert trainer.state == "diverged"


def test_a_run_that_diverged_diverges_again(steep: Graph) -> None:
    trainer = Trainer(steep)
    trainer.run()

    assert trainer.run().state == "diverged"
    assert any(isnan(weight) for weight in trainer.weights["fc1.b"].tolist())


def test_a_lower_learning_rate_does_not_diverge(steep: Graph) -> None:
    assert Trainer(steep, learning_rate=1e-6).run().state == "done"


def test_running_out_of_memory_is_told_and_the_weights_are_kept(
    make: Make, events: list[Event]
) -> None:
    trainer = Trainer(wide_step(make), on_event=events.append)
    before = trainer.weights

    with pytest.raises(TrainingError, match="cpu ran out of memory at batches of 10000 rows") as e:
        trainer.run()

    message = str(e.value)
    assert message.endswith("make the batch smaller, or the layers narrower, and train again")
    assert faults.is_out_of_memory(e.value.__cause__)
    assert (trainer.state, trainer.message, trainer.steps) == ("failed", message, 0)
    assert (trainer.result.state, trainer.result.message) == ("failed", message)
    assert events[-1] == StateChanged("failed", 0, message)
    assert all(torch.equal(before[path], weight) for path, weight in trainer.weights.items())


def test_a_run_that_failed_stays_failed(make: Make, events: list[Event]) -> None:
    trainer = Trainer(wide_step(make), on_event=events.append)
    trainer.start()
    trainer.advance(0.1)
    told = list(events)
    assert trainer.state == "failed"

    trainer.start()
    trainer.advance(0.1)
    trainer.step()
    with pytest.raises(TrainingError, match="ran out of memory"):
        trainer.run()

    assert events == told


def test_weights_too_large_for_the_machine_are_told(make: Make, events: list[Event]) -> None:
    with pytest.raises(TrainingError, match="cpu ran out of memory") as refused:
        Trainer(wide_weights(make), on_event=events.append)

    assert events == [StateChanged("failed", 0, str(refused.value))]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (MemoryError(), "cuda:0 ran out of memory at batches of 32 rows"),
        (OSError(12, "Cannot allocate memory"), "cuda:0 ran out of memory at batches of 32 rows"),
        (torch.OutOfMemoryError("CUDA out of memory"), "cuda:0 ran out of memory at batches of 32"),
        (
            RuntimeError("CUDA error: device-side assert triggered\nmore"),
            "cuda:0 no longer answers",
        ),
        (RuntimeError("first line\nsecond line"), "training stopped at an error: first line"),
        (IndexError(), "training stopped at an error: IndexError"),
    ],
)
def test_what_goes_wrong_is_one_line_for_a_person(error: Exception, sentence: str) -> None:
    told = faults.explain(error, torch.device("cuda:0"), 32)

    assert told.startswith(sentence)
    assert "\n" not in told


def test_an_input_cannot_be_trained_on(make: Make) -> None:
    graph = make(
        {
            "left": ("Input", {"shape": (3,)}),
            "right": ("Input", {"shape": (3,)}),
            "join": ("Add", {}),
            "fc1": ("Linear", {"out_features": 1}),
            "sum": ("Sum", {}),
        },
        *("left.out join.a", "right.out join.b", "join.out fc1.x", "fc1.out sum.x"),
    )
    assert graph.problems() == []

    with pytest.raises(GraphError) as refused:
        Trainer(graph)

    left, right = refused.value.problems
    assert str(left) == (
        "left is fed by hand, batch by batch: "
        "put a Data node in its place to train; an Input is fed from Python"
    )
    assert (left.node, right.node) == ("left", "right")


def test_nothing_to_learn_is_told(make: Make) -> None:
    graph = make(
        {"data": ("Data", {}), "sig": ("Sigmoid", {}), "sum": ("Sum", {})},
        *("data.x sig.x", "sig.out sum.x"),
    )

    with pytest.raises(GraphError, match="there is nothing to learn: no weight reaches the loss"):
        Trainer(graph)


def test_a_graph_with_problems_names_each(net: Graph) -> None:
    net.disconnect("fc1.x")
    net.disconnect("loss.y")

    with pytest.raises(GraphError) as refused:
        Trainer(net)

    told = [problem.message for problem in refused.value.problems]
    assert told == ["fc1.x is not connected", "loss.y is not connected"]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"epochs": 0}, "epochs must be greater than or equal to 1; it is 0"),
        ({"epochs": 2.5}, "epochs must be a whole number"),
        ({"batch_size": 0}, "batch_size must be greater than or equal to 1; it is 0"),
        ({"learning_rate": 0.0}, "learning_rate must be greater than 0; it is 0.0"),
        ({"learning_rate": float("inf")}, "learning_rate must be "),
        ({"learning_rate": float("nan")}, "learning_rate must be "),
        ({"momentum": 1.0}, "momentum must be less than 1; it is 1.0"),
        ({"momentum": -0.1}, "momentum must be greater than or equal to 0; it is -0.1"),
        ({"validation": 0.95}, "validation must be less than or equal to 0.9; it is 0.95"),
        ({"optimizer": "Magic"}, "optimizer must be 'SGD' or 'Adam'; it is 'Magic'"),
        ({"shuffle": "perhaps"}, "shuffle must be "),
        ({"seed": -1}, "seed must be greater than or equal to 0; it is -1"),
        ({"learning_rat": 0.1}, "no setting learning_rat: did you mean learning_rate?"),
        ({"loss": "fc9.out"}, "fc9.out is to be minimised, but there is no such output"),
        ({"loss": "fc1.out"}, r"fc1.out is to be minimised, but it is \(N, 8\)"),
    ],
)
def test_settings_out_of_range_are_told(
    net: Graph, settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(GraphError, match=sentence) as refused:
        Trainer(net, **settings)

    (problem,) = refused.value.problems
    assert problem.hint and "\n" not in str(problem)


def test_a_device_that_is_not_there_is_told(net: Graph) -> None:
    with pytest.raises(DeviceError, match="there is no device abacus on this machine: choose auto"):
        Trainer(net, device="abacus")


def test_data_sets_of_different_lengths_are_told(make: Make) -> None:
    graph = make(
        {
            "left": ("Data", {"samples": 100}),
            "right": ("Data", {"samples": 100}),
            "short": ("Data", {"samples": 99}),
            "one": ("Add", {}),
            "two": ("Add", {}),
            "fc1": ("Linear", {"out_features": 1}),
            "loss": ("MSELoss", {}),
        },
        *("left.x one.a", "right.x one.b", "one.out two.a", "short.x two.b"),
        *("two.out fc1.x", "fc1.out loss.y_hat", "left.y loss.y"),
    )

    with pytest.raises(GraphError) as refused:
        Trainer(graph)

    (problem,) = refused.value.problems
    assert problem.message == "left has 100 rows and short has 99"
    assert problem.hint == "data sets that are trained on together need equally many rows"
    assert problem.node == "short"


def test_a_file_with_too_few_rows_to_hold_any_back_is_told(net: Graph, tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("a,b,size\n1,2,3\n")
    net.set("data", dataset="csv", path=str(file), labels="real")
    net.remove("loss")
    net.add("Mean", id="mean")
    net.connect("fc2.out", "mean.x")

    with pytest.raises(GraphError, match="data: .* too few rows to hold any back") as refused:
        Trainer(net)

    assert refused.value.problems[0].node == "data"


def test_a_file_that_is_gone_when_training_begins_is_told(net: Graph, tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    file.write_text("a,b,kind\n" + "1,2,yes\n2,1,no\n" * 10)
    net.set("data", dataset="csv", path=str(file), labels="class")
    assert net.problems() == []

    file.unlink()

    with pytest.raises(GraphError, match="There is no file"):
        Trainer(net)


def test_a_run_cut_off_within_a_step_is_over_and_keeps_its_weights(net: Graph) -> None:
    def interrupt(event: Event) -> None:
        if isinstance(event, Progress):
            raise KeyboardInterrupt

    trainer = Trainer(net, on_event=interrupt)
    with pytest.raises(KeyboardInterrupt):
        trainer.run()

    assert trainer.state == "failed"
    assert "start a new run" in trainer.message
    assert all(weight.isfinite().all() for weight in trainer.weights.values())


def test_targets_too_long_for_ctc_are_told_as_that(make: Callable[..., Graph]) -> None:
    graph = make(
        {
            "data": ("Data", {"dataset": "digit_strips", "samples": 200}),
            "pool": ("AvgPool2d", {"kernel_size": 8}),
            "turn": ("Permute", {"dims": (3, 0, 1, 2)}),
            "flat": ("Flatten", {"start_dim": 2}),
            "fc": ("Linear", {"out_features": 11}),
            "logp": ("LogSoftmax", {}),
            "loss": ("CTCLoss", {}),
        },
        *("data.x pool.x", "pool.out turn.x", "turn.out flat.x", "flat.out fc.x"),
        *("fc.out logp.x", "logp.out loss.y_hat", "data.y loss.y"),
    )
    result = Trainer(graph, epochs=2).run()

    assert result.state == "diverged"
    assert "a target needs more time steps than its input has" in result.message
