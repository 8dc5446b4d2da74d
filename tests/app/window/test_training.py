"""A person trains a net: sets off, pauses, goes on, stops, begins anew, and changes settings."""

import re

import pytest
import torch
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QProgressBar
from safetensors.torch import load

from explorer.graph import examples
from explorer.training import Trainer
from explorer.training.devices import available


def weights_of(file: bytes) -> dict[str, torch.Tensor]:
    return load(file)


def same(some: dict[str, torch.Tensor], others: dict[str, torch.Tensor]) -> bool:
    return some.keys() == others.keys() and all(torch.equal(some[k], others[k]) for k in some)


@pytest.fixture
def panel(window):
    return window.training


@pytest.fixture
def train(window) -> QAction:
    return window.actions_by_name["train"]


def test_f5_trains_the_net_that_the_program_opens_with_and_shows_how_it_goes(person, panel, window):
    assert person.sees("Not trained yet", panel)
    assert person.sees("Press Train (F5) to see the curves", window.plots)
    person.fills(person.field("epochs", panel), "500")
    person.presses("F5")
    assert person.button_says("Pause"), "whoever presses again means to pause"
    assert person.sees("Getting ready…", panel)
    validation = person.labelled("validation loss", panel, QLabel)
    person.waits_until(lambda: validation.text() != "–")

    assert re.search(r"Epoch \d+ of 500 · [\d,.]+\Wsteps/s · .+ left", person.reads(panel))
    assert person.sees("1,438 rows, 359 to validate on · on cpu", panel), person.reads(panel)
    for name in ("training loss", "training accuracy", "validation accuracy"):
        assert re.match(r"\d", person.labelled(name, panel, QLabel).text())
    bar = person.labelled("Training progress", panel, QProgressBar)
    assert bar.value() > 0
    person.waits_until(lambda: re.search(r"Epoch [\d.]+ · step [\d,]+", person.reads(window.plots)))
    assert "validation" in window.plots._loss.readout
    assert "%" in window.plots._accuracy.readout


def test_f5_pauses_and_goes_on_and_the_window_says_so_everywhere(person, panel, window, train):
    person.trains_until(20)
    assert train.text() == "Pause"
    person.pauses()
    assert train.text() == "Continue"
    assert person.sees("Paused: step through this batch, or continue", panel)
    stood = window.controller.steps
    where = person.reads(panel)
    person.qtbot.wait(100)
    assert window.controller.steps == stood
    assert person.reads(panel) == where
    person.presses("F5")
    person.waits_until(lambda: window.controller.steps > stood)
    assert train.text() == "Pause"
    assert person.button_says("Pause")


def test_the_panels_buttons_do_what_the_keys_do(person, panel, window):
    person.clicks(person.button("Train", panel))
    person.waits_until(lambda: window.controller.steps > 5)
    person.clicks(person.button("Pause", panel))
    person.waits_until(lambda: person.button_says("Continue"))
    person.clicks(person.button("Continue", panel))
    person.clicks(person.button("Stop", panel))
    person.waits_until(lambda: person.sees("Stopped: the weights are kept", panel))
    person.clicks(person.button("Reset", panel))
    person.waits_until(lambda: person.sees("Not trained yet", panel))


def test_stopping_keeps_the_weights_and_reset_brings_fresh_ones(person, panel, window, tmp_path):
    fresh = weights_of(person.saves_weights(tmp_path / "fresh.safetensors"))
    assert same(fresh, window.controller.program.start(seed=0).parameters)
    stop, reset = person.button("Stop", panel), person.button("Reset", panel)
    assert not stop.isEnabled()
    assert "There is no run to stop" in stop.toolTip()
    assert not reset.isEnabled()
    assert "Nothing has been trained yet" in reset.toolTip()

    person.trains_until(30)
    person.presses("Shift+F5")
    person.waits_until(lambda: person.sees("Stopped: the weights are kept", panel))
    assert person.button_says("Train again")
    assert not stop.isEnabled()
    trained = weights_of(person.saves_weights(tmp_path / "trained.safetensors"))
    assert not same(fresh, trained)

    person.presses("Ctrl+Shift+F5")
    person.waits_until(lambda: person.sees("Not trained yet", panel))
    assert person.button_says("Train")
    assert person.labelled("training loss", panel, QLabel).text() == "–"
    assert not reset.isEnabled()
    again = weights_of(person.saves_weights(tmp_path / "again.safetensors"))
    assert same(fresh, again)


