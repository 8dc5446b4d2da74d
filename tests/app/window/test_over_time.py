"""Journeys with the panel over time: how each layer fares while a net trains."""

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from explorer.app.messages import StepperMoved
from explorer.app.over_time.layer_plot import LayerPlot
from explorer.app.over_time.style import LayerKey
from explorer.app.panels.numbers import short
from explorer.app.what_if.requests import EditNumber, PutBack
from explorer.training import Kept, Measured

from ..hand import Hand


def plot(person, title: str) -> LayerPlot:
    (found,) = (
        plot
        for plot in person.window.over_time.findChildren(LayerPlot)
        if any(label.text() == title for label in plot.findChildren(type(plot._readout)))
    )
    return found


def curves(person, title: str = "Gradient norm") -> dict[str, list[float]]:
    """By node; none before there is a plot to draw them in."""
    is_there = person.window.over_time.findChildren(LayerPlot)
    shown = plot(person, title).shown if is_there else {}
    return {node: line.y.tolist() for node, line in shown.items()}


def keys_shown(person) -> list[str]:
    keys = person.window.over_time.findChildren(LayerKey)
    return [key.accessibleName().removeprefix("Key: ") for key in keys if key.isVisible()]


def points_at(person, title: str, node: str) -> tuple[LayerPlot, QPoint]:
    """Point at where a curve ends."""
    where = plot(person, title)
    line = where.shown[node]
    at = where.at(line.x[-1], line.y[-1]).toPoint()
    view = where._view.viewport()
    QTest.mouseMove(view, view.mapFrom(where, at - QPoint(3, 0)))
    QTest.mouseMove(view, view.mapFrom(where, at))
    return where, at


def pauses(person) -> None:
    """Pause, and wait until the panel shows where training stands."""
    person.pauses()
    stands_at = person.window.controller.steps + 1
    person.waits_until(lambda: plot(person, "Gradient norm").shown["fc1"].x[-1] == stands_at)


@pytest.fixture
def watching(person):
    """A person who has opened the panel and trains the net for digits."""
    person.presses("Ctrl+Shift+T")
    person.trains_until(40)
    person.opens("Over time")
    person.waits_until(lambda: curves(person))
    person.waits_until(lambda: all(len(line) > 1 for line in curves(person).values()))
    return person


def test_before_a_run_it_says_what_to_do(person, window):
    person.presses("Ctrl+Shift+T")

    assert person.has_in_front("Over time")
    assert person.sees("Press Train (F5) to see how each layer fares", window.over_time)
    assert status(person) == "None is kept yet: train while this is seen or records"


def test_while_a_net_trains_each_layer_has_its_curves(watching):
    assert list(curves(watching, "Gradient norm")) == ["fc1", "fc2"]
    assert list(curves(watching, "Update / weight")) == ["fc1", "fc2"]
    assert list(curves(watching, "Activations")) == ["relu1"]
    assert list(curves(watching, "Dead units")) == ["relu1"]
    assert keys_shown(watching) == ["fc1", "relu1", "fc2"]
    assert all(value > 0 for value in curves(watching)["fc1"])
    assert "About 1e-3 is healthy" in plot(watching, "Update / weight")._view.toolTip()


def test_a_pause_shows_the_step_that_training_stands_at(watching):
    pauses(watching)

    assert watching.button_says("Continue")


def test_pointing_at_a_curve_names_its_layer_in_every_plot(watching):
    pauses(watching)
    where, _ = points_at(watching, "Gradient norm", "fc2")

    watching.waits_until(lambda: where.readout.startswith("fc2 "))
    assert "step" in where.readout
    assert plot(watching, "Update / weight").readout.startswith("fc2 ")
    assert plot(watching, "Dead units").readout == "", "it has no units that can die"


def test_what_is_selected_is_shown_alone(watching, window):
    pauses(watching)
    hand = Hand(window.view)
    hand.click(hand.title("fc1"))
    watching.waits_until(lambda: keys_shown(watching) == ["fc1"])

    assert list(curves(watching, "Gradient norm")) == ["fc1"]
    assert list(curves(watching, "Activations")) == ["fc1"]
    assert watching.sees("Only units of an activation", window.over_time)

    hand.click(hand.empty())
    watching.waits_until(lambda: keys_shown(watching) == ["fc1", "relu1", "fc2"])


