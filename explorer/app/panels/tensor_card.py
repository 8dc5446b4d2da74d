"""One tensor of the current call: its name, shape and statistics, a picture, and its numbers."""

import math
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QMenu, QVBoxLayout

from explorer.app import theme
from explorer.app.panels.buttons import IconButton
from explorer.app.panels.figures import Figures
from explorer.app.panels.notice import wrapping_label
from explorer.app.panels.numbers import plural, short
from explorer.app.tensors.client import TensorClient
from explorer.app.tensors.heat_map import CardHeatMap
from explorer.app.tensors.number_table import NumberTable
from explorer.app.tensors.sight import Index, Sight
from explorer.app.what_if.requests import Edited
from explorer.layers import shape_text
from explorer.program import TensorSummary
from explorer.program.explanation import Box, Lit
from explorer.program.viewing import Address, Entry, Label, first_cut

_ROLES = {
    "input": "input",
    "parameter": "weight",
    "buffer": "kept from batch to batch",
    "output": "output",
    "cache": "kept for backward",
    "upstream": "gradient that arrives",
    "gradient": "gradient",
    "memory": "kept by the optimizer",
    "new": "by the update",
    "measure": "measured",
    "part": "within this call",
}
_MEASURES = {
    "lr": "learning rate",
    "ratio": "length of the difference over that of the weight",
    "loss_before": "loss of this batch before the updates",
    "loss_alone": "loss of this batch with this update alone",
    "Δloss": "what this update alone adds to the loss of this batch",
    "loss_so_far": "loss of this batch with all updates up to this one",
}
_TALLEST = 190
"""How high a card's table is at most."""
_TIPS = {
    "mean": "The average of all numbers",
    "std": "The standard deviation: how far the numbers spread",
    "min": "The smallest number",
    "max": "The largest number",
    "norm": "The length: the root of the sum of squares",
}


def role_of(tensor: TensorSummary) -> str:
    """What a tensor is to the call that read or wrote it."""
    return _MEASURES.get(tensor.label, "") or _ROLES[tensor.role]


