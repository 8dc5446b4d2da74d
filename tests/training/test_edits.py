"""What was edited on a walk is forgotten as training goes on, unless it is to be kept."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from explorer import Graph, Trainer
from explorer.program import NodeBreakpoint

Bits = Callable[[Trainer], tuple[Any, ...]]
GOING_ON = pytest.mark.parametrize("go_on", [Trainer.run, Trainer.step], ids=["run", "step"])


def edited(net: Graph, *edits: tuple[str, tuple[int, ...], float]) -> Trainer:
    """A run that stands at its third batch, walked to the end with edits."""
    trainer = Trainer(net)
    for _ in range(2):
        trainer.step()
    trainer.walk().run_to_end()
    for edit in edits:
        trainer.walk().edit(*edit)
    return trainer


@GOING_ON
def test_training_goes_on_by_its_own_numbers(
    net: Graph, bits: Bits, go_on: Callable[[Trainer], object]
) -> None:
    straight = Trainer(net)
    straight.run()
    trainer = edited(net, ("fc1_w", (0, 0), 5.0), ("dfc2_w", (0, 0), 5.0))

    go_on(trainer)
    if trainer.state != "done":
        trainer.run()

    assert bits(trainer) == bits(straight)


def test_at_a_breakpoint_edits_are_forgotten_too_and_it_is_not_met_again(
    net: Graph, bits: Bits
) -> None:
    straight = Trainer(net)
    straight.run()
    trainer = Trainer(net)
    trainer.break_at([NodeBreakpoint("fc2", "forward")])
    trainer.run()
    trainer.walk().edit("fc2", (0, 0), 100.0)

    trainer.run()
    assert trainer.steps == 1, "the batch went through, and the next one stopped"
    trainer.break_at([])
    trainer.run()

    assert bits(trainer) == bits(straight)


@GOING_ON
def test_an_edited_weight_that_is_kept_is_trained_on_from(
    net: Graph, go_on: Callable[[Trainer], object]
) -> None:
    trainer = edited(net, ("fc1_w", (0, 0), 5.0))
    other = Trainer(net)
    for _ in range(2):
        other.step()
    other.session.parameters["fc1.w"][0, 0] = 5.0

    trainer.keep_edits(True)
    go_on(trainer)
    go_on(other)

    after = other.weights
    assert all(torch.equal(weight, after[path]) for path, weight in trainer.weights.items())
    assert trainer.result.losses == other.result.losses


def test_an_edited_gradient_that_is_kept_is_what_the_update_takes(net: Graph) -> None:
    trainer = edited(net, ("dfc1_w", (0, 0), 100.0))
    before = trainer.weights["fc1.w"][0, 0]
    trainer.keep_edits(True)

    trainer.step()

    moved = float(trainer.weights["fc1.w"][0, 0] - before)
    assert moved < -9


def test_the_update_that_is_shown_is_the_one_that_keeping_makes(net: Graph) -> None:
    trainer = edited(net, ("fc1_w", (0, 0), 5.0), ("dfc1_w", (1, 1), 2.0))
    stepper = trainer.walk()
    stepper.go_to(len(stepper.calls))
    shown = stepper.session.namespace["fc1_w_new"].clone()
    trainer.keep_edits(True)

    trainer.step()

    assert torch.equal(trainer.weights["fc1.w"], shown)


def test_keeping_holds_for_one_batch(net: Graph, bits: Bits) -> None:
    trainer = edited(net)
    trainer.keep_edits(True)
    trainer.step()
    trainer.walk().run_to_end()
    trainer.walk().edit("fc1_w", (0, 0), 5.0)
    straight = Trainer(net)
    straight.run()

    trainer.run()

    assert bits(trainer) == bits(straight)
