"""What is dragged comes to rest level with its neighbours, or on the grid."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt

from explorer.app.canvas.geometry import GRID
from explorer.app.canvas.guides import lines, shift_to_line

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def place(hand, id: str) -> QPointF:
    return hand.scene.nodes[id].pos()


def drag(hand, id: str, by: QPoint, keys=Qt.KeyboardModifier.NoModifier, at_end=None) -> None:
    """Drag a card, with keys held once it is on its way."""
    start = hand.title(id)
    hand.press(start)
    hand.move(start + by / 2)
    view = hand.view
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    at = QPointF(start + by)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        at,
        view.viewport().mapToGlobal(at),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        keys,
    )
    view.mouseMoveEvent(event)
    if at_end is not None:
        at_end()
    hand.release(start + by)


@pytest.fixture
def hand(hand):
    hand.view.zoom_reset()
    hand.view.centerOn(hand.scene.bounds().center())
    return hand


def test_a_card_that_is_nearly_level_with_another_is_level(hand):
    guides = []
    drag(hand, "loss", QPoint(30, 4), at_end=lambda: guides.append(hand.view.snapping._guides))

    assert place(hand, "loss").y() == place(hand, "relu1").y() == 0
    assert guides[0] is not None, "a line shows with what it is level"
    assert hand.view.snapping._guides is None, "and is gone once it is dropped"


def test_alt_leaves_it_free(hand):
    drag(hand, "loss", QPoint(30, 4), ALT)
    assert place(hand, "loss").y() == 4


def test_on_the_grid_it_rests_on_the_grid(hand):
    hand.view.snapping.use_grid(True)
    drag(hand, "loss", QPoint(33, 47))
    at = place(hand, "loss")
    assert (at.x() % GRID, at.y() % GRID) == (0, 0)
    assert hand.graph.undo() == "Move loss"
    assert place(hand, "loss") == QPointF(720, 0)


def test_ctrl_means_the_other_of_the_two(hand):
    drag(hand, "loss", QPoint(33, 147), CTRL)
    at = place(hand, "loss")
    assert (at.x() % GRID, at.y() % GRID) == (0, 0)


def test_what_is_added_stands_on_the_grid(hand):
    hand.view.snapping.use_grid(True)
    hand.drop("GELU", hand.empty() + QPoint(7, 3))
    at = place(hand, "gelu1")
    assert (at.x() % GRID, at.y() % GRID) == (0, 0)


def test_guides_run_through_what_is_level():
    box, other = QRectF(0, 0, 10, 10), QRectF(100, 3, 10, 10)
    assert shift_to_line(box, [other], reach=5) == QPointF(0, 3)
    assert shift_to_line(box, [other], reach=2) == QPointF(0, 0)
    assert len(lines(box.translated(0, 3), [other])) == 3