class TensorCard(QFrame):
    """Shows one summary at a time; whether the numbers are open stays as the person left it.

    Signals:
        open_requested(address): the person wants to look at the tensor more closely.
        chosen(variable, index): the person put the cursor on a number.
        watch_requested(address, label): the person wants to see it behind each step.
    """

    open_requested = Signal(object)
    watch_requested = Signal(object, str)
    chosen = Signal(str, tuple)

    def __init__(self, client: TensorClient) -> None:
        super().__init__()
        self._client = client
        self._tensor: TensorSummary | None = None
        self._boxes: tuple[Box, ...] = ()
        self._name, self._role = wrapping_label(), wrapping_label()
        self._name.setFont(theme.font(theme.TEXT_SIZE + 1, bold=True))
        self._role.setProperty("role", "soft")
        self._toggle = IconButton("grid", "Numbers", "Show or hide the numbers")
        self._toggle.setCheckable(True)
        self._toggle.toggled.connect(self._show_table)
        self._open = IconButton("expand", "Open", "Look at all of it: double-click does so, too")
        self._open.clicked.connect(self._on_open)
        self._single = QLabel()
        self._single.setFont(theme.code_font(theme.TITLE_SIZE))
        self._single.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._bad = wrapping_label()
        self._bad.setProperty("role", "error")
        self._edited = wrapping_label()
        self._edited.setProperty("role", "edited")
        self._edits: Mapping[Index, str] = {}
        self._map = CardHeatMap()
        self._table: NumberTable | None = None
        self._part = wrapping_label()
        self._part.setProperty("role", "soft")
        self._rest = wrapping_label()
        self._rest.setProperty("role", "soft")
        self.statistics = Figures(_TIPS)
        self._lay_out()
        self._show_table(False)

    def show_tensor(self, tensor: TensorSummary) -> None:
        """Show that tensor."""
        self._tensor = tensor
        self.light(None)
        self._name.setText(f"{tensor.label}   {shape_text(tensor.shape)}")
        self._name.setToolTip(f"{tensor.variable} in the program, {tensor.dtype}")
        role = role_of(tensor)
        self._role.setText(role)
        is_single = self._is_single
        self._single.setVisible(is_single)
        if is_single:
            self._single.setText(short(tensor.first[0].item()))
        known = tensor.statistics
        self._bad.setText(_about_bad(tensor))
        self._bad.setVisible(known.bad > 0)
        values = (known.mean, known.std, known.minimum, known.maximum, known.norm)
        named = zip(_TIPS, map(short, values), strict=True)
        self.statistics.show_figures(dict(named))
        self.statistics.setVisible(not is_single)
        self._map.setVisible(not is_single)
        self._map.show_picture(tensor.picture)
        self._part.setText(tensor.pictured if not is_single else "")
        self._part.setVisible(bool(self._part.text()))
        self._toggle.setVisible(not is_single)
        self._show_table(self._toggle.isChecked())
        self.setAccessibleName(f"{tensor.label}, {role}, {self.statistics.in_words}")

    @property
    def address(self) -> Address | None:
        """Where the tensor is found that is shown."""
        return self._tensor.address if self._tensor else None

    @property
    def _is_single(self) -> bool:
        return self._tensor is not None and math.prod(self._tensor.shape) == 1

    def light(self, lit: Lit | None) -> None:
        """Frame the numbers that something was made with; None frames none."""
        self._map.light(list(lit.framed) if lit else [])
        self._boxes = lit.boxes if lit else ()
        if self._table is not None:
            self._table.numbers.light(self._boxes)

    def show_edits(self, edits: Sequence[Edited]) -> None:
        """Say which numbers of it are edited, and mark them."""
        self._edits = {each.edit.index: f"edited: {each}" for each in edits}
        self._edited.setText("\n".join(f"Edited: {each}" for each in edits))
        self._edited.setVisible(bool(edits))
        if self._table is not None:
            self._table.numbers.show_edits(self._edits)

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._name)
        names.addWidget(self._role)
        head = QHBoxLayout()
        head.addLayout(names, 1)
        head.addWidget(self._toggle)
        head.addWidget(self._open)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, theme.SPACING, 0, theme.MARGIN)
        page.setSpacing(theme.SPACING)
        page.addLayout(head)
        for above in (self._edited, self._single, self._bad, self.statistics):
            page.addWidget(above)
        for below in (self._map, self._part, self._rest):
            page.addWidget(below)
        self._page = page

    @Slot(bool)
    def _show_table(self, shown: bool) -> None:
        tensor = self._tensor
        shown = shown and not self._is_single
        if shown and tensor is not None:
            self._fill_table(tensor)
        elif self._table is not None:
            self._table.hide()
        self._rest.setVisible(shown and bool(self._rest.text()))

    def _fill_table(self, tensor: TensorSummary) -> None:
        if self._table is None:
            self._table = NumberTable(self._client)
            self._table.chosen.connect(self._choose)
            self._page.insertWidget(self._page.indexOf(self._rest), self._table)
        label = Label("value", tensor.label, tensor.label)
        entry = Entry(tensor.address, label, tensor.shape, tensor.dtype, "cpu")
        sight = Sight(entry, first_cut(tensor.shape))
        self._table.show_sight(sight)
        self._table.numbers.light(self._boxes)
        self._table.numbers.show_edits(self._edits)
        self._table.setFixedHeight(self._table.height_for(sight.size[0], _TALLEST))
        self._table.show()
        has_more = len(tensor.shape) > 2
        self._rest.setText("The last two axes, at index 0 of the others" if has_more else "")

    @Slot(int, int)
    def _choose(self, row: int, column: int) -> None:
        if self._tensor is not None:
            axes = len(self._tensor.shape)
            index = (0,) * (axes - 2) + ((row, column) if axes > 1 else (column,))
            self.chosen.emit(self._tensor.variable, index)

    @Slot()
    def _on_open(self) -> None:
        if self._tensor is not None:
            self.open_requested.emit(self._tensor.address)

    @Slot()
    def _on_copy(self) -> None:
        text = self._single.text() if self._is_single else self.accessibleName()
        QApplication.clipboard().setText(text)

    @Slot()
    def _on_watch(self) -> None:
        if self._tensor is not None:
            self.watch_requested.emit(self._tensor.address, self._tensor.label)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._tensor is None:
            return
        menu = QMenu(self)
        menu.addAction("Open the tensor", self._on_open)
        what = "number" if self._is_single else "statistics"
        menu.addAction(f"Copy the {what}", self._on_copy)
        if self._tensor.role != "cache":
            menu.addAction("Add to watch", self._on_watch)
        menu.exec(event.globalPos())
        menu.deleteLater()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._on_open()


def _about_bad(tensor: TensorSummary) -> str:
    known = tensor.statistics
    count = plural(known.count, "number")
    if known.bad == known.count:
        return f"⚠ {'It is' if known.count == 1 else f'All {count} are'} NaN or infinite"
    return f"⚠ {known.bad:,} of {count} NaN or infinite; the rest is summed up"
