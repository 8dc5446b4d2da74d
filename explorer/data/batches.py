"""Batches of a dataset, epoch after epoch, in an order that can be paused and taken up again."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from explorer.data.dataset import DataError, Dataset

_BLOCK = 64
"""How many shuffled batches are gathered at once."""


@dataclass(frozen=True, eq=False)
class BatchesState:
    """All that `Batches.restore` needs to go on as if nothing had happened."""

    epoch: int
    position: int
    order: Tensor | None
    generator: Tensor


class Batches:
    """Cuts x (N, *) and y (N, *) into batches of `batch_size` rows, the last one maybe shorter.

    The whole dataset moves to `device` once. `generator` is a CPU generator, from which each
    epoch draws its order if `shuffle` is set; otherwise batches are views, in the rows' order.
    """

    def __init__(
        self,
        dataset: Dataset,
        batch_size: int,
        shuffle: bool,
        generator: Generator,
        device: torch.device | str = "cpu",
    ) -> None:
        if batch_size < 1:
            raise DataError(f"The batch size cannot be {batch_size}: set 1 or more.")
        self._x = dataset.x.to(device)
        self._y = dataset.y.to(device)
        self._batch_size = batch_size
        self._shuffle = shuffle
        self._generator = generator
        self._epoch = 0
        self._position = 0
        self._follow(self._draw())

    def __len__(self) -> int:
        """Batches per epoch."""
        return -(-len(self._x) // self._batch_size)

    @property
    def epoch(self) -> int:
        """The epoch, counted from 0, that the batch handed out last belongs to."""
        return self._epoch

    @property
    def position(self) -> int:
        """How many batches of this epoch were handed out: `len(self)` at its end."""
        return self._position

    def next(self) -> tuple[Tensor, Tensor]:
        """The next batch (x, y); past the end of an epoch, the first of a new one."""
        if self._position == len(self):
            self._epoch += 1
            self._position = 0
            if self._shuffle:
                self._follow(self._draw())
        at = self._position
        self._position += 1
        if not self._shuffle:
            rows = slice(at * self._batch_size, (at + 1) * self._batch_size)
            return self._x[rows], self._y[rows]
        block, place = divmod(at, _BLOCK)
        if block != self._block:
            self._gather(block)
        return self._gathered[place]

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """The batches left in this epoch; all of the next one if none are."""
        yield self.next()
        while self._position < len(self):
            yield self.next()

    def state(self) -> BatchesState:
        return BatchesState(self._epoch, self._position, self._order, self._generator.get_state())

    def restore(self, state: BatchesState) -> None:
        """Goes on from `state`, taken of batches over the same dataset and batch size."""
        self._epoch = state.epoch
        self._position = state.position
        self._generator.set_state(state.generator)
        self._follow(state.order)

    def _draw(self) -> Tensor | None:
        if not self._shuffle:
            return None
        return torch.randperm(len(self._x), generator=self._generator)

    def _follow(self, order: Tensor | None) -> None:
        self._order = order if order is None else order.to(self._x.device)
        self._block = -1

    def _gather(self, block: int) -> None:
        """Bring the rows of the next batches together: one look-up for many small batches."""
        assert self._order is not None, "only shuffled rows are gathered"
        size = self._batch_size * _BLOCK
        rows = self._order[block * size : (block + 1) * size]
        x = self._x.index_select(0, rows).split(self._batch_size)
        y = self._y.index_select(0, rows).split(self._batch_size)
        self._block, self._gathered = block, tuple(zip(x, y, strict=True))
