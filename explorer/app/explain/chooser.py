"""Which number is explained: one of the tensors that the call wrote, and an index in it."""

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from explorer.app import theme
from explorer.app.panels.fields import Choice
from explorer.layers import shape_text
from explorer.program.explanation import Explanation, Written


class Chooser(QWidget):
    """A list of what the call wrote, and a field for the index: "3, 5".

    Signals:
        chosen(name, text): the person wants that tensor's element; "" is the largest one.
    """

    chosen = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._written: tuple[Written, ...] = ()
        self.tensors, self.index = Choice(), QLineEdit()
        self.tensors.setMinimumContentsLength(8)
        self.tensors.setAccessibleName("Tensor to explain")
        self.tensors.setToolTip("Which of what the call wrote")
        self.tensors.activated.connect(self._choose_tensor)
        self.index.setAccessibleName("Index to explain")
        self.index.setToolTip("Which number of it: an index for each axis, such as 3, 5")
        self.index.setFont(theme.code_font())
        self.index.setMaximumWidth(110)
        self.index.returnPressed.connect(self._choose_index)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.tensors, 1)
        row.addWidget(self.index)

    def show_chosen(self, explanation: Explanation) -> None:
        """Show what is explained."""
        element = explanation.element
        with QSignalBlocker(self.tensors):
            if explanation.written != self._written:
                self._written = explanation.written
                self.tensors.clear()
                for each in self._written:
                    self.tensors.addItem(f"{each.name}  {shape_text(each.shape)}", each.name)
            if element is not None:
                self.tensors.setCurrentIndex(self.tensors.findData(element.source.name))
        index = element.index if element else ()
        self.index.setText(", ".join(map(str, index)))
        self.index.setEnabled(bool(index))

    @Slot(int)
    def _choose_tensor(self, row: int) -> None:
        self.chosen.emit(self.tensors.itemData(row), "")

    @Slot()
    def _choose_index(self) -> None:
        self.chosen.emit(self.tensors.currentData(), self.index.text())
