"""What the worker answers after a run has diverged, and what it lets go of."""

import gc

import pytest
import torch

from explorer.app import requests
from explorer.app.messages import AutogradRecorded, Refused, StepperMoved, Told
from explorer.exchange import pages
from explorer.graph.examples import load_example
from explorer.training import Job, Kept, StateChanged, load_weights
from tests.alive import tensor_bytes

from .desk import Desk
from .hand import PATIENCE


@pytest.fixture
def diverged(desk) -> Desk:
    """A run whose loss is no longer a number."""
    desk.ask(requests.Load(Job.of(load_example("regression_mlp"), learning_rate=100.0), "cpu"))
    desk.ask(requests.Train())
    desk.waits_for(StateChanged, state="diverged")
    return desk


def test_autograd_runs_on_the_batch_that_training_stands_at(desk):
    graph = load_example("autograd_scalar")
    job = Job.of(graph)
    page = pages.page(graph, job.program, "autograd")
    desk.ask(requests.Load(job, "cpu"), requests.RecordAutograd(page))

    told = desk.waits_for(AutogradRecorded, batch=0)

    gradients = {each.name: each.gradient for each in told.values}
    assert gradients == {"a_value": 5, "b_value": 3, "a": 5, "b": 3, "c": None}


def test_the_weights_saved_after_a_divergence_are_those_of_that_run(diverged, tmp_path):
    path = tmp_path / "net.safetensors"
    diverged.ask(requests.SaveWeights(path))
    diverged.waits_for(Told)

    assert not any(weight.isfinite().all() for weight in load_weights(path).values())


def test_a_diverged_net_can_be_stepped_through_to_see_where_it_went_wrong(diverged):
    diverged.ask(requests.GoToLoss())
    moved = diverged.waits_for(StepperMoved)

    assert isinstance(moved, StepperMoved)
    assert not torch.tensor(moved.loss).isfinite()
    assert moved.batch > 0


def test_training_again_after_a_divergence_starts_from_fresh_weights(diverged):
    diverged.told.clear()
    # Slowly, or on a busy machine it would diverge again before the pause.
    diverged.ask(requests.SetPace(1.0), requests.Train(), requests.Pause())
    state = diverged.waits_for(StateChanged, state="paused")

    assert isinstance(state, StateChanged)
    assert state.step < 100


def test_leaving_the_stepper_lets_its_values_go(desk):
    desk.ask(requests.Load(Job.of(load_example("spiral")), "cpu"), requests.GoToEnd())
    desk.waits_for(StepperMoved)
    session = desk.worker._desk._trainer.session
    held = len(session.namespace)
    desk.ask(requests.LeaveStepper(), requests.ListDevices())
    desk._qtbot.waitUntil(lambda: len(session.namespace) < held, timeout=PATIENCE)

    assert not any(isinstance(e, Refused) for e in desk.told)
    values = set(session.program.values.values()) | set(session.program.gradients.values())
    assert not values & session.namespace.keys()


def test_steps_forth_and_back_leave_no_tensor_behind(desk):
    desk.ask(requests.Load(Job.of(load_example("regression_mlp")), "cpu"), requests.GoTo(0))
    desk.waits_for(StepperMoved, position=0)
    # What is left out of collections from then on is not among what is counted as alive, either.
    desk._qtbot.waitUntil(lambda: gc.get_freeze_count() > 0, timeout=PATIENCE)

    def walk(rounds: int) -> int:
        """Go so far and back, one step at a time, and return what is alive then."""
        for _ in range(rounds):
            desk.told.clear()
            desk.ask(*[requests.StepOver({})] * 15, *[requests.StepBack({})] * 15)
            desk.waits_for(StepperMoved, position=0)
        desk.told.clear()
        return tensor_bytes()

    assert walk(2) == walk(8)


def test_another_device_keeps_no_steps_yet_and_says_so(desk):
    desk.ask(requests.Load(Job.of(load_example("spiral")), "cpu"))
    desk.ask(requests.KeepSteps(5, 2**30, goes_on=True), requests.NextBatch())
    desk.waits_for(Kept, steps=(0,))
    desk.told.clear()

    desk.ask(requests.UseDevice("cpu"))

    desk.waits_for(Kept, steps=(), wanted=5)
