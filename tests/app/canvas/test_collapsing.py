"""H collapses cards to their titles, with ports at their edges that can still be wired."""

import pytest
from PySide6.QtCore import Qt

from explorer.app.canvas import geometry
from explorer.app.canvas.placing import port_in_box, size_of
from explorer.graph.collapsing import collapsing
from explorer.graph.fragments import fragment

from .conftest import assert_in_step


def test_h_collapses_the_selected_cards_and_shows_them_in_full_again(hand, view):
    before = hand.scene.nodes["fc1"].box
    view.select(["fc1", "relu1"])
    hand.key(Qt.Key.Key_H)
    assert hand.scene.nodes["fc1"].box.height() == geometry.HEADER
    assert_in_step(hand.scene)
    assert hand.graph.history.undo_label == "Collapse 2 nodes"
    hand.key(Qt.Key.Key_H)
    assert hand.scene.nodes["fc1"].box == before
    assert hand.graph.undo() == "Unfold 2 nodes"
    assert hand.graph.undo() == "Collapse 2 nodes"
    assert_in_step(hand.scene)
    view.select([])
    hand.key(Qt.Key.Key_H)
    assert view.said[-1] == "Select nodes to collapse first"


def test_one_open_card_among_collapsed_ones_is_collapsed_too(hand, view):
    hand.graph.do(collapsing(hand.graph, ["fc1"]))
    view.select(["fc1", "relu1"])
    hand.key(Qt.Key.Key_H)
    assert all(hand.graph.nodes[id].is_collapsed for id in ("fc1", "relu1"))


def test_a_collapsed_card_is_wired_by_its_ports(hand, view):
    view.select(["relu1", "loss"])
    hand.key(Qt.Key.Key_H)
    hand.drag(hand.port("relu1.out"), hand.port("loss.y_hat"))
    assert hand.graph.wires["loss.y_hat"].source == "relu1.out"
    hand.drag(hand.port("data.y"), hand.port("loss.y"))
    assert hand.graph.wires["loss.y"].source == "data.y"
    assert_in_step(hand.scene)


@pytest.mark.parametrize("count", [2, 3, 4, 9])
def test_the_ports_of_a_collapsed_card_are_apart_and_within_its_edge(hand, count):
    graph = hand.graph
    graph.add("Concat", id="cat", position=(0, 300), count=count)
    graph.do(collapsing(graph, ["cat"]))
    item = hand.scene.nodes["cat"]
    heights = [item.port_point(port).y() - item.y() for port in item.card.inputs]
    gaps = [b - a for a, b in zip(heights, heights[1:], strict=False)]
    assert min(gaps) >= 2 * geometry.PORT_RADIUS
    assert heights[0] >= geometry.PORT_RADIUS
    assert heights[-1] <= item.box.height() - geometry.PORT_RADIUS
    for port in item.ports:
        near = hand.scene.port_near(item.port_point(port))
        assert near is not None
        assert near[1] == port


def test_a_card_that_is_not_there_yet_measures_as_the_one_that_will_be(hand):
    graph = hand.graph
    graph.do(collapsing(graph, ["fc1", "loss"]))
    for id in ("fc1", "loss"):
        item, part = hand.scene.nodes[id], fragment(graph, [id])
        assert size_of(graph.nodes[id]) == item.box.translated(-item.pos())
        for port in item.ports:
            assert port_in_box(part, port.path) == item.port_point(port) - item.pos()
