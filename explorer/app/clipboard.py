"""Cut, copy, paste and duplicate: nodes as the text of a graph's file, between windows too."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from explorer.app.canvas.placing import free_place, part_box, united
from explorer.graph import FileError, Graph, GraphError
from explorer.graph.edits import named
from explorer.graph.file import from_text, to_text
from explorer.graph.fragments import BESIDE, duplication, fragment
from explorer.graph.inserting import corner as corner_of
from explorer.graph.inserting import insertion

if TYPE_CHECKING:
    from explorer.app.main_window import MainWindow


class Clipboard:
    """Acts on what is selected in a window."""

    def __init__(self, window: "MainWindow"):
        self._window = window

    def copy(self, verb: str = "copy") -> bool:
        """Put the selected nodes, with the wires between them, on the clipboard."""
        chosen = self._window.view.selected()
        if not chosen:
            self._window.toast.tell(f"Select nodes to {verb} first", refused=True)
            return False
        text = to_text(fragment(self._window.document.graph, chosen))
        QGuiApplication.clipboard().setText(text)
        self._window.toast.tell(f"Copied {named(chosen)}")
        return True

    def cut(self) -> None:
        """Copy them, and delete them."""
        if self.copy("cut"):
            self._window.view.delete_selection()

    def paste(self) -> None:
        """Add what is on the clipboard at the pointer, or in the middle of the canvas."""
        text = QGuiApplication.clipboard().text()
        try:
            part = from_text(text)
        except FileError:
            self._window.toast.tell("The clipboard holds no nodes: copy some first", refused=True)
            return
        if not part.items():
            self._window.toast.tell("The clipboard holds a graph without nodes", refused=True)
            return
        graph = self._window.document.graph
        top = [item.id for item in part.items() if not item.group]
        at, level = self._place(part, top), self._window.scene.level
        edit, ids = insertion(graph, part, at, f"Paste {named(top)}", level)
        try:
            graph.do(edit)
        except GraphError as error:
            self._window.toast.tell(str(error), refused=True)
            return
        self._show([ids[id] for id in top], "Pasted")

    def _place(self, part: Graph, top: list[str]) -> tuple[float, float]:
        """The top left corner for a part whose middle is to be where the person points.

        It is moved aside where one of its items would lie exactly upon what is there.
        """
        view, scene = self._window.view, self._window.scene
        box = part_box(part)
        box.moveCenter(view.pointing.place())
        rest = view.snapping.at_rest(box.topLeft())
        corner = float(round(rest.x())), float(round(rest.y()))
        left, top_edge = corner_of(part.item(id) for id in top)
        offsets = [(x - left, y - top_edge) for x, y in (part.item(id).position for id in top)]
        here = (item for item in self._window.document.graph.items() if item.group == scene.level)
        taken = {item.position for item in here}
        while any((corner[0] + x, corner[1] + y) in taken for x, y in offsets):
            corner = corner[0] + BESIDE, corner[1] + BESIDE
        return corner

    def duplicate(self) -> None:
        """Add copies of the selected nodes below them, fed by the same wires."""
        chosen = self._window.view.selected()
        if not chosen:
            self._window.toast.tell("Select nodes to duplicate first", refused=True)
            return
        edit, ids = duplication(self._window.document.graph, chosen, (0.0, self._below(chosen)))
        self._window.document.graph.do(edit)
        self._show([ids[id] for id in chosen], "Duplicated")

    def _below(self, chosen: list[str]) -> float:
        """How far below what is selected a copy of it stands free."""
        scene = self._window.scene
        boxes = [scene.item(id).area for id in chosen]
        whole = united(boxes)
        cards = (item.area for item in scene.nodes.values())
        return round(free_place(whole, (*boxes, *cards)).y() - whole.top())

    def _show(self, ids: list[str], verb: str) -> None:
        view = self._window.view
        view.select(ids)
        view.bring_into_view(ids)
        view.setFocus()
        self._window.toast.tell(f"{verb} {named(ids)}")
