"""A matrix as a picture: blue below zero, orange above, the panel's colour at zero."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from explorer.app import theme
from explorer.app.panels.numbers import short

_TALLEST = 150
_LARGEST_CELL = 22
_SCALE_WIDTH = 12
_SCALE_ROOM = 70


class HeatMap(QWidget):
    """Shows numbers (rows, columns) with a scale beside them; the pointer reads them off.

    Each colour stands for a number by the largest |number|, so that zero is always in the middle.
    """

    def __init__(self) -> None:
        super().__init__()
        self._numbers = np.zeros((0, 0))
        self._size: tuple[int, int] = (0, 0)
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        theme.notifier.changed.connect(self._recolour)

    def show_numbers(self, numbers: np.ndarray, size: tuple[int, int]) -> None:
        """Show a picture of a matrix that has `size` rows and columns in full."""
        self._numbers, self._size = numbers, size
        self._recolour()
        self._fit()

    @property
    def limit(self) -> float:
        """The largest finite |number|: what the strongest colour stands for."""
        finite = self._numbers[np.isfinite(self._numbers)]
        return float(np.abs(finite).max()) if finite.size else 0.0

    def number_at(self, at: QPointF) -> str:
        """What is under a point, in words; "" where nothing is."""
        box = self._box()
        if not box.contains(at) or not self._numbers.size:
            return ""
        rows, columns = self._numbers.shape
        row = min(int((at.y() - box.top()) / box.height() * rows), rows - 1)
        column = min(int((at.x() - box.left()) / box.width() * columns), columns - 1)
        value = short(float(self._numbers[row, column]))
        if (rows, columns) == self._size:
            return f"row {row}, column {column}: {value}"
        y, x = row * self._size[0] // rows, column * self._size[1] // columns
        return f"around row {y}, column {x}: {value} on average"

    @Slot()
    def _recolour(self) -> None:
        numbers = np.asarray(self._numbers, dtype=np.float64)
        limit = self.limit or 1.0
        pixels = theme.diverging(np.clip(numbers / limit, -1, 1))
        pixels = np.ascontiguousarray(pixels)
        rows, columns = numbers.shape
        image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
        self._image = image.copy()
        self.update()

    def _cell(self) -> float:
        rows, columns = self._numbers.shape
        room = max(self.width() - _SCALE_ROOM, 1)
        return min(room / max(columns, 1), _TALLEST / max(rows, 1), _LARGEST_CELL)

    def _box(self) -> QRectF:
        """Where the picture is; cells are square while that leaves them large enough to see."""
        rows, columns = self._numbers.shape
        cell = self._cell()
        wide = max(cell * columns, min(self.width() - _SCALE_ROOM, 40.0))
        high = max(cell * rows, 8.0)
        if columns > rows * 12 or rows > columns * 12:
            wide = min(self.width() - _SCALE_ROOM, _LARGEST_CELL * columns)
            high = min(_TALLEST, max(_LARGEST_CELL * rows, 8))
        return QRectF(0.5, 0.5, wide, high)

    def _fit(self) -> None:
        self.setFixedHeight(max(round(self._box().height()) + 2, 36))

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = theme.current()
        box = self._box()
        if self._numbers.size:
            painter.drawImage(box, self._image)
        painter.setPen(QPen(QColor(colours.border), 1))
        painter.drawRect(box)
        self._paint_scale(painter, box)
        painter.end()

    def _paint_scale(self, painter: QPainter, box: QRectF) -> None:
        height = max(box.height(), 34.0)
        bar = QRectF(box.right() + 8, 0.5, _SCALE_WIDTH, height)
        steps = np.linspace(1, -1, 33)[:, None]
        pixels = np.ascontiguousarray(theme.diverging(steps))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(bar, QImage(pixels.data, 1, 33, 4, QImage.Format.Format_RGBA8888))
        painter.drawRect(bar)
        painter.setPen(QColor(theme.current().text_soft))
        painter.setFont(theme.font(theme.SMALL_SIZE - 1))
        words = QRectF(bar.right() + 4, 0, _SCALE_ROOM, height)
        if not self.limit:
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, "0")
            return
        # Small numbers with many zeros would not fit beside the bar.
        form = ".2g" if self.limit >= 1e-3 else ".1e"
        limit = f"{self.limit:{form}}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")
        painter.drawText(words, Qt.AlignmentFlag.AlignTop, limit)
        if height > 44:
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, "0")
        painter.drawText(words, Qt.AlignmentFlag.AlignBottom, f"-{limit}")

    def event(self, event):  # type: ignore[no-untyped-def]
        if isinstance(event, QHelpEvent) and event.type() == QHelpEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.number_at(QPointF(event.pos())), self)
            return True
        return super().event(event)
