"""Keeping a group among the layers under a name, and taking it out of there again."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from explorer.app.panels.notice import Notice
from explorer.graph import FileError, Graph, GraphError, blocks
from explorer.graph.names import as_id

if TYPE_CHECKING:
    from explorer.app.main_window import MainWindow


def save_group(window: "MainWindow") -> None:
    """Ask for a name and keep the selected group under it."""
    chosen, graph = window.view.selected(), window.document.graph
    if len(chosen) != 1 or chosen[0] not in graph.groups:
        window.toast.tell("Select one group to save", refused=True)
        return
    dialog = BlockDialog(graph, chosen[0], window)
    if dialog.exec() == QDialog.DialogCode.Accepted:
        window.palette_panel.refresh()
        window.toast.tell(f"{dialog.name} is among the layers now, under Block")
    dialog.deleteLater()


def forget_block(window: "MainWindow", name: str) -> None:
    """Ask, and take a block out of the layers; nets that were made with it stay as they are."""
    buttons = QMessageBox.StandardButton
    question = f"Remove {name} from the layers? Nets that hold it stay as they are."
    if QMessageBox.question(window, "Remove block", question) != buttons.Yes:
        return
    try:
        blocks.forget(name)
    except FileError as error:
        window.toast.tell(str(error), refused=True)
        return
    window.palette_panel.refresh()
    window.toast.tell(f"{name} is no longer among the layers")


class BlockDialog(QDialog):
    """Asks what a block is called and what it is; stays open until that can be kept."""

    def __init__(self, graph: Graph, group: str, parent: QWidget | None = None):
        super().__init__(parent)
        self._graph, self._group = graph, group
        self.setWindowTitle("Save group to layers")
        self._name, self._text = QLineEdit(as_id(graph.groups[group].label)), QLineEdit()
        self._notice = Notice()
        for field, name, tip in (
            (self._name, "Name", "What the list of layers calls it: letters, digits and _"),
            (self._text, "What it is", "A sentence that its tooltip shows; may stay empty"),
        ):
            field.setAccessibleName(name)
            field.setToolTip(tip)
        self._text.setPlaceholderText("Two convolutions with a skip around them")
        form = QFormLayout()
        form.addRow("Name", self._name)
        form.addRow("What it is", self._text)
        kinds = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(kinds.Save | kinds.Cancel)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._column = column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self._notice)
        column.addWidget(self._buttons)
        self.setMinimumWidth(380)
        self._name.selectAll()

    @property
    def name(self) -> str:
        return self._name.text().strip()

    def accept(self) -> None:
        """Keep it and close; or say why it cannot be kept."""
        if blocks.is_own(self.name) and not self._may_replace():
            return
        try:
            blocks.keep(self._graph, self._group, self.name, self._text.text().strip())
        except (GraphError, FileError) as error:
            self._notice.tell("error", str(error))
            self._make_room()
            self._name.setFocus()
            return
        super().accept()

    def _make_room(self) -> None:
        """A sentence of several lines squeezes no field: Qt asks a window for one line of it."""
        wanted = self._column.totalHeightForWidth(self.width())
        self.resize(self.width(), max(self.height(), wanted))

    def _may_replace(self) -> bool:
        buttons = QMessageBox.StandardButton
        question = f"There is a block {self.name} already. Replace it?"
        return QMessageBox.question(self, "Replace block", question) == buttons.Yes
