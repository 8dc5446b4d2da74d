"""One tensor of the current call: its name, shape and statistics, a picture, and its numbers."""

import math

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout

from explorer.app import theme
from explorer.app.panels.buttons import IconButton
from explorer.app.panels.heat_map import HeatMap
from explorer.app.panels.notice import wrapping_label
from explorer.app.panels.number_table import NumberTable
from explorer.app.panels.numbers import plural, short
from explorer.layers import shape_text
from explorer.program import TensorSummary

_ROLES = {
    "input": "input",
    "parameter": "weight",
    "buffer": "kept from batch to batch",
    "output": "output",
    "cache": "kept for backward",
    "upstream": "gradient that arrives",
    "gradient": "gradient",
}
_STATISTICS = ("mean", "std", "min", "max", "norm")
_TIPS = {
    "mean": "The average of all numbers",
    "std": "The standard deviation: how far the numbers spread",
    "min": "The smallest number",
    "max": "The largest number",
    "norm": "The length: the root of the sum of squares",
}


class TensorCard(QFrame):
    """Shows one summary at a time; whether the numbers are open stays as the person left it."""

    def __init__(self) -> None:
        super().__init__()
        self._is_complete = True
        self._name, self._role = wrapping_label(), QLabel()
        self._name.setFont(theme.font(theme.TEXT_SIZE + 1, bold=True))
        self._name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._role.setProperty("role", "soft")
        self._toggle = IconButton("grid", "Numbers", "Show or hide the numbers")
        self._toggle.setCheckable(True)
        self._toggle.toggled.connect(self._show_table)
        self._single = QLabel()
        self._single.setFont(theme.code_font(theme.TITLE_SIZE))
        self._single.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._bad = wrapping_label()
        self._bad.setProperty("role", "error")
        self._map = HeatMap()
        self._table = NumberTable()
        self._part = wrapping_label()
        self._part.setProperty("role", "soft")
        self._rest = wrapping_label()
        self._rest.setProperty("role", "soft")
        self._numbers = {name: QLabel() for name in _STATISTICS}
        self._lay_out()
        self._show_table(False)

    def show_tensor(self, tensor: TensorSummary) -> None:
        """Show that tensor."""
        self._name.setText(f"{tensor.label}   {shape_text(tensor.shape)}")
        self._name.setToolTip(f"{tensor.variable} in the program, {tensor.dtype}")
        self._role.setText(_ROLES[tensor.role])
        is_single = math.prod(tensor.shape) == 1
        self._single.setVisible(is_single)
        if is_single:
            self._single.setText(short(tensor.table.reshape(-1)[0].item()))
        self._bad.setText(_about_bad(tensor))
        self._bad.setVisible(tensor.bad > 0)
        values = (tensor.mean, tensor.std, tensor.minimum, tensor.maximum, tensor.norm)
        for label, value in zip(self._numbers.values(), values, strict=True):
            label.setText(short(value))
        self._statistics.setVisible(not is_single)
        self._map.setVisible(not is_single)
        self._map.show_numbers(tensor.picture, tensor.places)
        self._part.setText(f"{tensor.pictured}" if not is_single else "")
        self._part.setVisible(bool(self._part.text()))
        self._table.show_numbers(tensor.table)
        seen_rows, seen_columns = tensor.table.shape
        self._rest.setText(f"The first {seen_rows} rows and {seen_columns} columns")
        self._is_complete = tensor.complete
        self._toggle.setVisible(not is_single)
        self._show_table(self._toggle.isChecked() and not is_single)
        self.setAccessibleName(f"{tensor.label}, {_ROLES[tensor.role]}, {self.in_words()}")

    def in_words(self) -> str:
        """The statistics in one line."""
        return ", ".join(f"{name} {label.text()}" for name, label in self._numbers.items())

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._name)
        names.addWidget(self._role)
        head = QHBoxLayout()
        head.addLayout(names, 1)
        head.addWidget(self._toggle)
        self._statistics = QFrame()
        grid = QGridLayout(self._statistics)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(0)
        for column, (name, label) in enumerate(self._numbers.items()):
            title = QLabel(name)
            title.setProperty("role", "soft")
            title.setFont(theme.font(theme.SMALL_SIZE - 1))
            label.setFont(theme.code_font(theme.SMALL_SIZE - 0.5))
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            for row, widget in enumerate((title, label)):
                widget.setToolTip(_TIPS[name])
                grid.addWidget(widget, row, column)
            grid.setColumnStretch(column, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, theme.SPACING, 0, theme.MARGIN)
        page.setSpacing(theme.SPACING)
        page.addLayout(head)
        for above in (self._single, self._bad, self._statistics):
            page.addWidget(above)
        for below in (self._map, self._part, self._table, self._rest):
            page.addWidget(below)

    @Slot(bool)
    def _show_table(self, shown: bool) -> None:
        self._table.setVisible(shown)
        self._rest.setVisible(shown and not self._is_complete)


def _about_bad(tensor: TensorSummary) -> str:
    count = math.prod(tensor.shape)
    return f"⚠ {tensor.bad:,} of {plural(count, 'number')} NaN or infinite; the rest is summed up"