def test_layers_are_measured_and_steps_kept_while_the_panel_is_seen_or_records(person, window):
    told: list[object] = []
    window.controller.measured.connect(told.append)
    window.controller.kept_told.connect(told.append)
    person.trains_until(20)
    person.qtbot.wait(400)
    assert told == [], "the panel is behind the curves"

    person.presses("Ctrl+Shift+T")
    person.waits_until(lambda: {type(each) for each in told} == {Measured, Kept})
    person.presses("Shift+R")
    assert person.button("Record while hidden", window.over_time).isChecked()
    person.opens("Curves")
    told.clear()
    person.waits_until(lambda: {type(each) for each in told} == {Measured, Kept})

    person.opens("Over time")
    person.clicks(person.button("Record while hidden", window.over_time))
    person.opens("Curves")
    person.pauses()
    told.clear()
    person.presses("F5")
    person.qtbot.wait(400)
    assert told == []


def test_a_reset_and_another_net_begin_anew(watching, window):
    watching.pauses()
    watching.presses("Ctrl+Shift+F5")
    watching.waits_until(lambda: window.controller.steps == 0)
    assert watching.sees("Press Train (F5)", window.over_time)

    watching.trains_until(5)
    watching.opens("Over time")
    watching.waits_until(lambda: curves(watching))
    watching.opens_example("spiral")
    watching.waits_until(lambda: watching.sees("Press Train (F5)", window.over_time))


def test_turning_the_wheel_looks_closer_and_r_sees_all_again(watching, window):
    pauses(watching)
    where = plot(watching, "Gradient norm")
    whole = where.view_box.viewRange()[0]
    watching.turns_wheel(where._view.viewport(), 3)
    watching.waits_until(lambda: where.view_box.viewRange()[0] != whole)
    near = where.view_box.viewRange()[0]
    assert near[1] - near[0] < whole[1] - whole[0]
    assert plot(watching, "Dead units").view_box.viewRange()[0] == near

    window.over_time.setFocus()
    watching.presses("R")
    QApplication.processEvents()
    assert where.view_box.viewRange()[0] == whole


# Steps of the past


def status(person) -> str:
    labels = person.window.over_time.keeping.findChildren(type(person.window.over_time._which))
    return labels[-1].text()


def clicks_at_step(person, title: str, step: int) -> None:
    where = plot(person, title)
    line = next(iter(where.shown.values()))
    at = where.at(step, line.y[0]).toPoint()
    person.clicks(where._view.viewport(), where._view.viewport().mapFrom(where, at))


@pytest.fixture
def paused(person, window):
    """A person who has trained with the panel open and pauses; the panel shows the last steps."""
    person.presses("Ctrl+Shift+T")
    person.trains_until(60)
    person.waits_until(lambda: "fc1" in curves(person))
    pauses(person)
    steps = window.controller.steps
    person.waits_until(lambda: window.over_time.keeping.kept.steps[-1:] == (steps - 1,))
    return person


def zooms_in_to_the_last_steps(person) -> None:
    steps = person.window.controller.steps
    person.window.over_time._on_moved()
    plot(person, "Gradient norm").view_box.setXRange(steps - 25, steps + 2, padding=0)
    QApplication.processEvents()


def test_the_last_steps_are_kept_and_it_says_how_many_and_what_they_take(paused, window):
    assert status(paused).startswith("20 of last 20 steps, ")
    assert status(paused).endswith(" MB")
    steps = window.controller.steps
    assert window.over_time.keeping.kept.steps == tuple(range(steps - 20, steps))

    count = paused.labelled("Steps to keep", window.over_time)
    paused.fills(count, "5")
    paused.waits_until(lambda: status(paused).startswith("5 of last 5 steps, "))
    paused.fills(count, "0")
    paused.waits_until(lambda: status(paused) == "No steps are kept: choose how many")


def test_how_many_are_kept_is_as_chosen_at_the_next_start(paused, window, open_it):
    paused.fills(paused.labelled("Steps to keep", window.over_time), "7")
    paused.fills(paused.labelled("Memory for steps", window.over_time), "55")

    keeping = open_it().over_time.keeping

    assert (keeping.count, keeping.megabytes) == (7, 55)


