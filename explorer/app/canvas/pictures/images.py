"""Tiles as images in the theme's colours."""

from functools import lru_cache

import numpy as np
from PySide6.QtGui import QColor, QImage

from explorer.app import theme
from explorer.training.pictures import Tiles
from explorer.training.pictures.kinds import MIDDLE, MISSING


def images(tiles: Tiles) -> list[QImage]:
    """One image for each tile: blue below its centre, orange above."""
    table = _table(theme.current().name)
    found = []
    for levels in np.ascontiguousarray(tiles.levels):
        rows, columns = levels.shape
        image = QImage(levels.data, columns, rows, columns, QImage.Format.Format_Indexed8)
        image.setColorTable(table)
        found.append(image.convertToFormat(QImage.Format.Format_RGB32))
    return found


def tone(share: float) -> QColor:
    """The colour of a number from -1 to 1."""
    level = round(min(max(share, -1.0), 1.0) * MIDDLE) + MIDDLE
    return QColor.fromRgba(_table(theme.current().name)[level])


@lru_cache(maxsize=4)
def _table(name: str) -> list[int]:
    """The colour of each level in the theme of that name, which is the current one."""
    shares = (np.arange(MISSING) - MIDDLE) / MIDDLE
    shades = theme.diverging(np.append(shares, np.nan))
    return [QColor(*(int(part) for part in shade)).rgba() for shade in shades]
