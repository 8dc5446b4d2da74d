"""What every source of examples yields: rows x with their targets y."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor


class DataError(ValueError):
    """Data that cannot be used; the message says what, where and how to mend it."""


@dataclass(frozen=True)
class Signature:
    """The shapes (without the batch axis) and dtypes of a dataset's x and y.

    `classes` counts the classes of a y of indices, `x_classes` those of an x of indices; they
    are None for floats.
    """

    x_shape: tuple[int, ...]
    x_dtype: torch.dtype
    y_shape: tuple[int, ...]
    y_dtype: torch.dtype
    classes: int | None
    x_classes: int | None = None


@dataclass(frozen=True, eq=False)
class Dataset:
    """N examples: x (N, *) float32 with y (N,) int64 class indices or (N, 1) float32.

    Sequences have y (N, T) int64, and x (N, T) int64 where they are made of indices.
    `classes` counts the classes of indices in y and is None for float targets, `x_classes`
    those in x. `class_names` is empty only where y is a number to regress: binary targets 0.0
    and 1.0 have names too.
    """

    name: str
    x: Tensor
    y: Tensor
    classes: int | None
    class_names: tuple[str, ...]
    feature_names: tuple[str, ...]
    x_classes: int | None = None

    def __len__(self) -> int:
        return len(self.x)

    @property
    def signature(self) -> Signature:
        return Signature(
            x_shape=tuple(self.x.shape[1:]),
            x_dtype=self.x.dtype,
            y_shape=tuple(self.y.shape[1:]),
            y_dtype=self.y.dtype,
            classes=self.classes,
            x_classes=self.x_classes,
        )

    def take(self, indices: Tensor | Sequence[int]) -> "Dataset":
        """The rows at `indices` (M,), in that order, as a dataset of their own."""
        rows = torch.as_tensor(indices, dtype=torch.int64)
        return replace(self, x=self.x[rows], y=self.y[rows])
