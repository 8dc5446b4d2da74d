"""Training stops at a breakpoint on that very batch, and goes on as if it had not."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer import Graph, Trainer
from explorer.program import Breakpoint, NodeBreakpoint, ValueBreakpoint
from explorer.training import Event, StateChanged

Bits = Callable[[Trainer], tuple[Any, ...]]
NEVER = ValueBreakpoint("gradient_norm_above", 1e30)


def stopped(net: Graph, *points: Breakpoint, **given: Any) -> Trainer:
    """A run that was started and stands where a breakpoint, or its end, let it stand."""
    trainer = Trainer(net, **given)
    trainer.break_at(points)
    trainer.run()
    return trainer


def test_training_pauses_right_behind_the_call_before_the_update(net: Graph) -> None:
    before = Trainer(net).weights

    trainer = stopped(net, NodeBreakpoint("fc1", "backward"))

    assert (trainer.state, trainer.steps) == ("paused", 0)
    assert trainer.message == "fc1 has run backward"
    assert trainer.met is not None and trainer.met.call.node == "fc1"
    stepper = trainer.walk()
    assert stepper.current == trainer.met.call
    assert set(stepper.session.gradients()) >= {"fc1.w"}
    assert all(torch.equal(before[path], weight) for path, weight in trainer.weights.items())


def test_the_batch_is_the_very_one_that_training_stood_at(net: Graph) -> None:
    straight = Trainer(net)
    for _ in range(5):
        straight.step()
    trainer = Trainer(net)
    for _ in range(5):
        trainer.step()
    trainer.break_at([NodeBreakpoint("data", "forward")])
    trainer.run()

    walked = trainer.walk().session.value("data.x")

    assert trainer.steps == 5
    assert torch.equal(walked, straight.batch["data.x"])


def test_going_on_meets_the_next_breakpoint_then_the_next_batch(net: Graph) -> None:
    trainer = stopped(net, NodeBreakpoint("fc2"))
    places = []
    for _ in range(4):
        assert trainer.met is not None
        places.append((trainer.steps, trainer.met.call.phase))
        trainer.run()

    assert places == [(0, "forward"), (0, "backward"), (1, "forward"), (1, "backward")]


def test_training_goes_on_from_wherever_one_has_stepped_to(net: Graph) -> None:
    trainer = stopped(net, NodeBreakpoint("fc2", "forward"))
    trainer.walk().go_to(1)
    trainer.run()
    assert (trainer.steps, trainer.state) == (0, "paused"), "it was stepped back: it is met again"

    trainer.walk().run_to_end()
    trainer.run()

    assert trainer.steps == 1


def test_a_batch_that_was_left_at_a_breakpoint_does_not_stop_there_again(net: Graph) -> None:
    trainer = stopped(net, NodeBreakpoint("fc2"))
    trainer.leave()
    assert trainer.met is None

    trainer.run()

    assert trainer.met is not None
    assert (trainer.steps, trainer.met.call.phase) == (0, "backward")


def test_one_step_by_hand_goes_past_all_breakpoints(net: Graph) -> None:
    trainer = stopped(net, NodeBreakpoint("fc1"))
    trainer.step()
    assert (trainer.steps, trainer.met) == (1, None)

    trainer.run()

    assert (trainer.steps, trainer.state) == (1, "paused")


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
@pytest.mark.parametrize("precision", ["float32", "mixed"])
def test_a_run_that_looks_out_gives_the_same_bits(
    net: Graph, bits: Bits, optimizer: str, precision: str
) -> None:
    plain = Trainer(net, optimizer=optimizer, precision=precision)
    plain.run()

    watched = stopped(net, NEVER, optimizer=optimizer, precision=precision)

    assert watched.state == "done"
    assert bits(watched) == bits(plain)


def test_norms_and_dropout_give_the_same_bits(make: Callable[..., Graph], bits: Bits) -> None:
    graph = make(
        {
            "data": ("Data", {"dataset": "digits"}),
            "conv": ("Conv2d", {"out_channels": 2, "kernel_size": 3}),
            "bn": ("BatchNorm2d", {}),
            "flat": ("Flatten", {}),
            "drop": ("Dropout", {}),
            "fc": ("Linear", {"out_features": 10}),
            "loss": ("CrossEntropyLoss", {}),
        },
        *("data.x conv.x", "conv.out bn.x", "bn.out flat.x", "flat.out drop.x", "drop.out fc.x"),
        *("fc.out loss.y_hat", "data.y loss.y"),
    )
    graph.train_with(epochs=1, batch_size=100)
    plain = Trainer(graph)
    plain.run()

    assert bits(stopped(graph, NEVER)) == bits(plain)


POINTS = (NodeBreakpoint("fc1"), ValueBreakpoint("loss_rises_by", 0.05))
MOVES: dict[str, Callable[[Trainer], object]] = {
    "go on": lambda trainer: trainer.run(),
    "back": lambda trainer: trainer.walk().back(),
    "step": lambda trainer: trainer.walk().step(),
    "end": lambda trainer: trainer.walk().run_to_end(),
    "leave": lambda trainer: trainer.leave(),
    "next batch": lambda trainer: trainer.step(),
    "rest": lambda trainer: trainer.break_at([]),
    "watch": lambda trainer: trainer.break_at(POINTS),
}


@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=st.lists(st.sampled_from(list(MOVES)), max_size=12))
def test_whatever_one_does_at_breakpoints_the_run_ends_with_the_same_bits(
    net: Graph, bits: Bits, moves: list[str]
) -> None:
    wandering, straight = Trainer(net), Trainer(net)
    straight.run()
    wandering.break_at(POINTS)
    wandering.run()

    for move in moves:
        MOVES[move](wandering)
        if wandering.state == "done":
            break
    wandering.break_at([])
    while wandering.state != "done":
        wandering.run()

    assert bits(wandering) == bits(straight)


def test_a_rising_loss_is_measured_against_the_step_before(net: Graph) -> None:
    losses = Trainer(net).run().losses
    rises = [step for step in range(1, len(losses)) if losses[step] - losses[step - 1] > 0.05]
    assert rises

    trainer = stopped(net, ValueBreakpoint("loss_rises_by", 0.05))

    assert trainer.steps == rises[0]
    assert trainer.message.startswith("the loss rose from")


def test_a_run_stops_at_the_first_number_that_is_none_before_it_diverges(steep: Graph) -> None:
    trainer = stopped(steep, ValueBreakpoint("nonfinite"))

    assert trainer.state == "paused"
    assert "NaN or infinite" in trainer.message
    assert all(weight.isfinite().all() for weight in trainer.weights.values())


def test_who_listens_is_told_why_it_pauses(net: Graph, events: list[Event]) -> None:
    trainer = Trainer(net, on_event=events.append)
    trainer.break_at([NodeBreakpoint("fc1")])
    trainer.run()

    assert events[-1] == StateChanged("paused", 0, "fc1 has run forward")


def test_without_breakpoints_no_step_is_walked(net: Graph) -> None:
    trainer = Trainer(net)
    trainer.break_at([NodeBreakpoint("nobody")])

    trainer.run()

    assert not set(trainer.session.program.values.values()) & trainer.session.namespace.keys()
