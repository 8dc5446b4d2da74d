"""Wires are led around by bends: added, dragged, taken away, and carried along."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from explorer.app.canvas.geometry import distance
from explorer.graph.grouping import grouping

from ..hand import LEFT, NONE
from .conftest import assert_in_step

FIRST, SECOND = QPointF(442, 130), QPointF(462, -90)


@pytest.fixture
def wire(hand):
    return hand.scene.wires["relu1.x"]


def middle(wire) -> QPointF:
    return wire.path().pointAtPercent(0.5)


def bends(hand, target: str = "relu1.x") -> list[QPointF]:
    return [QPointF(*place) for place in hand.graph.wires[target].bends]


def double_clicks(hand, at: QPointF) -> None:
    hand.click(hand.pixel(at))
    QTest.mouseDClick(hand.view.viewport(), LEFT, NONE, hand.pixel(at))


def passes(wire, at: QPointF) -> bool:
    return wire.is_near(at, 2)


def test_a_drag_bends_a_wire_where_it_was_grasped(hand, wire):
    hand.drag(hand.pixel(middle(wire)), hand.pixel(FIRST))
    (bend,) = bends(hand)
    assert distance(bend, FIRST) < 2
    assert passes(wire, bend)
    assert wire.bends == [bend]
    assert_in_step(hand.scene)
    assert hand.graph.undo() == "Bend the wire to relu1.x"
    assert wire.bends == []
    assert_in_step(hand.scene)


def test_a_double_click_bends_a_wire_and_one_on_the_bend_straightens_it(hand, wire, view):
    double_clicks(hand, middle(wire))
    (bend,) = bends(hand)
    assert passes(wire, bend)
    double_clicks(hand, bend)
    assert bends(hand) == []
    assert view.offers.popup is None
    assert hand.graph.undo() == "Remove a bend of relu1.x"
    assert bends(hand) == [bend]


def test_further_bends_come_where_the_wire_passes_and_each_is_moved_by_itself(hand, wire):
    hand.drag(hand.pixel(middle(wire)), hand.pixel(FIRST))
    early = wire.path().pointAtPercent(0.2)
    hand.drag(hand.pixel(early), hand.pixel(early - QPointF(0, 40)))
    first, last = bends(hand)
    assert distance(last, FIRST) < 2
    assert distance(first, early - QPointF(0, 40)) < 2
    hand.drag(hand.pixel(last), hand.pixel(SECOND))
    assert bends(hand)[0] == first
    assert distance(bends(hand)[1], SECOND) < 2
    assert hand.graph.undo() == "Move a bend of relu1.x"
    assert bends(hand) == [first, last]
    assert wire.bends == [first, last]


def test_escape_gives_up_bending(hand, wire):
    before = wire.path()
    start = hand.pixel(middle(wire))
    hand.press(start)
    hand.move(start + QPoint(0, 30), start + QPoint(0, 60))
    assert wire.path() != before
    hand.key(Qt.Key.Key_Escape)
    hand.release(start + QPoint(0, 60))
    assert wire.path() == before
    assert hand.graph.history.undo_label is None


def test_a_bend_is_selected_by_a_click_and_deleted_alone(hand, wire):
    hand.drag(hand.pixel(middle(wire)), hand.pixel(FIRST))
    hand.click(hand.pixel(bends(hand)[0]))
    assert hand.scene.selected_wires() == []
    assert hand.scene.chosen_bend() == ("relu1.x", 0)
    hand.key(Qt.Key.Key_Delete)
    assert bends(hand) == []
    hand.key(Qt.Key.Key_Delete)
    assert "relu1.x" in hand.graph.wires, "nothing is selected any more"


def test_bends_stay_where_they_are_unless_both_ends_are_moved(hand, wire, view):
    hand.drag(hand.pixel(middle(wire)), hand.pixel(FIRST))
    (bend,) = bends(hand)
    start = hand.title("relu1")
    hand.drag(start, start + QPoint(30, 90))
    assert bends(hand) == [bend]
    view.select(["fc1", "relu1"])
    start = hand.title("fc1")
    hand.press(start)
    hand.move(start + QPoint(0, 60), start + QPoint(0, 120))
    shown = wire.bends[0]
    hand.release(start + QPoint(0, 120))
    (moved,) = bends(hand)
    assert moved.x() == bend.x()
    assert moved.y() - bend.y() == pytest.approx(120 / view.scale_factor, abs=1)
    assert distance(moved, shown) < 1
    assert_in_step(hand.scene)
    assert hand.graph.undo() == "Move 2 nodes"
    assert bends(hand) == [bend]
    assert wire.bends == [bend]


def test_arranging_drops_the_bends_of_wires_between_what_it_moves(hand, wire):
    hand.drag(hand.pixel(middle(wire)), hand.pixel(FIRST))
    (bend,) = bends(hand)
    hand.key(Qt.Key.Key_L)
    assert bends(hand) == []
    assert hand.graph.undo() == "Arrange nodes"
    assert bends(hand) == [bend]


def test_the_shape_on_a_bent_wire_hides_no_bend(hand, wire, view):
    view.zoom_reset()
    view.frame_all()
    hand.drag(hand.pixel(middle(wire)), hand.pixel(FIRST))
    assert wire.label is not None
    label = wire.label.mapRectToScene(wire.label.boundingRect())
    assert not any(label.contains(bend) for bend in wire.bends)
    assert passes(wire, wire.label.pos())


def test_a_deleted_wire_comes_back_with_its_bends(hand, wire):
    hand.drag(hand.pixel(middle(wire)), hand.pixel(FIRST))
    kept = bends(hand)
    hand.click(hand.pixel(wire.path().pointAtPercent(0.15)))
    hand.key(Qt.Key.Key_Delete)
    assert "relu1.x" not in hand.graph.wires
    hand.graph.undo()
    assert bends(hand) == kept
    assert hand.scene.wires["relu1.x"].bends == kept


def test_a_wire_into_a_group_has_its_bends_outside_of_it_alone(hand, wire, view):
    hand.drag(hand.pixel(middle(wire)), hand.pixel(FIRST))
    kept = bends(hand)
    edit, group = grouping(hand.graph, ["fc1"])
    hand.graph.do(edit)
    assert hand.scene.wires["relu1.x"].bends == kept
    view.groups.show_level(group)
    inside = hand.scene.wires["relu1.x"]
    assert inside.bends == []
    hand.drag(hand.pixel(middle(inside)), hand.pixel(middle(inside)) + QPoint(0, 60))
    double_clicks(hand, middle(inside))
    assert bends(hand) == kept
    view.groups.show_level("")
    assert hand.scene.wires["relu1.x"].bends == kept
