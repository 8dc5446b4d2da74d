"""Which rows and columns of a tensor are looked at: a plane through any number of axes.

Nothing here copies a number.
"""

from dataclasses import dataclass
from typing import Literal

from torch import Tensor

Reduction = Literal["mean", "peak", "norm"]
"""What many numbers become one by: their mean; the one farthest from 0, with its sign; the root
of the sum of their squares."""

Use = int | Literal["rows", "columns"] | Reduction
Span = tuple[int, int]
"""From the first index up to, and without, the last."""


class ViewError(ValueError):
    """What is asked for cannot be looked at; the message says why."""


class NotYetError(ViewError):
    """It comes to be further on in the walk; `title` says what it is called."""

    def __init__(self, title: str):
        super().__init__(f"{title} is not computed yet: step on")
        self.title = title


@dataclass(frozen=True)
class Cut:
    """What each axis of a tensor is to a plane: its rows, its columns, one index, or reduced.

    At most one axis is the rows and at most one the columns; without them there is one of each.
    """

    uses: tuple[Use, ...]

    def __post_init__(self) -> None:
        for use in ("rows", "columns"):
            if self.uses.count(use) > 1:
                raise ViewError(f"only one axis can be the {use}")

    @property
    def rows(self) -> int | None:
        """The axis that runs down."""
        return self.uses.index("rows") if "rows" in self.uses else None

    @property
    def columns(self) -> int | None:
        """The axis that runs across."""
        return self.uses.index("columns") if "columns" in self.uses else None

    @property
    def reductions(self) -> list[tuple[int, Reduction]]:
        """The axes that are reduced, and how."""
        found: list[tuple[int, Reduction]] = []
        for axis, use in enumerate(self.uses):
            if use == "mean" or use == "peak" or use == "norm":
                found.append((axis, use))
        return found

    @property
    def turned(self) -> "Cut":
        """The same plane with rows and columns changed over."""
        turn: dict[Use, Use] = {"rows": "columns", "columns": "rows"}
        return Cut(tuple(turn.get(use, use) for use in self.uses))

    def size(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """How many rows and columns the plane through a tensor of that shape has."""
        self.check(shape)
        rows = 1 if self.rows is None else shape[self.rows]
        columns = 1 if self.columns is None else shape[self.columns]
        return (rows, columns) if all(shape) else (0, 0)

    def check(self, shape: tuple[int, ...]) -> None:
        """Raise ViewError unless it fits a tensor of that shape."""
        if len(self.uses) != len(shape):
            raise ViewError(f"this cut has {len(self.uses)} axes and the tensor {len(shape)}")
        for axis, (use, size) in enumerate(zip(self.uses, shape, strict=True)):
            if isinstance(use, int) and not 0 <= use < size and size:
                raise ViewError(f"axis {axis} has no index {use}: it ends at {size - 1}")

    def index(self, row: int, column: int) -> tuple[int, ...] | None:
        """Where the number in that row and column is in the tensor; None if it is reduced."""
        if self.reductions:
            return None
        place: dict[Use, int] = {"rows": row, "columns": column}
        return tuple(use if isinstance(use, int) else place[use] for use in self.uses)

    def place(self, index: tuple[int, ...]) -> tuple[int, int] | None:
        """The row and column of an entry of the tensor; None where it is not in this plane."""
        for use, at in zip(self.uses, index, strict=True):
            if isinstance(use, int) and use != at:
                return None
        row = 0 if self.rows is None else index[self.rows]
        return row, 0 if self.columns is None else index[self.columns]


def first_cut(shape: tuple[int, ...]) -> Cut:
    """How a tensor is looked at first: its last two axes, at index 0 of all others."""
    uses: list[Use] = [0] * len(shape)
    if len(shape) >= 2:
        uses[-2] = "rows"
    if shape:
        uses[-1] = "columns"
    return Cut(tuple(uses))


def select(tensor: Tensor, cut: Cut, rows: Span, columns: Span) -> Tensor:
    """What a part of the plane is made of, as a view: (rows, columns, *reduced axes)."""
    if not tensor.numel():
        return tensor.new_zeros((0, 0))
    for axis, use in reversed(list(enumerate(cut.uses))):
        if isinstance(use, int):
            tensor = tensor.select(axis, use)
    left = [use for use in cut.uses if not isinstance(use, int)]
    for missing in ("columns", "rows"):
        if missing not in left:
            tensor = tensor.unsqueeze(0)
            left.insert(0, missing)
    plane = tensor.movedim((left.index("rows"), left.index("columns")), (0, 1))
    return plane[slice(*rows), slice(*columns)]
