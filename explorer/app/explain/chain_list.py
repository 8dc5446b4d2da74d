"""The factors of the chain rule, one below the other: each goes to its call, and tells its gain.

A factor has two lines, so that its name has all the width there is.
"""

import math
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from explorer.app import theme
from explorer.app.explain.ink import number
from explorer.app.panels.buttons import TextButton
from explorer.app.panels.notice import wrapping_label
from explorer.program.explanation import Chain, Factor

MOST = 40
"""So many factors are listed at most: of a long chain those nearest."""

_INDENT = 12
"""Where the words of a link begin, in points."""
_NARROWEST = 60
"""A long factor is cut in its middle rather than make the panel wider than this, in points."""


class ChainList(QWidget):
    """One row for each factor, from the loss to here.

    Signals:
        chosen(index): the person wants to go to that call.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[_Row] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACING)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self._left_out = _quiet("")
        self._grid.addWidget(self._left_out, 0, 0, 1, 3)
        self._titles = _quiet("gain"), _quiet("length")
        for column, title in enumerate(self._titles, 1):
            self._grid.addWidget(title, 1, column)

    def show_chain(self, chain: Chain, here: int) -> None:
        """Show these factors; the call `here` is the one that is explained."""
        factors = chain.factors[-MOST:]
        hidden = len(chain.factors) - len(factors)
        self._left_out.setText(f"{hidden:,} factors nearer to the loss are not listed")
        self._left_out.setVisible(bool(hidden))
        while len(self._rows) < len(factors):
            row = _Row()
            row.go.clicked.connect(self._on_go)
            self._rows.append(row)
            line = 2 * len(self._rows)
            self._grid.addWidget(row.go, line, 0, 1, 3, Qt.AlignmentFlag.AlignLeft)
            for column, widget in enumerate(row.told):
                self._grid.addWidget(widget, line + 1, column)
        is_computed = any(f.leaving is not None for f in factors)
        for title in self._titles:
            title.setVisible(is_computed)
        longest = max((f.leaving for f in factors if f.leaving is not None), default=0.0)
        for number_, row in enumerate(self._rows):
            if number_ < len(factors):
                row.show_factor(factors[number_], factors[number_].call == here, longest)
            else:
                row.hide()

    @Slot()
    def _on_go(self) -> None:
        self.chosen.emit(self.sender().property("call"))


class _Row:
    """A factor, whose it is, how much it stretches the gradient, and how long that is behind it."""

    def __init__(self) -> None:
        self.go = TextButton("", "Go to this call")
        self.go.setProperty("role", "link")
        self.go.setMinimumWidth(_NARROWEST)
        self.whose, self.gain, self.bar = wrapping_label(), QLabel(), _Bar()
        self.whose.setProperty("role", "soft")
        self.whose.setIndent(_INDENT)
        self.gain.setFont(theme.code_font(theme.SMALL_SIZE))
        self.gain.setToolTip("How many times as long the gradient is behind this factor")
        self.told: Sequence[QWidget] = (self.whose, self.gain, self.bar)

    def show_factor(self, factor: Factor, is_here: bool, longest: float) -> None:
        self.go.setText(factor.symbol)
        self.go.setProperty("call", factor.call)
        font = theme.code_font(theme.SMALL_SIZE)
        font.setBold(is_here)
        self.go.setFont(font)
        whose = factor.layer or f"paths meet at {factor.node}"
        self.go.setAccessibleName(f"Go to {factor.symbol}, {whose}")
        self.whose.setText(f"{whose}, here" if is_here else whose)
        self.whose.setToolTip(factor.equation)
        self.gain.setText("" if factor.gain is None else f"×{number(factor.gain)}")
        self.bar.show_length(factor.leaving, longest)
        for widget in (self.go, *self.told):
            widget.show()
        self.bar.setVisible(factor.leaving is not None)

    def hide(self) -> None:
        for widget in (self.go, *self.told):
            widget.hide()


class _Bar(QWidget):
    """How long the gradient is, against the longest of the chain, by powers of ten."""

    _DECADES = 4

    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_length(self, length: float | None, longest: float) -> None:
        self._share = 0.0
        if length and longest and math.isfinite(length):
            self._share = max(1 + math.log10(length / longest) / self._DECADES, 0.04)
        told = "not computed yet" if length is None else number(length)
        self.setToolTip(f"The length of the gradient behind this factor: {told}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(44, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = theme.current()
        painter.fillRect(self.rect(), QColor(colours.hover))
        box = QRectF(self.rect())
        box.setWidth(box.width() * min(self._share, 1.0))
        painter.fillRect(box, QColor(colours.backward))
        painter.end()


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "soft")
    label.setFont(theme.font(theme.SMALL_SIZE))
    return label
