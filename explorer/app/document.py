"""The open graph, its file, and whether it has changes that are not saved."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from explorer.graph import FileError, Graph, examples, load


class Document(QObject):
    """One graph at a time. `replaced` when another takes its place, `changed` for title or state.

    A starter graph has a name and no path: saving it asks for one, so that it stays as it came.
    """

    replaced = Signal(object)
    changed = Signal()

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self.graph = Graph()
        self.path: Path | None = None
        self._name = ""
        self._listen()

    @property
    def title(self) -> str:
        """What the window shows for it."""
        return self.path.name if self.path else self._name or "Untitled"

    @property
    def is_example(self) -> bool:
        """Whether it is a starter graph, as it came or changed since."""
        return self.path is None and bool(self._name)

    @property
    def has_unsaved_changes(self) -> bool:
        return not self.graph.history.saved

    def new(self) -> None:
        """An empty graph."""
        self._replace(Graph(), None, "")

    def open(self, path: Path) -> None:
        """A graph from a file. FileError leaves the open one as it is."""
        self._replace(load(path), path, "")

    def open_example(self, name: str) -> None:
        """A starter graph. FileError leaves the open one as it is."""
        self._replace(examples.load_example(name), None, name)

    def save(self, path: Path) -> None:
        """Write it there, and belong to that file from now on. FileError changes nothing."""
        if path.is_dir():
            raise FileError(f"{path} is a folder; name a .json file in it")
        self.graph.save(path)
        self.path = path
        self.graph.history.mark_saved()
        self.changed.emit()

    def _replace(self, graph: Graph, path: Path | None, name: str) -> None:
        self.graph.edited.disconnect(self._edited)
        self.graph, self.path, self._name = graph, path, name
        graph.history.mark_saved()
        self._listen()
        self.replaced.emit(graph)
        self.changed.emit()

    def _listen(self) -> None:
        self.graph.edited.connect(self._edited)

    def _edited(self, label: str) -> None:
        self.changed.emit()
