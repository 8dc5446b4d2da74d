"""A small drawing for each layer, on the colour of its family: for cards, lists and menus.

A layer that nobody has drawn gets its family's drawing; one of the family Activation gets the
curve of its own function. A new layer needs no edit here.
"""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from explorer.app import theme
from explorer.app.glyphs import (
    activation,
    arithmetic,
    blocks,
    convolution,
    linear,
    loss,
    normalization,
    pooling,
    regularization,
    sequence,
    shaping,
    sources,
)
from explorer.app.glyphs.curves import plotted
from explorer.app.glyphs.drawing import BOX, Drawing, Glyph, glyph_of
from explorer.layers import find

STROKE = 1.35
PALE_STROKE = 1.0
_SHARE = 0.76
_PALE = 0.5
_SHARPNESSES = (1, 2, 3)

_FAMILIES = {
    "Source": sources,
    "Linear": linear,
    "Convolution": convolution,
    "Pooling": pooling,
    "Normalization": normalization,
    "Activation": activation,
    "Sequence": sequence,
    "Regularization": regularization,
    "Arithmetic": arithmetic,
    "Shaping": shaping,
    "Loss": loss,
    "Block": blocks,
}
_DRAWN = {name: drawing for room in _FAMILIES.values() for name, drawing in room.LAYERS.items()}
_HEXAGON = Drawing("M 8 1.5 L 13.8 4.8 L 13.8 11.2 L 8 14.5 L 2.2 11.2 L 2.2 4.8 Z")


def glyph(kind: str, family: str) -> Glyph:
    """The drawing of a layer: its own, its curve, its family's, or a hexagon."""
    if kind in _DRAWN:
        return glyph_of(_DRAWN[kind])
    room = _FAMILIES.get(family)
    return plotted(kind, family) or glyph_of(room.FAMILY if room else _HEXAGON)


def paint_tile(painter: QPainter, box: QRectF, kind: str, family: str, colour: str) -> None:
    """A rounded tile of a colour, the family's as a rule, with the layer's drawing on it."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(box, box.width() / 5, box.width() / 5)
    painter.save()
    scale = box.width() * _SHARE / BOX
    painter.translate(box.center())
    painter.scale(scale, scale)
    painter.translate(QPointF(-BOX / 2, -BOX / 2))
    _paint(painter, glyph(kind, family), theme.readable_on(colour))
    painter.restore()


def _paint(painter: QPainter, drawn: Glyph, ink: str) -> None:
    pale = theme.colour(ink, _PALE)
    painter.fillPath(drawn.pale, pale)
    painter.fillPath(drawn.solid, QColor(ink))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _stroke(painter, drawn.pale_lines, pale, PALE_STROKE)
    _stroke(painter, drawn.lines, QColor(ink), STROKE)


def _stroke(painter: QPainter, path: QPainterPath, colour: QColor, width: float) -> None:
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPath(path)


def layer_icon(kind: str, size: int = 20) -> QIcon:
    """A layer's tile for lists and menus, sharp on every screen; a hexagon if it is unknown."""
    layer = find(kind)
    icon = QIcon()
    for sharpness in _SHARPNESSES:
        icon.addPixmap(layer_pixmap(kind, layer.family if layer else "", size, sharpness))
    return icon


def layer_pixmap(kind: str, family: str, size: int, sharpness: float) -> QPixmap:
    """A layer's tile as a picture `size` points wide."""
    pixmap = QPixmap(tile_pixmap(kind, family, theme.current().family(family), size * sharpness))
    pixmap.setDevicePixelRatio(sharpness)
    return pixmap


@lru_cache(maxsize=512)
def tile_pixmap(kind: str, family: str, colour: str, pixels: float) -> QPixmap:
    """A layer's tile on a colour, so many pixels wide; not to be changed."""
    pixmap = QPixmap(round(pixels), round(pixels))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_tile(painter, QRectF(pixmap.rect()), kind, family, colour)
    painter.end()
    return pixmap
