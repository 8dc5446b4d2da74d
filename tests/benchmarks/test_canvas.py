"""The canvas at 1,000 nodes: to build, and a frame while panning, against Qt's plain items."""

from collections.abc import Callable
from time import perf_counter

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import (
    QGraphicsPathItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsSimpleTextItem,
    QGraphicsView,
)

from explorer.app.canvas import GraphScene, GraphView
from explorer.graph import Graph

COLUMNS, ROWS = 40, 25
FRAMES = 30


def big_graph() -> Graph:
    """1,000 nodes: 25 chains of 40 layers."""
    graph = Graph()
    for row in range(ROWS):
        before = graph.add("Input", position=(0, row * 130.0), shape=(16,)).id
        for column in range(1, COLUMNS):
            kind = "Linear" if column % 2 else "ReLU"
            node = graph.add(kind, position=(column * 240.0, row * 130.0))
            graph.connect(f"{before}.out", f"{node.id}.x")
            before = node.id
    graph.history.clear()
    return graph


def plain_view(graph: Graph) -> QGraphicsView:
    """The same picture of one rectangle and one text per node, one curve per wire."""
    scene = QGraphicsScene()
    for node in graph.nodes.values():
        box = QGraphicsRectItem(QRectF(0, 0, 164, 86))
        box.setPos(*node.position)
        QGraphicsSimpleTextItem(node.label, box)
        scene.addItem(box)
    for wire in graph.wires.values():
        a, b = (graph.nodes[id].position for id in (wire.source_node, wire.target_node))
        path = QPainterPath(QPointF(a[0] + 164, a[1] + 50))
        path.cubicTo(a[0] + 202, a[1] + 50, b[0] - 38, b[1] + 50, b[0], b[1] + 50)
        scene.addItem(QGraphicsPathItem(path))
    view = QGraphicsView(scene)
    view.setRenderHint(QPainter.RenderHint.Antialiasing)
    view.scene_kept = scene
    return view


def frame_ms(view: QGraphicsView) -> float:
    """Milliseconds a frame while panning, every pixel painted anew: the median of many."""
    times = []
    bar = view.horizontalScrollBar()
    for frame in range(FRAMES):
        bar.setValue(bar.value() + (7 if frame % 2 else -7))
        start = perf_counter()
        view.viewport().grab()
        times.append(perf_counter() - start)
    return sorted(times)[len(times) // 2] * 1000


def timed(make: Callable[[], QGraphicsView], show: Callable[[QGraphicsView], None]) -> tuple:
    start = perf_counter()
    view = make()
    show(view)
    return view, (perf_counter() - start) * 1000


@pytest.mark.benchmark_row
def test_thousand_nodes(qtbot, row):
    graph = big_graph()
    graph.shapes()
    size = (1600, 1000)

    def show(view):
        qtbot.addWidget(view)
        view.resize(*size)
        view.show()
        qtbot.waitExposed(view)
        view.grab()

    ours, built = timed(lambda: GraphView(GraphScene(graph)), show)
    plain, plain_built = timed(lambda: plain_view(graph), show)
    middle = ours.graph_scene.bounds().center()
    ours.frame_all()
    plain.resetTransform()
    plain.scale(ours.scale_factor, ours.scale_factor)
    plain.centerOn(middle)
    fit, plain_fit = frame_ms(ours), frame_ms(plain)
    ours.zoom_reset()
    ours.centerOn(middle)
    plain.resetTransform()
    plain.centerOn(middle)
    close, plain_close = frame_ms(ours), frame_ms(plain)
    for name, mine, peer in (
        ("build, ms", built, plain_built),
        ("pan at fit, ms/frame", fit, plain_fit),
        ("pan at 1:1, ms/frame", close, plain_close),
    ):
        what = f"canvas of 1,000 nodes, {name}, against plain Qt items"
        row(what, f"{mine:.1f}", f"{peer:.1f}", f"{mine / peer:.2f}x")
