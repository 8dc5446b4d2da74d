"""How the curves of layers look: a colour, and a stroke where colours come again."""

from PySide6.QtCore import QPointF, QSize, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from explorer.app import theme

_WIDTH, _LIT = 1.0, 2.4
"""Qt draws lines of one pixel several times faster than wider ones."""
_STROKES: tuple[list[float], ...] = ([], [4, 2], [1, 2])


def layer_colour(place: int) -> str:
    """The colour of the layer in that place of those that are shown."""
    series = theme.current().series
    return series[place % len(series)]


def layer_pen(place: int, is_lit: bool = False) -> QPen:
    """Its pen; wider where it is pointed at."""
    pen = QPen(QColor(layer_colour(place)), _LIT if is_lit else _WIDTH)
    pen.setCosmetic(True)
    if stroke := _STROKES[place // len(theme.current().series) % len(_STROKES)]:
        pen.setDashPattern(stroke)
    return pen


class LayerKey(QWidget):
    """The stroke of a layer's curves, and its name."""

    def __init__(self, place: int, name: str):
        super().__init__()
        label = QLabel(name)
        label.setProperty("role", "soft")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(_Stroke(place))
        row.addWidget(label)
        self.setToolTip(f"The curves of {name}")
        self.setAccessibleName(f"Key: {name}")


class _Stroke(QWidget):
    def __init__(self, place: int):
        super().__init__()
        self._place = place
        self.setFixedSize(QSize(22, 12))
        theme.notifier.changed.connect(self._retint)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = layer_pen(self._place)
        pen.setWidthF(2.2)
        painter.setPen(pen)
        middle = self.height() / 2
        painter.drawLine(QPointF(1, middle), QPointF(self.width() - 1, middle))
        painter.end()

    @Slot()
    def _retint(self) -> None:
        self.update()
