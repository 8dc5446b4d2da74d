"""The worker answers whatever is asked of tensors, in sentences where it cannot."""

import numpy as np
import pytest
import torch

from explorer.app import requests
from explorer.app.messages import Refused, StepperMoved, Told
from explorer.app.tensors.requests import (
    Forget,
    ListTensors,
    Look,
    Pin,
    Pinned,
    SaveTensor,
    Saving,
    Seen,
    StopSaving,
    Studied,
    Study,
    TensorsListed,
    Unpin,
    Unseen,
)
from explorer.graph.examples import load_example
from explorer.program.viewing import Address, Cut, Difference, Window, first_cut
from explorer.training import Job

FC1 = Address("fc1")
ALL = (0, 1000)


def session(desk):
    return desk.worker._desk._trainer.session


def test_a_window_is_of_the_very_numbers(stepped):
    stepped.ask(Look(7, FC1, Window(first_cut((32, 64)), ALL, ALL)))
    seen = stepped.waits_for(Seen, ticket=7)

    assert seen.entry.shape == (32, 64)
    assert seen.entry.label.axes == ("N", "M")
    assert np.array_equal(seen.answer, session(stepped).value("fc1.out").numpy())


def test_what_cannot_be_seen_is_told_with_what_there_is(stepped):
    stepped.ask(Look(1, FC1, Window(first_cut((3,)), ALL, ALL)), Look(2, Address("dfc1")))
    unseen = stepped.waits_for(Unseen, ticket=1)
    assert unseen.entry.shape == (32, 64)
    unseen = stepped.waits_for(Unseen, ticket=2)
    assert unseen.sentence == "gradient of fc1.out is not computed yet: step on"
    assert unseen.entry is None


def test_a_study_ends_complete(stepped):
    stepped.ask(Study(3, FC1, None, histogram=True), Study(4, FC1, Cut((0, "columns")), False))
    whole = stepped.waits_for(Studied, ticket=3).survey
    row = stepped.waits_for(Studied, ticket=4).survey

    value = session(stepped).value("fc1.out")
    assert whole.is_complete and row.is_complete
    assert whole.histogram.counts.sum() == value.numel()
    assert row.statistics.mean == pytest.approx(value[0].mean().item(), abs=1e-6)
    assert row.histogram is None


def test_a_long_study_can_be_forgotten(stepped):
    session(stepped).namespace["fc1"] = torch.zeros(40_000_000)
    stepped.ask(Study(3, FC1, None, histogram=True), Forget(3), Look(4, FC1))
    stepped.waits_for(Seen, ticket=4)

    assert not stepped.worker._desk._tensors._studies


def test_all_that_there_is_is_listed_and_pins_with_it(stepped):
    stepped.ask(ListTensors())
    before = stepped.waits_for(TensorsListed)
    stepped.ask(Pin(FC1, "step 0, call 5"))
    pin = stepped.waits_for(Pinned).entry
    assert pin.label.title == "fc1.out at step 0, call 5"
    stepped.told.clear()
    stepped.ask(ListTensors())
    after = stepped.waits_for(TensorsListed)

    assert set(after.entries) - set(before.entries) == {pin}
    assert after.pinned == 32 * 64 * 4
    stepped.ask(Look(1, Difference(FC1, pin.address), Window(first_cut((32, 64)), ALL, ALL)))
    assert not stepped.waits_for(Seen, ticket=1).answer.any()
    stepped.told.clear()
    stepped.ask(Unpin(pin.address))
    assert stepped.waits_for(TensorsListed).pinned == 0


def test_the_optimizers_memory_is_there_after_a_step_of_training(desk):
    desk.ask(requests.Load(Job.of(load_example("digits_mlp"), optimizer="Adam"), "cpu"))
    desk.ask(ListTensors())
    assert desk.waits_for(TensorsListed).entries == ()
    desk.ask(requests.NextBatch())
    desk.waits_for(StepperMoved)
    desk.told.clear()
    desk.ask(ListTensors())
    entries = desk.waits_for(TensorsListed).entries

    memory = {e.label.title: e.shape for e in entries if e.label.kind == "optimizer"}
    assert memory["exp_avg of fc1.w"] == memory["exp_avg_sq of fc1.w"] == (64, 64)
    assert memory["step of fc1.w"] == ()


def test_another_net_has_none_of_the_tensors_before(stepped):
    stepped.ask(requests.Load(Job.of(load_example("spiral")), "cpu"), Look(1, Address("fc1_w")))
    unseen = stepped.waits_for(Unseen, ticket=1)

    assert "nothing has been trained or stepped through" in unseen.sentence


def test_a_tensor_is_saved_and_read_back(stepped, tmp_path):
    stepped.ask(SaveTensor(FC1, tmp_path / "fc1.npy"))
    stepped.waits_for(Saving, share=None)

    assert stepped.waits_for(Told).sentence == f"Saved to {tmp_path / 'fc1.npy'}"
    saved = np.load(tmp_path / "fc1.npy")
    assert np.array_equal(saved, session(stepped).value("fc1.out").numpy())


def test_a_long_save_tells_how_far_it_is_and_can_be_stopped(stepped, tmp_path):
    session(stepped).namespace["fc1"] = torch.zeros(30_000_000)
    stepped.ask(SaveTensor(FC1, tmp_path / "fc1.csv"), SaveTensor(FC1, tmp_path / "other.csv"))
    assert "still being written" in stepped.waits_for(Refused).sentence
    stepped._qtbot.waitUntil(
        lambda: any(isinstance(e, Saving) and e.share for e in stepped.told), timeout=10_000
    )
    stepped.ask(Look(5, Address("fc2")))
    stepped.waits_for(Seen, ticket=5)
    stepped.ask(StopSaving())
    stepped.waits_for(Saving, share=None)

    assert list(tmp_path.iterdir()) == []


def test_closing_leaves_no_half_of_a_file(stepped, tmp_path):
    session(stepped).namespace["fc1"] = torch.zeros(30_000_000)
    stepped.ask(SaveTensor(FC1, tmp_path / "fc1.csv"))
    stepped._qtbot.waitUntil(lambda: any(isinstance(e, Saving) for e in stepped.told))
    stepped.worker.close()

    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_to_is_told(stepped, tmp_path):
    (tmp_path / "file").write_text("")
    stepped.ask(SaveTensor(FC1, tmp_path / "file" / "fc1.npy"))

    assert "cannot be written" in stepped.waits_for(Refused).sentence
    stepped.waits_for(Saving, share=None)


def test_of_a_large_tensor_something_is_told_at_once_and_all_of_it_later(stepped):
    session(stepped).namespace["fc1"] = torch.randn(3_000, 1_000)
    stepped.ask(Study(7, FC1, None, histogram=True))
    told = [message.survey for message in _studied(stepped, 7)]

    assert told[0].is_sample and told[0].histogram is not None
    assert told[-1].statistics.seen == 3_000_000


def _studied(desk, ticket: int) -> list[Studied]:
    """All that is told of a study, once it is complete."""

    def heard() -> list[Studied]:
        return [m for m in desk.told if isinstance(m, Studied) and m.ticket == ticket]

    desk._qtbot.waitUntil(lambda: any(m.survey.is_complete for m in heard()), timeout=20_000)
    return heard()
