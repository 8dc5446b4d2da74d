"""A hand that points, drags and types on a canvas like a person."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from explorer.app.canvas import GraphView
from explorer.app.canvas.palette import mime_of

PATIENCE = 25_000
"""Milliseconds that one waits for something, however busy the machine is."""
LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE = Qt.KeyboardModifier.NoModifier


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
