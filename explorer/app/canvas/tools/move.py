"""Select a card, and drag it with all that are selected."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from explorer.app.canvas.node_item import NodeItem
from explorer.app.canvas.tools.base import Tool, adds_to_selection


class MoveTool(Tool):
    """A click selects; a drag moves every selected card, as one action."""

    def __init__(self, view, item: NodeItem):  # type: ignore[no-untyped-def]
        super().__init__(view)
        self._id = item.id

    def start(self, event: QMouseEvent) -> None:
        self._pressed = event.position()
        self._from: QPointF = self.at(event)
        self._drags = False
        self._toggles = adds_to_selection(event)
        self._before = self.scene.selected()
        self._wires_before = self.scene.selected_wires()
        self._was_selected = self._id in self._before
        if not self._was_selected:
            others = self._before if self._toggles else []
            self.scene.select([*others, self._id])
        self._origins = {id: self.scene.nodes[id].pos() for id in self.scene.selected()}

    def move(self, event: QMouseEvent) -> None:
        way = (event.position() - self._pressed).manhattanLength()
        if not self._drags and way < QApplication.startDragDistance():
            return
        self._drags = True
        self.view.viewport().setCursor(Qt.CursorShape.SizeAllCursor)
        by = self.at(event) - self._from
        self.scene.preview_move({id: start + by for id, start in self._origins.items()})

    def finish(self, event: QMouseEvent) -> None:
        if not self._drags:
            self._click()
            return
        moved = {id: self.scene.nodes[id].pos() for id in self._origins}
        if moved == self._origins:
            return
        self.scene.graph.move({id: (round(at.x()), round(at.y())) for id, at in moved.items()})

    def _click(self) -> None:
        if self._was_selected and self._toggles:
            self.scene.select([id for id in self._before if id != self._id])
        elif self._was_selected:
            self.scene.select([self._id])

    def cancel(self) -> None:
        known = self.scene.nodes.keys()
        origins = {id: at for id, at in self._origins.items() if id in known}
        self.scene.preview_move(origins)
        self.scene.select(self._before, self._wires_before)
