"""Drag the canvas itself."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent

from explorer.app.canvas.tools.base import Tool


class PanTool(Tool):
    """The middle button, or Space and the left one, drags the canvas."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def start(self, event: QMouseEvent) -> None:
        self._last: QPointF = event.position()
        self._moved = QPointF()

    def move(self, event: QMouseEvent) -> None:
        by = event.position() - self._last
        self._last = event.position()
        self._moved += by
        self.view.pan(by)

    def cancel(self) -> None:
        self.view.pan(-self._moved)
