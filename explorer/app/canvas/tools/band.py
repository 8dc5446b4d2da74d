"""Select by drawing a rectangle, or around."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from explorer.app import theme
from explorer.app.canvas.tools.base import Tool, adds_to_selection


class BandTool(Tool):
    """A left drag on empty canvas selects what it touches; Ctrl or Shift adds to what was."""

    line = Qt.PenStyle.SolidLine

    def start(self, event: QMouseEvent) -> None:
        self._from: QPointF = self.at(event)
        self._before = self.scene.selected()
        self._wires_before = self.scene.selected_wires()
        self._adds = self._is_to_add(event)
        colours = theme.current()
        pen = QPen(theme.colour(colours.accent), 1, self.line)
        pen.setCosmetic(True)
        self._outline = QGraphicsPathItem()
        self._outline.setPen(pen)
        self._outline.setBrush(theme.colour(colours.accent, 0.12))
        self._outline.setZValue(5)
        self.scene.addItem(self._outline)
        if not self._adds:
            self.scene.select(())

    def _is_to_add(self, event: QMouseEvent) -> bool:
        return adds_to_selection(event)

    def move(self, event: QMouseEvent) -> None:
        area = self._area(self.at(event))
        self._outline.setPath(area)
        room = area.boundingRect()
        touched = [
            id
            for id, item in self.scene.nodes.items()
            if item.box.intersects(room) and area.intersects(item.box)
        ]
        touched += [item.id for item in self.scene.annotations if area.contains(item.box)]
        kept = self._before if self._adds else []
        self.scene.select([*kept, *touched], self._wires_before if self._adds else ())

    def _area(self, at: QPointF) -> QPainterPath:
        """What is selected when the pointer is at a scene point."""
        area = QPainterPath()
        area.addRect(QRectF(self._from, at).normalized())
        return area

    def finish(self, event: QMouseEvent) -> None:
        self.scene.removeItem(self._outline)

    def cancel(self) -> None:
        self.scene.removeItem(self._outline)
        self.scene.select(self._before, self._wires_before)


class LassoTool(BandTool):
    """A left drag with Ctrl and Alt held selects what its line encloses or touches; Shift adds."""

    cursor = Qt.CursorShape.CrossCursor
    line = Qt.PenStyle.DashLine

    def start(self, event: QMouseEvent) -> None:
        super().start(event)
        self._way = QPainterPath(self.at(event))

    def _is_to_add(self, event: QMouseEvent) -> bool:
        return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)

    def _area(self, at: QPointF) -> QPainterPath:
        self._way.lineTo(at)
        area = QPainterPath(self._way)
        area.closeSubpath()
        return area
