"""What the worker answers where a number is to be another, and that nothing is kept unasked."""

from typing import ClassVar

import pytest
import torch
from torch import Tensor

from explorer.app import requests
from explorer.app.messages import DevicesFound, Refused, StepperMoved, SteppingEnded, Told
from explorer.app.what_if.requests import (
    EditNumber,
    Nudge,
    NudgeAnswered,
    Nudging,
    PutBack,
    StopNudging,
)
from explorer.graph.examples import load_example
from explorer.layers import Layer
from explorer.training import Job, Profile, Profiling, StateChanged, Trainer
from tests.nets import build

from .desk import Desk
from .hand import PATIENCE

EDIT = EditNumber("fc1_w", (3, 5), 0.5)


@pytest.fixture
def stepped(desk) -> Desk:
    """The digits net after its first backward pass."""
    desk.ask(requests.Load(Job.of(load_example("digits_mlp")), "cpu"), requests.GoToEnd())
    desk.waits_for(StepperMoved)
    return desk


def session(desk: Desk):
    return desk.worker._desk._trainer.session


def bits(desk: Desk) -> dict[str, Tensor]:
    found = session(desk).namespace.items()
    return {name: value.clone() for name, value in found if isinstance(value, Tensor)}


def edited(desk: Desk, *edits: EditNumber) -> StepperMoved:
    """Where the walk stands when these edits are made."""
    desk.ask(*edits)
    return waits_for_edits(desk, *edits)


def waits_for_edits(desk: Desk, *edits: EditNumber) -> StepperMoved:
    wanted = [(edit.variable, edit.index, edit.value) for edit in edits]

    def last() -> StepperMoved:
        return next(event for event in reversed(desk.told) if isinstance(event, StepperMoved))

    def hold() -> bool:
        edits = [each.edit for each in last().edits]
        return [(edit.variable, edit.index, edit.value) for edit in edits] == wanted

    desk._qtbot.waitUntil(hold, timeout=PATIENCE)
    return last()


def test_an_edit_is_told_by_name_and_all_after_it_is_computed_anew(stepped):
    before = bits(stepped)

    moved = edited(stepped, EDIT)

    (told,) = moved.edits
    assert (told.name, told.node, told.place) == ("fc1.w", "fc1", "fc1.w[3, 5]")
    assert str(told) == f"fc1.w[3, 5] {float(before['fc1_w'][3, 5]):.4g} → 0.5000"
    assert moved.loss != float(before["loss"])
    x, w, b = before["flatten"], before["fc1_w"].clone(), before["fc1_b"]
    w[3, 5] = 0.5
    assert torch.allclose(bits(stepped)["fc1"], x @ w + b, atol=1e-6)


def test_what_is_put_back_is_the_very_same_bits(stepped):
    before = bits(stepped)
    other = (int(before["data_y"][0]) + 1) % 10
    value, label = EditNumber("fc1", (0, 0), -3.0), EditNumber("data_y", (0,), other)
    moved = edited(stepped, EDIT, value, label)

    stepped.ask(PutBack(moved.edits[0].edit))
    waits_for_edits(stepped, value, label)
    stepped.ask(PutBack())
    waits_for_edits(stepped)

    after = bits(stepped)
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert not any(isinstance(event, Told) for event in stepped.told), "who did it knows"


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (EditNumber("fc1_w", (99, 0), 1.0), "fc1.w has no place"),
        (EditNumber("fc1_w", (0, 0), 1e39), "too large for fc1.w"),
        (EditNumber("data_y", (0,), 0.5), "data.y holds whole numbers"),
        (EditNumber("data_y", (0,), 99), "Target 99 is out of bounds: classes are 0 to 9"),
        (EditNumber("gone", (), 1.0), "gone cannot be edited"),
    ],
)
def test_why_an_edit_is_refused_is_told_and_the_walk_stands(stepped, edit, words):
    before = bits(stepped)
    stepped.ask(edit)

    refused = stepped.waits_for(Refused)

    assert words in refused.sentence
    assert all(torch.equal(before[name], value) for name, value in bits(stepped).items())


def test_nothing_is_edited_where_nothing_is_stepped_through(desk):
    desk.ask(requests.Load(Job.of(load_example("digits_mlp")), "cpu"), EDIT)
    assert "nothing is stepped through" in desk.waits_for(Refused).sentence

    desk.ask(requests.GoTo(0), EDIT)
    desk.waits_for(Refused, sentence="no call has run yet: step, then edit numbers")


def test_going_back_before_an_edit_puts_it_back_and_says_so(stepped):
    edited(stepped, EDIT)
    stepped.ask(requests.GoTo(0))

    told = stepped.waits_for(Told)

    assert "fc1.w[3, 5]" in told.sentence
    assert "Put back, as you went back to before it" in told.sentence
    waits_for_edits(stepped)


