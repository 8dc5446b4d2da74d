"""The key to a curve: a stroke as the plots draw it, and its name; colour never stands alone."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from explorer.app import theme


class CurveKey(QWidget):
    """`pen` gives the stroke in the theme in use; one that is marked has a dot on it."""

    def __init__(self, name: str, pen: Callable[[], QPen], is_marked: bool = False):
        super().__init__()
        label = QLabel(name)
        label.setProperty("role", "soft")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(_Stroke(pen, is_marked))
        row.addWidget(label)


class _Stroke(QWidget):
    def __init__(self, pen: Callable[[], QPen], is_marked: bool) -> None:
        super().__init__()
        self._pen, self._is_marked = pen, is_marked
        self.setFixedSize(QSize(24, 12))
        theme.changed.connect(self._retint)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = self._pen()
        painter.setPen(pen)
        middle = self.height() / 2
        painter.drawLine(QPointF(1, middle), QPointF(self.width() - 1, middle))
        if self._is_marked:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(pen.color())
            painter.drawEllipse(QPointF(self.width() / 2, middle), 3, 3)
        painter.end()

    @Slot()
    def _retint(self) -> None:
        self.update()
