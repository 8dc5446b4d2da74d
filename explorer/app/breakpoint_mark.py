"""How breakpoints look wherever they are shown: a disc on a node, a diamond on a value."""

from typing import NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from explorer.app import theme
from explorer.program import Breakpoint, NodeBreakpoint

_SCALE = 3


class Mark(NamedTuple):
    """What is seen of breakpoints in one place; one that is off is hollow."""

    is_on: bool
    is_on_value: bool


def mark_of(point: Breakpoint, is_on: bool) -> Mark:
    return Mark(is_on, not isinstance(point, NodeBreakpoint))


def outline(mark: Mark, radius: float) -> QPainterPath:
    """Its shape around (0, 0)."""
    path = QPainterPath()
    if mark.is_on_value:
        reach = radius * 1.15
        path.moveTo(0, -reach)
        for x, y in ((reach, 0), (0, reach), (-reach, 0)):
            path.lineTo(x, y)
        path.closeSubpath()
    else:
        path.addEllipse(QPointF(0, 0), radius, radius)
    return path


def paint_mark(painter: QPainter, at: QPointF, radius: float, mark: Mark) -> None:
    """Draw it around a point, in the colours of the theme."""
    colour = QColor(theme.current().breakpoint)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(at)
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(colour if mark.is_on else Qt.BrushStyle.NoBrush)
    painter.drawPath(outline(mark, radius))
    painter.restore()


def mark_icon(mark: Mark, size: int = theme.ICON_SIZE) -> QIcon:
    """The mark as a sharp icon, `size` points wide."""
    drawn = QPixmap(size * _SCALE, size * _SCALE)
    drawn.setDevicePixelRatio(_SCALE)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    paint_mark(painter, QPointF(size / 2, size / 2), size * 0.3, mark)
    painter.end()
    return QIcon(drawn)
