"""Cards with many ports, with ports that may stay free, and ports that settings bring."""

import pytest
from PySide6.QtCore import QPointF

from explorer.app.canvas import geometry
from explorer.app.canvas.card import describe
from explorer.app.canvas.placing import size_of
from explorer.graph import Graph, GraphError, Wire
from explorer.graph.edits import AddWire, ReplaceNode, Several
from explorer.graph.making import make_layer

from .conftest import assert_in_step


@pytest.fixture
def graph(braid, view) -> Graph:
    graph = view.graph_scene.graph
    graph.add("Braid", id="braid", position=(480, 200))
    return graph


def ports(scene) -> list[str]:
    return [port.name for port in scene.nodes["braid"].card.inputs]


def test_a_card_has_a_row_for_each_port_and_grows_with_them(graph, hand):
    item = hand.scene.nodes["braid"]
    assert ports(hand.scene) == ["strand1", "strand2", "knot"]
    low = item.box.height()
    graph.set("braid", strands=15)
    assert len(ports(hand.scene)) == 16
    assert item.box.height() == low + 13 * geometry.PORT_ROW
    assert item.box.height() == size_of(graph.nodes["braid"]).height()
    for port in item.ports:
        assert item.box.adjusted(-1, 0, 1, 0).contains(item.port_point(port))
    hand.view.grab()
    graph.undo()
    assert item.box.height() == low


def test_wires_follow_their_ports_when_a_setting_brings_others(graph, hand):
    graph.connect("data.x", "braid.strand1")
    graph.connect("fc1.out", "braid.knot")
    graph.set("braid", strands=4)
    assert_in_step(hand.scene)
    knot = hand.scene.nodes["braid"].find_port("braid.knot")
    assert knot.row == 4
    graph.undo()
    assert_in_step(hand.scene)


def test_a_setting_and_a_wire_to_the_port_it_brings_are_one_action(graph, hand):
    from dataclasses import replace

    node = replace(graph.nodes["braid"], layer=make_layer("Braid", {"strands": 3}))
    wire = AddWire(Wire("data.x", "braid.strand3"))
    graph.do(Several((ReplaceNode(node, "Set strands"), wire), "Braid it in"))
    assert_in_step(hand.scene)
    assert hand.scene.wires["braid.strand3"].path().length() > 0
    graph.undo()
    assert_in_step(hand.scene)


def test_a_setting_that_would_take_a_wires_port_is_refused(graph, hand):
    graph.set("braid", strands=3)
    graph.connect("data.x", "braid.strand3")
    with pytest.raises(GraphError, match="remove the wire at braid.strand3 first"):
        graph.set("braid", strands=2)
    assert "strand3" in ports(hand.scene)
    assert_in_step(hand.scene)


def test_an_input_that_may_stay_free_says_so_until_it_is_wired(graph, hand):
    card = describe(graph, "braid", ())
    assert [port.may_stay_free for port in card.inputs] == [False, False, True]
    knot = hand.scene.end_point("braid.knot")
    assert "optional" in hand.scene.tip_at(knot)
    assert "optional" not in hand.scene.tip_at(hand.scene.end_point("braid.strand1"))
    graph.connect("data.x", "braid.knot")
    assert not describe(graph, "braid", ()).inputs[2].may_stay_free
    assert "Reads data.x" in hand.scene.tip_at(knot)


def test_it_is_drawn_smaller_and_lighter_than_one_that_must_be_wired(graph, view):
    view.zoom_reset()
    view.centerOn(view.graph_scene.nodes["braid"])
    image = view.grab().toImage()

    def inked(port: str) -> int:
        at = view.mapFromScene(view.graph_scene.end_point(port))
        around = [(at.x() + dx, at.y() + dy) for dx in range(-7, 0) for dy in range(-7, 8)]
        return sum(image.pixelColor(x, y).lightness() < 200 for x, y in around)

    assert 0 < inked("braid.knot") < inked("braid.strand2")


def test_a_wire_dropped_on_the_card_takes_an_input_that_needs_one_first(graph, hand):
    graph.connect("data.x", "braid.strand1")
    box = hand.scene.nodes["braid"].box
    low = hand.pixel(box.bottomLeft() + QPointF(60, -4))
    hand.drag(hand.port("data.x"), low)
    assert graph.wires["braid.strand2"].source == "data.x"
