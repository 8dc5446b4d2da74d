"""Select a card, and drag it with all that are selected."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from explorer.app.canvas.annotation_items import AnnotationItem
from explorer.app.canvas.making_room import room_between
from explorer.app.canvas.node_item import NodeItem
from explorer.app.canvas.tools.base import Tool, adds_to_selection
from explorer.app.canvas.wire_aim import WireAim, parted
from explorer.app.canvas.wiring import splice
from explorer.graph import GraphError, Wire
from explorer.graph.edits import Several
from explorer.graph.fragments import fragment


class MoveTool(Tool):
    """A click selects; a drag moves every selected card, as one action.

    A card without wires, dropped on a wire that it fits, is inserted there in the same action.
    """

    def __init__(self, view, item: NodeItem | AnnotationItem):  # type: ignore[no-untyped-def]
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
        self._aim = self._aim_of_loose()
        self._origins = {id: self.scene.item(id).pos() for id in self._moving()}
        self._box = self.scene.item(self._id).box
        self._others = self.view.snapping.seen(besides=self._origins)

    def move(self, event: QMouseEvent) -> None:
        way = (event.position() - self._pressed).manhattanLength()
        if not self._drags and way < QApplication.startDragDistance():
            return
        self._drags = True
        self.view.viewport().setCursor(Qt.CursorShape.SizeAllCursor)
        by = self.at(event) - self._from
        by += self.view.snapping.settle(self._box.translated(by), self._others, event.modifiers())
        self.scene.preview.move({id: start + by for id, start in self._origins.items()})
        if self._aim is not None:
            self._aim.follow(self.scene.item(self._id).box)

    def finish(self, event: QMouseEvent) -> None:
        self.view.snapping.put_out()
        if not self._drags:
            self._click()
            return
        aim = self._aim
        wire = aim.wire if aim else None
        if aim is not None:
            aim.put_out()
        moved = {id: self.scene.item(id).pos() for id in self._origins}
        if moved == self._origins:
            self.scene.preview.put_back(moved)
            return
        places = {id: (round(at.x()), round(at.y())) for id, at in moved.items()}
        if aim is None or aim.ends is None or wire is None:
            self.scene.graph.move(places)
        else:
            self._insert(wire, *aim.ends)

    def _moving(self) -> list[str]:
        """What is selected, and what stands in the frames among it."""
        chosen = self.scene.selected()
        inside = (each for id in chosen for each in self.scene.annotations.within(id))
        return list(dict.fromkeys((*chosen, *inside)))

    def _aim_of_loose(self) -> WireAim | None:
        """What looks for a wire under the card; None where it is not alone or has wires."""
        graph = self.scene.graph
        if self.scene.selected() != [self._id] or self._id not in graph.nodes:
            return None
        if graph.net.degree(self._id):
            return None
        return WireAim(self.scene, fragment(graph, [self._id]))

    def _insert(self, wire: Wire, entry: str, leave: str) -> None:
        graph, id = self.scene.graph, self._id
        box = self.scene.nodes[id].area
        room = room_between(self.scene, wire, box, besides=id)
        bends = parted(self.scene, wire, box.center(), QRectF(room.at, box.size()))
        at = (float(round(room.at.x())), float(round(room.at.y())))
        moves = graph.moving({id: at, **room.moved}).edits
        try:
            graph.do(Several((*moves, *splice(wire, entry, leave, bends)), f"Insert {id}"))
        except GraphError as error:
            self.scene.preview.put_back([id])
            self.view.refused.emit(str(error))
            return
        self.view.told.emit(f"{id} is now between {wire.source_node} and {wire.target_node}")

    def _click(self) -> None:
        if self._was_selected and self._toggles:
            self.scene.select([id for id in self._before if id != self._id])
        elif self._was_selected:
            self.scene.select([self._id])

    def cancel(self) -> None:
        self.view.snapping.put_out()
        if self._aim is not None:
            self._aim.put_out()
        self.scene.preview.put_back(self._origins)
        self.scene.select(self._before, self._wires_before)
