"""A matrix as a picture: blue below zero, orange above, the panel's colour at zero."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from explorer.app import theme
from explorer.app.panels.numbers import brief, short
from explorer.app.tensors.pixels import by_sign, enlarged, image, largest
from explorer.program.viewing import Picture

SCALE_ROOM = 76
"""What the scale beside the picture takes, in points."""
_SCALE_WIDTH = 12
_BY = {"mean": "on average", "peak": "farthest from 0"}
_NOTHING = Picture(np.zeros((0, 0)), (1, 1), (0, 0), (0, 0))

Place = tuple[int, int]


class HeatMap(QWidget):
    """Shows a plane, or a picture of it, with a scale beside it; the pointer reads numbers off.

    Each colour stands for a number by the largest |number|, so that zero is always in the middle.

    Signals:
        hovered(row, column) or (None): what is under the pointer, in the plane's rows and columns.
        chosen(row, column): what was clicked.
    """

    hovered = Signal(object)
    chosen = Signal(int, int)

    def __init__(self, largest_cell: float = 64.0) -> None:
        super().__init__()
        self._largest_cell = largest_cell
        self._picture = _NOTHING
        self._limit = 0.0
        self._image = QImage()
        self._marked: Place | None = None
        self._lit: list[tuple[range, range]] = []
        self._edited: Mapping[Place, str] = {}
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        theme.changed.connect(self._redraw)

    @property
    def picture(self) -> Picture:
        return self._picture

    @property
    def limit(self) -> float:
        """The largest finite |number|: what the strongest colour stands for."""
        return self._limit

    def show_picture(self, picture: Picture) -> None:
        """Show this in the place of what was there."""
        self._picture, self._limit = picture, largest(picture.numbers)
        self._redraw()

    def mark(self, place: Place | None) -> None:
        """Frame the number in that row and column of the plane."""
        self._marked = place
        self.update()

    def light(self, lit: list[tuple[range, range]]) -> None:
        """Frame these rows and columns of the plane."""
        self._lit = lit
        self.update()

    def show_edits(self, edited: Mapping[Place, str]) -> None:
        """Mark the numbers in these rows and columns as edited, with what is said of each."""
        self._edited = edited
        self.update()

    # Places

    @property
    def room(self) -> int:
        """How wide the picture may be, in points."""
        return max(self.width() - SCALE_ROOM, 1)

    @property
    def box(self) -> QRectF:
        """Where the picture is."""
        rows, columns = self._picture.numbers.shape
        wide = min(self.room, self._largest_cell * columns)
        high = min(self.height() - 1.0, self._largest_cell * rows)
        return QRectF(0.5, 0.5, max(wide, 1.0), max(high, 1.0))

    def place_at(self, at: QPointF) -> Place | None:
        """The row and column of the plane at a point; None beside the picture."""
        box, picture = self.box, self._picture
        if not picture.numbers.size or not box.contains(at):
            return None
        found = []
        for share, (first, end) in (
            ((at.y() - box.top()) / box.height(), picture.rows),
            ((at.x() - box.left()) / box.width(), picture.columns),
        ):
            found.append(min(first + int(share * (end - first)), end - 1))
        return found[0], found[1]

    def number_at(self, at: QPointF) -> str:
        """What is at a point, in words; "" where nothing is."""
        place = self.place_at(at)
        return "" if place is None else self.in_words(place)

    def in_words(self, place: Place) -> str:
        """What the picture says of a row and a column of the plane."""
        picture = self._picture
        row, column = (
            (at - span[0]) // block
            for at, span, block in zip(
                place, (picture.rows, picture.columns), picture.block, strict=True
            )
        )
        value = short(picture.numbers[row, column].item())
        if picture.is_exact:
            edited = self._edited.get(place, "")
            said = f"{value}, {edited}" if edited else value
            return f"row {place[0]}, column {place[1]}: {said}"
        rows, columns = (
            _span(first[0] + at * block, min(first[0] + (at + 1) * block, first[1]))
            for at, first, block in zip(
                (row, column), (picture.rows, picture.columns), picture.block, strict=True
            )
        )
        return f"rows {rows}, columns {columns}: {value} {_BY[picture.by]}"

    # Painting

    @Slot()
    def _redraw(self) -> None:
        self._image = QImage()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box, ratio = self.box, self.devicePixelRatioF()
        if self._picture.numbers.size:
            size = round(box.width() * ratio), round(box.height() * ratio)
            if (self._image.width(), self._image.height()) != size:
                numbers = self._picture.numbers
                found = enlarged(by_sign(numbers, self._limit), numbers, size)
                # In the screen's own format: Qt would convert it with each paint.
                self._image = found.convertToFormat(QImage.Format.Format_RGB32)
            painter.drawImage(box.toRect(), self._image)
        colours = theme.current()
        painter.setPen(QPen(QColor(colours.accent if self.hasFocus() else colours.border), 1))
        painter.drawRect(box)
        for rows, columns in self._lit:
            self._frame(painter, rows, columns, colours.current)
        if self._marked is not None:
            row, column = self._marked
            one = range(row, row + 1), range(column, column + 1)
            self._frame(painter, *one, colours.text)
        for row, column in self._edited:
            one = range(row, row + 1), range(column, column + 1)
            self._frame(painter, *one, colours.edited, least=10.0)
        self._paint_scale(painter, box)
        painter.end()

    def _frame(
        self,
        painter: QPainter,
        rows: range,
        columns: range,
        colour: str,
        least: float = 5.0,
    ) -> None:
        """A frame around a part of the plane, never smaller than can be seen."""
        box, ends = self.box, []
        for span, first, room in (
            (columns, self._picture.columns, box.width()),
            (rows, self._picture.rows, box.height()),
        ):
            unit = room / max(first[1] - first[0], 1)
            start, end = max(span.start, first[0]), min(span.stop, first[1])
            if end <= start:
                return
            size = max((end - start) * unit, least)
            ends.append(((start + end) / 2 - first[0]) * unit - size / 2)
            ends.append(size)
        painter.setPen(QPen(QColor(colour), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        left, width, top, height = ends
        painter.drawRect(QRectF(box.left() + left, box.top() + top, width, height))

    def _paint_scale(self, painter: QPainter, box: QRectF) -> None:
        height = max(box.height(), 34.0)
        bar = QRectF(box.right() + 8, 0.5, _SCALE_WIDTH, height)
        painter.drawImage(bar.toRect(), _scale(theme.current(), round(height)))
        painter.setPen(QPen(QColor(theme.current().border), 1))
        painter.drawRect(bar)
        painter.setPen(QColor(theme.current().text_soft))
        painter.setFont(theme.font(theme.SMALL_SIZE - 1))
        words = QRectF(bar.right() + 4, 0, SCALE_ROOM, height)
        if not self.limit:
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, "0")
            return
        limit = brief(self.limit)
        painter.drawText(words, Qt.AlignmentFlag.AlignTop, limit)
        if height > 44:
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, "0")
        painter.drawText(words, Qt.AlignmentFlag.AlignBottom, f"-{limit}")

    # The pointer

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered.emit(self.place_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self.chosen.emit(*place)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QHelpEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.number_at(QPointF(event.pos())), self)
            return True
        return super().event(event)


class CardHeatMap(HeatMap):
    """As high as its picture needs, up to a limit; cells are square while they can be seen."""

    _TALLEST = 150

    def __init__(self) -> None:
        super().__init__(largest_cell=22.0)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_picture(self, picture: Picture) -> None:
        super().show_picture(picture)
        self._fit()

    @property
    def box(self) -> QRectF:
        rows, columns = (max(n, 1) for n in self.picture.numbers.shape)
        room = self.room
        cell = min(room / columns, self._TALLEST / rows, self._largest_cell)
        wide, high = max(cell * columns, min(room, 40.0)), max(cell * rows, 8.0)
        if columns > rows * 12 or rows > columns * 12:
            wide = min(room, self._largest_cell * columns)
            high = min(self._TALLEST, max(self._largest_cell * rows, 8))
        return QRectF(0.5, 0.5, wide, high)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.ignore()  # the card takes clicks

    def _fit(self) -> None:
        self.setFixedHeight(max(round(self.box.height()) + 2, 36))

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


@lru_cache(maxsize=64)
def _scale(colours: theme.Theme, height: int) -> QImage:
    """All colours of a theme's numbers, one pixel wide, the strongest above 0 on top."""
    found = image(theme.diverging(np.linspace(1, -1, height)[:, None], colours))
    return found.convertToFormat(QImage.Format.Format_RGB32)


def _span(first: int, end: int) -> str:
    return f"{first}" if end - first == 1 else f"{first}–{end - 1}"
