"""A dataset in two: rows to train on, and rows held back to validate with."""

from dataclasses import replace

import torch
from torch import Generator, Tensor

from explorer.data.dataset import DataError, Dataset


def split(
    dataset: Dataset,
    validation: float,
    seed: int,
    standardize: bool = False,
    like: Dataset | None = None,
) -> tuple[Dataset, Dataset | None]:
    """(training, validation) rows, shuffled by `seed`, each class shared out in proportion.

    `validation` is the held-back share; 0 holds back nothing and leaves the rows in order.
    `standardize` shifts and scales each feature to mean 0 and standard deviation 1 over the
    training rows, and the validation rows by the same numbers; an x of class indices has no
    scale and stays as it is. The classes shared out are those of `like`, if given: sets of
    equally many rows that are split like one of them stay paired. Rows whose y is a sequence of
    classes are dealt out by plain chance.
    """
    if not 0 <= validation < 1:
        raise DataError(
            f"The validation share cannot be {validation}: set 0 or more and less than 1."
        )
    train, held = dataset, None
    if validation > 0:
        train, held = _parts(dataset, validation, like or dataset, Generator().manual_seed(seed))
    if standardize and train.x.dtype.is_floating_point:
        shift, scale = _statistics(train.x)
        train = _standardized(train, shift, scale)
        held = held and _standardized(held, shift, scale)
    return train, held


def _parts(
    dataset: Dataset, validation: float, like: Dataset, generator: Generator
) -> tuple[Dataset, Dataset]:
    rows = len(dataset)
    if rows < 2:
        raise DataError(
            f"{dataset.name} has too few rows to hold any back ({rows}): "
            "set the validation share to 0 or add rows."
        )
    order = torch.randperm(rows, generator=generator)
    count = min(max(round(validation * rows), 1), rows - 1)
    held = torch.zeros(rows, dtype=torch.bool)
    held[order[_spread(like, order).argsort(stable=True)[:count]]] = True
    return dataset.take(order[~held[order]]), dataset.take(order[held[order]])


def _spread(dataset: Dataset, order: Tensor) -> Tensor:
    """Where in its class, from 0 to 1, each row of `order` (N,) stands.

    The first rows by this measure are a proportional share of every class. Classes of one row
    all stand at 0.5, so that a target with nothing but those is split by plain chance.
    """
    if not dataset.class_names or dataset.y[0].numel() > 1:
        return torch.linspace(0, 1, len(order))
    classes = dataset.y.flatten().long()[order]
    place = torch.empty(len(order))
    for each in classes.unique():
        members = classes == each
        count = int(members.sum())
        place[members] = (torch.arange(count) + 0.5) / count
    return place


def _statistics(x: Tensor) -> tuple[Tensor, Tensor]:
    """The mean and standard deviation of each feature of x (N, *), the latter 1 if constant."""
    # In float64, since sums over many float32 rows of a far-off mean lose the deviation.
    wide = x.double()
    low = wide.amin(0)
    constant = low == wide.amax(0)
    shift = torch.where(constant, low, wide.mean(0))
    return shift, torch.where(constant, 1.0, wide.std(0, correction=0))


def _standardized(dataset: Dataset, shift: Tensor, scale: Tensor) -> Dataset:
    return replace(dataset, x=((dataset.x - shift) / scale).to(dataset.x.dtype))
