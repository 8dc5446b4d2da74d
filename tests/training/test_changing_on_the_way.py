"""Learning rate, momentum, epochs and device may change while a run goes on."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.testing import assert_close

from explorer import Graph, GraphError, Trainer, TrainingError
from explorer.training import DeviceError, Event, Progress, StateChanged

Bits = Callable[[Trainer], tuple[Any, ...]]


def by_hand(trainer: Trainer) -> Iterator[tuple[torch.optim.SGD, float, dict[str, Tensor]]]:
    """The same steps by torch's plain SGD: its optimizer, the loss, the weights after each."""
    session = trainer.job.program.start()
    session.load(trainer.weights)
    optimizer = torch.optim.SGD(session.parameters.values(), lr=0.1, momentum=0.9)
    while True:
        loss = session.forward(trainer.batch)
        for path, gradient in session.backward().items():
            session.parameters[path].grad = gradient
        optimizer.step()
        yield optimizer, float(loss), session.parameters


def test_the_learning_rate_and_the_momentum_change_at_once(net: Graph) -> None:
    trainer = Trainer(net)
    changes = {5: (0.01, 0.9), 12: (0.01, 0.0), 20: (0.2, 0.5)}
    expected = []

    for step, (optimizer, loss, weights) in zip(range(28), by_hand(trainer), strict=False):
        trainer.step()
        expected.append(loss)
        assert_close(trainer.weights, dict(weights), rtol=1e-5, atol=1e-6)
        if step in changes:
            rate, momentum = changes[step]
            trainer.adjust(learning_rate=rate, momentum=momentum)
            optimizer.param_groups[0].update(lr=rate, momentum=momentum)

    assert trainer.result.losses == pytest.approx(expected, rel=1e-5)
    assert (trainer.settings.learning_rate, trainer.settings.momentum) == (0.2, 0.5)


def test_setting_what_is_set_already_changes_nothing(net: Graph, bits: Bits) -> None:
    adjusted, left_alone = Trainer(net), Trainer(net)
    left_alone.run()

    adjusted.step()
    adjusted.adjust(learning_rate=0.1, momentum=0.9, epochs=4)
    adjusted.run()

    assert bits(adjusted) == bits(left_alone)


def test_more_epochs_make_a_run_longer(net: Graph, events: list[Event]) -> None:
    trainer = Trainer(net, on_event=events.append)
    trainer.start()
    trainer.advance(0.0)

    trainer.adjust(epochs=6)

    assert trainer.run().state == "done"
    assert (trainer.steps, trainer.epochs) == (48, 6)
    last = [event for event in events if isinstance(event, Progress)][-1]
    assert (last.total_steps, last.total_epochs) == (48, 6)


def test_fewer_epochs_than_are_trained_already_end_a_run_where_it_is(net: Graph) -> None:
    trainer = Trainer(net)
    for _ in range(13):
        trainer.step()

    trainer.adjust(epochs=1)

    assert trainer.run().state == "done"
    assert trainer.steps == 13


def test_a_setting_out_of_range_changes_nothing(net: Graph, bits: Bits) -> None:
    adjusted, left_alone = Trainer(net), Trainer(net)
    left_alone.run()
    adjusted.step()

    for wrong in (
        {"learning_rate": -1.0},
        {"momentum": 1.0, "epochs": 2},
        {"pace": 3},
        {"batch_size": 2},
    ):
        with pytest.raises(GraphError, match="training: "):
            adjusted.adjust(**wrong)
    adjusted.run()

    assert bits(adjusted) == bits(left_alone)


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
@pytest.mark.parametrize("steps", [0, 3, 8, 13])
def test_a_run_moved_on_the_way_is_the_run_that_stayed(
    net: Graph, bits: Bits, steps: int, optimizer: str
) -> None:
    net.train_with(optimizer=optimizer)
    moved, stayed = Trainer(net), Trainer(net)
    stayed.run()

    moved.start()
    while moved.steps < steps:
        moved.advance(0.0)
    moved.move("cpu")
    assert moved.state == "running"
    moved.run()

    assert bits(moved) == bits(stayed)


def test_a_run_moved_while_it_validates_keeps_its_epochs(net: Graph, bits: Bits) -> None:
    net.set("data", dataset="random", samples=8000, labels="class")
    net.train_with(batch_size=2000, validation=0.5)
    moved, stayed = Trainer(net), Trainer(net)
    stayed.run()

    moved.start()
    while moved.state == "running":
        moved.advance(0.0)
        moved.move("cpu")

    assert bits(moved) == bits(stayed)


def test_what_was_learned_is_told_before_a_device_is_left(net: Graph) -> None:
    trainer = Trainer(net)
    trainer.start()
    for _ in range(10):
        trainer.advance(0.0)
    before = trainer.weights

    trainer.move("meta")

    assert trainer.state == "running"
    assert len(trainer.result.losses) == trainer.steps
    assert len(trainer.result.epochs) == 1
    assert trainer.batch["data.x"].device.type == "meta"
    assert trainer.batch["data.x"].shape == (16, 4)
    assert {weight.device.type for weight in trainer.session.parameters.values()} == {"meta"}

    with pytest.raises(TrainingError, match="training stopped at an error"):
        trainer.run()
    kept = trainer.weights
    assert all(torch.equal(before[path], weight) for path, weight in kept.items())
    assert kept.keys() == before.keys()


def test_a_device_that_is_not_there_is_told_and_the_run_stays(
    net: Graph, bits: Bits, events: list[Event]
) -> None:
    asked, left_alone = Trainer(net, on_event=events.append), Trainer(net)
    left_alone.run()
    asked.step()

    with pytest.raises(DeviceError, match="there is no device abacus on this machine"):
        asked.move("abacus")
    asked.run()

    assert bits(asked) == bits(left_alone)
    assert StateChanged("failed", 1) not in events


@pytest.mark.gpu
@pytest.mark.skipif(not torch.accelerator.is_available(), reason="no accelerator")
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_a_run_on_an_accelerator_is_the_one_on_the_cpu(
    net: Graph, accelerator: torch.device, optimizer: str
) -> None:
    net.train_with(optimizer=optimizer, learning_rate=0.01)
    there, here = Trainer(net, device=accelerator), Trainer(net)

    there.run()
    here.run()

    assert there.batch["data.x"].device.type == accelerator.type
    assert there.result.losses == pytest.approx(here.result.losses, rel=1e-3)
    assert_close(there.weights, here.weights, rtol=1e-2, atol=1e-4)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.accelerator.is_available(), reason="no accelerator")
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_a_run_moves_to_an_accelerator_and_back(
    net: Graph, accelerator: torch.device, optimizer: str
) -> None:
    net.train_with(optimizer=optimizer, learning_rate=0.01)
    moved, stayed = Trainer(net), Trainer(net)
    stayed.run()

    moved.start()
    for number in range(30):
        moved.advance(0.0)
        moved.move(accelerator if number % 2 else "cpu")
    result = moved.run()

    assert result.state == "done"
    assert result.losses == pytest.approx(stayed.result.losses, rel=1e-3)
    assert len(result.epochs) == 4
    assert_close(moved.weights, stayed.weights, rtol=1e-2, atol=1e-4)