def test_at_its_end_it_says_done_and_train_again_goes_on_from_there(person, panel, window):
    person.fills(person.field("epochs", panel), "2")
    person.presses("F5")
    person.waits_until(lambda: person.sees("Done: all epochs are trained", panel))
    assert window.controller.steps == 2 * 45
    assert person.sees("Epoch 2 of 2", panel)
    assert person.button_says("Train again")
    person.presses("F5")
    person.waits_until(lambda: window.controller.steps == 4 * 45)
    person.waits_until(lambda: person.sees("Done: all epochs are trained", panel))
    assert person.sees("Epoch 4 of 4", panel)


@pytest.mark.parametrize("times", [2, 3, 4, 7])
def test_pressing_train_many_times_quickly_leaves_what_the_button_says(
    person, panel, window, times
):
    for _ in range(times):
        person.presses("F5")
    person.waits_until(lambda: person.button_says("Continue"))
    stood = window.controller.steps
    person.trains_until(stood + 10)
    assert person.button_says("Pause")
    assert person.told == []


def test_a_new_learning_rate_is_taken_over_as_training_goes_on(person, panel, window, tmp_path):
    person.trains_until(50)
    person.told.clear()
    person.fills(person.field("learning_rate", panel), "0.01")
    assert person.graph.training.learning_rate == 0.01
    stood = window.controller.steps
    person.waits_until(lambda: window.controller.steps > stood + 20)
    assert person.told == []
    person.chooses("Edit", "Undo")
    assert person.field("learning_rate", panel).text() == "0.05"
    person.waits_until(lambda: window.controller.steps > stood + 40)
    assert person.button_says("Pause")


def test_a_learning_rate_of_next_to_nothing_stands_still_at_once(person, panel, tmp_path):
    person.trains_until(50)
    person.pauses()
    person.fills(person.field("learning_rate", panel), "1e-30")
    before = weights_of(person.saves_weights(tmp_path / "before.safetensors"))
    person.trains_until(person.window.controller.steps + 30)
    person.pauses()
    after = weights_of(person.saves_weights(tmp_path / "after.safetensors"))
    assert same(before, after)


@pytest.mark.parametrize(
    ("setting", "text"), [("batch_size", "64"), ("seed", "7"), ("validation", "0.5")]
)
def test_settings_that_a_run_cannot_take_over_start_it_afresh_and_it_says_so(
    person, panel, window, setting, text
):
    person.trains_until(20)
    person.fills(person.field(setting, panel), text)
    assert str(getattr(person.graph.training, setting)) == text
    person.waits_for_news("training starts afresh")
    assert "training starts afresh" in person.toast()
    person.waits_until(lambda: person.sees("Not trained yet", panel))
    assert person.button_says("Train")
    person.trains_until(5)


def test_another_optimizer_starts_afresh_and_its_form_has_no_momentum(person, panel, window):
    momentum = person.field("momentum", panel)
    assert momentum.isVisible()
    person.trains_until(20)
    person.picks(person.field("optimizer", panel), "Adam")
    assert person.graph.training.optimizer == "Adam"
    person.waits_until(lambda: person.sees("Not trained yet", panel))
    assert "training starts afresh" in person.toast()
    assert not momentum.isVisible()
    person.presses("Ctrl+Z")
    assert momentum.isVisible()


def test_changing_the_net_starts_afresh_and_moving_a_card_does_not(person, panel, window):
    person.trains_until(20)
    person.window.view.setFocus()
    person.hand.click(person.hand.title("fc1"))
    person.presses("Alt+Right", "Alt+Down")
    assert person.graph.nodes["fc1"].position == (490, 10)
    stood = window.controller.steps
    person.waits_until(lambda: window.controller.steps > stood + 20)
    assert person.told == []

    person.fills(person.field("out_features", window.inspector), "32")
    person.waits_for_news("training starts afresh")
    person.opens("Training")
    person.waits_until(lambda: person.sees("Not trained yet", panel))


@pytest.mark.parametrize(
    ("setting", "text", "complaint"),
    [
        ("learning_rate", "0", "greater than 0"),
        ("learning_rate", "5000", "less than or equal to 1000"),
        ("learning_rate", "fast", "must be a number"),
        ("momentum", "1", "less than 1"),
        ("validation", "0.95", "less than or equal to 0.9"),
        ("seed", "-1", "greater than or equal to 0"),
        ("seed", "1.5", "whole number"),
    ],
)
def test_a_setting_out_of_range_is_told_below_its_field_and_changes_nothing(
    person, panel, window, setting, text, complaint
):
    before = person.graph.training
    field = person.field(setting, panel)
    shown = field.text()
    person.fills(field, text)
    (sentence,) = (line for line in person.reads(panel).splitlines() if line.startswith("⚠"))
    assert complaint in sentence
    assert person.graph.training == before
    assert not window.isWindowModified()
    assert field.text() == text, "what was typed is there to be mended"
    person.presses("Esc")
    assert field.text() == shown
    assert "⚠" not in person.reads(panel)
    person.trains_until(5)


