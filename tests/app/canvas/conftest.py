"""A canvas with a small net on it, and a hand that points, drags and types like a person."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from explorer.app import theme
from explorer.app.canvas import GraphScene, GraphView
from explorer.app.canvas.palette import mime_of
from explorer.graph import Graph

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE = Qt.KeyboardModifier.NoModifier


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


class Hand:
    """Real mouse and key events on a view, aimed by what is on the canvas."""

    def __init__(self, view: GraphView):
        self.view = view
        self.scene = view.graph_scene
        self.graph = view.graph_scene.graph

    def pixel(self, at: QPointF) -> QPoint:
        return self.view.mapFromScene(at)

    def port(self, path: str) -> QPoint:
        return self.pixel(self.scene.end_point(path))

    def title(self, id: str) -> QPoint:
        box = self.scene.nodes[id].box
        return self.pixel(box.topLeft() + QPointF(90, 18))

    def empty(self) -> QPoint:
        return self.pixel(self.scene.bounds().bottomLeft() + QPointF(40, 120))

    def click(self, at: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseClick(self.view.viewport(), LEFT, keys, at)

    def press(self, at: QPoint, button: Qt.MouseButton = LEFT, keys=NONE) -> None:
        QTest.mousePress(self.view.viewport(), button, keys, at)

    def move(self, *stops: QPoint) -> None:
        for stop in stops:
            QTest.mouseMove(self.view.viewport(), stop)

    def release(self, at: QPoint, button: Qt.MouseButton = LEFT, keys=NONE) -> None:
        QTest.mouseRelease(self.view.viewport(), button, keys, at)

    def drag(self, start: QPoint, end: QPoint, button=LEFT, keys=NONE) -> None:
        self.press(start, button, keys)
        self.move((start + end) / 2, end)
        self.release(end, button, keys)

    def key(self, key: Qt.Key, keys=NONE) -> None:
        QTest.keyClick(self.view, key, keys)

    def drop(self, kind: str, at: QPoint) -> QDropEvent:
        data = mime_of(kind)
        event = QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, LEFT, NONE)
        self.view.dropEvent(event)
        return event


@pytest.fixture
def view(qtbot, qapp) -> GraphView:
    theme.apply(qapp, theme.LIGHT)
    view = GraphView(GraphScene(small_net()))
    qtbot.addWidget(view)
    view.resize(1100, 600)
    view.show()
    qtbot.waitExposed(view)
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
