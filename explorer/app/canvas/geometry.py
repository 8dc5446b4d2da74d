"""Where things are on the canvas, in scene units: cards, ports, wires, arrowheads."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from math import atan2, degrees

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainterPath, QTransform

from explorer.app import theme

WIDTH = 164.0
HEADER = 40.0
PORT_ROW = 20.0
FOOTER = 20.0
PADDING = 6.0
STACKED_ROW, STACKED = 12.0, 3
"""How far apart the ports of a collapsed card are, and how many of them fit its header's edge."""
CORNER = 7.0
ICON = 24.0
PORT_RADIUS = 5.0
PORT_REACH = 12.0
MARGIN = 8.0
GRID = 20.0

_FAR_BACK, _LINE, _CORNER, _ABOVE = 260.0, 150.0, 26.0, 90.0
"""From how far back and down a wire runs between lines, its corners, how far above the end."""

TITLE_PIXELS = 13
SMALL_PIXELS = 11


@cache
def card_font(pixels: int, bold: bool = False, italic: bool = False) -> QFont:
    """A font sized in scene units, so that a card measures the same on every screen."""
    font = theme.font(bold=bold)
    font.setPixelSize(pixels)
    font.setItalic(italic)
    return font


def card_height(rows: int, has_footer: bool, is_collapsed: bool = False) -> float:
    """The height of a card with that many rows of ports."""
    if is_collapsed:
        return HEADER + max(rows - STACKED, 0) * STACKED_ROW
    return HEADER + rows * PORT_ROW + PADDING + (FOOTER if has_footer else 0.0)


def card_rect(height: float) -> QRectF:
    """A card in its own coordinates: its top left corner is the node's position."""
    return QRectF(0.0, 0.0, WIDTH, height)


def port_point(is_output: bool, row: int, stacked: int = 0) -> QPointF:
    """The middle of a port, in its card's coordinates.

    `stacked` says how many share that edge of a collapsed card; 0 where it shows them in rows.
    """
    y = HEADER + PADDING / 2 + (row + 0.5) * PORT_ROW
    if stacked:
        y = HEADER / 2 + (row - (min(stacked, STACKED) - 1) / 2) * STACKED_ROW
    return QPointF(WIDTH if is_output else 0.0, y)


def wire_path(start: QPointF, end: QPointF) -> QPainterPath:
    """A smooth curve that leaves to the right and arrives from the left.

    Back to the beginning of a line further down it runs between the lines.
    """
    across, down = end.x() - start.x(), end.y() - start.y()
    if across < -_FAR_BACK and down > _LINE:
        right, left, level = start.x() + _CORNER, end.x() - _CORNER, end.y() - _ABOVE
        between = [(right, start.y()), (right, level), (left, level), (left, end.y())]
        return rounded([start, *(QPointF(*at) for at in between), end])
    path = QPainterPath(start)
    reach = across / 2 if across > 60 else 30 + min(abs(across - 60) * 0.45, 150.0)
    path.cubicTo(QPointF(start.x() + reach, start.y()), QPointF(end.x() - reach, end.y()), end)
    return path


def rounded(corners: Sequence[QPointF]) -> QPainterPath:
    """The way along straight pieces from the first point to the last, with round corners.

    A corner takes at most half of a piece, the whole of it where that is the first or the last.
    """
    pieces = [distance(a, b) for a, b in pairwise(corners)]
    room = [pieces[0], *(length / 2 for length in pieces[1:-1]), pieces[-1]]
    path = QPainterPath(corners[0])
    for number, at in enumerate(corners[1:-1]):
        size = min(_CORNER, room[number], room[number + 1])
        before, after = corners[number] - at, corners[number + 2] - at
        path.lineTo(at + before * (size / pieces[number]))
        path.quadTo(at, at + after * (size / pieces[number + 1]))
    path.lineTo(corners[-1])
    return path


def chevron(size: float) -> QPainterPath:
    """An arrowhead at the origin that points to the right."""
    path = QPainterPath(QPointF(-size * 0.6, -size * 0.8))
    path.lineTo(size * 0.8, 0.0)
    path.lineTo(-size * 0.6, size * 0.8)
    path.closeSubpath()
    return path


def along(path: QPainterPath, share: float, backwards: bool) -> QTransform:
    """Where on a path, and turned which way, an arrowhead goes."""
    at = path.pointAtPercent(share)
    before = path.pointAtPercent(max(share - 0.02, 0.0))
    after = path.pointAtPercent(min(share + 0.02, 1.0))
    angle = degrees(atan2(after.y() - before.y(), after.x() - before.x()))
    turn = 180.0 if backwards else 0.0
    return QTransform().translate(at.x(), at.y()).rotate(angle + turn)


def pill(width: float, height: float) -> QPainterPath:
    """A rounded box around the origin."""
    path = QPainterPath()
    box = QRectF(-width / 2, -height / 2, width, height)
    path.addRoundedRect(box, height / 2, height / 2)
    return path


def distance(a: QPointF, b: QPointF) -> float:
    """How far two points are apart."""
    way = a - b
    return float((way.x() ** 2 + way.y() ** 2) ** 0.5)
