"""What keys and menus do to the canvas: add, delete, nudge, rename, click on wires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from explorer.app.canvas.healing import healing

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
            heals = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            self.delete_and_join() if heals else self.delete_selection()
        elif key == Qt.Key.Key_Tab and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self._view.quick_add()
        elif key == Qt.Key.Key_F2:
            self.rename()
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

    def delete_and_join(self) -> None:
        """Delete what is selected; who read a deleted node reads what that node read."""
        ids, wires = self._scene.selected(), self._scene.selected_wires()
        if not ids:
            self.delete_selection()
            return
        edit, joins = healing(self._scene.graph, ids, wires)
        self._scene.graph.do(edit)
        joined = [f"{wire.target} now reads {wire.source}" for wire in joins]
        if len(joined) > 2:
            joined = [f"{len(joined)} wires joined"]
        self._view.told.emit("; ".join(joined) or f"{edit.label}: nothing to join")

    def rename(self) -> None:
        """Let the person change the name of the one selected node where it stands."""
        chosen = self._scene.selected()
        if len(chosen) == 1:
            self._view.rename(chosen[0])
        else:
            self._view.refused.emit("Select one node to rename")

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
