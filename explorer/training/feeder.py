"""The batches that a program is fed, for training and for validation."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import torch
from torch import Tensor

from explorer import data
from explorer.graph import GraphError, Problem, TrainingSettings
from explorer.layers.sources import Data
from explorer.program import Program
from explorer.training.precision import Dtypes

Batch = dict[str, Tensor]


class Feeder:
    """Loads what the Data nodes name, splits it, and hands it out batch by batch.

    All data moves to the device once. Where a graph has several Data nodes, row n of one goes
    with row n of the others. A program that is fed nothing gets one empty batch per epoch.
    Raises GraphError where data cannot be used; it names the node.
    """

    def __init__(
        self,
        program: Program,
        sources: Mapping[str, Data],
        settings: TrainingSettings,
        device: torch.device,
        dtypes: Dtypes,
    ):
        self._sources = sources
        self._settings = settings
        self._check_inputs(program)
        self._dtypes = {
            path: dtypes.kept if path in program.targets else dtypes.compute
            for path in program.feeds
        }
        loaded = {id: _load(id, source, dtypes.kept) for id, source in sources.items()}
        _check_rows(loaded)
        self._train: dict[str, data.Dataset] = {}
        self._held: dict[str, data.Dataset] = {}
        for id, dataset in loaded.items():
            self._split(id, dataset, next(iter(loaded.values())))
        self._device = device
        self._next: Batch | None = None
        self._batches = self._fresh()

    @property
    def steps_per_epoch(self) -> int:
        return len(next(iter(self._batches.values()))) if self._batches else 1

    @property
    def rows(self) -> int:
        """How many rows there are to train on."""
        return len(next(iter(self._train.values()))) if self._train else 0

    @property
    def validation_rows(self) -> int:
        """How many rows are held back."""
        return len(next(iter(self._held.values()))) if self._held else 0

    def peek(self) -> Batch:
        """The batch that the next training step will use."""
        if self._next is None:
            self._next = self._draw()
        return self._next

    def take(self) -> Batch:
        """That batch, and go on to the one after."""
        batch = self.peek()
        self._next = None
        return batch

    def sample(self, rows: int) -> Batch:
        """The first training rows, at most so many, on the CPU."""
        batch: Batch = {}
        for id, train in self._train.items():
            batch[f"{id}.x"], batch[f"{id}.y"] = train.x[:rows], train.y[:rows]
        return batch

    def validation(self) -> Iterator[tuple[Batch, int]]:
        """The held-back rows in chunks, each with its number of rows."""
        # Larger than a training batch, for there is no backward; not by so much that it fails.
        rows = self._settings.batch_size
        size = max(rows, min(1024, 32 * rows))
        for start in range(0, self.validation_rows, size):
            batch: Batch = {}
            for id, held in self._held.items():
                batch[f"{id}.x"] = self._laid_out(held.x[start : start + size].to(self._device))
                batch[f"{id}.y"] = held.y[start : start + size].to(self._device)
            yield batch, min(size, self.validation_rows - start)

    def move(self, device: torch.device) -> None:
        """Go on from the same batch with all data on another device."""
        states = {id: batches.state() for id, batches in self._batches.items()}
        self._device = device
        self._batches = self._fresh()
        for id, state in states.items():
            self._batches[id].restore(state)
        if self._next is not None:
            self._next = {path: value.to(device) for path, value in self._next.items()}

    def _fresh(self) -> dict[str, data.Batches]:
        """Batches from the start, each with a generator of its own, so that rows stay paired."""
        return {
            id: data.Batches(
                train,
                self._settings.batch_size,
                self._settings.shuffle,
                torch.Generator().manual_seed(self._settings.seed),
                self._device,
            )
            for id, train in self._train.items()
        }

    def _draw(self) -> Batch:
        batch: Batch = {}
        for id, batches in self._batches.items():
            x, batch[f"{id}.y"] = batches.next()
            batch[f"{id}.x"] = self._laid_out(x)
        return batch

    def _laid_out(self, x: Tensor) -> Tensor:
        if self._settings.channels_last and x.dim() == 4:
            return x.contiguous(memory_format=torch.channels_last)
        return x

    def _split(self, id: str, dataset: data.Dataset, first: data.Dataset) -> None:
        share, seed = self._settings.validation, self._settings.seed
        try:
            train, held = data.split(dataset, share, seed, self._sources[id].standardize, first)
        except data.DataError as error:
            raise GraphError(Problem.in_data(id, error)) from None
        self._train[id] = self._as_computed(id, train)
        if held is not None:
            self._held[id] = self._as_computed(id, held)

    def _as_computed(self, id: str, dataset: data.Dataset) -> data.Dataset:
        """Its floats in the numbers that the net computes in, once they are standardized."""
        x, y = (
            tensor.to(self._dtypes.get(f"{id}.{port}", tensor.dtype))
            if tensor.dtype.is_floating_point
            else tensor
            for port, tensor in (("x", dataset.x), ("y", dataset.y))
        )
        return replace(dataset, x=x, y=y)

    def _check_inputs(self, program: Program) -> None:
        nodes = dict.fromkeys(path.partition(".")[0] for path in program.feeds)
        if by_hand := [id for id in nodes if id not in self._sources]:
            hint = "put a Data node in its place to train; an Input is fed from Python"
            raise GraphError(
                *(Problem.error(f"{id} is fed by hand, batch by batch", hint, id) for id in by_hand)
            )


def _load(id: str, source: Data, dtype: torch.dtype) -> data.Dataset:
    """What a Data node names, its floats in a dtype."""
    try:
        found = data.load(**source.source)
    except data.DataError as error:
        raise GraphError(Problem.in_data(id, error)) from None
    x, y = (t.to(dtype) if t.dtype.is_floating_point else t for t in (found.x, found.y))
    return replace(found, x=x, y=y)


def _check_rows(loaded: Mapping[str, data.Dataset]) -> None:
    counts = {id: len(dataset) for id, dataset in loaded.items()}
    first = next(iter(counts), "")
    for id, count in counts.items():
        if count != counts[first]:
            text = f"{first} has {counts[first]} rows and {id} has {count}"
            hint = "data sets that are trained on together need equally many rows"
            raise GraphError(Problem.error(text, hint, id))
