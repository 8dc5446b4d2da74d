"""Statistics and histogram of all of a tensor, in steps short enough to do other things between."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot, nan, sqrt

import numpy as np
import torch
from torch import Tensor

from explorer.program.viewing.subject import Subject

BINS = 64
_PIECES_A_STEP = 8
_SAMPLED_FROM, _SAMPLE = 2**21, 2**15
"""From how many numbers on a sample is looked at first, and how many those are."""
_FARTHEST = 8e307
"""What bins reach to: twice as much is the largest float64."""


@dataclass(frozen=True)
class Statistics:
    """What numbers are like. All but the counts are of those that are finite.

    `seen` of `count` numbers have been gone through; `std` divides by how many there are.
    """

    count: int
    seen: int = 0
    nans: int = 0
    infinities: int = 0
    zeros: int = 0
    mean: float = nan
    std: float = nan
    minimum: float = nan
    maximum: float = nan
    norm: float = nan

    @property
    def bad(self) -> int:
        """How many are NaN or infinite."""
        return self.nans + self.infinities

    @property
    def is_complete(self) -> bool:
        return self.seen == self.count


@dataclass(frozen=True, eq=False)
class Histogram:
    """How many finite numbers lie between `edges[i]` and `edges[i + 1]`, the last one included."""

    edges: np.ndarray
    counts: np.ndarray


@dataclass(frozen=True, eq=False)
class Survey:
    """What is known of a tensor so far; the histogram begins when the statistics are complete.

    Of a large one the first is a sample: of numbers from all over it, and its histogram of those.
    """

    statistics: Statistics
    histogram: Histogram | None = None
    is_complete: bool = False
    is_sample: bool = False


def statistics(tensor: Tensor) -> Statistics:
    """The statistics of all of a tensor."""
    *_, last = survey(Subject(tensor), histogram=False)
    return last.statistics


@torch.no_grad()
def survey(subject: Subject, histogram: bool = True) -> Iterator[Survey]:
    """What is known after each step of about a million numbers; the last one is complete."""
    if subject.numel > _SAMPLED_FROM and (sample := subject.sample(_SAMPLE)) is not None:
        yield _of_sample(sample, subject.numel, histogram)
    running = _Running()
    for number, piece in enumerate(subject.pieces(), 1):
        running.add(piece)
        if number % _PIECES_A_STEP == 0:
            yield Survey(running.statistics(subject.numel))
    found = running.statistics(subject.numel)
    if not histogram:
        yield Survey(found, is_complete=True)
        return
    edges = _edges(found, running.are_whole)
    counts = np.zeros(max(len(edges) - 1, 0), dtype=np.int64)
    if len(edges):
        for number, piece in enumerate(subject.pieces(), 1):
            counts += _counted(piece, edges, found.bad > 0)
            if number % _PIECES_A_STEP == 0:
                yield Survey(found, Histogram(edges, counts.copy()))
    yield Survey(found, Histogram(edges, counts), is_complete=True)


def _of_sample(sample: Tensor, count: int, histogram: bool) -> Survey:
    running = _Running()
    running.add(sample)
    found = running.statistics(count)
    edges = _edges(found, running.are_whole)
    if not histogram or not len(edges):
        return Survey(found, is_sample=True)
    counts = _counted(sample, edges, found.bad > 0)
    return Survey(found, Histogram(edges, counts), is_sample=True)


class _Running:
    """Moments of the numbers so far, merged piece by piece so that nothing cancels out."""

    def __init__(self) -> None:
        self.are_whole = True
        self._seen = self._finite = self._nans = self._infinities = self._zeros = 0
        self._mean = self._squares = 0.0
        self._low, self._high = float("inf"), float("-inf")

    def add(self, piece: Tensor) -> None:
        if not piece.numel():
            return
        self._seen += piece.numel()
        self.are_whole = self.are_whole and not piece.dtype.is_floating_point
        numbers = piece.to(torch.float64)
        mean = float(numbers.mean())
        if mean - mean != 0:  # NaN or infinite: some of them are
            piece = numbers = self._finite_of(numbers)
            if not numbers.numel():
                return
            mean = float(numbers.mean())
        low, high = torch.aminmax(piece if piece.is_floating_point() else numbers)
        self._low, self._high = min(self._low, float(low)), max(self._high, float(high))
        self._zeros += numbers.numel() - int(torch.count_nonzero(numbers))
        # A copy is there already, unless the numbers are float64 themselves.
        centred = numbers - mean if numbers is piece else numbers.sub_(mean)
        self._merge(numbers.numel(), mean, float(torch.dot(centred, centred)))

    def statistics(self, count: int) -> Statistics:
        told = {"nans": self._nans, "infinities": self._infinities, "zeros": self._zeros}
        n = self._finite
        if not n:
            return Statistics(count, self._seen, **told)
        return Statistics(
            count,
            self._seen,
            **told,
            mean=self._mean,
            std=sqrt(self._squares / n),
            minimum=self._low,
            maximum=self._high,
            norm=hypot(sqrt(self._squares), sqrt(n) * self._mean),
        )

    def _finite_of(self, numbers: Tensor) -> Tensor:
        finite = torch.isfinite(numbers)
        nans = int(torch.isnan(numbers).sum())
        self._nans += nans
        self._infinities += numbers.numel() - int(finite.sum()) - nans
        return numbers[finite]

    def _merge(self, n: int, mean: float, squares: float) -> None:
        """Chan, Golub and LeVeque 1979: the moments of two parts as those of the whole."""
        total, apart = self._finite + n, mean - self._mean
        # Not squared, which ends beyond 1e154, before it is known that it counts.
        self._squares += squares + apart * (self._finite * n / total) * apart
        self._mean += apart * n / total
        self._finite = total


def _edges(found: Statistics, are_whole: bool) -> np.ndarray:
    """Where the bins begin and end: one for each whole number where there are few of them."""
    low, high = found.minimum, found.maximum
    if np.isnan(low):
        return np.empty(0)
    if are_whole and high - low < BINS:
        return np.arange(low - 0.5, high + 1)
    if low == high:
        apart = abs(low) * 1e-3 or 0.5
        return np.array([low - apart, high + apart])
    return np.linspace(max(low, -_FARTHEST), min(high, _FARTHEST), BINS + 1)


def _counted(piece: Tensor, edges: np.ndarray, some_are_bad: bool) -> np.ndarray:
    """How many finite numbers each bin takes."""
    # In float64, since the span of float32's own range has no float32.
    numbers = piece.to(torch.float64)
    if some_are_bad:
        numbers = numbers[torch.isfinite(numbers)]
    numbers = numbers.clamp(edges[0], edges[-1])
    counts = torch.histc(numbers, len(edges) - 1, float(edges[0]), float(edges[-1]))
    return counts.numpy().astype(np.int64)
