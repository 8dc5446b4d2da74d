"""Cut, copy, paste and duplicate: nodes as the text of a graph's file, between windows too."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from explorer.graph import FileError, GraphError
from explorer.graph.edits import named
from explorer.graph.file import from_text, to_text
from explorer.graph.fragments import BESIDE, duplication, fragment
from explorer.graph.inserting import corner, insertion

if TYPE_CHECKING:
    from explorer.app.main_window import MainWindow


class Clipboard:
    """Acts on what is selected in a window."""

    def __init__(self, window: "MainWindow"):
        self._window = window
        self._pasted = ("", 0)

    def copy(self) -> bool:
        """Put the selected nodes, with the wires between them, on the clipboard."""
        chosen = self._window.view.selected()
        if not chosen:
            self._window.toast.tell("Select nodes to copy first", refused=True)
            return False
        text = to_text(fragment(self._window.document.graph, chosen))
        QGuiApplication.clipboard().setText(text)
        self._pasted = (text, 0)
        self._window.toast.tell(f"Copied {named(chosen)}")
        return True

    def cut(self) -> None:
        """Copy them, and delete them."""
        if self.copy():
            self._window.view.delete_selection()

    def paste(self) -> None:
        """Add what is on the clipboard beside where it was; each time a little further."""
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
        before, times = self._pasted
        self._pasted = (text, times + 1 if text == before else 1)
        away = self._pasted[1] * BESIDE
        top = [item.id for item in part.items() if not item.group]
        x, y = corner(part.item(id) for id in top)
        level = self._window.scene.level
        edit, ids = insertion(graph, part, (x + away, y + away), f"Paste {named(top)}", level)
        try:
            graph.do(edit)
        except GraphError as error:
            self._window.toast.tell(str(error), refused=True)
            return
        self._show([ids[id] for id in top])

    def duplicate(self) -> None:
        """Add copies of the selected nodes, fed by the same wires."""
        chosen = self._window.view.selected()
        if not chosen:
            self._window.toast.tell("Select nodes to duplicate first", refused=True)
            return
        edit, ids = duplication(self._window.document.graph, chosen)
        self._window.document.graph.do(edit)
        self._show([ids[id] for id in chosen])

    def _show(self, ids: list[str]) -> None:
        view = self._window.view
        view.select(ids)
        view.bring_into_view(ids)
        view.setFocus()
        self._window.toast.tell(f"Added {named(ids)}")
