"""The head of a tensor view: what it shows, in which way, and what can be done with it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QLineEdit,
    QSizePolicy,
    QWidget,
)

from explorer.app import keys, theme
from explorer.app.panels.buttons import IconButton, WordButton
from explorer.app.panels.numbers import shape
from explorer.app.panels.wrapping_row import WrappingRow
from explorer.app.tensors.entry_name import EntryName
from explorer.program.viewing import Address, Entry

_TIPS = {
    "Table": "The numbers themselves",
    "Heat map": "Colours for numbers: blue below zero, orange above",
    "Histogram": "How often numbers of each size occur",
    "Images": "The last two axes as images side by side",
    "Curves": "Rows as curves over the columns",
}
_NAME = 60
"""How wide the name is at least, in points: what else is on its line goes on below before."""


class ViewHeader(QWidget):
    """Name, shape and kind of a tensor; buttons for ways to look at it, and to keep it.

    Signals:
        way_chosen(way), go_to_wanted(text), edit_wanted(), nudge_wanted(), pin_wanted(),
        compare_wanted(), save_wanted().
    """

    way_chosen = Signal(str)
    go_to_wanted = Signal(str)
    edit_wanted = Signal()
    nudge_wanted = Signal()
    pin_wanted = Signal()
    compare_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, ways: Sequence[str]):
        super().__init__()
        self._has_controls = True
        self._name = EntryName()
        self._ways = QButtonGroup(self)
        self._buttons = {way: WordButton(way, way, _TIPS[way]) for way in ways}
        for button in self._buttons.values():
            self._ways.addButton(button)
        self._ways.buttonClicked.connect(self._on_way)
        self._go_to = QLineEdit()
        self._go_to.setPlaceholderText("Go to 0, 0")
        self._go_to.setAccessibleName("Go to an index")
        self._go_to.setToolTip("Type an index for each axis, and press Enter")
        self._go_to.setFixedWidth(84)
        self._go_to.returnPressed.connect(self._on_go_to)
        self._edit = IconButton(
            "edit", "Edit the number", "Let the chosen number be another", "edit_number"
        )
        self._nudge = IconButton(
            "nudge",
            "Nudge the number",
            "See how the loss changes with the chosen number, beside its gradient",
            "nudge_number",
        )
        self._edit.clicked.connect(self.edit_wanted)
        self._nudge.clicked.connect(self.nudge_wanted)
        self._pin = IconButton(
            "pin", "Pin", "Keep a copy of it as it is now, to compare with", "pin_tensor"
        )
        self._compare = IconButton(
            "compare", "Compare", "Set it beside a pin or another tensor", "compare_tensor"
        )
        self._save = IconButton("save", "Save", "Save all of it as .npy or .csv", "save_tensor")
        self._pin.clicked.connect(self.pin_wanted)
        self._compare.clicked.connect(self.compare_wanted)
        self._save.clicked.connect(self.save_wanted)
        self._lay_out()

    @property
    def compare_button(self) -> QWidget:
        return self._compare

    @property
    def nudge_button(self) -> QWidget:
        return self._nudge

    def show_entry(self, entry: Entry) -> None:
        """Show what a tensor is."""
        address, title = entry.address, entry.label.title
        details = f"{shape(entry.shape)} · {entry.dtype} · {entry.device}"
        self._name.show_name(title, details)
        in_program = f"\n{entry.variable} in the program" if entry.variable else ""
        self._name.setToolTip(f"{title}, {details}{in_program}")
        self._name.setAccessibleName(f"{title}, {details}")
        self._go_to.setVisible(bool(entry.shape) and self._has_controls)
        self._go_to.setPlaceholderText(f"Go to {', '.join('0' for _ in entry.shape)}")
        self._pin.allow(isinstance(address, Address) and address.among != "pins", "It is a copy")
        self._compare.allow(isinstance(address, Address), "It is a comparison")

    def allow_editing(self, why_not: str) -> None:
        """Whether numbers can be edited; why not is told in a tooltip."""
        self._edit.allow(not why_not, keys.named_in(why_not))

    def show_ways(self, offered: Sequence[str], chosen: str) -> None:
        """Offer ways to look at it, one of which is in use."""
        for way, button in self._buttons.items():
            button.setVisible(way in offered and self._has_controls)
            button.setChecked(way == chosen)

    def show_name_only(self) -> None:
        """Leave everything else to the view beside it."""
        self._has_controls = False
        for part in self._controls:
            part.hide()

    def go_to(self) -> None:
        """Give the keyboard to the field for an index."""
        self._go_to.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._go_to.selectAll()

    def _lay_out(self) -> None:
        self._name.setMinimumWidth(_NAME)
        self._name.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        line = WrappingRow(2, self, below=theme.SPACING)
        line.setContentsMargins(theme.MARGIN, theme.SPACING, theme.MARGIN, 0)
        tools = (self._go_to, self._edit, self._nudge, self._pin, self._compare, self._save)
        self._controls = (*self._buttons.values(), *tools)
        for part in (self._name, *self._controls):
            line.addWidget(part)
            part.setProperty("role", "compact")

    @Slot(object)
    def _on_way(self, button: WordButton) -> None:
        self.way_chosen.emit(button.text())

    @Slot()
    def _on_go_to(self) -> None:
        self.go_to_wanted.emit(self._go_to.text())
