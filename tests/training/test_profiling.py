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
    paces = iter(
        pace
        for pace in (99.0, 7e-3, 5e-4, 2e-3, 1e-5, 1e-3)  # the first pass gets ready
        for _ in range(count)
    )
    monkeypatch.setattr(profiling, "_timed", lambda *arguments: next(paces))
    monkeypatch.setattr(profiling, "_memory", lambda session: dict.fromkeys(names, 0))
    names = [call.node for call in trainer.job.program.calls]

    found = profile(trainer)

    assert found.passes == 5
    assert found.nodes["tanh1"].forward == 1e-3
    assert found.nodes["tanh1"].seconds == 2e-3


def test_where_calls_take_long_one_pass_is_enough(
    net: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiling, "_timed", lambda *arguments: 60.0)
    monkeypatch.setattr(profiling, "_memory", lambda session: dict.fromkeys(names, 0))
    trainer = Trainer(net)
    names = [call.node for call in trainer.job.program.calls]

    assert profile(trainer).passes == 1


def test_it_is_measured_call_by_call_while_the_run_goes_on(net: Graph) -> None:
    trainer = Trainer(net)
    calls = len(trainer.job.program.calls)
    work = profiling.profiling(trainer)

    told = []
    for progress in work:
        told.append((progress.done, progress.total))
        if trainer.steps < 2:
            trainer.step()

    assert told == [(done, 6 * calls) for done in range(1, 6 * calls + 1)]


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

    monkeypatch.setattr(profiling, "_timed", full)

    with pytest.raises(TrainingError, match="what calls cost cannot be measured"):
        profile(Trainer(net))
