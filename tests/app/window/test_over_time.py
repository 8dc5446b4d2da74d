"""Journeys with the panel over time: how each layer fares while a net trains."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from explorer.app.over_time.layer_plot import LayerPlot
from explorer.app.over_time.style import LayerKey

from ..hand import Hand


def plot(person, title: str) -> LayerPlot:
    (found,) = (
        plot
        for plot in person.window.over_time.findChildren(LayerPlot)
        if any(label.text() == title for label in plot.findChildren(type(plot._readout)))
    )
    return found


def curves(person, title: str = "Gradient norm") -> dict[str, list[float]]:
    return {node: line.y.tolist() for node, line in plot(person, title).shown.items()}


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


@pytest.fixture
def watching(person):
    """A person who has opened the panel and trains the net for digits."""
    person.presses("Ctrl+Shift+T")
    person.trains_until(40)
    person.opens("Over time")
    person.waits_until(lambda: all(len(line) > 1 for line in curves(person).values()))
    person.waits_until(lambda: curves(person))
    return person


def test_before_a_run_it_says_what_to_do(person, window):
    person.presses("Ctrl+Shift+T")

    assert person.has_in_front("Over time")
    assert person.sees("Press Train (F5) to see how each layer fares", window.over_time)


def test_while_a_net_trains_each_layer_has_its_curves(watching, window):
    assert list(curves(watching, "Gradient norm")) == ["fc1", "fc2"]
    assert list(curves(watching, "Update / weight")) == ["fc1", "fc2"]
    assert list(curves(watching, "Activations")) == ["relu1"]
    assert list(curves(watching, "Dead units")) == ["relu1"]
    assert keys_shown(watching) == ["fc1", "relu1", "fc2"]
    assert all(value > 0 for value in curves(watching)["fc1"])
    assert watching.sees("About 1e-3 is healthy", window.over_time)


def test_a_pause_shows_the_step_that_training_stands_at(watching, window):
    watching.pauses()

    stands_at = window.controller.steps + 1
    watching.waits_until(lambda: plot(watching, "Gradient norm").shown["fc1"].x[-1] == stands_at)


def test_pointing_at_a_curve_names_its_layer_in_every_plot(watching):
    watching.pauses()
    watching.qtbot.wait(150)
    where, _ = points_at(watching, "Gradient norm", "fc2")

    watching.waits_until(lambda: where.readout.startswith("fc2 "))
    assert "step" in where.readout
    assert plot(watching, "Update / weight").readout.startswith("fc2 ")
    assert plot(watching, "Dead units").readout == "", "it has no units that can die"


def test_what_is_selected_is_shown_alone(watching, window):
    watching.pauses()
    hand = Hand(window.view)
    hand.click(hand.title("fc1"))
    watching.waits_until(lambda: keys_shown(watching) == ["fc1"])

    assert list(curves(watching, "Gradient norm")) == ["fc1"]
    assert list(curves(watching, "Activations")) == ["fc1"]
    assert watching.sees("Only units of an activation", window.over_time)

    hand.click(hand.empty())
    watching.waits_until(lambda: keys_shown(watching) == ["fc1", "relu1", "fc2"])


def test_layers_are_measured_while_the_panel_is_seen_or_records(person, window):
    told: list[object] = []
    window.controller.measured.connect(told.append)
    person.trains_until(20)
    person.qtbot.wait(400)
    assert told == [], "the panel is behind the curves"

    person.presses("Ctrl+Shift+T")
    person.waits_until(lambda: told)
    person.presses("Shift+R")
    person.opens("Curves")
    told.clear()
    person.waits_until(lambda: len(told) > 1)

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
    watching.pauses()
    watching.qtbot.wait(150)
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
