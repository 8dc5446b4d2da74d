"""Tiles on whole pixels of the screen, whatever the zoom: all as large, all gaps as wide."""

from collections.abc import Sequence
from math import floor

from PySide6.QtCore import QRectF
from PySide6.QtGui import QTransform

from explorer.app.canvas.pictures.layout import GAP


def on_pixels(tiles: Sequence[QRectF], to_screen: QTransform) -> list[QRectF]:
    """These tiles, moved and made smaller by less than a pixel each; a single one stays.

    `to_screen` is what the painter does to their coordinates: no more than move and scale them.
    """
    scale = to_screen.m11()
    lefts = sorted({tile.left() for tile in tiles})
    tops = sorted({tile.top() for tile in tiles})
    first = tiles[0]
    gap = max(round(GAP * scale), 1)
    width = floor((first.width() + GAP) * scale) - gap
    height = floor((first.height() + GAP) * scale) - gap
    if len(tiles) == 1 or min(width, height) < 1:
        return list(tiles)
    # What is lost across is shared by both sides.
    lost = (lefts[-1] - first.left() + first.width()) * scale - len(lefts) * (width + gap) + gap
    corner = to_screen.map(first.topLeft())
    left, top = round(corner.x() + lost / 2), round(corner.y())
    from_screen, _ = to_screen.inverted()
    placed = []
    for tile in tiles:
        x = left + lefts.index(tile.left()) * (width + gap)
        y = top + tops.index(tile.top()) * (height + gap)
        placed.append(from_screen.mapRect(QRectF(x, y, width, height)))
    return placed
