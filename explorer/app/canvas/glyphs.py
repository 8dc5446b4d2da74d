"""A small drawing per layer family, for cards and the palette."""

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from explorer.app.theme import Theme, current, readable_on

_BOX = 16.0


def paint_tile(painter: QPainter, box: QRectF, family: str, colour: str) -> None:
    """A rounded tile in the family's colour with its drawing on it."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(box, box.width() / 5, box.width() / 5)
    painter.save()
    scale = box.width() * 0.72 / _BOX
    painter.translate(box.center())
    painter.scale(scale, scale)
    painter.translate(-_BOX / 2, -_BOX / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(readable_on(colour)))
    painter.drawPath(glyph(family))
    painter.restore()


def family_icon(family: str, theme: Theme | None = None, size: int = 20) -> QIcon:
    """The family's tile as an icon for lists and menus."""
    theme = theme or current()
    pixmap = QPixmap(QSizeF(size, size).toSize() * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_tile(painter, QRectF(0.5, 0.5, size - 1, size - 1), family, theme.family(family))
    painter.end()
    return QIcon(pixmap)


@cache
def glyph(family: str) -> QPainterPath:
    """The family's drawing, as strokes in a box of 16 by 16."""
    path = QPainterPath()
    _DRAWINGS.get(family, _hexagon)(path)
    return path


def _pen(colour: str) -> QPen:
    pen = QPen(QColor(colour), 1.7)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _cylinder(path: QPainterPath) -> None:
    path.addEllipse(QRectF(2, 1, 12, 4))
    path.moveTo(2, 3)
    path.lineTo(2, 13)
    path.arcTo(QRectF(2, 11, 12, 4), 180, 180)
    path.lineTo(14, 3)
    path.moveTo(2, 8)
    path.arcTo(QRectF(2, 6, 12, 4), 180, 180)


def _fully_connected(path: QPainterPath) -> None:
    for left in (3.0, 13.0):
        for right in (3.0, 13.0):
            path.moveTo(3, left)
            path.lineTo(13, right)
    for x in (3.0, 13.0):
        for y in (3.0, 13.0):
            path.addEllipse(QPointF(x, y), 1.6, 1.6)


def _ramp(path: QPainterPath) -> None:
    path.moveTo(1, 12)
    path.lineTo(7, 12)
    path.lineTo(14, 3)


def _plus(path: QPainterPath) -> None:
    path.moveTo(8, 2.5)
    path.lineTo(8, 13.5)
    path.moveTo(2.5, 8)
    path.lineTo(13.5, 8)


def _unfold(path: QPainterPath) -> None:
    path.addRect(QRectF(1.5, 2, 6, 6))
    path.moveTo(4.5, 2)
    path.lineTo(4.5, 8)
    path.moveTo(1.5, 5)
    path.lineTo(7.5, 5)
    path.addRect(QRectF(1.5, 11.5, 13, 3))
    path.moveTo(11, 4)
    path.lineTo(11, 9)
    path.moveTo(9.2, 7.2)
    path.lineTo(11, 9)
    path.lineTo(12.8, 7.2)


def _target(path: QPainterPath) -> None:
    path.addEllipse(QPointF(8, 8), 6.2, 6.2)
    path.addEllipse(QPointF(8, 8), 2.4, 2.4)


def _hexagon(path: QPainterPath) -> None:
    path.moveTo(8, 1.5)
    for x, y in ((13.8, 4.8), (13.8, 11.2), (8, 14.5), (2.2, 11.2), (2.2, 4.8), (8, 1.5)):
        path.lineTo(x, y)


_DRAWINGS: dict[str, Callable[[QPainterPath], None]] = {
    "Source": _cylinder,
    "Linear": _fully_connected,
    "Activation": _ramp,
    "Arithmetic": _plus,
    "Shaping": _unfold,
    "Loss": _target,
}
