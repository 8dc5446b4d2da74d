"""Select by drawing a rectangle."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QMouseEvent, QPen
from PySide6.QtWidgets import QGraphicsRectItem

from explorer.app import theme
from explorer.app.canvas.tools.base import Tool, adds_to_selection


class BandTool(Tool):
    """A left drag on empty canvas selects what it touches; Ctrl or Shift adds to what was."""

    def start(self, event: QMouseEvent) -> None:
        self._from: QPointF = self.at(event)
        self._before = self.scene.selected()
        self._wires_before = self.scene.selected_wires()
        self._adds = adds_to_selection(event)
        colours = theme.current()
        pen = QPen(theme.colour(colours.accent), 1)
        pen.setCosmetic(True)
        self._band = QGraphicsRectItem()
        self._band.setPen(pen)
        self._band.setBrush(theme.colour(colours.accent, 0.12))
        self._band.setZValue(5)
        self.scene.addItem(self._band)
        if not self._adds:
            self.scene.select(())

    def move(self, event: QMouseEvent) -> None:
        box = QRectF(self._from, self.at(event)).normalized()
        self._band.setRect(box)
        touched = [id for id, item in self.scene.nodes.items() if item.box.intersects(box)]
        kept = self._before if self._adds else []
        self.scene.select([*kept, *touched], self._wires_before if self._adds else ())

    def finish(self, event: QMouseEvent) -> None:
        self.scene.removeItem(self._band)

    def cancel(self) -> None:
        self.scene.removeItem(self._band)
        self.scene.select(self._before, self._wires_before)
