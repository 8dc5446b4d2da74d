"""A person sets breakpoints, and training stops at them, on that very batch, ready to step."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QListView

from explorer.program import NodeBreakpoint, ValueBreakpoint

from ..hand import LEFT, NONE
from .agreement import assert_shows, own_stepper


@pytest.fixture
def breakpoints(window):
    return window.controller.breakpoints


def marked(person) -> list[str]:
    """The nodes with a mark on their card."""
    return [id for id, card in person.hand.scene.nodes.items() if card.mark is not None]


def clicks_gutter(person, row: int) -> None:
    """Click into the margin of a call in the list of steps."""
    listed = person.window.stepper.findChild(QListView)
    index = listed.model().index(row, 0)
    listed.scrollTo(index)
    box = listed.visualRect(index)
    QTest.mouseClick(listed.viewport(), LEFT, NONE, QPoint(box.left() + 8, box.center().y()))


def stops(person, words: str) -> None:
    """Wait until training has stopped by itself, and the window says why."""
    person.waits_until(lambda: person.sees(f"Stopped: {words}", person.window.stepper))
    assert person.window.controller.state == "paused"


def test_f9_sets_a_breakpoint_training_stops_there_and_goes_on_to_the_next(
    person, window, breakpoints
):
    person.hand.click(person.hand.title("relu1"))
    person.presses("F9")
    assert breakpoints.all == (NodeBreakpoint("relu1"),)
    assert marked(person) == ["relu1"]

    own = own_stepper(person.graph)
    person.presses("F5")
    stops(person, "relu1 has run forward")
    own.run_to("relu1", "forward")
    assert_shows(person, own)
    assert person.has_in_front("Steps")
    assert person.button_says("Continue")
    assert "Stopped: relu1 has run forward" in person.toast()

    person.presses("F10")
    own.step()
    assert_shows(person, own)
    assert not person.sees("Stopped", window.stepper)

    person.presses("F5")
    stops(person, "relu1 has run backward")
    own.run_to("relu1", "backward")
    assert_shows(person, own)
    person.presses("F5")
    person.waits_until(lambda: person.sees("batch 2", window.stepper))
    own = own_stepper(person.graph, 1)
    own.run_to("relu1", "forward")
    assert_shows(person, own)

    person.presses("F9", "F5")
    person.waits_until(lambda: window.controller.steps > 20)
    assert marked(person) == []
    assert not window.controller.is_stepping


def test_a_click_in_the_margin_of_a_call_stops_there_in_that_phase(person, window, breakpoints):
    person.opens("Steps")
    own = own_stepper(person.graph)
    first = next(call for call in own.calls if call.node == "fc2" and call.phase == "forward")
    clicks_gutter(person, first.index)
    assert breakpoints.all == (NodeBreakpoint("fc2", "forward"),)
    assert marked(person) == ["fc2"]
    assert not window.controller.is_stepping, "a click in the margin runs nothing"

    second = next(call for call in own.calls if call.node == "fc2" and call.phase == "backward")
    clicks_gutter(person, second.index)
    assert breakpoints.all == (NodeBreakpoint("fc2"),)
    clicks_gutter(person, first.index)
    assert breakpoints.all == (NodeBreakpoint("fc2", "backward"),)

    person.presses("F5")
    stops(person, "fc2 has run backward")


def test_f9_on_a_chosen_call_of_the_list_is_about_that_call(person, window, breakpoints):
    person.opens("Steps")
    listed = window.stepper.findChild(QListView)
    listed.setFocus()
    listed.setCurrentIndex(listed.model().index(7, 0))
    call = own_stepper(person.graph).calls[7]

    person.presses("F9")

    assert breakpoints.all == (NodeBreakpoint(call.node, "backward"),)


def test_a_breakpoint_on_a_value_is_added_by_the_form_and_stops_with_a_reason(
    person, window, breakpoints
):
    person.opens("Breakpoints")
    panel = window.breakpoints
    person.picks(person.labelled("Stop where", panel, QComboBox), "Gradient norm above")
    person.picks(person.labelled("Node", panel, QComboBox), "fc1")
    person.fills(person.labelled("Limit", panel, QLineEdit), "1e-5", then="")
    person.clicks(person.button("Add breakpoint", panel))
    assert breakpoints.all == (ValueBreakpoint("gradient_norm_above", 1e-5, "fc1", "backward"),)
    assert panel.sentences == ["gradient norm above 1e-05 at fc1"]
    assert marked(person) == ["fc1"]

    person.presses("F5")
    stops(person, "fc1 backward: the norm of dw is")
    own = own_stepper(person.graph)
    own.run_to("fc1", "backward")
    assert_shows(person, own)


def test_every_kind_of_breakpoint_can_be_added(person, window, breakpoints):
    person.opens("Breakpoints")
    panel = window.breakpoints
    what = person.labelled("Stop where", panel, QComboBox)
    for words in ("A node is", "Gradient norm below", "NaN", "Dead units", "Loss rises"):
        person.picks(what, words)
        person.clicks(person.button("Add breakpoint", panel))
    assert breakpoints.all == (
        NodeBreakpoint("data"),
        ValueBreakpoint("gradient_norm_below", 1e-6, "", "backward"),
        ValueBreakpoint("nonfinite", 0.0, ""),
        ValueBreakpoint("dead_share_above", 0.5, ""),
        ValueBreakpoint("loss_rises_by", 0.5, "", "forward"),
    )


def test_a_breakpoint_on_a_gradient_is_offered_only_where_there_is_one(person, window, breakpoints):
    person.opens("Breakpoints")
    panel = window.breakpoints
    what = person.labelled("Stop where", panel, QComboBox)
    node = person.labelled("Node", panel, QComboBox)
    person.picks(what, "Gradient norm above")
    offered = [node.itemText(row) for row in range(node.count())]
    assert offered == ["any node", "fc1", "relu1", "fc2", "loss"]
    assert node.currentText() == "any node"

    person.picks(node, "fc2")
    person.picks(what, "Gradient norm below")
    assert node.currentText() == "fc2", "what a person chose stays chosen"

    person.picks(what, "A node is reached")
    person.picks(node, "data")
    person.picks(person.labelled("When", panel, QComboBox), "backward")
    person.clicks(person.button("Add breakpoint", panel))
    assert person.sees("Backward does not go through data: choose forward or both", panel)
    assert breakpoints.all == ()


@pytest.mark.parametrize(
    ("words", "limit", "complaint"),
    [
        ("Gradient norm above", "much", "Much is no number: type one such as 10"),
        ("Dead units", "150", "The share of dead units is a percentage"),
        ("Loss rises", "nan", "Nan is no number: type one such as 0.5"),
    ],
)
def test_a_limit_that_is_none_is_told(person, window, breakpoints, words, limit, complaint):
    person.opens("Breakpoints")
    panel = window.breakpoints
    person.picks(person.labelled("Stop where", panel, QComboBox), words)
    person.fills(person.labelled("Limit", panel, QLineEdit), limit)
    assert person.sees(complaint, panel)
    assert breakpoints.all == ()


def test_breakpoints_are_switched_off_and_taken_away_in_the_list(person, window, breakpoints):
    breakpoints.add(NodeBreakpoint("fc1"))
    breakpoints.add(NodeBreakpoint("fc2"))
    person.opens("Breakpoints")
    listed = person.labelled("Breakpoints", window.breakpoints, QListView)
    listed.setFocus()
    listed.setCurrentIndex(listed.model().index(0, 0))
    person.presses("Space")
    assert breakpoints.active == (NodeBreakpoint("fc2"),)
    assert marked(person) == ["fc1", "fc2"], "one that is off is hollow"

    person.presses("F5")
    stops(person, "fc2 has run forward")
    person.opens("Breakpoints")
    listed.setFocus()
    listed.setCurrentIndex(listed.model().index(1, 0))
    person.presses("Del")
    assert breakpoints.all == (NodeBreakpoint("fc1"),)
    assert person.graph.nodes.keys() >= {"fc1", "fc2"}, "Del in this list deletes no node"
    person.clicks(person.button("Remove breakpoint", window.breakpoints))
    assert breakpoints.all == ()
    person.presses("F5")
    person.waits_until(lambda: window.controller.steps > 10)


def test_all_breakpoints_go_at_once(person, window, breakpoints):
    assert not window.actions_by_name["clear_breakpoints"].isEnabled()
    for node in ("fc1", "fc2"):
        breakpoints.add(NodeBreakpoint(node))
    person.presses("Ctrl+Shift+F9")
    assert breakpoints.all == ()


def test_breakpoints_outlive_edits_as_long_as_their_node_does(person, window, breakpoints):
    for node in ("fc1", "relu1"):
        breakpoints.add(NodeBreakpoint(node))
    person.hand.click(person.hand.title("relu1"))
    person.presses("Ctrl+Del")
    person.waits_until(lambda: breakpoints.all == (NodeBreakpoint("fc1"),))
    assert marked(person) == ["fc1"]

    person.presses("F5")
    stops(person, "fc1 has run forward")
    window.document.graph.history.mark_saved()
    person.opens_example("spiral")
    assert breakpoints.all == (), "another net has other nodes"
    assert marked(person) == []


def test_a_breakpoint_without_a_node_to_set_it_on_asks_for_one(person, window):
    person.presses("F9")
    assert "Select a node to stop at" in person.toast()


def test_a_batch_that_was_left_at_a_breakpoint_is_trained_when_going_on(
    person, window, breakpoints
):
    breakpoints.add(NodeBreakpoint("loss", "forward"))
    person.presses("F5")
    stops(person, "loss has run forward")
    person.presses("Shift+Esc")
    person.waits_until(lambda: not window.controller.is_stepping)
    person.presses("F5")
    person.waits_until(lambda: person.sees("batch 2", window.stepper))
    assert window.controller.steps == 1


def test_a_run_with_stops_ends_with_the_very_same_weights(person, window, breakpoints, tmp_path):
    person.fills(person.field("epochs", window.training), "1")
    person.presses("F5")
    person.waits_until(lambda: window.controller.state == "done")
    straight = person.saves_weights(tmp_path / "straight.safetensors")

    person.presses("Ctrl+Shift+F5")
    person.waits_until(lambda: window.controller.state == "ready")
    breakpoints.add(NodeBreakpoint("relu1"))
    for phase in ("forward", "backward", "forward"):
        person.presses("F5")
        stops(person, f"relu1 has run {phase}")
        person.presses("F10", "Shift+F10", "Shift+F10")
        person.waits_until(lambda: not person.sees("Stopped", window.stepper))
        person.presses("F10")
    breakpoints.clear()
    breakpoints.add(ValueBreakpoint("gradient_norm_above", 1e30))
    person.presses("F5")
    person.waits_until(lambda: window.controller.state == "done")
    assert person.saves_weights(tmp_path / "stopped.safetensors") == straight


def test_a_tick_box_can_be_clicked(person, window, breakpoints):
    breakpoints.add(NodeBreakpoint("fc1"))
    person.opens("Breakpoints")
    listed = person.labelled("Breakpoints", window.breakpoints, QListView)
    box = listed.visualRect(listed.model().index(0, 0))
    QTest.mouseClick(
        listed.viewport(), Qt.MouseButton.LeftButton, NONE, box.topLeft() + QPoint(12, 12)
    )
    assert breakpoints.active == ()
