"""A person types a number in the place of another, and is told where that cannot be."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from explorer.app import requests
from explorer.program.viewing import Cut

from ..hand import LEFT, NONE


@pytest.fixture
def walking(room):
    """The room once the panel has heard where the walk stands."""
    room.desk.ask(requests.GoToLoss())
    room.waits_until(lambda: not room.edits_held.refusal)
    return room


def test_a_number_is_typed_in_the_place_of_another(room):
    room.opens()
    room.shows(room.session.value("fc1.out"))
    table = room.table()
    index = table.model().index(2, 1)
    at = table.visualRect(index).center()
    QTest.mouseClick(table.viewport(), LEFT, NONE, at)
    QTest.mouseDClick(table.viewport(), LEFT, NONE, at)
    assert table.viewport().findChild(QLineEdit) is None
    assert room.refused == ["Nothing is stepped through: step (F10), then edit numbers"]

    room.desk.ask(requests.GoToLoss())
    room.waits_until(lambda: not room.edits_held.refusal)
    QTest.mouseDClick(table.viewport(), LEFT, NONE, at)
    editor = table.viewport().findChild(QLineEdit)
    exact = room.session.value("fc1.out")[2, 1].item()
    assert float(editor.text()) == exact
    editor.selectAll()
    QTest.keyClicks(editor, "-1.5e-3")
    QTest.keyClick(editor, Qt.Key.Key_Return)

    room.waits_until(lambda: room.edits)
    assert room.edits == [("fc1", (2, 1), -1.5e-3)]
    assert float(index.data(Qt.ItemDataRole.EditRole)) == exact  # until it has been changed


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("abc", "abc is no number: type one such as 0.5, -1e-3, inf or nan"),
        ("1e", "1e is no number"),
        ("", "that is no number"),
        ("1e999", "1e999 is too large: type inf if you mean that"),
    ],
)
def test_what_is_typed_and_is_no_number_is_told_and_can_be_mended(walking, typed, complaint):
    room = walking
    room.opens()
    room.shows(room.session.value("fc1.out"))
    room.view.go_to((0, 0))
    room.view.page.setFocus()
    room.presses("Return")
    editor = room.table().viewport().findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClick(editor, Qt.Key.Key_Backspace)
    QTest.keyClicks(editor, typed)
    QTest.keyClick(editor, Qt.Key.Key_Return)

    assert room.refused
    assert complaint in room.refused[0]
    assert editor.isVisible(), "what was typed is not lost"
    assert editor.text() == typed
    editor.selectAll()
    QTest.keyClicks(editor, "inf")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    room.waits_until(lambda: room.edits)
    assert room.edits == [("fc1", (0, 0), float("inf"))]


def test_a_number_that_is_left_as_it_is_is_no_edit(walking):
    room = walking
    room.opens()
    room.shows(room.session.value("fc1.out"))
    room.view.go_to((0, 0))
    room.view.page.setFocus()
    room.presses("F2", "Return", "Return", "Esc")

    assert room.edits == []
    assert room.refused == []


def is_told_why_not(room, why: str) -> None:
    """Double-click the first number: no field opens, and a sentence says why."""
    room.waits_until(lambda: room.text(0, 0) not in (None, "…"))
    table = room.table()
    at = table.visualRect(table.model().index(0, 0)).center()
    room.clicks(table.viewport(), at)
    QTest.mouseDClick(table.viewport(), LEFT, NONE, at)
    assert table.viewport().findChild(QLineEdit) is None
    assert why in room.refused[-1]


def test_what_is_kept_for_backward_says_what_to_edit_instead(walking):
    why = "What is kept for backward cannot be edited: edit what it was computed from"
    walking.opens("fc1_cache", part="x")
    is_told_why_not(walking, why)
    assert why in walking.named("Edit the number").toolTip()


def test_a_mean_says_that_it_is_several_numbers(walking):
    walking.opens().cut(Cut(("mean", "columns")))
    is_told_why_not(walking, "This is made of several numbers: fix an index")


def test_what_is_not_computed_any_more_says_so(walking):
    walking.desk.ask(requests.GoToEnd())
    view = walking.opens("dfc1")
    walking.desk.ask(requests.GoTo(3))
    walking.waits_until(lambda: "is not computed yet" in view.why_no_edits)
    is_told_why_not(walking, "gradient of fc1.out is not computed yet: step on")
    assert "not computed yet" in walking.named("Edit the number").toolTip()


def test_a_pin_says_that_it_is_a_copy(walking):
    view = walking.opens()
    view.pin()
    walking.waits_until(lambda: "pin" in {e.label.kind for e in walking.panel.names.entries})
    entries = walking.panel.names.entries
    walking.panel.open(next(e.address for e in entries if e.label.kind == "pin"))
    walking.waits_until(lambda: walking.view.sight)
    is_told_why_not(walking, "This is a copy: edit the tensor that it was made of")


def test_at_the_start_it_is_told_what_to_do_first(walking):
    walking.opens("fc1_w")
    walking.desk.ask(requests.GoTo(0))
    walking.waits_until(lambda: "No call has run yet" in walking.view.why_no_edits)
    is_told_why_not(walking, "No call has run yet: step (F10), then edit numbers")
