"""The canvas at 1,000 and at 10,000 nodes, against plain Qt items of the same picture.

Set NODEGRAPHQT_PYTHON to the Python of an environment with NodeGraphQt's fork for PySide6, and
it is measured beside them (see peers/nodegraphqt.py).
"""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsPathItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsSimpleTextItem,
    QGraphicsView,
)

from explorer.app.canvas import GraphScene, GraphView
from explorer.graph import Graph
from explorer.graph.arrange import arrange

COLUMNS = 40
SIZE = (1600, 1000)
FRAMES = 30
PEER = Path(__file__).parent / "peers" / "nodegraphqt.py"
MOST_FOR_PEER = 1_000
MANY = 100
"""How many nodes are dragged together."""


def big_graph(nodes: int) -> Graph:
    """Chains of 40 layers, below each other."""
    graph = Graph()
    for row in range(nodes // COLUMNS):
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


def median_ms(work: Callable[[], object], times: int = FRAMES) -> float:
    """Milliseconds that something takes: the median of many."""
    found = []
    for _ in range(times):
        start = perf_counter()
        work()
        found.append(perf_counter() - start)
    return sorted(found)[len(found) // 2] * 1000


def frame_ms(view: QGraphicsView) -> float:
    """Milliseconds a frame while panning, every pixel painted anew."""
    bar = view.horizontalScrollBar()
    ways = _to_and_fro(7)

    def frame() -> None:
        bar.setValue(bar.value() + next(ways))
        view.viewport().grab()

    return median_ms(frame)


def zoom_ms(view: QGraphicsView) -> float:
    """Milliseconds of the slowest frame on the way from 1:1 to a fiftieth."""
    view.resetTransform()
    times = []
    for _ in range(21):
        start = perf_counter()
        if isinstance(view, GraphView):
            view.zoom_out()
        else:
            view.scale(1 / 1.2, 1 / 1.2)
        view.viewport().grab()
        times.append(perf_counter() - start)
    return max(times) * 1000


def _to_and_fro(by: int) -> Iterator[int]:
    while True:
        yield from (by, -by)


def shown(view: QGraphicsView, qtbot) -> QGraphicsView:
    qtbot.addWidget(view)
    view.resize(*SIZE)
    view.show()
    qtbot.waitExposed(view)
    view.grab()
    return view


def fit(view: QGraphicsView, like: GraphView) -> None:
    view.resetTransform()
    view.scale(like.scale_factor, like.scale_factor)
    view.centerOn(like.graph_scene.bounds().center())


@pytest.mark.benchmark_row
@pytest.mark.parametrize("nodes", [1_000, 10_000])
def test_opening_and_panning(qtbot, row, nodes):
    graph = big_graph(nodes)
    graph.shapes()
    start = perf_counter()
    ours = shown(GraphView(GraphScene(graph)), qtbot)
    built = (perf_counter() - start) * 1000
    start = perf_counter()
    plain = shown(plain_view(graph), qtbot)
    plain_built = (perf_counter() - start) * 1000
    ours.frame_all()
    fit(plain, ours)
    at_fit = frame_ms(ours), frame_ms(plain)
    ours.zoom_reset()
    ours.centerOn(ours.graph_scene.bounds().center())
    fit(plain, ours)
    close = frame_ms(ours), frame_ms(plain)
    zooming = zoom_ms(ours), zoom_ms(plain)
    found = {
        "open, ms": (built, plain_built),
        "pan at fit, ms/frame": at_fit,
        "pan at 1:1, ms/frame": close,
        "zoom, slowest frame, ms": zooming,
    }
    for name, (mine, peer) in found.items():
        what = f"canvas of {nodes:,} nodes, {name}, against plain Qt items"
        row(what, f"{mine:.1f}", f"{peer:.1f}", f"{mine / peer:.2f}x")
    if peers := nodegraphqt(nodes):
        for (name, (mine, _)), peer in zip(found.items(), peers, strict=False):
            what = f"canvas of {nodes:,} nodes, {name}, against NodeGraphQt"
            row(what, f"{mine:.1f}", f"{peer:.1f}", f"{mine / peer:.2f}x")


def nodegraphqt(nodes: int) -> list[float]:
    """Its figures for a canvas of so many nodes; none where it is not there or takes too long."""
    python = os.environ.get("NODEGRAPHQT_PYTHON")
    if not python or nodes > MOST_FOR_PEER:
        return []
    command = [python, str(PEER), str(nodes)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return list(json.loads(run.stdout.splitlines()[-1]).values())


@pytest.mark.benchmark_row
def test_dragging_many(qtbot, row):
    graph = big_graph(1_000)
    ours = shown(GraphView(GraphScene(graph)), qtbot)
    plain = shown(plain_view(graph), qtbot)
    ours.frame_all()
    fit(plain, ours)
    chosen = list(graph.nodes)[:MANY]
    ours.select(chosen)
    mine = drag_ms(ours, ours.mapFromScene(ours.graph_scene.nodes[chosen[50]].box.center()))
    peer = drag_ms_of_plain(plain, MANY)
    what = f"canvas of 1,000 nodes, drag {MANY} of them, ms/frame, against plain Qt items"
    row(what, f"{mine:.1f}", f"{peer:.1f}", f"{mine / peer:.2f}x")


def drag_ms(view: GraphView, at: QPoint) -> float:
    """A move of the mouse that holds the selected nodes, and the frame that shows it."""
    port = view.viewport()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=at)
    ways = _to_and_fro(9)
    where = [at + QPoint(40, 40)]

    def frame() -> None:
        where[0] += QPoint(next(ways), 0)
        QTest.mouseMove(port, where[0])
        QApplication.processEvents()
        port.repaint()

    frame()
    found = median_ms(frame)
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=where[0])
    return found


def drag_ms_of_plain(view: QGraphicsView, count: int) -> float:
    """Moving as many boxes, without their wires, and the frame that shows it."""
    boxes = [item for item in view.items() if isinstance(item, QGraphicsRectItem)][:count]
    ways = _to_and_fro(9)

    def frame() -> None:
        by = next(ways)
        for box in boxes:
            box.moveBy(by, 0)
        QApplication.processEvents()
        view.viewport().repaint()

    return median_ms(frame)


@pytest.mark.benchmark_row
@pytest.mark.parametrize("nodes", [1_000, 10_000])
def test_an_edit_up_to_shapes_problems_and_cards(qtbot, row, nodes):
    graph = big_graph(nodes)
    ours = shown(GraphView(GraphScene(graph)), qtbot)
    assert ours.graph_scene.graph.problems()
    middle = list(graph.nodes)[nodes // 2 + 1]
    sizes = _to_and_fro(1)

    def edit() -> None:
        layer = graph.nodes[middle].layer
        graph.set(middle, out_features=layer.out_features + next(sizes))
        graph.problems()
        graph.shapes()

    row(f"canvas of {nodes:,} nodes, an edit, ms", f"{median_ms(edit, 9):.1f}", "", "")


@pytest.mark.benchmark_row
@pytest.mark.parametrize("nodes", [1_000, 10_000])
def test_arranging(row, nodes):
    graph = big_graph(nodes)
    row(f"arranging {nodes:,} nodes, ms", f"{median_ms(lambda: arrange(graph), 3):.0f}", "", "")
