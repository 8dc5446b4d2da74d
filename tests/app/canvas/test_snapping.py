"""What is dragged comes to rest level with what is near, or on the grid."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QGraphicsPathItem

from explorer.app.canvas.geometry import GRID
from explorer.app.canvas.guides import Others
from explorer.app.canvas.placing import united

from ..hand import LEFT
from .conftest import assert_in_step

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture(autouse=True)
def natural_size(view):
    """A pixel is a scene unit, so that a hand can be told where to go."""
    view.zoom_reset()
    view.centerOn(QPointF(440, 60))


def goes(hand, at: QPoint, keys=NONE) -> None:
    """Move with the button held, and with keys."""
    viewport = hand.view.viewport()
    kind, none = QMouseEvent.Type.MouseMove, Qt.MouseButton.NoButton
    place = QPointF(at)
    where = viewport.mapToGlobal(place)
    QApplication.sendEvent(viewport, QMouseEvent(kind, place, where, none, LEFT, keys))


def drags(hand, id: str, by: QPoint, keys=NONE) -> None:
    start = hand.title(id)
    hand.press(start)
    goes(hand, start + by / 2, keys)
    goes(hand, start + by, keys)


def guides(hand) -> list[QGraphicsPathItem]:
    """The dashed lines that show what is level with what."""
    items = (i for i in hand.scene.items() if type(i) is QGraphicsPathItem)
    return [item for item in items if item.zValue() == 4.5 and not item.path().isEmpty()]


def test_a_card_that_is_nearly_level_with_another_comes_to_rest_level_and_a_line_shows_it(hand):
    drags(hand, "loss", QPoint(30, 4))
    assert hand.scene.nodes["loss"].y() == 0
    (shown,) = guides(hand)
    box = united(hand.scene.nodes[id].box for id in ("data", "loss"))
    line = shown.path().boundingRect()
    assert (line.top(), line.bottom()) == (0, 0)
    assert line.left() <= box.left()
    assert line.right() >= box.right()
    hand.release(hand.title("loss"))
    assert hand.graph.nodes["loss"].position == (750, 0)
    assert not guides(hand)
    assert_in_step(hand.scene)


def test_alt_leaves_it_where_it_is_dragged(hand):
    drags(hand, "loss", QPoint(30, 4), ALT)
    hand.release(hand.title("loss"))
    assert hand.graph.nodes["loss"].position == (750, 4)


def test_a_card_far_from_every_line_is_not_moved(hand):
    drags(hand, "loss", QPoint(33, 111))
    assert not guides(hand)
    hand.release(hand.title("loss"))
    assert hand.graph.nodes["loss"].position == (753, 111)


def test_on_the_grid_the_dragged_card_comes_to_rest_and_the_others_keep_their_distance(hand, view):
    hand.graph.move({"relu1": (487, 3)})
    view.snapping.use_grid(True)
    view.select(["relu1", "loss"])
    drags(hand, "loss", QPoint(33, 111))
    hand.release(hand.title("loss"))
    assert hand.graph.nodes["loss"].position == (760, 120)
    assert hand.graph.nodes["relu1"].position == (527, 123)


def test_ctrl_means_the_other_of_grid_and_guides(hand, view):
    drags(hand, "loss", QPoint(33, 111), CTRL)
    hand.release(hand.title("loss"))
    assert hand.graph.nodes["loss"].position == (760, 120)
    view.snapping.use_grid(True)
    drags(hand, "loss", QPoint(33, 111), CTRL)
    hand.release(hand.title("loss"))
    assert hand.graph.nodes["loss"].position == (793, 231)


def test_escape_takes_the_lines_away(hand):
    drags(hand, "loss", QPoint(30, 4))
    assert guides(hand)
    hand.key(Qt.Key.Key_Escape)
    assert not guides(hand)
    hand.release(hand.title("loss"))
    assert hand.graph.history.undo_label is None


def test_what_is_added_stands_on_the_grid(hand, view):
    view.snapping.use_grid(True)
    hand.drop("Tanh", hand.pixel(QPointF(333, 222)))
    x, y = hand.graph.nodes["tanh1"].position
    assert (x % GRID, y % GRID) == (0, 0)


def test_a_bend_comes_to_rest_level_with_the_ends_of_its_wire_and_with_other_bends(hand):
    wire = hand.scene.wires["relu1.x"]
    start = hand.scene.end_point("fc1.out")
    at = hand.pixel(wire.path().pointAtPercent(0.5))
    hand.press(at)
    goes(hand, at + QPoint(0, 60))
    goes(hand, hand.pixel(start + QPointF(4, 90)))
    hand.release(hand.pixel(start + QPointF(4, 90)))
    ((x, y),) = hand.graph.wires["relu1.x"].bends
    assert (x, y) == (start.x(), start.y() + 90)


def test_only_lines_within_reach_count_and_each_axis_by_itself():
    box, other = QRectF(0, 0, 100, 50), QRectF(7, 300, 100, 80)
    assert Others([other]).shift_to_line(box, 6) == QPointF(0, 0)
    assert Others([other]).shift_to_line(box, 8) == QPointF(7, 0)
    assert Others([other]).lines(box) == []
    (line,) = Others([other]).lines(box.translated(7, 0))
    assert (line.x1(), line.x2()) == (7, 7)
    assert line.y2() >= other.bottom()
