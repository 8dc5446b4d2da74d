"""What a run tells adds up to what it leaves, in small frozen events without a tensor."""

from dataclasses import FrozenInstanceError, fields, is_dataclass
from itertools import accumulate
from math import inf, nan
from typing import Any, get_args

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from explorer import Graph, Trainer, data
from explorer.training import Event, Progress, StateChanged
from explorer.training.history import History


def told(events: list[Event]) -> list[Progress]:
    return [event for event in events if isinstance(event, Progress)]


def test_blocks_of_progress_join_to_the_result(net: Graph, events: list[Event]) -> None:
    trainer = Trainer(net, on_event=events.append)
    for _ in range(3):
        trainer.step()
    trainer.start()
    while trainer.steps < 20:
        trainer.advance(0.0)
    trainer.pause()
    result = trainer.run()
    assert result.state == "paused"
    result = trainer.run()

    blocks = told(events)
    assert [loss for block in blocks for loss in block.losses] == result.losses
    assert [share for block in blocks for share in block.accuracies] == result.accuracies
    assert [row for block in blocks for row in block.epochs] == result.epochs
    lengths = [len(block.losses) for block in blocks]
    assert [block.first_step for block in blocks] == [0, *accumulate(lengths)][:-1]
    assert all(block.step == block.first_step + len(block.losses) for block in blocks)
    assert len(blocks) > 3


def test_progress_says_how_far_a_run_is(net: Graph, events: list[Event]) -> None:
    trainer = Trainer(net, on_event=events.append)

    for _ in range(9):
        trainer.step()

    epochs = [(block.step, block.epoch) for block in told(events)]
    assert epochs == [(step, 1) for step in range(1, 9)] + [(9, 2)]
    last = told(events)[-1]
    assert (last.total_steps, last.total_epochs) == (32, 4)
    assert last.steps_per_second > 0 and last.seconds_left > 0
    trainer.run()
    assert told(events)[-1].seconds_left == 0


def test_a_row_of_an_epoch_is_the_mean_over_its_rows(net: Graph) -> None:
    result = Trainer(net).run()
    sizes = np.array([16] * 7 + [8])

    for row in result.epochs:
        steps = slice(row.steps - 8, row.steps)
        assert row.loss == pytest.approx(np.average(result.losses[steps], weights=sizes))
        assert row.accuracy == pytest.approx(np.average(result.accuracies[steps], weights=sizes))
        assert row.loss != pytest.approx(np.mean(result.losses[steps]), rel=1e-9)


def test_validation_is_the_mean_over_all_rows_held_back(net: Graph) -> None:
    net.set("data", dataset="random", samples=5000, labels="class", standardize=False)
    net.train_with(validation=0.5, batch_size=250, epochs=2)
    trainer = Trainer(net)
    last = trainer.run().epochs[-1]
    _, held = data.split(data.load("random", samples=5000, labels="class"), 0.5, seed=0)
    assert held is not None

    loss = trainer.session.forward({"data.x": held.x, "data.y": held.y})

    right = trainer.session.value("fc2.out").argmax(1) == held.y
    assert last.validation_loss == pytest.approx(float(loss), rel=1e-5)
    assert last.validation_accuracy == pytest.approx(float(right.float().mean()), rel=1e-5)


def parts(value: Any) -> list[Any]:
    """A value and all that is in it, at any depth."""
    if is_dataclass(value):
        inside = [getattr(value, field.name) for field in fields(value)]
    elif isinstance(value, (tuple, list)):
        inside = list(value)
    elif isinstance(value, dict):
        inside = [*value.keys(), *value.values()]
    else:
        inside = []
    return [value, *(part for each in inside for part in parts(each))]


def test_events_are_small_frozen_and_hold_no_tensor(net: Graph, events: list[Event]) -> None:
    trainer = Trainer(net, on_event=events.append)
    trainer.run()

    assert {type(event) for event in events} == set(get_args(Event))
    for event in events:
        assert {type(part) for part in parts(event)} <= {
            *get_args(Event),
            *(tuple, int, float, str, type(None)),
            type(trainer.result.epochs[0]),
        }
        with pytest.raises(FrozenInstanceError):
            event.step = 3  # type: ignore[misc, union-attr]
        assert len(repr(event)) < 1500, "an event's repr, for logs, holds all its losses"


def test_a_result_does_not_change_as_the_run_goes_on(net: Graph) -> None:
    trainer = Trainer(net)
    trainer.step()
    result = trainer.result

    trainer.run()

    assert (result.state, len(result.losses), result.epochs) == ("paused", 1, [])


def number(value: float) -> Tensor:
    return torch.tensor(value, dtype=torch.float32)


@given(data=st.data())
def test_epochs_come_out_the_same_wherever_blocks_are_cut(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(1, 64), min_size=1, max_size=12))
    cuts = data.draw(st.sets(st.integers(0, len(sizes))))
    ends = data.draw(st.sets(st.integers(1, len(sizes))))
    losses = [1.5 * step for step in range(len(sizes))]
    history = History()

    blocks = [history.flush()] if 0 in cuts else []
    for step, (loss, rows) in enumerate(zip(losses, sizes, strict=True), 1):
        history.add(number(loss), number(step % 2), rows)
        if step in ends:
            history.end_epoch([(number(loss), number(0.25), 3), (number(loss + 1), number(1), 1)])
        if step in cuts:
            blocks.append(history.flush())
    blocks.append(history.flush())

    assert [loss for block in blocks for loss in block.losses] == losses == list(history.losses)
    assert [row for block in blocks for row in block.epochs] == history.epochs
    assert [row.steps for row in history.epochs] == sorted(ends)
    begin = 0
    for row in history.epochs:
        weights = sizes[begin : row.steps]
        shares = [step % 2 for step in range(begin + 1, row.steps + 1)]
        assert row.loss == pytest.approx(np.average(losses[begin : row.steps], weights=weights))
        assert row.accuracy == pytest.approx(np.average(shares, weights=weights))
        assert row.validation_loss == pytest.approx(losses[row.steps - 1] + 0.25)
        assert row.validation_accuracy == pytest.approx((3 * 0.25 + 1) / 4)
        begin = row.steps


@pytest.mark.parametrize(
    ("losses", "since"),
    [([1.0, 2.0], None), ([1.0, inf, 2.0], 11), ([nan, nan], 10), ([1.0, -inf], 11), ([], None)],
)
def test_a_block_knows_since_when_the_loss_is_no_number(
    losses: list[float], since: int | None
) -> None:
    history = History()
    for _ in range(10):
        history.add(number(1.0), None, 1)
    assert history.flush().diverged_at is None

    for loss in losses:
        history.add(number(loss), None, 1)

    assert history.flush().diverged_at == since


def test_time_passes_only_while_a_run_is_on(net: Graph) -> None:
    trainer = Trainer(net)
    trainer.step()

    before = trainer.result.seconds
    assert trainer.result.seconds == before > 0
    trainer.step()
    assert trainer.result.seconds > before


def test_numbers_gathered_on_a_device_without_numbers_say_so() -> None:
    history = History()
    history.add(torch.ones((), device="meta"), None, 1)

    with pytest.raises(RuntimeError, match="meta"):
        history.flush()


def test_state_changes_say_why_where_that_is_not_obvious(steep: Graph, events: list[Event]) -> None:
    Trainer(steep, on_event=events.append).run()

    told = [
        (event.state, bool(event.message)) for event in events if isinstance(event, StateChanged)
    ]
    assert told == [("running", False), ("diverged", True)]
