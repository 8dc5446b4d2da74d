"""What calls cost: memory is that of the tensors, time is measured, and the run is as before."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from explorer import Graph, Trainer
from explorer.graph.examples import load_example
from explorer.training import TrainingError, profile, profiling

Bits = Callable[[Trainer], tuple[Any, ...]]


def test_memory_is_what_the_results_of_a_node_take(make: Callable[..., Graph]) -> None:
    graph = make(
        {
            "data": ("Data", {"dataset": "moons", "samples": 100}),
            "fc1": ("Linear", {"out_features": 8}),
            "tanh1": ("Tanh", {}),
            "fc2": ("Linear", {"out_features": 1}),
            "loss": ("MSELoss", {}),
        },
        *("data.x fc1.x", "fc1.out tanh1.x", "tanh1.out fc2.x"),
        *("fc2.out loss.y_hat", "data.y loss.y"),
    )

    found = profile(Trainer(graph, batch_size=10))

    floats = {
        "fc1": 10 * 8 + 2 * 8 + 8,  # out; dw, db (x is data and needs no gradient)
        "tanh1": 10 * 8 + 10 * 8,  # out, which the cache shares; dx
        "fc2": 10 * 1 + 10 * 8 + 8 * 1 + 1,  # out; dx, dw, db
    }
    assert found.rows == 10
    assert {id: found.nodes[id].nbytes // 4 for id in floats} == floats
    assert found.nodes["data"].nbytes == 0, "the batch was there before"


def test_time_is_the_median_of_what_each_call_took(
    net: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = Trainer(net)
    count = len(trainer.job.program.calls)
    took = [7.0, 0.5, 2.0, 0.01, 0.1]

    def passes(session: object, standing: object) -> list[float]:
        pace = took.pop(0) if len(took) else 0.3
        return [pace] * count

    took.insert(0, 99.0)  # the pass that gets ready
    monkeypatch.setattr(profiling, "_pass", passes)
    monkeypatch.setattr(profiling, "_memory", lambda session: dict.fromkeys(names, 0))
    names = [call.node for call in trainer.job.program.calls]

    found = profile(trainer)

    assert found.passes == 5
    assert found.nodes["tanh1"].forward == 0.5
    assert found.nodes["tanh1"].seconds == 1.0


@pytest.mark.parametrize("name", ["residual_digits", "char_lstm", "transformer_text"])
def test_every_node_that_runs_is_measured(name: str) -> None:
    trainer = Trainer(load_example(name), batch_size=4)

    found = profile(trainer)

    assert found.nodes.keys() == {call.node for call in trainer.job.program.calls}
    assert all(cost.forward > 0 for cost in found.nodes.values())
    learned = {path.partition(".")[0] for path in trainer.job.program.parameters}
    assert all(found.nodes[id].nbytes > 0 and found.nodes[id].backward > 0 for id in learned)


def test_a_run_that_is_measured_gives_the_same_bits(net: Graph, bits: Bits) -> None:
    watched, alone = Trainer(net), Trainer(net)
    alone.run()

    watched.start()
    while watched.state == "running":
        watched.advance(0.0)
        if watched.steps % 5 == 0:
            profile(watched)

    assert bits(watched) == bits(alone)


def test_a_device_without_room_is_told(net: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> None:
        raise torch.OutOfMemoryError("out of memory")

    monkeypatch.setattr(profiling, "_pass", full)

    with pytest.raises(TrainingError, match="what calls cost cannot be measured"):
        profile(Trainer(net))
