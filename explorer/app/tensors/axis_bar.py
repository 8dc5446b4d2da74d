"""What each axis of a tensor is to the view: its rows, its columns, one index, or reduced."""

from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from explorer.app import theme
from explorer.app.panels.slider import Slider
from explorer.app.panels.wrapping_row import WrappingRow
from explorer.app.tensors.sight import Sight, axis_name
from explorer.program.viewing import Cut, Entry, Use

_USES: dict[str, Use] = {
    "rows": "rows",
    "columns": "columns",
    "index": 0,
    "mean": "mean",
    "farthest from 0": "peak",
    "norm": "norm",
}
_TIPS = {
    "rows": "This axis runs down",
    "columns": "This axis runs across",
    "index": "One index of this axis is shown",
    "mean": "The mean over this axis is shown",
    "farthest from 0": "Of this axis the number farthest from 0 is shown, with its sign",
    "norm": "The norm over this axis is shown: the root of the sum of squares",
}
_SLIDER = 64
"""How wide the slider for an index is, in points."""


class AxisBar(QWidget):
    """A part for each axis, in as many lines as it takes.

    Signals:
        changed(cut): a person cuts the tensor in another way.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._cut = Cut(())
        self._shape: tuple[int, ...] = ()
        self._axes: list[_Axis] = []
        self._flow = WrappingRow(theme.MARGIN, self, below=2)
        self._flow.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        self.hide()

    def make(self, count: int) -> None:
        """Have the parts for so many axes."""
        while len(self._axes) < count:
            axis = _Axis()
            axis.used.connect(partial(self._use, len(self._axes)))
            self._axes.append(axis)
            self._flow.addWidget(axis)

    def show_sight(self, sight: Sight) -> None:
        """Show how a tensor is cut."""
        self._cut, self._shape = sight.cut, sight.entry.shape
        self.make(len(self._shape))
        for number, axis in enumerate(self._axes):
            axis.setVisible(number < len(self._shape))
            if number < len(self._shape):
                axis.show_use(sight.entry, number, sight.cut.uses[number])

    def _use(self, number: int, use: Use) -> None:
        """Use an axis in another way; who had that place before takes over what it had."""
        uses = list(self._cut.uses)
        if use in ("rows", "columns") and use in uses:
            other = uses.index(use)
            before = uses[number]
            size = self._shape[other]
            uses[other] = min(before, max(size - 1, 0)) if isinstance(before, int) else before
        uses[number] = use
        if uses != list(self._cut.uses):
            self._cut = Cut(tuple(uses))
            self.changed.emit(self._cut)


class _Axis(QWidget):
    """One axis: its name and size, what it is used as, and which index is shown.

    Signals:
        used(use): a person uses it in another way.
    """

    used = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._name = QLabel()
        self._how = QComboBox()
        for text in _USES:
            self._how.addItem(text)
            self._how.setItemData(self._how.count() - 1, _TIPS[text], Qt.ItemDataRole.ToolTipRole)
        self._how.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._how.setMinimumContentsLength(5)
        self._how.view().setMinimumWidth(
            self._how.fontMetrics().horizontalAdvance("farthest from 0…")
        )
        self._how.textActivated.connect(self._on_how)
        self._index, self._slider = QSpinBox(), Slider()
        self._slider.setFixedWidth(_SLIDER)
        self._index.valueChanged.connect(self._on_index)
        self._slider.valueChanged.connect(self._index.setValue)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACING)
        for part in (self._name, self._how, self._index, self._slider):
            line.addWidget(part)
        self._name_parts("an axis")

    def _name_parts(self, axis: str) -> None:
        for part, what in (
            (self._how, f"What {axis} is used as"),
            (self._index, f"Index of {axis}"),
            (self._slider, f"Index of {axis}, by dragging"),
        ):
            part.setAccessibleName(what)
            part.setToolTip(what)

    def show_use(self, entry: Entry, axis: int, use: Use) -> None:
        """Show what that axis of a tensor is used as."""
        name, size = axis_name(entry, axis), entry.shape[axis]
        self._name.setText(
            f"{name}  <span style='color:{theme.current().text_soft}'>{size:,}</span>"
        )
        self._name.setToolTip(f"Axis {axis}, {size:,} long")
        self._name_parts(name)
        is_index = isinstance(use, int)
        text = "index" if is_index else next(text for text, each in _USES.items() if each == use)
        self._how.setCurrentText(text)
        self._how.setToolTip(_TIPS[text])
        for number in (self._index, self._slider):
            with QSignalBlocker(number):
                number.setRange(0, max(size - 1, 0))
                number.setValue(use if isinstance(use, int) else 0)
            number.setVisible(is_index)

    @Slot(str)
    def _on_how(self, text: str) -> None:
        self.used.emit(_USES[text])

    @Slot(int)
    def _on_index(self, index: int) -> None:
        with QSignalBlocker(self._slider):
            self._slider.setValue(index)
        self.used.emit(index)
