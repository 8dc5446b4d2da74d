"""Cursors that Qt has no shape for."""

from functools import cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPen, QPixmap

_SIZE = 24
_OUTLINE, _INK = QColor("#ffffff"), QColor("#1b222b")
"""Dark with a light rim, as the system's own cursors are: seen on any canvas."""
_BLADES = (
    (QPointF(3, 8), QPointF(17, 13), QPointF(19.4, 13.9)),
    (QPointF(8, 3), QPointF(13, 17), QPointF(13.9, 19.4)),
)
"""From the tip of a blade to its ring, and the ring's middle."""


@cache
def scissors() -> QCursor:
    """Open scissors that point to the upper left, where they cut."""
    picture = QPixmap(_SIZE, _SIZE)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in ((_OUTLINE, 4.5), (_INK, 2.0)):
        pen = QPen(colour, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for tip, joint, ring in _BLADES:
            painter.drawLine(tip, joint)
            painter.drawEllipse(ring, 2.6, 2.6)
    painter.end()
    return QCursor(picture, 5, 5)
