"""Strokes across the canvas: with Alt they cut wires, with Ctrl and Alt they select."""

import pytest
from PySide6.QtCore import QPointF, Qt

from explorer.app import theme
from explorer.graph import bends

from .conftest import assert_in_step

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
LASSO = ALT | Qt.KeyboardModifier.ControlModifier
ACROSS = QPointF(202, 10), QPointF(202, 130)
"""From above to below the wire data.x -> fc1.x."""


def strokes(hand, *points: QPointF, keys=ALT) -> None:
    """Draw along these scene points with the keys held, and stay there."""
    first, *others = map(hand.pixel, points)
    hand.press(first, keys=keys)
    hand.move(*others)


def lets_go(hand, at: QPointF) -> None:
    hand.release(hand.pixel(at))


def colours(hand) -> dict[str, str]:
    return {target: wire.pen().color().name() for target, wire in hand.scene.wires.items()}


@pytest.fixture
def wired(hand):
    """A second wire out of the data, below the first."""
    hand.graph.connect("data.y", "loss.y")
    hand.graph.history.clear()
    return hand


def test_a_stroke_cuts_every_wire_it_crosses_as_one_step(wired, view):
    before = colours(wired)
    strokes(wired, ACROSS[0], QPointF(202, 60), QPointF(230, 250))
    assert colours(wired)["fc1.x"] == theme.current().error
    assert colours(wired)["relu1.x"] == before["relu1.x"]
    lets_go(wired, QPointF(230, 250))
    assert wired.graph.wires.keys() == {"relu1.x"}
    assert view.said[-1] == "Cut 2 wires"
    assert_in_step(wired.scene)
    assert wired.graph.undo() == "Cut 2 wires"
    assert colours(wired) == before
    assert_in_step(wired.scene)


def test_a_stroke_across_one_wire_names_it(hand):
    strokes(hand, *ACROSS)
    lets_go(hand, ACROSS[1])
    assert hand.graph.undo() == "Cut the wire to fc1.x"


def test_a_stroke_beside_the_wires_cuts_nothing_and_a_click_neither(hand, view):
    strokes(hand, QPointF(202, 90), QPointF(220, 200))
    lets_go(hand, QPointF(220, 200))
    hand.click(hand.pixel(QPointF(202, 53)), ALT)
    assert hand.graph.wires.keys() == {"fc1.x", "relu1.x"}
    assert hand.graph.history.undo_label is None
    assert view.said == []


def test_a_stroke_that_begins_on_a_card_moves_nothing(hand):
    strokes(hand, QPointF(300, 20), QPointF(202, 20), QPointF(202, 130))
    lets_go(hand, QPointF(202, 130))
    assert hand.graph.undo() == "Cut the wire to fc1.x"
    assert hand.graph.nodes["fc1"].position == (240, 0)


def test_escape_gives_up_a_stroke(hand):
    before, count = colours(hand), len(hand.scene.items())
    strokes(hand, *ACROSS)
    hand.key(Qt.Key.Key_Escape)
    lets_go(hand, ACROSS[1])
    assert hand.graph.wires.keys() == {"fc1.x", "relu1.x"}
    assert colours(hand) == before
    assert len(hand.scene.items()) == count


def test_a_bent_wire_is_cut_where_it_runs(hand):
    hand.graph.do(bends.adding(hand.graph.wires["fc1.x"], 0, (202, 300)))
    strokes(hand, QPointF(150, 250), QPointF(260, 250))
    lets_go(hand, QPointF(260, 250))
    assert hand.graph.undo() == "Cut the wire to fc1.x"


def test_a_lasso_selects_what_it_encloses_or_touches(hand, view):
    around = [QPointF(460, 200), QPointF(460, -80), QPointF(900, -80), QPointF(900, 200)]
    strokes(hand, *around, keys=LASSO)
    assert set(view.selected()) == {"relu1", "loss"}
    lets_go(hand, around[-1])
    assert set(view.selected()) == {"relu1", "loss"}
    strokes(hand, QPointF(20, -60), QPointF(60, 100), QPointF(60, -60), keys=LASSO | SHIFT)
    lets_go(hand, QPointF(60, -60))
    assert set(view.selected()) == {"data", "relu1", "loss"}
    strokes(hand, QPointF(20, -60), QPointF(60, 100), QPointF(60, -60), keys=LASSO)
    lets_go(hand, QPointF(60, -60))
    assert view.selected() == ["data"]


def test_escape_gives_the_selection_back_that_a_lasso_took(hand, view):
    view.select(["fc1"])
    strokes(hand, QPointF(20, -60), QPointF(60, 100), QPointF(60, -60), keys=LASSO)
    assert view.selected() == ["data"]
    hand.key(Qt.Key.Key_Escape)
    assert view.selected() == ["fc1"]
