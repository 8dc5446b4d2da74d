"""The curve of a wire that passes through bends: smooth there, level at both of its ports.

`points` are its start, its bends and its end; a stretch runs from one of them to the next.
"""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from explorer.app.canvas.geometry import distance

_REACH = 0.38
"""How far along a stretch its control points are."""
_SAMPLES = 24


def bent_path(points: Sequence[QPointF]) -> QPainterPath:
    """The curve that leaves to the right, passes through all bends, and arrives from the left."""
    path = QPainterPath(points[0])
    for _, first, second, end in _cubics(points):
        path.cubicTo(first, second, end)
    return path


def stretch_at(points: Sequence[QPointF], at: QPointF) -> int:
    """The number of the stretch that passes nearest to a scene point."""
    stretches = _stretches(points)
    return min(range(len(stretches)), key=lambda number: _away(stretches[number], at))


def clear_point(points: Sequence[QPointF]) -> QPointF:
    """The middle of the longest stretch: where a label hides no bend."""
    return max(_stretches(points), key=QPainterPath.length).pointAtPercent(0.5)


def _cubics(points: Sequence[QPointF]) -> list[tuple[QPointF, QPointF, QPointF, QPointF]]:
    """Each stretch by its ends and the control points between them."""
    level = QPointF(1.0, 0.0)
    ways = [level, *(_unit(b - a) for a, b in zip(points, points[2:], strict=False)), level]
    found = []
    for (a, out), (b, into) in pairwise(zip(points, ways, strict=True)):
        reach = distance(a, b) * _REACH
        found.append((a, a + out * reach, b - into * reach, b))
    return found


def _stretches(points: Sequence[QPointF]) -> list[QPainterPath]:
    found = []
    for start, first, second, end in _cubics(points):
        found.append(QPainterPath(start))
        found[-1].cubicTo(first, second, end)
    return found


def _away(path: QPainterPath, at: QPointF) -> float:
    shares = (step / _SAMPLES for step in range(_SAMPLES + 1))
    return min(distance(path.pointAtPercent(share), at) for share in shares)


def _unit(way: QPointF) -> QPointF:
    length = distance(way, QPointF())
    return way * (1 / length) if length else QPointF(1.0, 0.0)
