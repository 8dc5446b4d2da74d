"""The key to a curve: a stroke as the plots draw it, so that colour never stands alone."""

from typing import Literal

from PySide6.QtCore import QPointF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from explorer.app import theme

Series = Literal["steps", "mean", "validation"]
SOFT = 0.45
"""How solid the curve of single steps is."""


def series_pen(series: Series) -> QPen:
    """The pen of a curve: thin and soft for steps, bold for means, dashed for validation."""
    colours = theme.current()
    if series == "steps":
        pen = QPen(theme.colour(colours.train, SOFT), 1)
    else:
        pen = QPen(theme.colour(colours.train if series == "mean" else colours.validation), 2)
    pen.setCosmetic(True)
    if series == "validation":
        pen.setDashPattern([3, 2])
    return pen


class SeriesKey(QWidget):
    """A stroke and its name."""

    def __init__(self, series: Series, name: str, what: str) -> None:
        super().__init__()
        label = QLabel(name)
        label.setProperty("role", "soft")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(_Stroke(series))
        row.addWidget(label)
        self.setToolTip(what)
        self.setAccessibleName(f"{name}: {what}")


class _Stroke(QWidget):
    def __init__(self, series: Series) -> None:
        super().__init__()
        self._series: Series = series
        self.setFixedSize(self.sizeHint())
        theme.notifier.changed.connect(self._retint)

    def sizeHint(self) -> QSize:
        return QSize(24, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = series_pen(self._series)
        painter.setPen(pen)
        middle = self.height() / 2
        painter.drawLine(QPointF(1, middle), QPointF(self.width() - 1, middle))
        if self._series == "validation":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(pen.color())
            painter.drawEllipse(QPointF(self.width() / 2, middle), 3, 3)
        painter.end()

    @Slot()
    def _retint(self) -> None:
        self.update()
