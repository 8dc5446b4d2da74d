"""Where a card that is dragged lines up with others: how far it is off, and lines that show it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF

_SAME = 0.5
"""Edges no further apart than that, in scene units, are on one line."""
_BEYOND = 12.0
"""How far a line goes on past the cards that it joins."""

Floats = NDArray[np.float64]


class Others:
    """Cards that another one can line up with, which stay where they are."""

    def __init__(self, boxes: Sequence[QRectF]):
        sides = np.array([box.getCoords() for box in boxes], dtype=np.float64).reshape(-1, 4)
        self._sides = sides
        self._across, self._down = _edges(sides, 0), _edges(sides, 1)

    def shift_to_line(self, box: QRectF, reach: float) -> QPointF:
        """How far to move a box so that an edge or its middle is level with that of another.

        Each axis by itself, and by no more than `reach`.
        """
        own = _sides_of(box)
        across = _least(self._across - _edges(own, 0), reach)
        return QPointF(across, _least(self._down - _edges(own, 1), reach))

    def lines(self, box: QRectF) -> list[QLineF]:
        """At most one line each way, through the edge or middle that is level with most others."""
        found = []
        own = _sides_of(box)
        x, beside = self._most_level(_edges(own, 0), self._across)
        if len(beside):
            first, last = _ends(own, beside, 1)
            found.append(QLineF(x, first - _BEYOND, x, last + _BEYOND))
        y, beside = self._most_level(_edges(own, 1), self._down)
        if len(beside):
            first, last = _ends(own, beside, 0)
            found.append(QLineF(first - _BEYOND, y, last + _BEYOND, y))
        return found

    def _most_level(self, own: Floats, others: Floats) -> tuple[float, Floats]:
        """Where the line goes, and the sides of the others that it goes through."""
        level = np.abs(others - own) <= _SAME
        best = int(level.sum(0).argmax())
        return float(own[0, best]), self._sides[level[:, best]]


def _sides_of(box: QRectF) -> Floats:
    return np.array([box.getCoords()], dtype=np.float64)


def _edges(sides: Floats, axis: int) -> Floats:
    """Each box's first edge along an axis, its middle and its last edge: (n, 3)."""
    first, last = sides[:, axis], sides[:, axis + 2]
    return np.stack([first, (first + last) / 2, last], 1)


def _least(gaps: Floats, reach: float) -> float:
    if not gaps.size:
        return 0.0
    least = float(gaps.flat[np.abs(gaps).argmin()])
    return least if abs(least) <= reach else 0.0


def _ends(own: Floats, others: Floats, axis: int) -> tuple[float, float]:
    """From where to where a box and others reach along an axis."""
    every = np.concatenate([own, others])
    return float(every[:, axis].min()), float(every[:, axis + 2].max())
