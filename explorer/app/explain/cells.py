"""A small matrix of which each cell is a number: what was used is framed, and any can be chosen."""

from typing import ClassVar

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from explorer.app import theme
from explorer.app.explain.ink import number
from explorer.program.explanation import Picture

_TALLEST = 130.0
_LARGEST = 20.0
_SMALLEST = 4.0
_FADED = 0.72
"""How far what was not used fades into the panel."""


class Cells(QWidget):
    """Shows a picture of a tensor; the arrow keys go from cell to cell where it `can_choose`.

    Signals:
        chosen(index): a cell was clicked, or gone to; the index of its number in the tensor.
    """

    chosen = Signal(tuple)
    _STEPS: ClassVar[dict[int, tuple[int, int]]] = {
        Qt.Key.Key_Left: (0, -1),
        Qt.Key.Key_Right: (0, 1),
        Qt.Key.Key_Up: (-1, 0),
        Qt.Key.Key_Down: (1, 0),
    }

    def __init__(self, can_choose: bool = False) -> None:
        super().__init__()
        self._can_choose = can_choose
        self._picture: Picture | None = None
        self._fades = False
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Nothing yet")
        if can_choose:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._redraw)

    def show_picture(self, picture: Picture, fades: bool) -> None:
        """Show this one; with `fades` what was not used is pale."""
        self._picture, self._fades = picture, fades
        self.setAccessibleName(f"{picture.name}{picture.part}: {self._in_words()}")
        self._redraw()
        self._fit()

    @property
    def picture(self) -> Picture | None:
        return self._picture

    def cell(self, row: int, column: int) -> QPointF:
        """The middle of a cell, in the widget's points."""
        box, (rows, columns) = self._box(), self._numbers().shape
        return QPointF(
            box.left() + (column + 0.5) * box.width() / columns,
            box.top() + (row + 0.5) * box.height() / rows,
        )

    def number_at(self, at: QPointF) -> str:
        """The number at a point, in words; "" beside the picture."""
        place = self._place(at)
        if place is None or self._picture is None:
            return ""
        index = ", ".join(map(str, self._picture.index_at(*place)))
        name = (
            self._picture.source.name if self._picture.name.startswith("∂") else self._picture.name
        )
        where = f"{name}[{index}]" if index else name
        slope = "slope by " if self._picture.name.startswith("∂") else ""
        return f"{slope}{where} = {number(float(self._picture.numbers[place]))}"

    def _in_words(self) -> str:
        assert self._picture is not None
        rows, columns = self._picture.numbers.shape
        used = int(self._picture.lit.sum())
        return f"{rows} by {columns} numbers, of which {used} count here"

    def _numbers(self) -> np.ndarray:
        return self._picture.numbers if self._picture else np.zeros((1, 1))

    # How it looks

    @Slot()
    def _redraw(self) -> None:
        numbers = self._numbers()
        finite = np.abs(numbers[np.isfinite(numbers)])
        limit = float(finite.max()) if finite.size and finite.max() else 1.0
        pixels = theme.diverging(np.clip(numbers / limit, -1, 1)).astype(np.float64)
        if self._fades and self._picture is not None:
            panel = np.array(QColor(theme.current().panel).getRgb(), dtype=np.float64)
            pale = ~self._picture.lit
            pixels[pale] += (panel - pixels[pale]) * _FADED
        shown = np.ascontiguousarray(pixels.round().astype(np.uint8))
        rows, columns = numbers.shape
        image = QImage(shown.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
        self._image = image.copy()
        self.update()

    def _box(self) -> QRectF:
        """Cells are square while that leaves them large enough to hit."""
        rows, columns = self._numbers().shape
        room = max(self.width() - 3.0, 1.0)
        cell = min(room / columns, _TALLEST / rows, _LARGEST)
        wide, high = max(cell, min(room / columns, _SMALLEST)), max(cell, _SMALLEST)
        return QRectF(1.5, 1.5, wide * columns, high * rows)

    def _fit(self) -> None:
        self.setFixedHeight(round(self._box().height()) + 4)

    def sizeHint(self) -> QSize:
        return QSize(100, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours, box = theme.current(), self._box()
        painter.drawImage(box, self._image)
        painter.setPen(QPen(QColor(colours.accent if self.hasFocus() else colours.border), 1))
        painter.drawRect(box)
        if self._picture is not None:
            if not self._picture.lit.all():
                painter.setPen(QPen(QColor(colours.text), 1))
                painter.drawLines(self._outline(self._picture.lit))
            if self._picture.marked is not None:
                painter.setPen(QPen(QColor(colours.text), 2))
                painter.drawRect(self._cell_box(*self._picture.marked).adjusted(-1, -1, 1, 1))
        painter.end()

    def _cell_box(self, row: int, column: int) -> QRectF:
        box, (rows, columns) = self._box(), self._numbers().shape
        wide, high = box.width() / columns, box.height() / rows
        return QRectF(box.left() + column * wide, box.top() + row * high, wide, high)

    def _outline(self, lit: np.ndarray) -> list[QLineF]:
        """The border between what was used and what was not."""
        box, (rows, columns) = self._box(), lit.shape
        wide, high = box.width() / columns, box.height() / rows
        framed = np.pad(lit, 1)
        found = []
        for row, column in zip(*np.nonzero(framed[1:, 1:-1] != framed[:-1, 1:-1]), strict=True):
            start = QPointF(box.left() + column * wide, box.top() + row * high)
            found.append(QLineF(start, start + QPointF(wide, 0)))
        for row, column in zip(*np.nonzero(framed[1:-1, 1:] != framed[1:-1, :-1]), strict=True):
            start = QPointF(box.left() + column * wide, box.top() + row * high)
            found.append(QLineF(start, start + QPointF(0, high)))
        return found

    # The pointer and the keys

    def _place(self, at: QPointF) -> tuple[int, int] | None:
        box, (rows, columns) = self._box(), self._numbers().shape
        if not box.contains(at):
            return None
        row = int((at.y() - box.top()) / box.height() * rows)
        column = int((at.x() - box.left()) / box.width() * columns)
        return min(row, rows - 1), min(column, columns - 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place(event.position())
        if self._can_choose and self._picture is not None and place is not None:
            self.chosen.emit(self._picture.index_at(*place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = self._STEPS.get(event.key())
        if self._can_choose and step and self._picture is not None and self._picture.marked:
            self._go(self._picture, *step)
        else:
            super().keyPressEvent(event)

    def _go(self, picture: Picture, down: int, right: int) -> None:
        """To the cell beside the one that is explained, even beyond the picture's edge."""
        assert picture.marked is not None
        index = list(picture.index_at(*picture.marked))
        for axis, by in ((-2, down), (-1, right)):
            if by and len(index) >= -axis and 0 <= index[axis] + by < picture.shape[axis]:
                index[axis] += by
                self.chosen.emit(tuple(index))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QHelpEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.number_at(QPointF(event.pos())), self)
            return True
        return super().event(event)