@pytest.mark.parametrize(
    "request_",
    [
        requests.LeaveStepper(),
        requests.Stop(),
        requests.Reset(),
        requests.UseDevice("cpu"),
        requests.Load(Job.of(load_example("spiral")), "cpu"),
    ],
    ids=lambda request: type(request).__name__,
)
def test_whatever_ends_the_walk_puts_edits_back_and_says_so(stepped, request_):
    edited(stepped, EDIT)
    stepped.ask(request_)

    assert "Put back, as stepping has ended" in stepped.waits_for(Told).sentence
    stepped.waits_for(SteppingEnded)


def test_training_does_not_go_on_with_edits_unless_somebody_says_what_becomes_of_them(stepped):
    stepped.ask(EDIT, requests.Train())
    refused = stepped.waits_for(Refused)
    assert "Go on again to say what becomes of it" in refused.sentence
    stepped.waits_for(StateChanged, state="ready")

    stepped.told.clear()
    stepped.ask(requests.NextBatch())
    stepped.waits_for(Refused)
    assert stepped.worker._desk._trainer.steps == 0


def test_a_call_further_on_that_cannot_compute_with_an_edit_says_so_and_waits(desk):
    desk.ask(requests.Load(Job.of(load_example("digits_mlp")), "cpu"), requests.GoTo(1))
    desk.waits_for(StepperMoved)
    label = EditNumber("data_y", (0,), 99)
    edited(desk, label)

    desk.ask(requests.GoToEnd())
    sentence = desk.waits_for(Refused).sentence
    assert "the next call cannot compute with data.y[0]" in sentence
    assert "put it back (Target 99 is out of bounds" in sentence
    moved = waits_for_edits(desk, label)
    assert moved.call.node == "fc2"

    desk.ask(PutBack(moved.edits[0].edit), requests.GoToEnd())
    desk.waits_for(StepperMoved, position=len(session(desk).program.calls))


def test_opening_a_step_of_the_past_puts_edits_of_the_present_back_and_says_so(stepped):
    keep = requests.KeepSteps(4, 2**24, goes_on=True)
    stepped.ask(keep, requests.NextBatch(), requests.GoToEnd())
    stepped.waits_for(StepperMoved, batch=1, position=len(session(stepped).program.calls))
    before = bits(stepped)
    edited(stepped, EDIT)

    stepped.ask(requests.OpenMoment(0))
    told = stepped.waits_for(Told).sentence
    assert told.startswith("Put back, as another step is opened: fc1.w[3, 5]")
    stepped.waits_for(StepperMoved, batch=0, stands_at=1)
    stepped.ask(requests.OpenMoment(1))
    stepped.waits_for(StepperMoved, batch=1, edits=())
    after = bits(stepped)
    assert all(torch.equal(before[name], after[name]) for name in before)


@pytest.mark.parametrize("keeps", [True, False])
def test_an_edit_goes_into_training_only_if_it_is_kept(stepped, keeps):
    edited(stepped, EDIT)
    own = Trainer(load_example("digits_mlp"))
    if keeps:
        own.session.parameters["fc1.w"][3, 5] = 0.5
    own.step()

    stepped.ask(requests.NextBatch(keeps_edits=keeps))
    stepped.waits_for(StepperMoved, batch=1)

    after = stepped.worker._desk._trainer.weights
    assert all(torch.equal(after[path], weight) for path, weight in own.weights.items())
    told = [event.sentence for event in stepped.told if isinstance(event, Told)]
    assert len(told) == keeps
    assert all("Trained on with fc1.w[3, 5]" in sentence for sentence in told)


def test_a_nudge_is_answered_wherever_the_walk_stands_and_leaves_no_trace(stepped):
    stepped.ask(requests.GoTo(4))
    stepped.waits_for(StepperMoved, position=4)
    before = bits(stepped)
    for variable in ("fc1_w", "dfc1_w"):
        stepped.told.clear()
        stepped.ask(Nudge(variable, (20, 5), 1e-4))
        nudged = stepped.waits_for(NudgeAnswered).nudged
        assert nudged.path == "fc1.w"
        assert nudged.gradient != 0
        assert nudged.relative_error < 1e-6
    after = bits(stepped)
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_why_a_nudge_cannot_be_is_answered(stepped):
    stepped.ask(Nudge("data_x", (0, 0, 0, 0), 1e-4))
    assert "data.x has no gradient" in stepped.waits_for(NudgeAnswered).sentence
    stepped.told.clear()
    stepped.ask(requests.LeaveStepper(), Nudge("fc1_w", (0, 0), 1e-4))
    assert "nothing is stepped through" in stepped.waits_for(NudgeAnswered).sentence


