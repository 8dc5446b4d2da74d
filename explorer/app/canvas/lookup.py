"""Finding what is near a point without looking at everything: a grid of square cells."""

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

T = TypeVar("T")

_CELL = 512.0
_FEW = 16
"""A wire over more cells than that is followed on its way, rather than boxed in."""
_STEP = 200.0
_ROWS = 1 << 24
"""More rows of cells than the canvas has."""


class Lookup(Generic[T]):
    """Things by the rectangles that they are in; near means within a cell, or a little further."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], dict[T, None]] = {}
        self._where: dict[T, tuple[tuple[int, int], ...]] = {}

    def put(self, thing: T, boxes: Iterable[QRectF]) -> None:
        """It is in these rectangles from now on, and nowhere else."""
        cells = tuple(dict.fromkeys(cell for box in boxes for cell in _cells(box)))
        if cells == self._where.get(thing):
            return
        self.drop(thing)
        self._where[thing] = cells
        for cell in cells:
            self._cells.setdefault(cell, {})[thing] = None

    def drop(self, thing: T) -> None:
        """It is gone."""
        for cell in self._where.pop(thing, ()):
            found = self._cells[cell]
            del found[thing]
            if not found:
                del self._cells[cell]

    def near(self, box: QRectF) -> list[T]:
        """What may be in a rectangle, each once."""
        return list(
            dict.fromkeys(thing for cell in _cells(box) for thing in self._cells.get(cell, ()))
        )


def _cells(box: QRectF) -> Iterator[tuple[int, int]]:
    rows = range(int(box.top() // _CELL), int(box.bottom() // _CELL) + 1)
    for column in range(int(box.left() // _CELL), int(box.right() // _CELL) + 1):
        for row in rows:
            yield column, row


def boxes_along(path: QPainterPath, reach: float) -> list[QRectF]:
    """Rectangles that cover a curve and what is within `reach` of it."""
    box = path.boundingRect().adjusted(-reach, -reach, reach, reach)
    if box.width() * box.height() <= _FEW * _CELL * _CELL:
        return [box]
    steps = max(int(path.length() / _STEP), 1)
    points = [path.pointAtPercent(step / steps) for step in range(steps + 1)]
    return [
        QRectF(a, b).normalized().adjusted(-reach, -reach, reach, reach)
        for a, b in zip(points, points[1:], strict=False)
    ]


Boxes = NDArray[np.float64]
"""(n, 4): left, top, right and bottom of each."""
_Numbers = NDArray[np.int64]


def meeting(boxes: Boxes, others: Boxes) -> list[int]:
    """The numbers of those boxes that meet any of the others."""
    cells, numbers = _cells_of(boxes)
    filled, fillers = _cells_of(others)
    order = np.argsort(filled, kind="stable")
    filled, fillers = filled[order], fillers[order]
    first, last = np.searchsorted(filled, cells), np.searchsorted(filled, cells, "right")
    entry, place = _counted(last - first)
    a, b = boxes[numbers[entry]], others[fillers[first[entry] + place]]
    met = ((a[:, :2] < b[:, 2:]) & (b[:, :2] < a[:, 2:])).all(1)
    return sorted(set(numbers[entry[met]].tolist()))


def _cells_of(boxes: Boxes) -> tuple[_Numbers, _Numbers]:
    """Each cell that a box reaches into, as one number, and the box's number beside it."""
    low, high = (np.floor(edges / _CELL).astype(np.int64) for edges in (boxes[:, :2], boxes[:, 2:]))
    wide, tall = np.maximum(high - low + 1, 0).T
    numbers, place = _counted(wide * tall)
    column, row = place % wide[numbers], place // wide[numbers]
    return (low[numbers, 0] + column) * _ROWS + low[numbers, 1] + row, numbers


def _counted(counts: _Numbers) -> tuple[_Numbers, _Numbers]:
    """For counts of 2 and 3: 0 0 1 1 1, and 0 1 0 1 2."""
    numbers = np.repeat(np.arange(len(counts)), counts)
    return numbers, np.arange(len(numbers)) - (np.cumsum(counts) - counts)[numbers]
