"""Steps of a run once more: the very bits, in bounded memory, and the run is none the worse."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from explorer import Graph, Trainer
from explorer.graph.examples import load_example
from explorer.training import Replay, TrainingError, snapshots
from explorer.training.monitoring import measure

Bits = Callable[[Trainer], tuple[Any, ...]]
MUCH = 2**40


@pytest.fixture
def noisy(make: Callable[..., Graph]) -> Graph:
    """A net with all that a step depends on: buffers, masks, momentum, a short last batch."""
    graph = make(
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
    graph.train_with(epochs=4, batch_size=32, learning_rate=0.1, momentum=0.9)
    return graph


def keeping(graph: Graph, count: int = 10, limit: int = MUCH, **settings: Any) -> Trainer:
    trainer = Trainer(graph, **settings)
    trainer.snapshots.want(count, limit)
    return trainer


def same(some: dict[Any, Tensor], others: dict[Any, Tensor]) -> bool:
    return some.keys() == others.keys() and all(torch.equal(some[k], others[k]) for k in some)


def after(replay: Replay) -> dict[str, Tensor]:
    """Walk to the very end; the weights that it comes to, by path."""
    stepper = replay.walk()
    stepper.go_to(len(stepper.calls))
    return {
        f"{call.node}.{read.label}": stepper.session.namespace[call.outputs[0]]
        for call in stepper.calls
        if call.phase == "update"
        for read in call.reads[:1]
    }


def bytes_held(trainer: Trainer) -> int:
    """What all tensors take that belong to snapshots."""
    held = trainer.snapshots._stretches
    batches = [drawn.batch.values() for stretch in held for drawn in stretch.steps]
    copies = [each for s in held for each in (s.state.values(), s.memory.values())]
    return sum(tensor.nbytes for tensors in (*batches, *copies) for tensor in tensors)


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
@pytest.mark.parametrize("shuffle", [True, False])
def test_a_step_once_more_gives_the_bits_that_training_had(
    noisy: Graph, optimizer: str, shuffle: bool
) -> None:
    trainer = keeping(noisy, optimizer=optimizer, shuffle=shuffle)
    trainer.run()
    kept = trainer.snapshots.kept.steps
    assert kept == tuple(range(trainer.steps - 10, trainer.steps))

    for step in kept:
        replay = trainer.replay(step)
        replay.walk().run_to_loss()
        assert float(replay.session.value("loss.loss")) == trainer.result.losses[step]
        found = after(replay)
        is_last = step + 1 == trainer.steps
        next_state = trainer.weights if is_last else trainer.replay(step + 1).session.state
        assert found.keys() == {"fc1.w", "fc1.b", "bn1.gamma", "bn1.beta", "fc2.w", "fc2.b"}
        assert all(torch.equal(found[path], next_state[path]) for path in found)


def test_it_is_what_a_walk_at_that_time_showed(noisy: Graph) -> None:
    walked, trainer = Trainer(noisy, optimizer="Adam"), keeping(noisy, optimizer="Adam")
    for _ in range(5):
        walked.step()
    for _ in range(9):
        trainer.step()
    then, now = walked.walk(), trainer.replay(5).walk()

    for _ in then.calls:
        call, again = then.step(), now.step()
        assert call is not None
        assert again is not None
        assert call.text == again.text
        for variable in call.outputs:
            one, other = then.session.namespace[variable], now.session.namespace[variable]
            if isinstance(one, Tensor):
                assert torch.equal(one, other), variable
    assert same(walked.memory, trainer.replay(5).memory)


@pytest.mark.parametrize("name", ["convnet", "residual_digits", "char_lstm", "transformer_text"])
def test_nets_of_all_kinds_are_stepped_once_more(name: str) -> None:
    trainer = keeping(load_example(name), batch_size=4)
    for _ in range(3):
        trainer.step()
    trainer.pause()

    found, then = after(trainer.replay(1)), trainer.replay(2).session.parameters

    assert all(torch.equal(found[path], then[path]) for path in found)


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_going_on_from_a_look_back_gives_the_same_bits(
    noisy: Graph, bits: Bits, optimizer: str
) -> None:
    looked, alone = keeping(noisy, optimizer=optimizer), Trainer(noisy, optimizer=optimizer)
    alone.run()

    looked.start()
    while looked.state == "running":
        looked.advance(0.0)
        if looked.steps == 7:
            looked.pause()
            looked.advance(0.0)
            for step in (6, 0, 3):
                replay = looked.replay(step)
                after(replay)
                measure(replay)
                replay.leave()
            looked.start()

    assert bits(looked) == bits(alone)


def test_a_look_back_leaves_the_walk_of_the_present_as_it_is(noisy: Graph) -> None:
    trainer = keeping(noisy)
    trainer.step()
    trainer.step()
    present = trainer.walk()
    present.run_to_loss()
    values = dict(present.session.namespace)

    after(trainer.replay(0))

    assert trainer.walk() is present
    assert present.session.namespace.keys() == values.keys()
    assert all(present.session.namespace[name] is value for name, value in values.items())


def test_what_was_edited_and_trained_on_with_is_edited_once_more(noisy: Graph) -> None:
    trainer = keeping(noisy)
    trainer.step()
    stepper = trainer.walk()
    stepper.run_to_end()
    stepper.edit(trainer.job.program.gradients["fc1.b"], (0,), 25.0)
    trainer.keep_edits(True)
    trainer.step()

    replay = trainer.replay(1)
    replay.walk().go_to(3)
    replay.walk().go_to(0)
    found = after(replay)

    assert torch.equal(found["fc1.b"], trainer.weights["fc1.b"])


def test_the_learning_rate_is_that_of_the_step(noisy: Graph) -> None:
    trainer = keeping(noisy)
    trainer.step()
    trainer.adjust(learning_rate=0.001)
    trainer.step()

    assert trainer.replay(0).settings.learning_rate == 0.1
    assert trainer.replay(1).settings.learning_rate == 0.001
    found, then = after(trainer.replay(0)), trainer.replay(1).session.parameters
    assert all(torch.equal(found[path], then[path]) for path in found)


# How much is kept


def test_no_more_steps_are_kept_than_wanted(noisy: Graph) -> None:
    trainer = keeping(noisy, count=3)
    for _ in range(5):
        trainer.step()

    assert trainer.snapshots.kept.steps == (2, 3, 4)
    trainer.snapshots.want(1, MUCH)
    assert trainer.snapshots.kept.steps == (4,)
    trainer.snapshots.want(0, MUCH)
    trainer.step()
    assert trainer.snapshots.kept.steps == ()


@pytest.mark.parametrize("room", [1.0, 2.5, 4.0])
def test_they_take_no_more_memory_than_they_may(noisy: Graph, room: float) -> None:
    trainer = keeping(noisy, count=1)
    for _ in range(2):
        trainer.step()
    one = trainer.snapshots.kept.one
    limit = int(room * one)
    trainer.snapshots.want(1000, limit)

    for _ in range(9):
        trainer.step()
        kept = trainer.snapshots.kept
        assert kept.nbytes == bytes_held(trainer) <= limit

    assert trainer.snapshots.kept.steps[-1] == trainer.steps - 1
    assert len(trainer.snapshots.kept.steps) >= int(room) - 1 or room < 2


def test_whole_copies_are_few_on_the_cpu() -> None:
    trainer = keeping(load_example("digits_mlp"), count=32, batch_size=1)
    for _ in range(32):
        trainer.step()

    kept = trainer.snapshots.kept
    assert len(kept.steps) == 32
    assert kept.nbytes < 5 * kept.one


def test_a_step_that_is_larger_than_all_the_room_is_not_kept(noisy: Graph) -> None:
    trainer = keeping(noisy, limit=100)
    trainer.step()

    kept = trainer.snapshots.kept
    assert kept.steps == ()
    assert kept.one > 100


def test_the_kept_steps_follow_each_other(noisy: Graph) -> None:
    trainer = keeping(noisy)
    for goes_on, steps in ((True, 3), (False, 4), (True, 2)):
        trainer.snapshots.want(10, MUCH, goes_on)
        for _ in range(steps):
            trainer.step()

    assert trainer.snapshots.kept.steps == (7, 8)
    assert trainer.snapshots.kept.nbytes == bytes_held(trainer)


def test_a_step_that_is_not_kept_is_told(noisy: Graph) -> None:
    trainer = keeping(noisy, count=2)
    for _ in range(4):
        trainer.step()

    with pytest.raises(TrainingError, match="step 1 is not kept: have more steps kept"):
        trainer.replay(0)


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("out of memory"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate"),
    ],
)
def test_a_device_without_room_goes_on_training_and_keeps_none(
    noisy: Graph, monkeypatch: pytest.MonkeyPatch, bits: Bits, error: RuntimeError
) -> None:
    def full(*args: object) -> None:
        raise error

    alone, trainer = Trainer(noisy), keeping(noisy)
    trainer.step()
    monkeypatch.setattr(snapshots.Snapshots, "_begin", full)
    trainer.run()
    alone.run()

    assert bits(trainer) == bits(alone)
    assert trainer.snapshots.kept.steps == ()
    assert trainer.snapshots.kept.fault == "the device has no room to keep steps"