def test_a_click_at_a_kept_step_opens_it_and_says_which_it_is(paused, window):
    zooms_in_to_the_last_steps(paused)
    steps = window.controller.steps
    loss = window.plots._curves.loss.steps.values[steps - 8]
    clicks_at_step(paused, "Gradient norm", steps - 7)
    paused.waits_until(lambda: window.controller.is_stepping)

    words = f"Step {steps - 7:,} of {steps:,}, as it was; going on trains on from {steps:,}"
    assert paused.sees(words, window.over_time)
    paused.presses("F8")
    paused.opens("Steps")
    assert paused.sees(words, window.stepper)
    paused.waits_until(lambda: paused.sees(f"batch {steps - 7:,}", window.stepper))
    paused.waits_until(lambda: paused.sees(f"loss {short(float(loss))}", window.stepper))


def test_a_click_in_the_curve_of_the_loss_opens_the_step_too(paused, window):
    paused.opens("Curves")
    paused.waits_until(lambda: len(window.plots._curves) == window.controller.steps)
    window.plots._on_moved_by_hand()
    steps, each = window.controller.steps, window.plots._curves.steps_per_epoch
    where = window.plots._loss
    where.view_box.setXRange((steps - 25) / each, (steps + 2) / each, padding=0)
    QApplication.processEvents()
    box = where.view_box
    middle = box.viewRange()[1]
    scene = box.mapViewToScene(QPointF((steps - 4) / each, sum(middle) / 2))
    paused.clicks(where._view.viewport(), where._view.mapFromScene(scene))

    paused.waits_until(lambda: window.controller.is_stepping)
    paused.waits_until(lambda: paused.sees(f"Step {steps - 4:,} of {steps:,}", window.stepper))


def test_a_click_where_no_step_is_kept_says_so(paused, window):
    first = next(iter(plot(paused, "Gradient norm").shown.values())).x[0]
    clicks_at_step(paused, "Gradient norm", first)

    steps = window.controller.steps
    paused.waits_until(lambda: "is not kept" in paused.toast())
    assert f"steps {steps - 19:,} to {steps:,} are" in paused.toast()
    assert not window.controller.is_stepping


def kept_in_a_long_run(person, steps: int) -> LayerPlot:
    """The plot of gradients as it is after so many steps, of which the last few are kept."""
    person.window.over_time._on_moved()
    where = plot(person, "Gradient norm")
    where.view_box.setXRange(person.window.controller.steps - steps, person.window.controller.steps)
    QApplication.processEvents()
    return where


def points_beside(person, where: LayerPlot, step: int, pixels: int) -> QPoint:
    """Point at a place so many pixels to the right of a step."""
    view = where._view.viewport()
    low, high = where.view_box.viewRange()[1]
    at = where._view.mapFromScene(where.view_box.mapViewToScene(QPointF(step, (low + high) / 2)))
    at += QPoint(pixels, 0)
    QTest.mouseMove(view, at - QPoint(0, 5))
    QTest.mouseMove(view, at)
    QApplication.processEvents()
    return at


@pytest.mark.parametrize("pixels", [-7, 0, 7])
def test_in_a_long_run_a_click_near_the_kept_steps_opens_the_one_that_it_has_named(
    paused, window, pixels
):
    steps = window.controller.steps
    where = kept_in_a_long_run(paused, 100_000)
    at = points_beside(paused, where, steps - 10, pixels)

    offered = where._view.offered
    assert offered.startswith("Click: step ")
    paused.clicks(where._view.viewport(), at)

    step = offered.removeprefix("Click: step ")
    paused.waits_until(
        lambda: paused.sees(f"Step {step} of {steps:,}, as it was", window.over_time)
    )


def test_in_a_long_run_the_band_of_kept_steps_is_still_wide_enough_to_be_seen(paused, window):
    where = kept_in_a_long_run(paused, 100_000)

    low, high = where._view._band.getRegion()
    pixel = where.view_box.viewPixelSize()[0]
    assert high - low >= 8 * pixel * 0.99
    assert (low + high) / 2 == pytest.approx(window.controller.steps - 9.5)

    where.view_box.setXRange(window.controller.steps - 25, window.controller.steps + 2)
    QApplication.processEvents()
    assert where._view._band.getRegion() == (window.controller.steps - 19, window.controller.steps)


def test_far_from_the_kept_steps_nothing_is_offered(paused, window):
    where = kept_in_a_long_run(paused, 100_000)
    points_beside(paused, where, window.controller.steps, 3)
    assert where._view.offered
    points_beside(paused, where, window.controller.steps, -60)

    assert where._view.offered == ""


