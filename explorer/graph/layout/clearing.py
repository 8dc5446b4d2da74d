"""Moving what was laid out off the cards that stand there already, by the shortest way."""

from collections.abc import Iterable
from typing import NamedTuple

_CELL = 250.0
_STEPS = 400


class Box(NamedTuple):
    """A card's place: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float


def clear_of(boxes: Iterable[Box], others: Iterable[Box], gap: float) -> tuple[float, float]:
    """The shortest way, along an axis, that takes `boxes` off `others` and `gap` away from them.

    (0, 0) where nothing is in the way, and where no way of a sensible length is free.
    """
    moving = list(boxes)
    cells: dict[tuple[int, int], list[Box]] = {}
    for box in others:
        wide = Box(box.left - gap, box.top - gap, box.right + gap, box.bottom + gap)
        for cell in _cells(wide):
            cells.setdefault(cell, []).append(wide)
    ways = [_way(moving, cells, axis, sign) for axis in (1, 0) for sign in (1, -1)]
    free = [way for way in ways if way is not None]
    return min(free, key=lambda way: abs(way[0]) + abs(way[1]), default=(0.0, 0.0))


def _way(
    moving: list[Box], cells: dict[tuple[int, int], list[Box]], axis: int, sign: int
) -> tuple[float, float] | None:
    """How far to go that way to be clear; None where that is too far."""
    by = 0.0
    for _ in range(_STEPS):
        more = _overlap(moving, cells, axis, sign, by)
        if not more:
            return (by, 0.0) if axis == 0 else (0.0, by)
        by += more
    return None


def _overlap(
    moving: list[Box],
    cells: dict[tuple[int, int], list[Box]],
    axis: int,
    sign: int,
    by: float,
) -> float:
    """How much further to go to get past what is met there; 0 where nothing is."""
    across, down = (by, 0.0) if axis == 0 else (0.0, by)
    for left, top, right, bottom in moving:
        box = Box(left + across, top + down, right + across, bottom + down)
        for cell in _cells(box):
            for other in cells.get(cell, ()):
                if _meet(box, other):
                    return other[axis + 2] - box[axis] if sign > 0 else other[axis] - box[axis + 2]
    return 0.0


def _meet(a: Box, b: Box) -> bool:
    slack = 1e-6
    return (
        a.left < b.right - slack
        and b.left < a.right - slack
        and a.top < b.bottom - slack
        and b.top < a.bottom - slack
    )


def _cells(box: Box) -> Iterable[tuple[int, int]]:
    across = range(int(box.left // _CELL), int(box.right // _CELL) + 1)
    down = range(int(box.top // _CELL), int(box.bottom // _CELL) + 1)
    return ((column, row) for column in across for row in down)