def test_numbers_out_of_range_cannot_even_be_typed_into_a_counter(person, panel):
    epochs = person.graph.training.epochs
    for setting, typed, kept in (("epochs", "0", epochs), ("batch_size", "99999999", 9_999_999)):
        person.fills(person.field(setting, panel), typed)
        assert getattr(person.graph.training, setting) == kept


def test_a_loss_that_explodes_is_told_in_a_sentence_and_train_again_begins_anew(
    person, panel, window, tmp_path
):
    person.opens_example("regression_mlp")
    person.fills(person.field("learning_rate", panel), "1000")
    person.presses("F5")
    person.waits_until(lambda: person.sees("The loss is no longer a number since step", panel))
    assert person.sees("lower the learning rate (it is 1000)", panel)
    assert "The loss is no longer a number" in person.toast()
    assert not person.sees(" left", panel), "nothing is left of a run that has ended"
    assert person.button_says("Train again")
    assert "anew from fresh weights" in person.button("Train again", panel).toolTip()

    person.fills(person.field("learning_rate", panel), "0.01")
    person.presses("F5")
    person.waits_until(lambda: person.sees("Done: all epochs are trained", panel))
    assert window.controller.steps == 10 * 40
    weights = weights_of(person.saves_weights(tmp_path / "after.safetensors"))
    untroubled = Trainer(examples.load_example("regression_mlp"))
    untroubled.run()
    assert same(weights, untroubled.weights)


def test_a_slow_pace_lets_one_watch_and_still_pauses_at_once(person, panel, window):
    speed = person.labelled("Speed", panel, QComboBox)
    person.picks(speed, "1 step/s")
    person.presses("F5")
    person.waits_until(lambda: window.controller.steps >= 1)
    person.presses("F5")
    person.waits_until(lambda: person.button_says("Continue"))
    stood = window.controller.steps
    assert stood <= 3, "it did not run on"
    person.picks(speed, "100 steps/s")
    person.presses("F5")
    person.waits_until(lambda: window.controller.steps >= stood + 5)
    person.picks(speed, "Full speed")
    person.waits_until(lambda: window.controller.steps >= stood + 200)


def test_going_back_to_full_speed_does_not_wait_for_the_slow_step(person, panel, window):
    person.fills(person.field("epochs", panel), "5")
    speed = person.labelled("Speed", panel, QComboBox)
    person.picks(speed, "1 step/s")
    person.presses("F5")
    person.waits_until(lambda: window.controller.steps >= 1)
    person.picks(speed, "Full speed")
    person.waits_until(lambda: person.sees("Done: all epochs are trained", panel))


def test_the_device_list_names_this_machine_and_a_run_goes_on_on_another_device(
    person, panel, window
):
    devices = person.labelled("Device", panel, QComboBox)
    person.waits_until(lambda: devices.count() > 1)
    assert devices.itemText(0) == f"Automatic ({available()[0].id})"
    assert re.fullmatch(r"cpu: .+, \d+ GiB", devices.itemText(devices.count() - 1))
    person.trains_until(20)
    stood = window.controller.steps
    person.picks(devices, "cpu: ")
    assert devices.currentData() == "cpu"
    person.waits_until(lambda: window.controller.steps > stood + 20)
    assert person.button_says("Pause")
    assert person.told == []


def test_the_curves_of_a_new_run_take_the_place_of_the_old_ones(person, panel, window):
    person.fills(person.field("epochs", panel), "1")
    person.presses("F5")
    person.waits_until(lambda: person.sees("Done: all epochs are trained", panel))
    person.waits_until(lambda: person.sees("Epoch 1.00 · step 45", window.plots))
    person.presses("Ctrl+Shift+F5")
    person.waits_until(lambda: person.sees("Not trained yet", panel))
    person.presses("F5")
    person.waits_until(lambda: person.sees("Done: all epochs are trained", panel))
    person.waits_until(lambda: person.sees("Epoch 1.00 · step 45", window.plots))


def test_typing_on_while_training_runs_is_not_disturbed_by_its_news(person, panel, window):
    person.trains_until(5)
    field = person.field("learning_rate", panel)
    person.fills(field, "0.0", then="")
    stood = window.controller.steps
    person.waits_until(lambda: window.controller.steps > stood + 50)
    person.types("2")
    assert isinstance(field, QLineEdit)
    assert field.text() == "0.02"
    person.presses("Return")
    assert person.graph.training.learning_rate == 0.02


def test_a_net_that_is_opened_while_another_trains_is_trained_by_the_next_press(person, window):
    person.trains_until(5)
    person.opens_example("spiral")
    assert window.controller.state == "ready"
    assert person.button_says("Train")
    person.trains_until(1)
