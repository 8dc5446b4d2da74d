"""Select a wire, bend it by dragging it, and drag its bends elsewhere."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from explorer.app.canvas.guides import Others
from explorer.app.canvas.tools.base import Tool, adds_to_selection
from explorer.app.canvas.wire_item import WireItem
from explorer.graph import Wire, bends
from explorer.graph.edits import ReplaceWire


class BendTool(Tool):
    """A click on a wire selects it, a drag bends it; a click on a bend selects that, a drag
    moves it. `number` is the bend's, None for the wire itself.
    """

    def __init__(self, view, item: WireItem, number: int | None):  # type: ignore[no-untyped-def]
        super().__init__(view)
        self._target = item.target
        self._number = number

    def start(self, event: QMouseEvent) -> None:
        self._pressed = event.position()
        self._edit: ReplaceWire | None = None
        self._stretch = self.scene.wires[self._target].stretch_at(self.at(event))
        if self._number is None:
            self.view.commands.wires.click(self._target, adds_to_selection(event))
        else:
            self.scene.choose_bend(self._target, self._number)

    def move(self, event: QMouseEvent) -> None:
        way = (event.position() - self._pressed).manhattanLength()
        if self._edit is None and way < QApplication.startDragDistance():
            return
        if self.scene.leads_out(self.scene.wires[self._target]):
            return
        self.view.viewport().setCursor(Qt.CursorShape.SizeAllCursor)
        at = self.at(event)
        box = QRectF(at, at)
        self._edit = self._bent(
            at + self.view.snapping.settle(box, self._level_with(), event.modifiers())
        )
        self.scene.preview.bend(self._edit.wire)

    def _level_with(self) -> Others:
        """The wire's ends and its other bends, to which it can run straight."""
        points = self.scene.wires[self._target].points
        others = [QPointF(*at) for n, at in enumerate(self._wire.bends) if n != self._number]
        return Others([QRectF(point, point) for point in (points[0], *others, points[-1])])

    def _bent(self, at: QPointF) -> ReplaceWire:
        place = (float(round(at.x())), float(round(at.y())))
        if self._number is None:
            return bends.adding(self._wire, self._stretch, place)
        return bends.moving(self._wire, self._number, place)

    @property
    def _wire(self) -> Wire:
        return self.scene.graph.wires[self._target]

    def finish(self, event: QMouseEvent) -> None:
        self.view.snapping.put_out()
        if self._edit is not None:
            self.scene.graph.do(self._edit)

    def cancel(self) -> None:
        self.view.snapping.put_out()
        if self._target in self.scene.wires and self._target in self.scene.graph.wires:
            self.scene.preview.bend(self._wire)
            self.scene.preview.end()
