"""A picture of a graph as the canvas draws it, as PNG or SVG, with or without a window."""

import os
from pathlib import Path

from PySide6.QtCore import QBuffer, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication

from explorer.app import theme
from explorer.app.canvas.placing import united
from explorer.app.canvas.scene import GraphScene
from explorer.app.png import png
from explorer.graph import FileError, Graph
from explorer.graph.file import write_atomically

SUFFIXES = (".png", ".svg")
MARGIN = 28.0
_SHARPNESS = 2.0
_MOST_PIXELS = 12_000


def render(graph: Graph, path: Path) -> None:
    """Write a picture of all nodes to a .png or .svg file. FileError says why it cannot be."""
    if path.suffix.lower() not in SUFFIXES:
        raise FileError(f"{path} is no picture's name: end it in {' or '.join(SUFFIXES)}")
    if not graph.nodes:
        raise FileError("there is nothing to draw: the graph is empty; add a layer first")
    _need_application()
    scene = GraphScene(graph)
    scene.show_labels(1.0)
    wires = [wire.path().boundingRect() for wire in scene.wires.values()]
    box = united([scene.bounds(), *wires]).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
    write_atomically(path, _svg(scene, box) if path.suffix.lower() == ".svg" else _png(scene, box))


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
    image = QImage((box.size() * sharpness).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(theme.current().canvas))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    scene.render(painter, QRectF(image.rect()), box, Qt.AspectRatioMode.KeepAspectRatio)
    painter.end()
    return png(image)


def _svg(scene: GraphScene, box: QRectF) -> bytes:
    size = QSize(round(box.width()), round(box.height()))
    buffer = QBuffer()
    writer = QSvgGenerator()
    writer.setOutputDevice(buffer)
    writer.setSize(size)
    writer.setViewBox(QRectF(0, 0, size.width(), size.height()))
    writer.setTitle("A net drawn with Backprop Explorer")
    painter = QPainter(writer)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(theme.current().canvas))
    scene.render(painter, QRectF(0, 0, size.width(), size.height()), box)
    painter.end()
    return bytes(buffer.data().data())
