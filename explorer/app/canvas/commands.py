"""What keys and menus do to the canvas: add, delete, nudge, click on wires."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from explorer.app.canvas.placing import beside, first_wire, free_place, size_of, united
from explorer.graph import Edit, GraphError, Node, Wire, blocks
from explorer.graph.edits import AddNode, AddWire, Several
from explorer.graph.making import make_layer

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView

NUDGE = 10
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Commands:
    """Acts on what is selected in a view."""

    def __init__(self, view: GraphView):
        self._view = view
        self._scene = view.graph_scene

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key stands for; whether it stands for anything."""
        key = Qt.Key(event.key())
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self._view.select_all()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_selection()
        elif key in _ARROWS:
            is_fine = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.nudge(*_ARROWS[key], 1 if is_fine else NUDGE)
        elif key == Qt.Key.Key_F:
            self._view.frame_selection()
        elif key == Qt.Key.Key_Home:
            self._view.frame_all()
        else:
            return False
        return True

    def delete_selection(self) -> None:
        ids, wires = self._scene.selected(), self._scene.selected_wires()
        if ids or wires:
            self._scene.graph.do(self._scene.graph.removal(ids, wires))

    def nudge(self, across: int, down: int, by: int) -> None:
        """Move the selected nodes a little."""
        nodes = self._scene.graph.nodes
        places = {id: nodes[id].position for id in self._scene.selected()}
        if places:
            moved = {id: (x + across * by, y + down * by) for id, (x, y) in places.items()}
            self._scene.graph.move(moved)

    def click_wire(self, target: str, adds: bool) -> None:
        """Select a wire; with Ctrl or Shift held, add it to the selection or take it away."""
        if not adds:
            self._scene.select((), [target])
            return
        chosen = set(self._scene.selected_wires()) ^ {target}
        self._scene.select(self._scene.selected(), chosen)

    def add_layer(self, kind: str, at: QPointF | None) -> str | None:
        if kind in blocks.names():
            return self._add_block(kind, at)
        graph = self._scene.graph
        try:
            node = Node(graph.new_id(kind), make_layer(kind, {}))
            wire = None if at else first_wire(graph, self._scene.selected(), node)
            node = replace(node, position=self._place(node, at, wire))
            add = AddNode(node)
            edit: Edit = Several((add, AddWire(wire)), add.label) if wire else add
            graph.do(edit)
        except GraphError as error:
            self._view.refused.emit(str(error))
            return None
        self._scene.select([node.id])
        self._view.ensureVisible(self._scene.nodes[node.id].box, 40, 40)
        self._view.told.emit(
            f"Added {node.id}, wired to {wire.source}" if wire else f"Added {node.id}"
        )
        return node.id

    def _add_block(self, name: str, at: QPointF | None) -> str:
        """Add a block, all of it selected; the id of its first node."""
        graph, fragment = self._scene.graph, blocks.block(name)
        box = united([size_of(node).translated(*node.position) for node in fragment.nodes.values()])
        box.moveCenter(at or self._view.to_scene(QPointF(self._view.viewport().rect().center())))
        corner = free_place(box, (item.box for item in self._scene.nodes.values()))
        ids = blocks.add_block(graph, name, (float(round(corner.x())), float(round(corner.y()))))
        self._scene.select(list(ids.values()))
        self._view.frame_selection()
        self._view.told.emit(f"Added {name}: {len(ids)} nodes")
        return next(iter(ids.values()))

    def _place(self, node: Node, at: QPointF | None, wire: Wire | None) -> tuple[float, float]:
        box = size_of(node)
        if at is not None:
            box.moveCenter(at)
            return float(round(box.x())), float(round(box.y()))
        if wire is not None:
            box.moveTopLeft(beside(self._scene.nodes[wire.source_node].box))
        else:
            box.moveCenter(self._view.to_scene(QPointF(self._view.viewport().rect().center())))
        corner = free_place(box, (item.box for item in self._scene.nodes.values()))
        return float(round(corner.x())), float(round(corner.y()))
