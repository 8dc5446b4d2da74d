"""A picture of a graph as the canvas draws it, as PNG, SVG or PDF, with or without a window."""

import os
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication, QGraphicsItem

from explorer.app import theme
from explorer.app.canvas.placing import united
from explorer.app.canvas.scene import GraphScene
from explorer.app.png import png
from explorer.graph import FileError, Graph
from explorer.graph.file import write_atomically

MARGIN = 28.0
_TITLE = "A net drawn with Backprop Explorer"
_SHARPNESS = 2.0
_MOST_PIXELS = 12_000
_DOTS_PER_INCH, _POINTS_PER_INCH = 96, 72
_LARGEST_PAGE = 14_000.0
"""The most points that a page may be long, for the readers there are."""


def render(graph: Graph, path: Path) -> None:
    """Write a picture of all nodes to a .png, .svg or .pdf file. FileError says why it cannot."""
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        *others, last = _WRITERS
        raise FileError(f"{path} is no picture's name: end it in {', '.join(others)} or {last}")
    if not graph.nodes:
        raise FileError("there is nothing to draw: the graph is empty; add a layer first")
    _need_application()
    write_atomically(path, write(*_drawn(graph)))


def _drawn(graph: Graph) -> tuple[GraphScene, QRectF]:
    """The graph's scene, and the part of it that a picture shows."""
    scene = GraphScene(graph)
    scene.rescale(1.0)
    scene.routes.complete()
    scene.labels.complete()
    for card in scene.nodes.values():
        card.setCacheMode(QGraphicsItem.CacheMode.NoCache)  # or Qt hands over its pixels
    wires = [wire.path().boundingRect() for wire in scene.wires.values()]
    return scene, united([scene.bounds(), *wires]).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)


def _need_application() -> None:
    """Fonts and pictures need an application; one without windows where there is none yet."""
    if QGuiApplication.instance() is not None:
        return
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    theme.apply(_kept(QApplication(["explorer"])), theme.LIGHT)


_APPLICATIONS: list[QApplication] = []


def _kept(application: QApplication) -> QApplication:
    """Qt ends with its application, which therefore lives as long as the program."""
    _APPLICATIONS.append(application)
    return application


def _png(scene: GraphScene, box: QRectF) -> bytes:
    sharpness = min(_SHARPNESS, _MOST_PIXELS / max(box.width(), box.height()))
    scene.rescale(sharpness)
    image = QImage((box.size() * sharpness).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
    _paint(scene, box, QPainter(image), QRectF(image.rect()))
    return png(image)


def _svg(scene: GraphScene, box: QRectF) -> bytes:
    size = QSize(round(box.width()), round(box.height()))
    room = QRectF(0, 0, size.width(), size.height())
    buffer = QBuffer()
    writer = QSvgGenerator()
    writer.setOutputDevice(buffer)
    writer.setSize(size)
    writer.setViewBox(room)
    writer.setTitle(_TITLE)
    _paint(scene, box, QPainter(writer), room)
    return bytes(buffer.data().data())


def _pdf(scene: GraphScene, box: QRectF) -> bytes:
    """One page that is as large as the net."""
    points = box.size() * (_POINTS_PER_INCH / _DOTS_PER_INCH)
    points *= min(1.0, _LARGEST_PAGE / max(points.width(), points.height()))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(
        QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
    )
    writer.setPageMargins(QMarginsF())
    writer.setTitle(_TITLE)
    writer.setCreator("Backprop Explorer")
    _paint(scene, box, QPainter(writer), QRectF(0, 0, writer.width(), writer.height()))
    return bytes(buffer.data().data())


def _paint(scene: GraphScene, box: QRectF, painter: QPainter, room: QRectF) -> None:
    """Paint that part of the scene into the room, on the canvas's colour."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(room, QColor(theme.current().canvas))
    scene.render(painter, room, box, Qt.AspectRatioMode.KeepAspectRatio)
    painter.end()


_WRITERS = {".png": _png, ".svg": _svg, ".pdf": _pdf}
