"""The grid behind the cards."""

from math import floor

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from explorer.app import theme
from explorer.app.canvas.geometry import GRID

_MAJOR = 5
_FINE_FROM = 0.55
_COARSE_FROM = 0.11


def paint_grid(painter: QPainter, rect: QRectF, scale: float) -> None:
    """Fill a part of the canvas and draw its grid lines, fewer as one zooms out."""
    colours = theme.current()
    painter.fillRect(rect, QColor(colours.canvas))
    if scale < _COARSE_FROM:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    if scale >= _FINE_FROM:
        fine = theme.mix(colours.canvas, colours.grid, 0.5)
        _lines(painter, rect, GRID, fine)
    _lines(painter, rect, GRID * _MAJOR, colours.grid)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def _lines(painter: QPainter, rect: QRectF, step: float, colour: str) -> None:
    pen = QPen(QColor(colour), 1)
    pen.setCosmetic(True)
    painter.setPen(pen)
    lines = []
    x = floor(rect.left() / step) * step
    while x <= rect.right():
        lines.append(QLineF(x, rect.top(), x, rect.bottom()))
        x += step
    y = floor(rect.top() / step) * step
    while y <= rect.bottom():
        lines.append(QLineF(rect.left(), y, rect.right(), y))
        y += step
    painter.drawLines(lines)
