"""A card's name is changed in place."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from explorer.app.canvas import geometry
from explorer.app.canvas.renaming import TitleField

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def name_of(hand, id: str) -> QPoint:
    """Where the card shows its name."""
    return hand.pixel(hand.scene.nodes[id].box.topLeft() + QPointF(48, 13))


@pytest.fixture
def field(hand, view):
    """The field that F2 opens on fc1."""

    def current() -> TitleField:
        return next(f for f in view.findChildren(TitleField) if not f.is_over)

    return current


def test_f2_opens_a_field_over_the_title_and_enter_keeps_the_name(hand, view, field):
    view.select(["fc1"])
    hand.key(Qt.Key.Key_F2)
    box = hand.scene.nodes["fc1"].box
    assert field().hasFocus()
    assert field().selectedText() == "fc1"
    assert field().geometry().contains(hand.pixel(box.topLeft() + QPointF(80, 14)))
    QTest.keyClicks(field(), "hidden layer")
    QTest.keyClick(field(), Qt.Key.Key_Return)
    assert hand.graph.nodes["fc1"].title == "hidden layer"
    assert hand.scene.nodes["fc1"].card.title == "hidden layer"
    assert view.hasFocus()
    assert hand.graph.undo() == "Rename fc1"
    assert hand.scene.nodes["fc1"].card.title == "fc1"
    assert hand.graph.history.undo_label is None


def test_a_double_click_on_the_name_renames_and_elsewhere_opens_the_form(hand, view, field):
    opened = []
    view.node_activated.connect(opened.append)
    QTest.mouseDClick(view.viewport(), LEFT, NONE, name_of(hand, "fc1"))
    assert field().text() == "fc1"
    assert opened == []
    QTest.keyClick(field(), Qt.Key.Key_Escape)
    box = hand.scene.nodes["fc1"].box
    below = hand.pixel(QPointF(box.center().x(), box.top() + geometry.HEADER + 10))
    QTest.mouseDClick(view.viewport(), LEFT, NONE, below)
    assert opened == ["fc1"]


def test_escape_leaves_the_name_as_it_was(hand, view, field):
    view.select(["relu1"])
    hand.key(Qt.Key.Key_F2)
    QTest.keyClicks(field(), "other")
    QTest.keyClick(field(), Qt.Key.Key_Escape)
    assert hand.graph.nodes["relu1"].title == ""
    assert hand.graph.history.undo_label is None
    assert view.hasFocus()
    assert view.selected() == ["relu1"]


def test_a_click_elsewhere_keeps_the_name(hand, view, field):
    view.select(["relu1"])
    hand.key(Qt.Key.Key_F2)
    QTest.keyClicks(field(), "rectifier")
    QTest.mouseClick(view.viewport().window().windowHandle(), LEFT, NONE, hand.empty())
    assert hand.graph.nodes["relu1"].title == "rectifier"


def test_an_empty_name_shows_the_id_again(hand, view, field):
    hand.graph.rename("fc1", "first")
    view.select(["fc1"])
    hand.key(Qt.Key.Key_F2)
    QTest.keyClick(field(), Qt.Key.Key_Delete)
    QTest.keyClick(field(), Qt.Key.Key_Return)
    assert hand.graph.nodes["fc1"].label == "fc1"


def test_the_field_stays_over_its_card_when_the_canvas_moves(hand, view, field):
    view.select(["fc1"])
    hand.key(Qt.Key.Key_F2)
    for move in (lambda: view.pan(QPointF(60, 40)), view.zoom_in, view.zoom_out):
        move()
        box = hand.scene.nodes["fc1"].box
        assert field().geometry().contains(hand.pixel(box.topLeft() + QPointF(80, 14)))


def test_the_field_goes_with_its_node(hand, view):
    view.select(["fc1"])
    hand.key(Qt.Key.Key_F2)
    hand.graph.remove("fc1")
    assert all(field.is_over for field in view.findChildren(TitleField))


def test_f2_with_none_or_several_selected_says_what_to_do(hand, view):
    for ids in ([], ["fc1", "relu1"]):
        view.select(ids)
        hand.key(Qt.Key.Key_F2)
        assert view.said[-1] == "Select one node to rename"
        assert view.findChildren(TitleField) == []


def test_keys_in_the_field_are_not_keys_of_the_canvas(hand, view, field):
    view.select(["fc1"])
    hand.key(Qt.Key.Key_F2)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_F2, Qt.Key.Key_Backspace):
        QTest.keyClick(field(), key)
    assert set(hand.graph.nodes) == {"data", "fc1", "relu1", "loss"}
    assert hand.graph.nodes["fc1"].position == (240, 0)
    assert len([f for f in view.findChildren(TitleField) if not f.is_over]) == 1
