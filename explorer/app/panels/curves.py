"""A run's curves in memory: a million steps and more, thinned to what a screen can show."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.training import EpochRow, Progress

Floats = NDArray[np.float64]


class Growing:
    """Numbers that are added at the end; the buffer doubles, so that adding stays cheap."""

    def __init__(self) -> None:
        self._buffer: Floats = np.empty(1024)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def values(self) -> Floats:
        """All of them; a view, not a copy."""
        return self._buffer[: self._size]

    def extend(self, values: Floats) -> None:
        """Add at the end. What is infinite becomes NaN: a gap, which a plot can draw."""
        needed = self._size + len(values)
        if needed > len(self._buffer):
            grown = np.empty(max(needed, 2 * len(self._buffer)))
            grown[: self._size] = self.values
            self._buffer = grown
        self._buffer[self._size : needed] = np.where(np.isfinite(values), values, np.nan)
        self._size = needed

    def pad(self, size: int) -> None:
        """Fill up with NaN to that size."""
        if size > self._size:
            self.extend(np.full(size - self._size, np.nan))

    def truncate(self, size: int) -> None:
        """Forget what comes after the first `size`."""
        self._size = min(size, self._size)


@dataclass(frozen=True)
class Curve:
    """Points to draw: `x` in epochs, NaN in `y` for gaps."""

    x: Floats
    y: Floats

    def at(self, x: float) -> tuple[float, float] | None:
        """The point nearest to x; None for an empty curve."""
        if not len(self.x):
            return None
        i = int(np.searchsorted(self.x, x))
        i = min((k for k in (i - 1, i) if 0 <= k < len(self.x)), key=lambda k: abs(self.x[k] - x))
        return float(self.x[i]), float(self.y[i])


class Series:
    """One quantity of a run: at each step, and per epoch in training and in validation."""

    def __init__(self) -> None:
        self.steps, self.means, self.validations = Growing(), Growing(), Growing()

    def truncate(self, steps: int, epochs: int) -> None:
        self.steps.truncate(steps)
        self.means.truncate(epochs)
        self.validations.truncate(epochs)


class RunCurves:
    """All that the plots show of a run. Step i, from 0, ends at (i + 1) / steps_per_epoch."""

    def __init__(self, steps_per_epoch: int = 1):
        self.steps_per_epoch = max(steps_per_epoch, 1)
        self.loss, self.accuracy = Series(), Series()
        self._ends = Growing()

    def __len__(self) -> int:
        return len(self.loss.steps)

    @property
    def end(self) -> float:
        """Where the curves end, in epochs."""
        return len(self) / self.steps_per_epoch

    @property
    def epochs(self) -> int:
        return len(self._ends)

    def add(self, progress: Progress) -> None:
        """Take over what happened. Steps told before are told anew; steps never told are gaps."""
        if progress.first_step < len(self):
            self._forget_from(progress.first_step)
        self.loss.steps.pad(progress.first_step)
        self.loss.steps.extend(np.asarray(progress.losses, dtype=np.float64))
        if progress.accuracies:
            self.accuracy.steps.pad(progress.first_step)
            self.accuracy.steps.extend(100 * np.asarray(progress.accuracies, dtype=np.float64))
        if progress.epochs:
            self._add_epochs(progress.epochs)

    def step_curve(self, series: Series, low: float, high: float, pixels: int) -> Curve:
        """The steps between two epochs, at most about two points to a pixel."""
        first = max(math.floor(low * self.steps_per_epoch) - 2, 0)
        last = min(math.ceil(high * self.steps_per_epoch) + 2, len(series.steps))
        at, y = envelope(series.steps.values, first, max(last, first), pixels)
        return Curve((at + 1) / self.steps_per_epoch, y)

    def epoch_curve(self, values: Growing, low: float, high: float, pixels: int) -> Curve:
        """Means or validations between two epochs, thinned alike."""
        ends = self._ends.values
        first = max(int(np.searchsorted(ends, low)) - 1, 0)
        last = min(int(np.searchsorted(ends, high)) + 2, len(values))
        at, y = envelope(values.values, first, max(last, first), pixels)
        x = np.interp(at, np.arange(len(ends)), ends) if len(ends) else at
        known = ~np.isnan(y)
        return Curve(x[known], y[known])

    def step_at(self, epoch: float) -> int:
        """The step that is running at that time of the run, counted from 0."""
        return min(max(round(epoch * self.steps_per_epoch) - 1, 0), max(len(self) - 1, 0))

    def rows(self) -> Iterator[tuple[float, ...]]:
        """step, epoch, loss, accuracy, and at an epoch's last step its means and validations."""
        ends = np.rint(self._ends.values * self.steps_per_epoch).astype(int).tolist()
        summaries = np.column_stack([g.values for g in self._epoch_columns]).tolist()
        at_end = dict(zip(ends, summaries, strict=True))
        nothing = [math.nan] * len(self._epoch_columns)
        accuracies = np.full(len(self), np.nan)
        accuracies[: len(self.accuracy.steps)] = self.accuracy.steps.values / 100
        pairs = zip(self.loss.steps.values.tolist(), accuracies.tolist(), strict=True)
        for step, (loss, accuracy) in enumerate(pairs, 1):
            epoch = -(-step // self.steps_per_epoch)
            yield step, epoch, loss, accuracy, *at_end.get(step, nothing)

    @property
    def _epoch_columns(self) -> tuple[Growing, Growing, Growing, Growing]:
        loss, accuracy = self.loss, self.accuracy
        return loss.means, accuracy.means, loss.validations, accuracy.validations

    def _add_epochs(self, rows: tuple[EpochRow, ...]) -> None:
        def column(values: list[float | None], scale: float = 1.0) -> Floats:
            return scale * np.array([math.nan if v is None else v for v in values])

        self._ends.extend(np.array([row.steps for row in rows]) / self.steps_per_epoch)
        self.loss.means.extend(column([row.loss for row in rows]))
        self.loss.validations.extend(column([row.validation_loss for row in rows]))
        self.accuracy.means.extend(column([row.accuracy for row in rows], 100))
        self.accuracy.validations.extend(column([row.validation_accuracy for row in rows], 100))

    def _forget_from(self, step: int) -> None:
        kept = int(np.searchsorted(self._ends.values, step / self.steps_per_epoch, side="right"))
        self._ends.truncate(kept)
        self.loss.truncate(step, kept)
        self.accuracy.truncate(step, kept)


def envelope(y: Floats, first: int, last: int, pixels: int) -> tuple[Floats, Floats]:
    """Indices and values of y[first:last], or of the least and greatest per pixel.

    Bins are powers of two wide and stand still while values are added, so that nothing flickers.
    """
    count = last - first
    if count <= 2 * pixels:
        return np.arange(first, last, dtype=np.float64), y[first:last]
    width = 1 << math.ceil(math.log2(count / max(pixels, 1)))
    start = first - first % width
    starts = np.arange(0, last - start, width)
    part = y[start:last]
    low, high = np.fmin.reduceat(part, starts), np.fmax.reduceat(part, starts)
    at, thinned = np.empty(2 * len(starts)), np.empty(2 * len(starts))
    at[::2], at[1::2] = start + starts + width / 4, start + starts + 3 * width / 4
    thinned[::2], thinned[1::2] = low, high
    return np.minimum(at, last - 1), thinned
