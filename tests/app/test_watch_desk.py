"""The worker reads watches in slices, all of them at one place, whatever is asked meanwhile."""

import pytest

from explorer.app import requests
from explorer.app.messages import Refused, StepperMoved
from explorer.app.watching import desk as watch_desk
from explorer.app.watching.requests import KeepWatched, ReadWatches, WatchesRead, WatchKept
from explorer.graph.examples import load_example
from explorer.training import Job, Trainer


@pytest.fixture
def walking(desk):
    """A walk behind the forward call of fc1."""
    desk.ask(requests.Load(Job.of(load_example("digits_mlp")), "cpu"))
    desk.ask(requests.GoToNode("fc1", "forward"))
    desk.waits_for(StepperMoved, position=3)
    return desk


def test_watches_are_read_where_the_walk_stands(walking):
    walking.ask(ReadWatches(1, ("out.norm()", "dw", "fc1.w.shape")))
    told = walking.waits_for(WatchesRead, ticket=1)
    own = Trainer(load_example("digits_mlp")).walk()
    own.go_to(3)
    norm, gradient, shape = told.readings
    assert float(norm.text) == pytest.approx(float(own.session.value("fc1.out").norm()))
    assert gradient.error == "gradient of fc1.w is not computed yet: step on"
    assert shape.text == "(64, 64)"
    assert told.place == (0, 3, -1)


def test_a_step_between_two_slices_begins_the_reading_anew(walking, monkeypatch):
    monkeypatch.setattr(watch_desk, "SLICE", 0.0)
    many = tuple(f"out.norm() + {n}" for n in range(50))
    walking.ask(ReadWatches(1, many), requests.GoTo(4))
    told = walking.waits_for(WatchesRead, ticket=1)
    assert told.place == (0, 4, -1)
    numbers = [float(reading.text) - n for n, reading in enumerate(told.readings)]
    assert numbers == pytest.approx([numbers[0]] * 50, rel=1e-4), "all of the same call"


def test_before_anything_ran_there_are_no_numbers(desk):
    desk.ask(ReadWatches(1, ("fc1.w",)))
    (reading,) = desk.waits_for(WatchesRead, ticket=1).readings
    assert reading.error == "there are no numbers yet: train, or step"
    desk.ask(KeepWatched("fc1.w", "step 0"))
    desk.waits_for(Refused, sentence="there are no numbers yet: train, or step")


def test_what_is_computed_can_be_kept_to_look_at(walking):
    walking.ask(KeepWatched("out * 2", "step 0, call 3"))
    entry = walking.waits_for(WatchKept).entry
    assert (entry.label.title, entry.shape) == ("out * 2 at step 0, call 3", (32, 64))
    walking.ask(KeepWatched("out.shape", "now"))
    walking.waits_for(Refused, sentence="out.shape is no tensor: there is no more to see")


def test_where_reading_fails_who_asked_is_answered_all_the_same(walking, monkeypatch):
    def fails(*given: object) -> None:
        raise ArithmeticError("planted")

    with monkeypatch.context() as planted:
        planted.setattr(watch_desk, "read", fails)
        walking.ask(ReadWatches(1, ("out",)))
        assert walking.waits_for(WatchesRead, ticket=1).readings == ()
    assert "planted" in walking.waits_for(Refused).sentence
    walking.ask(ReadWatches(2, ("out",)))
    assert walking.waits_for(WatchesRead, ticket=2).readings[0].shape == (32, 64)
