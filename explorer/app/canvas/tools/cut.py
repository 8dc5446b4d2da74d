"""Cut wires by a stroke across them."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from explorer.app import theme
from explorer.app.canvas.cursors import scissors
from explorer.app.canvas.tools.base import Tool
from explorer.app.canvas.wire_item import WireItem
from explorer.graph.edits import Several


class CutTool(Tool):
    """A left drag with Alt held draws a stroke; what wires it crosses are cut, as one action."""

    def __init__(self, view):  # type: ignore[no-untyped-def]
        super().__init__(view)
        self.cursor = scissors()

    def start(self, event: QMouseEvent) -> None:
        self._last: QPointF = self.at(event)
        self._crossed: dict[str, WireItem] = {}
        self._way = QPainterPath(self._last)
        self._stroke = QGraphicsPathItem()
        pen = QPen(QColor(theme.current().error), 1.6, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        self._stroke.setPen(pen)
        self._stroke.setZValue(5)
        self.scene.addItem(self._stroke)

    def move(self, event: QMouseEvent) -> None:
        line = QPainterPath(self._last)
        self._last = self.at(event)
        line.lineTo(self._last)
        self._way.lineTo(self._last)
        self._stroke.setPath(self._way)
        for target, item in self.scene.wires.items():
            if target not in self._crossed and item.crosses(line):
                self._crossed[target] = item
                item.show_doomed(True)

    def finish(self, event: QMouseEvent) -> None:
        crossed = list(self._crossed)
        self.cancel()
        if not crossed:
            return
        graph = self.scene.graph
        targets = [path for target in crossed for path in self.scene.fed_with(target)]
        what = f"{len(crossed)} wires" if len(crossed) > 1 else f"the wire to {crossed[0]}"
        graph.do(Several(graph.removal((), targets).edits, f"Cut {what}"))
        self.view.told.emit(f"Cut {what}")

    def cancel(self) -> None:
        self.scene.removeItem(self._stroke)
        for item in self._crossed.values():
            item.show_doomed(False)
