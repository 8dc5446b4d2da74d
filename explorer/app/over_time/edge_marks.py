"""Marks at the edges of a plot for numbers that have no place on it, and a sentence about them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray

from explorer.app.over_time.style import layer_colour
from explorer.app.panels.numbers import plural
from explorer.training.monitoring.record import Floats

_SIZE = 7
_INSET = 6
"""Pixels from an edge to the middle of its marks."""
_MOST_NAMED = 3

Points = tuple[str, int, Floats, Floats]
"""A layer, its place among those that are shown, its steps, and its numbers there."""


class EdgeMarks:
    """× at the upper edge where a number is NaN or infinite; ○ at the lower edge where it is 0 and
    the scale goes by powers of ten."""

    def __init__(self, plot: Any, is_log: bool):
        self._box, self._is_log = plot.getViewBox(), is_log
        self._at_top = pg.ScatterPlotItem(size=_SIZE, pxMode=True, symbol="x")
        self._at_foot = pg.ScatterPlotItem(size=_SIZE, pxMode=True, symbol="o", brush=None)
        self._lines: Sequence[Points] = ()
        for item in (self._at_top, self._at_foot):
            plot.addItem(item, ignoreBounds=True)
        self._box.sigYRangeChanged.connect(self.place)
        self._box.sigResized.connect(self.place)

    def show(self, lines: Sequence[Points]) -> None:
        """Mark what has no place on these lines."""
        self._lines = lines
        self.place()

    def place(self, *_: object) -> None:
        """Put the marks where the edges are now."""
        low, high = self._box.viewRange()[1]
        inset = _INSET * float(self._box.viewPixelSize()[1])
        for item, has, y in (
            (self._at_top, _is_broken, high - inset),
            (self._at_foot, self._is_off, low + inset),
        ):
            marked = [(place, x[has(numbers)]) for _, place, x, numbers in self._lines]
            pens = [pg.mkPen(layer_colour(place), width=1.5) for place, _ in marked]
            item.setData(
                x=np.concatenate([np.empty(0), *(x for _, x in marked)]),
                y=np.full(sum(len(x) for _, x in marked), y),
                pen=[pen for pen, (_, x) in zip(pens, marked, strict=True) for _ in x],
            )

    @property
    def words(self) -> str:
        """Which layers have such numbers, and since when; "" where none has."""
        kinds = (("× NaN or infinite", _is_broken), ("○ 0", self._is_off))
        return "\n".join(filter(None, (self._told(words, has) for words, has in kinds)))

    def _told(self, words: str, has: Any) -> str:
        found = {id: x[has(numbers)] for id, _, x, numbers in self._lines if has(numbers).any()}
        if not found:
            return ""
        many = len(found) > _MOST_NAMED
        which = plural(len(found), "layer") if many else ", ".join(found)
        return f"{words}: {which}, first at step {min(x[0] for x in found.values()):,.0f}"

    def _is_off(self, numbers: Floats) -> NDArray[np.bool_]:
        return (numbers == 0) & self._is_log


def _is_broken(numbers: Floats) -> NDArray[np.bool_]:
    return ~np.isfinite(numbers)