def asks_at_once(desk, gate, *asked: requests.Request) -> None:
    """Ask for all before long work that the first begins has got far."""
    gate.closes()
    desk.ask(*asked)
    gate.opens()


def test_other_requests_are_answered_while_a_nudge_is_at_work(stepped, held_up):
    nudge = Nudge("fc1_w", (20, 5), 1e-4)
    asks_at_once(stepped, held_up, nudge, requests.GoTo(2))
    answered = stepped.waits_for(NudgeAnswered)

    told = [each for each in stepped.told if isinstance(each, StepperMoved | NudgeAnswered)]
    assert told.index(answered) > told.index(stepped.waits_for(StepperMoved, position=2))
    assert answered.nudged.relative_error < 1e-6
    done = [each.done for each in stepped.told if isinstance(each, Nudging)]
    assert done == list(range(1, len(done) + 1))


def test_a_nudge_is_stopped_where_it_is(stepped, held_up):
    nudge = Nudge("fc1_w", (20, 5), 1e-4)
    asks_at_once(stepped, held_up, nudge, StopNudging())
    assert stepped.waits_for(NudgeAnswered).sentence == "it was stopped"

    other = Nudge("fc2_b", (0,), 1e-4)
    asks_at_once(stepped, held_up, nudge, other)
    assert stepped.waits_for(NudgeAnswered, request=other).nudged is not None
    assert stepped.waits_for(NudgeAnswered, request=nudge).sentence == "it was stopped"


@pytest.mark.parametrize(
    "stop", [requests.MeasureCosts(False), requests.Reset(), requests.UseDevice("cpu")]
)
def test_a_measurement_of_costs_lets_others_through_and_is_stopped(stepped, held_up, stop):
    asks_at_once(stepped, held_up, requests.MeasureCosts(), requests.GoTo(2))
    profile = stepped.waits_for(Profile)
    moved = stepped.waits_for(StepperMoved, position=2)
    assert stepped.told.index(profile) > stepped.told.index(moved)

    stepped.told.clear()
    asks_at_once(stepped, held_up, requests.MeasureCosts(), stop, requests.ListDevices())
    stepped.waits_for(DevicesFound)
    begun = sum(isinstance(each, Profiling) for each in stepped.told)
    stepped.ask(requests.ListDevices(), requests.GoTo(3))
    stepped.waits_for(StepperMoved, position=3)

    assert not any(isinstance(each, Profile) for each in stepped.told)
    assert sum(isinstance(each, Profiling) for each in stepped.told) == begun <= 2


@pytest.fixture
def frail(own_layers) -> type[Layer]:
    """A layer that fails as a device does at its next calls, as often as `failures` says."""

    class Frail(Layer):
        """Hands on what it gets.

        Shapes: x any, out as x.
        """

        family: ClassVar[str] = "Shaping"
        failures: ClassVar[int] = 0

        @staticmethod
        def forward(x: Tensor) -> tuple[Tensor, tuple]:
            if Frail.failures:
                Frail.failures -= 1
                raise RuntimeError("CUDA error: device-side assert triggered")
            return x * 1, ()

        @staticmethod
        def backward(dout: Tensor, cache: tuple) -> Tensor:
            return dout

    return Frail


@pytest.fixture
def at_risk(desk, frail) -> Desk:
    graph = build(
        {
            "data": ("Data", {"dataset": "moons", "samples": 100}),
            "fc1": ("Linear", {"out_features": 1}),
            "frail": ("Frail", {}),
            "loss": ("BCEWithLogitsLoss", {}),
        },
        *("data.x fc1.x", "fc1.out frail.x", "frail.out loss.y_hat", "data.y loss.y"),
    )
    desk.ask(requests.Load(Job.of(graph), "cpu"), requests.GoToLoss())
    desk.waits_for(StepperMoved)
    return desk


def test_an_edit_at_which_the_device_fails_once_leaves_the_walk_as_it_was(at_risk, frail):
    before = bits(at_risk)
    frail.failures = 1
    at_risk.ask(EditNumber("fc1_w", (0, 0), 2.0))

    assert "the net cannot compute with that: CUDA error" in at_risk.waits_for(Refused).sentence
    after = bits(at_risk)
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_where_the_device_fails_for_good_the_walk_ends_and_training_can_go_on(at_risk, frail):
    frail.failures = 2
    at_risk.ask(EditNumber("fc1_w", (0, 0), 2.0))

    assert "no longer answers (CUDA error" in at_risk.waits_for(Refused).sentence
    at_risk.waits_for(SteppingEnded)
    at_risk.ask(requests.NextBatch())
    at_risk.waits_for(StepperMoved, batch=1)
