"""Measures kept over the steps of a run, thinned as they grow: however long the run, no more."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from explorer.training.monitoring.measures import LayerMeasures, Measured

Quantity = Literal["gradient", "ratio", "mean", "std", "dead"]
QUANTITIES: tuple[Quantity, ...] = ("gradient", "ratio", "mean", "std", "dead")
MOST = 256
"""The most steps that are kept."""

Floats = NDArray[np.float64]


class Record:
    """Keeps every so-manieth measure, and the latest one; at most `most` in all.

    When there are as many, every other goes, and from then on half as many are kept: they stand
    equally far apart, from the first to the last.
    """

    def __init__(self, most: int = MOST):
        self._most = most
        self.clear()

    def clear(self) -> None:
        """Forget all of it."""
        self.latest: Measured | None = None
        self._steps: list[int] = []
        self._numbers: Floats = np.empty((0, 0, len(QUANTITIES)))
        self._begins: list[bool] = []
        self._seen, self._every = 0, 1
        self._ends_in_passing = False

    def __len__(self) -> int:
        return len(self._steps)

    @property
    def nodes(self) -> dict[str, LayerMeasures]:
        """The nodes that are measured, in the order of the net, with their latest numbers."""
        return self.latest.nodes if self.latest else {}

    @property
    def latest_step(self) -> int:
        """The step, counted from 0, that was measured last."""
        return self.latest.step if self.latest else 0

    @property
    def nbytes(self) -> int:
        """How much memory the numbers take."""
        return self._numbers.nbytes

    def add(self, measured: Measured) -> None:
        """Keep the measures of a step further on, or of the latest one as it is now.

        Those of a step before are passed over. Other nodes than before are another net: all of
        that is forgotten.
        """
        if measured.nodes.keys() != self.nodes.keys():
            self.clear()
            self._numbers = np.empty((self._most, len(measured.nodes), len(QUANTITIES)))
        if self._steps and measured.step < self._steps[-1]:
            return
        if not self._steps or measured.step > self._steps[-1]:
            self._make_room(measured)
        self._numbers[len(self._steps) - 1] = [
            [getattr(node, quantity) for quantity in QUANTITIES] for node in measured.nodes.values()
        ]
        self.latest = measured

    def _make_room(self, measured: Measured) -> None:
        """Let the latest step be that one, in a row of its own."""
        begins = measured.is_after_gap
        if self._ends_in_passing:
            self._steps.pop()
            begins = self._begins.pop() or begins
        elif len(self._steps) == self._most:
            self._thin()
        self._steps.append(measured.step)
        self._begins.append(begins)
        self._ends_in_passing = self._seen % self._every != 0
        self._seen += 1

    def _thin(self) -> None:
        self._steps = self._steps[::2]
        skipped = [False, *self._begins[1::2]]
        self._begins = [a or b for a, b in zip(self._begins[::2], skipped, strict=False)]
        self._numbers[: len(self._steps)] = self._numbers[: self._most : 2].copy()
        self._every *= 2

    @property
    def gaps(self) -> list[int]:
        """Before which of the steps that are kept training went on unmeasured for a while."""
        return [place for place, begins in enumerate(self._begins) if begins and place]

    def series(self, node: str, quantity: Quantity) -> tuple[Floats, Floats]:
        """The steps, counted from 0, and what was measured there."""
        place, kind = list(self.nodes).index(node), QUANTITIES.index(quantity)
        values = self._numbers[: len(self), place, kind]
        return np.array(self._steps, dtype=float), values.copy()
