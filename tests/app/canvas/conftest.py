"""A canvas with a small net on it, and a hand to work on it."""

import pytest

from explorer.app import theme
from explorer.app.canvas import GraphScene, GraphView
from explorer.app.command import CANVAS
from explorer.app.qactions import Actions
from explorer.graph import Graph

from ..hand import Hand


def small_net() -> Graph:
    """data.x -> fc1 -> relu1, and a loss that nothing is wired to."""
    graph = Graph()
    graph.add("Data", id="data", position=(0, 0), dataset="moons")
    graph.add("Linear", id="fc1", position=(240, 0), out_features=64)
    graph.add("ReLU", id="relu1", position=(480, 0))
    graph.add("BCELoss", id="loss", position=(720, 0))
    graph.connect("data.x", "fc1.x")
    graph.connect("fc1.out", "relu1.x")
    graph.history.clear()
    return graph


@pytest.fixture
def view(qtbot, qapp) -> GraphView:
    theme.apply(qapp, theme.LIGHT)
    view = GraphView(GraphScene(small_net()))
    qtbot.addWidget(view)
    view.resize(1100, 600)
    actions = Actions(view)
    actions.connect_answers(view.commands.answers)
    actions.lend(CANVAS, view)
    view.show()
    qtbot.waitExposed(view)
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.setFocus()
    view.frame_all()
    view.said = []
    view.told.connect(view.said.append)
    view.refused.connect(view.said.append)
    return view


@pytest.fixture
def hand(view) -> Hand:
    return Hand(view)


def assert_in_step(scene: GraphScene) -> None:
    """The items are exactly the graph's nodes and wires, where the graph says."""
    graph = scene.graph
    assert scene.nodes.keys() == graph.nodes.keys()
    assert {(w.source, w.target) for w in scene.wires.values()} == {
        (w.source, w.target) for w in graph.wires.values()
    }
    for id, item in scene.nodes.items():
        assert (item.x(), item.y()) == graph.nodes[id].position
        assert item.card.title == graph.nodes[id].label
    for wire in scene.wires.values():
        path = wire.path()
        assert path.pointAtPercent(0) == scene.end_point(wire.source)
        assert path.pointAtPercent(1) == scene.end_point(wire.target)
