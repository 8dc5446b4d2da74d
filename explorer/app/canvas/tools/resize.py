"""Drag the corner of a note or a frame to make it larger or smaller."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent

from explorer.app.canvas.annotation_items import SMALLEST, AnnotationItem
from explorer.app.canvas.tools.base import Tool


class ResizeTool(Tool):
    """Shows the size as it is dragged; the document has it from the release on."""

    cursor = Qt.CursorShape.SizeFDiagCursor

    def __init__(self, view, item: AnnotationItem):  # type: ignore[no-untyped-def]
        super().__init__(view)
        self._item = item

    def start(self, event: QMouseEvent) -> None:
        self._from: QPointF = self.at(event)
        self._size = QPointF(*self._item.annotation.size)
        self.scene.select([self._item.id])

    def move(self, event: QMouseEvent) -> None:
        self._item.show_size(self._wanted(event))

    def finish(self, event: QMouseEvent) -> None:
        self.view.annotator.resize(self._item.id, self._wanted(event))

    def cancel(self) -> None:
        self._item.show_annotation(self._item.annotation)

    def _wanted(self, event: QMouseEvent) -> QPointF:
        size = self._size + self.at(event) - self._from
        return QPointF(max(size.x(), SMALLEST[0]), max(size.y(), SMALLEST[1]))
