"""The losses and accuracies of a run: gathered on the device, brought over in blocks."""

import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.training.events import EpochRow, State

Step = tuple[Tensor, Tensor | None, int]
"""Loss and accuracy as 0-d tensors, and the number of rows they are means over."""


@dataclass(frozen=True)
class Result:
    """A run so far: losses and accuracies per step, a row per epoch, and how it ended."""

    state: State
    message: str
    losses: list[float]
    accuracies: list[float]
    epochs: list[EpochRow]
    steps_per_second: float
    seconds: float


@dataclass(frozen=True)
class Block:
    """What `History.flush` brought over: the steps and epochs since the last one."""

    first_step: int
    losses: np.ndarray
    accuracies: np.ndarray
    epochs: tuple[EpochRow, ...]

    @property
    def diverged_at(self) -> int | None:
        """The first step whose loss is not a finite number."""
        bad = np.flatnonzero(~np.isfinite(self.losses))
        return self.first_step + int(bad[0]) if len(bad) else None


@dataclass
class _Sums:
    """Sums over the rows of an epoch; `right` is None where nothing counts correct answers.

    `batch_rows` is None for losses that are means over rows; for sums over rows it is the size
    of the batch that an epoch's mean is told for.
    """

    batch_rows: int | None = None
    rows: float = 0.0
    loss: float = 0.0
    right: float | None = None

    def add(self, rows: np.ndarray, losses: np.ndarray, accuracies: np.ndarray) -> None:
        self.rows += float(rows.sum())
        self.loss += float(losses @ rows if self.batch_rows is None else losses.sum())
        if accuracies.size:
            self.right = (self.right or 0.0) + float(accuracies @ rows)

    def means(self) -> tuple[float, float | None]:
        right = None if self.right is None else self.right / self.rows
        return self.loss / self.rows * (self.batch_rows or 1), right


@dataclass(frozen=True)
class _EpochEnd:
    steps: int
    seconds: float
    validation: list[Step]


class History:
    """Steps are added as 0-d tensors and stay on the device until `flush` asks for them.

    `batch_rows` is the size of a batch where losses are sums over its rows, else None.
    """

    def __init__(self, batch_rows: int | None = None) -> None:
        self._batch_rows = batch_rows
        self.losses = array("d")
        self.accuracies = array("d")
        self.epochs: list[EpochRow] = []
        self._losses: list[Tensor] = []
        self._accuracies: list[Tensor] = []
        self._rows: list[int] = []
        self._ends: list[_EpochEnd] = []
        self._sums = _Sums(batch_rows)
        self._seconds = 0.0
        self._since: float | None = None

    # Time spent training, pauses left out

    def start_clock(self) -> None:
        if self._since is None:
            self._since = time.perf_counter()

    def stop_clock(self) -> None:
        self._seconds = self.seconds
        self._since = None

    @property
    def seconds(self) -> float:
        running = time.perf_counter() - self._since if self._since is not None else 0.0
        return self._seconds + running

    @property
    def steps_per_second(self) -> float:
        return len(self.losses) / self.seconds if self.seconds > 0 else 0.0

    # Gathering

    @property
    def last_loss(self) -> float | None:
        """The loss of the last step, None before the first; it waits for the device."""
        if self._losses:
            return float(self._losses[-1])
        return self.losses[-1] if self.losses else None

    def add(self, loss: Tensor, accuracy: Tensor | None, rows: int) -> None:
        """A training step."""
        self._losses.append(loss)
        self._rows.append(rows)
        if accuracy is not None:
            self._accuracies.append(accuracy)

    def end_epoch(self, validation: list[Step]) -> None:
        """The epoch is over; `validation` are the chunks of held-back rows, if any."""
        steps = len(self.losses) + len(self._losses)
        self._ends.append(_EpochEnd(steps, self.seconds, validation))

    def flush(self) -> Block:
        """Bring over what was gathered since last time."""
        first = len(self.losses)
        losses, accuracies = _numbers(self._losses), _numbers(self._accuracies)
        epochs = self._close_epochs(first, losses, accuracies)
        self.losses.extend(losses)
        self.accuracies.extend(accuracies)
        self.epochs.extend(epochs)
        self._losses, self._accuracies, self._rows, self._ends = [], [], [], []
        return Block(first, losses, accuracies, tuple(epochs))

    def _close_epochs(
        self, first: int, losses: np.ndarray, accuracies: np.ndarray
    ) -> list[EpochRow]:
        rows = np.asarray(self._rows, dtype=np.float64)
        found: list[EpochRow] = []
        start = 0
        for end in self._ends:
            stop = end.steps - first
            self._sums.add(rows[start:stop], losses[start:stop], accuracies[start:stop])
            found.append(self._row(len(self.epochs) + len(found) + 1, end))
            self._sums, start = _Sums(self._batch_rows), stop
        self._sums.add(rows[start:], losses[start:], accuracies[start:])
        return found

    def _row(self, number: int, end: _EpochEnd) -> EpochRow:
        loss, accuracy = self._sums.means()
        if not end.validation:
            return EpochRow(number, end.steps, end.seconds, loss, accuracy)
        held_losses, held_accuracies, rows = zip(*end.validation, strict=True)
        held = _Sums(self._batch_rows)
        held.add(np.asarray(rows, float), _numbers(held_losses), _numbers(held_accuracies))
        return EpochRow(number, end.steps, end.seconds, loss, accuracy, *held.means())

    def result(self, state: State, message: str) -> Result:
        return Result(
            state,
            message,
            list(self.losses),
            list(self.accuracies),
            list(self.epochs),
            self.steps_per_second,
            self.seconds,
        )


def _numbers(scalars: Sequence[Tensor | None]) -> np.ndarray:
    """0-d tensors as float64 (len,), in one copy from their device; Nones are skipped."""
    there = [scalar for scalar in scalars if scalar is not None]
    return torch.stack(there).cpu().double().numpy() if there else np.empty(0)
