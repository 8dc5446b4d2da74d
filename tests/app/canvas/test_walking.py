"""Arrow keys go from node to node along the wires."""

import pytest
from PySide6.QtCore import QPointF, Qt

from explorer.graph.grouping import grouping

LEFT, RIGHT = Qt.Key.Key_Left, Qt.Key.Key_Right
UP, DOWN = Qt.Key.Key_Up, Qt.Key.Key_Down


@pytest.fixture
def forked(hand):
    """fc1 is read by relu1, which is level with it, and by two more, above and below."""
    graph = hand.graph
    graph.add("Tanh", id="above", position=(480, -140))
    graph.add("Sigmoid", id="below", position=(480, 140))
    for id in ("above", "below"):
        graph.connect("fc1.out", f"{id}.x")
    graph.connect("data.y", "loss.y")
    return hand


def walk(hand, *keys: Qt.Key) -> list[str]:
    """What is selected after each key."""
    found = []
    for key in keys:
        hand.key(key)
        found += hand.view.selected()
    return found


def test_right_goes_to_what_reads_a_node_and_left_to_what_feeds_it(hand, view):
    view.select(["data"])
    assert walk(hand, RIGHT, RIGHT, LEFT, LEFT) == ["fc1", "relu1", "fc1", "data"]
    assert hand.graph.history.undo_label is None


def test_at_the_end_of_the_wires_it_stays(hand, view):
    view.select(["relu1"])
    assert walk(hand, RIGHT) == ["relu1"]
    view.select(["data"])
    assert walk(hand, LEFT) == ["data"]


def test_at_a_fork_the_nearest_is_taken_and_up_and_down_change_the_branch(forked, view):
    view.select(["fc1"])
    assert walk(forked, RIGHT, UP, DOWN, DOWN) == ["relu1", "above", "relu1", "below"]
    assert walk(forked, LEFT) == ["fc1"]


def test_up_and_down_go_to_whatever_is_there_where_no_branch_is(hand, view):
    hand.graph.add("Linear", id="alone", position=(0, 200))
    view.select(["data"])
    assert walk(hand, DOWN, UP) == ["alone", "data"]


def test_what_is_gone_to_is_brought_into_view(hand, view):
    hand.graph.add("Sum", id="far", position=(4000, 0))
    hand.graph.connect("relu1.out", "far.x")
    view.zoom_reset()
    view.centerOn(QPointF(560, 30))
    view.select(["relu1"])
    assert walk(hand, RIGHT) == ["far"]
    assert view.viewport().rect().contains(hand.title("far"))


def test_the_map_goes_once_all_is_in_view(hand, view):
    view.look_at(hand.scene.bounds().center() + QPointF(view.width() / 2, 0), 1.0)
    assert view.minimap.isVisible()
    view.select(["fc1"])

    walk(hand, LEFT)

    assert not view.minimap.isVisible()


def test_with_nothing_selected_the_first_key_selects_what_is_in_the_middle(hand, view):
    view.centerOn(hand.scene.nodes["relu1"].box.center())
    assert walk(hand, LEFT, LEFT) == ["relu1", "fc1"]


def test_from_several_it_goes_on_from_the_outermost(hand, view):
    view.select(["data", "fc1"])
    assert walk(hand, RIGHT) == ["relu1"]


def test_a_group_is_gone_to_as_a_node_is(hand, view):
    edit, group = grouping(hand.graph, ["fc1", "relu1"])
    hand.graph.do(edit)
    hand.graph.connect("relu1.out", "loss.y_hat")
    view.select(["data"])
    assert walk(hand, RIGHT, RIGHT, LEFT) == [group, "loss", group]


def test_an_empty_canvas_takes_the_key_and_does_nothing(hand, view):
    hand.graph.remove(*hand.graph.nodes)
    assert walk(hand, RIGHT) == []