def test_keys_go_back_and_on_through_the_kept_steps_up_to_the_present(paused, window):
    steps = window.controller.steps

    def sees_step(step: int) -> None:
        paused.waits_until(lambda: paused.sees(f"Step {step:,} of {steps:,}", window.over_time))

    paused.presses("Alt+PgUp")
    sees_step(steps)
    paused.presses("Alt+PgUp", "Alt+PgUp")
    sees_step(steps - 2)
    paused.presses("Alt+PgDown")
    sees_step(steps - 1)
    paused.presses("Ctrl+F8")
    sees_step(steps)
    assert window.controller.steps == steps, "no step is trained"
    paused.presses("Alt+PgDown")
    paused.waits_until(lambda: not paused.sees("as it was", window.over_time))
    assert window.controller.is_stepping


def test_going_on_from_the_past_trains_on_with_the_very_same_bits(person, window, tmp_path):
    person.fills(person.field("epochs", window.training), "3")
    person.presses("F5")
    person.waits_until(lambda: window.controller.state == "done")
    straight = person.saves_weights(tmp_path / "straight.safetensors")
    person.presses("Ctrl+Shift+F5")
    person.waits_until(lambda: window.controller.steps == 0)

    person.presses("Ctrl+Shift+T", "Ctrl+F8", "Ctrl+F8", "Ctrl+F8")
    person.waits_until(lambda: window.over_time.keeping.kept.steps == (0, 1, 2))
    person.presses("Alt+PgUp", "Alt+PgUp", "Shift+F8")
    person.waits_until(lambda: person.sees("Step 2 of 3, as it was", window.over_time))
    person.presses("F5")
    person.waits_until(lambda: window.controller.state == "done")

    assert window.controller.steps == 3 * 45
    assert not person.sees("as it was", window.over_time)
    assert person.saves_weights(tmp_path / "back.safetensors") == straight


def test_a_step_that_has_gone_by_while_training_ran_is_told(watching, window):
    window.controller.open_moment(0)

    watching.waits_for_news("step 1 went by before training stood still; steps ")


def test_the_values_and_the_tensors_are_those_of_the_moment(paused, window):
    seen: list[StepperMoved] = []
    window.controller.stepper_moved.connect(seen.append)
    paused.presses("Alt+PgUp", "Alt+PgUp", "F8")
    paused.waits_until(lambda: seen and seen[-1].loss is not None)

    steps = window.controller.steps
    assert seen[-1].batch == steps - 2
    assert seen[-1].loss == window.plots._curves.loss.steps.values[steps - 2]
    paused.waits_until(lambda: window.pictures.step == steps - 2)


def test_the_step_at_hand_is_measured_with_what_is_edited_until_training_goes_on_without(
    paused, window
):
    def latest() -> float:
        return curves(paused)["fc1"][-1]

    before = latest()
    paused.presses("F8")
    paused.waits_until(lambda: window.controller.is_stepping)
    window.controller.what_if(EditNumber("fc2_b", (0,), 9.0))
    step = window.controller.steps + 1
    paused.waits_until(lambda: paused.sees(f"Step {step:,} with 1 edited number", window.over_time))
    assert latest() != before
    window.controller.what_if(PutBack())
    paused.waits_until(lambda: not paused.sees("edited number", window.over_time))
    assert latest() == before

    window.controller.what_if(EditNumber("fc2_b", (0,), 9.0))
    paused.waits_until(lambda: latest() != before)
    window.controller.next_batch(keeps_edits=False)
    paused.waits_until(lambda: window.controller.steps == step)
    paused.waits_until(lambda: plot(paused, "Gradient norm").shown["fc1"].x[-1] == step + 1)
    line = plot(paused, "Gradient norm").shown["fc1"]
    assert line.y[list(line.x).index(step)] == before


def test_what_is_edited_in_the_past_is_not_trained_on_with(paused, window):
    steps = window.controller.steps
    paused.presses("Alt+PgUp", "F8")
    paused.waits_until(lambda: paused.sees("as it was", window.over_time))
    window.controller.what_if(EditNumber("fc1_w", (0, 0), 3.0))
    paused.waits_until(lambda: window.controller.edits.all)

    paused.presses("F5")

    paused.waits_until(lambda: window.controller.steps > steps)
    assert not any("Trained on with" in sentence for sentence in paused.told)
