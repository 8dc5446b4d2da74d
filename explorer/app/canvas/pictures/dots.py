"""The data's points as an image: drawn once, for they stay while the answers around them change."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from explorer.app import theme
from explorer.app.canvas.pictures.images import tone
from explorer.app.canvas.pictures.layout import INNER
from explorer.training.pictures import Scatter

_SHARPNESS = 3
_DOT, _EDGE = 3.4, 1.2


def dots(scatter: Scatter) -> QImage:
    """The points on nothing, in the theme's colours, as large as a drawer is wide and sharper."""
    return _drawn(scatter, theme.current().name)


@lru_cache(maxsize=4)
def _drawn(scatter: Scatter, theme_name: str) -> QImage:
    """In the theme of that name, which is the current one; a scatter is itself and no other."""
    side = round(INNER * _SHARPNESS)
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(_SHARPNESS, _SHARPNESS)
    tones = scatter.tones if scatter.classes else np.round(scatter.tones, 1)
    for value in np.unique(tones):
        places = (scatter.places[tones == value] * INNER).tolist()
        points = [QPointF(x, y) for x, y in places]
        _paint(painter, points, QColor(theme.current().card), _DOT + _EDGE)
        _paint(painter, points, _colour(float(value), scatter.classes), _DOT)
    painter.end()
    return image


def _paint(painter: QPainter, points: list[QPointF], colour: QColor, width: float) -> None:
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawPoints(points)


def _colour(value: float, classes: int) -> QColor:
    """A target's colour: by its class where there are more than two, else blue to orange."""
    if classes > 2:
        series = theme.current().series
        return QColor(series[int(value) % len(series)])
    return tone(value)
