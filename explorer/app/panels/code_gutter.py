"""The margin of a page of code: numbers, what ran, and breakpoints, which a click sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QTextBlock
from PySide6.QtWidgets import QWidget

from explorer.app import keys, theme
from explorer.app.breakpoint_mark import Mark, paint_mark

if TYPE_CHECKING:
    from explorer.app.panels.code_view import CodeView

_GAP, _BAR = 8, 3
_DOT, _RADIUS = 19, 5.0
"""How wide the column of breakpoints is, and how large one is drawn."""
_GHOST = 0.45
"""How much shows of the breakpoint that a click would set."""


class Gutter(QWidget):
    """`stops` is by line the one at which a breakpoint of it is seen, `marks` what is there.

    `clicked` tells a line, from 1, beside which somebody clicked; only lines in `stops`.
    """

    clicked = Signal(int)

    def __init__(self, view: CodeView):
        super().__init__(view)
        self._view = view
        self.stops: Mapping[int, int] = {}
        self.marks: Mapping[int, Mark] = {}
        self._pointed: int | None = None
        self.setMouseTracking(True)
        self.setAccessibleName("Breakpoints of the code")
        keys.changed.connect(self._say_what_it_is)
        self._say_what_it_is()

    @Slot()
    def _say_what_it_is(self) -> None:
        how = "Click beside a call: training stops there, or no longer {breakpoint}"
        self.setToolTip(keys.named_in(how))

    @property
    def ghost(self) -> int | None:
        """The line at which a click where the pointer is would set a breakpoint."""
        line = self.stops.get(self._pointed or 0)
        return None if line in self.marks else line

    def show_stops(self, stops: Mapping[int, int], marks: Mapping[int, Mark]) -> None:
        """Show other breakpoints, or those of another page."""
        self.stops, self.marks = stops, marks
        self.update()

    def sizeHint(self) -> QSize:
        digits = len(str(max(self._view.blockCount(), 1)))
        wide = self._view.fontMetrics().horizontalAdvance("9") * digits
        return QSize(_DOT + wide + _GAP, 0)

    # The mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self._line_at(event))

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Taken here, so that no text is selected by it."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        line = self._line_at(event)
        if event.button() == Qt.MouseButton.LeftButton and line in self.stops:
            self.clicked.emit(line)

    def _point_at(self, line: int | None) -> None:
        if line != self._pointed:
            self._pointed = line
            can_stop = line in self.stops
            shape = Qt.CursorShape.PointingHandCursor if can_stop else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            self.update()

    def _line_at(self, event: QMouseEvent) -> int | None:
        """The line beside a pointer, from 1; None below the last."""
        at = event.position()
        if not self.rect().contains(at.toPoint()):
            return None
        for block, top in self._view.blocks_in_view():
            if top <= at.y() < top + self._line_height:
                return block.blockNumber() + 1
        return None

    @property
    def _line_height(self) -> int:
        return self._view.fontMetrics().height()

    # How it looks

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._view.font())
        for block, top in self._view.blocks_in_view():
            self._paint_line(painter, block, int(top))
        painter.end()

    def _paint_line(self, painter: QPainter, block: QTextBlock, top: int) -> None:
        """A pointer where a line ran, a bar where it is selected, a dot where training stops."""
        colours, number, height = theme.current(), block.blockNumber() + 1, self._line_height
        is_marked = number == self._view.marked_line
        painter.setPen(QColor(colours.text if is_marked else colours.text_soft))
        box = QRect(0, top, self.width() - _GAP, height)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight, "▶" if is_marked else str(number))
        if number in self._view.selected_lines:
            painter.fillRect(0, top, _BAR, height, QColor(colours.accent))
        mark = self.marks.get(number)
        if mark is None and number == self.ghost:
            painter.setOpacity(_GHOST)
            mark = Mark(True, False)
        if mark is not None:
            paint_mark(painter, QPointF(_BAR + _RADIUS + 2, top + height / 2), _RADIUS, mark)
        painter.setOpacity(1.0)
