"""Opening and saving as a person does it: dialogs, recent files, and nothing lost on the way."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from explorer.app.document import Document
from explorer.graph import FileError, examples

RECENT = 8
_GRAPHS = "Graphs (*.json)"
_WEIGHTS = "Weights (*.safetensors)"
_PICTURES = "Picture (*.png);;Drawing that stays sharp (*.svg);;Page to print (*.pdf)"


class Files(QObject):
    """Asks where, asks before changes would be lost, and tells what went wrong."""

    refused = Signal(str)
    told = Signal(str)
    recent_changed = Signal()

    def __init__(self, document: Document, settings: QSettings, window: QWidget):
        super().__init__(window)
        self._document = document
        self._settings = settings
        self._window = window

    @property
    def recent(self) -> list[Path]:
        """The files used last that are still there, the latest first."""
        stored = self._settings.value("recent", [])
        names = stored if isinstance(stored, list) else [stored]
        return [path for name in names if (path := Path(str(name))).is_file()]

    def new(self) -> None:
        if self.may_leave():
            self._document.new()

    def open(self, path: Path | None = None) -> bool:
        """Open a file; ask for one where none is given. Whether it is open now.

        A starter graph's file stays as it came.
        """
        if not self.may_leave():
            return False
        if path is None:
            name, _ = QFileDialog.getOpenFileName(self._window, "Open graph", self._folder, _GRAPHS)
            if not name:
                return False
            path = Path(name)
        if path.resolve().parent == examples.FOLDER:
            return self._try(lambda: self._document.open_example(path.stem))
        if not self._try(lambda: self._document.open(path)):
            return False
        self._remember(path)
        return True

    def open_example(self, name: str) -> None:
        """Open a starter graph and say what it is."""
        if self.may_leave() and self._try(lambda: self._document.open_example(name)):
            self.told.emit(examples.about(self._document.graph))

    def save(self) -> bool:
        """Write to the document's file; ask for one where it has none yet."""
        if self._document.path is None:
            return self.save_as()
        return self._save(self._document.path)

    def save_as(self) -> bool:
        path = self._ask_where("Save graph", _GRAPHS)
        return path is not None and self._save(path)

    def ask_picture(self) -> Path | None:
        """Where to put a picture of the canvas."""
        return self._ask_where("Save picture", _PICTURES)

    def ask_weights_to_save(self) -> Path | None:
        return self._ask_where("Save weights", _WEIGHTS)

    def ask_weights_to_load(self) -> Path | None:
        name, _ = QFileDialog.getOpenFileName(self._window, "Load weights", self._folder, _WEIGHTS)
        return Path(name) if name else None

    def may_leave(self) -> bool:
        """Whether the open graph may go: it is saved, or the person lets its changes go."""
        if not self._document.has_unsaved_changes:
            return True
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(f"Save the changes to {self._document.title}?")
        box.setInformativeText("They are lost if you do not save them.")
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        answer = box.exec()
        return answer == buttons.Discard or (answer == buttons.Save and self.save())

    @property
    def _folder(self) -> str:
        path = self._document.path
        return str(path.parent if path else self._settings.value("folder", str(Path.home())))

    def _ask_where(self, title: str, kinds: str) -> Path | None:
        """Where to write a file of the chosen kind; a name without an ending gets the kind's."""
        start = Path(self._folder) / f"{Path(self._document.title).stem}{_suffix(kinds)}"
        name, kind = QFileDialog.getSaveFileName(self._window, title, str(start), kinds)
        if not name:
            return None
        path = Path(name)
        if path.suffix and not path.suffix[1:].isdigit():  # "net 0.2" has none yet
            return path
        path = path.with_name(path.name + _suffix(kind or kinds))
        return path if self._may_replace(path) else None

    def _may_replace(self, path: Path) -> bool:
        """Whether a file that the dialog did not ask about, as its name was longer, may go."""
        if not path.exists():
            return True
        buttons = QMessageBox.StandardButton
        question = f"{path.name} is there already. Replace it?"
        answer = QMessageBox.question(self._window, "Replace file", question)
        return answer == buttons.Yes

    def _save(self, path: Path) -> bool:
        if not self._try(lambda: self._document.save(path)):
            return False
        self._remember(path)
        self.told.emit(f"Saved to {path}")
        return True

    def _remember(self, path: Path) -> None:
        path = path.resolve()
        names = [str(path), *(str(old) for old in self.recent if old != path)]
        self._settings.setValue("recent", names[:RECENT])
        self._settings.setValue("folder", str(path.parent))
        self.recent_changed.emit()

    def _try(self, work: Callable[[], None]) -> bool:
        try:
            work()
        except FileError as error:
            self.refused.emit(str(error))
            return False
        return True


def _suffix(kinds: str) -> str:
    """The first ending in a list of kinds: ".png" of "Picture (*.png);;…"."""
    return kinds.partition("(*")[2].partition(")")[0]
