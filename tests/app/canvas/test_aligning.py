"""Selected cards are lined up and spread evenly, by keys."""

import pytest
from PySide6.QtCore import Qt

from .conftest import assert_in_step

SHIFT = Qt.KeyboardModifier.ShiftModifier


def boxes(hand, *ids: str):
    return [hand.scene.nodes[id].box for id in ids]


@pytest.fixture
def scattered(hand):
    """Three cards of unequal heights here and there."""
    hand.graph.move({"data": (0, 10), "fc1": (300, 60), "relu1": (420, -90)})
    hand.view.select(["data", "fc1", "relu1"])
    return hand


@pytest.mark.parametrize(
    ("key", "of", "label"),
    [
        (Qt.Key.Key_A, lambda box: box.left(), "left"),
        (Qt.Key.Key_C, lambda box: box.center().x(), "in a column"),
        (Qt.Key.Key_D, lambda box: box.right(), "right"),
        (Qt.Key.Key_W, lambda box: box.top(), "top"),
        (Qt.Key.Key_R, lambda box: box.center().y(), "in a row"),
        (Qt.Key.Key_S, lambda box: box.bottom(), "bottom"),
    ],
)
def test_selected_cards_are_put_on_one_line_as_one_step(scattered, key, of, label):
    before = {id: node.position for id, node in scattered.graph.nodes.items()}
    scattered.key(key, SHIFT)
    places = [of(box) for box in boxes(scattered, "data", "fc1", "relu1")]
    assert max(places) - min(places) <= 1, "whole units"
    assert_in_step(scattered.scene)
    assert scattered.graph.undo() == f"Align 3 nodes {label}"
    assert {id: node.position for id, node in scattered.graph.nodes.items()} == before


def test_gaps_are_made_equal(scattered):
    scattered.key(Qt.Key.Key_H, SHIFT)
    first, middle, last = boxes(scattered, "data", "fc1", "relu1")
    assert abs((middle.left() - first.right()) - (last.left() - middle.right())) <= 1
    assert scattered.graph.undo() == "Distribute 3 nodes across"
    scattered.key(Qt.Key.Key_V, SHIFT)
    assert scattered.graph.undo() == "Distribute 3 nodes down"


def test_too_few_are_told(hand, view):
    view.select(["fc1"])
    hand.key(Qt.Key.Key_A, SHIFT)
    assert view.said[-1] == "Select two nodes or more to align"
    view.select(["fc1", "relu1"])
    hand.key(Qt.Key.Key_H, SHIFT)
    assert view.said[-1] == "Select three nodes or more to distribute"
    assert hand.graph.history.undo_label is None
