"""Axes and sizes as settings name them. Axis 0 is the batch; below 0 they count from the end."""

from math import prod
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from explorer.layers.base import Dim, Mismatch, Shape

MOST_AXES = 16
FAR = 1_000_000_000
"""No axis is longer."""
_MOST_NUMBERS = 2**33

Axis = Annotated[int, Field(ge=-MOST_AXES, le=MOST_AXES)]
"""A setting that names one axis."""


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, int) else value


def _not_far(numbers: tuple[int, ...]) -> tuple[int, ...]:
    if any(abs(number) > FAR for number in numbers):
        raise ValueError(f"must lie between −{FAR:,} and {FAR:,}")
    return numbers


def _sizes(sizes: tuple[int, ...]) -> tuple[int, ...]:
    if any(size < 1 and size != -1 for size in sizes):
        raise ValueError("must be sizes of at least 1, or −1 for one that follows from the rest")
    if len(sizes) > MOST_AXES:
        raise ValueError(f"must name at most {MOST_AXES} axes")
    if prod(size for size in sizes if size != -1) > _MOST_NUMBERS:
        raise ValueError(f"must multiply to at most {_MOST_NUMBERS:,} numbers")
    return sizes


def _one_open(sizes: tuple[int, ...]) -> tuple[int, ...]:
    if sizes.count(-1) > 1:
        raise ValueError("must leave at most one size open with −1")
    return sizes


Ints = Annotated[tuple[int, ...], BeforeValidator(_as_tuple), AfterValidator(_not_far)]
"""Whole numbers; one alone may be typed without a comma behind it."""
OpenSizes = Annotated[Ints, AfterValidator(_sizes)]
"""Sizes of axes, −1 for what is known from elsewhere."""
FillingSizes = Annotated[OpenSizes, AfterValidator(_one_open)]
"""Sizes that a given number of numbers fills, so that one of them may be left open with −1."""


def require_axis(
    port: str, shape: Shape, dim: int, setting: str = "dim", are_new: bool = False
) -> int:
    """The axis that `dim` names, counted from 0; Mismatch where there is none.

    `are_new`: it names a place for a new axis, of which there is one more.
    """
    rank = len(shape) + are_new
    if rank == 0:
        raise Mismatch(port, "at least one axis", "it is one number and has no axis to choose")
    if not -rank <= dim < rank:
        raise Mismatch(port, f"an axis {dim}", f"choose {setting} between {-rank} and {rank - 1}")
    return dim % rank


def divides(count: int, length: Dim) -> bool:
    """Whether `count` equal parts make up an axis whatever N is: 2 divides 6 and "4N", not "N"."""
    if isinstance(length, int):
        return length % count == 0
    factor = length.removesuffix("N")
    return factor != length and int(factor or 1) % count == 0


def fills(length: Dim, sizes: tuple[int, ...]) -> bool:
    """Whether so many numbers fill `sizes`, of which one may be open."""
    known = prod(size for size in sizes if size != -1)
    return divides(known, length) if -1 in sizes else length == known


def filling(sizes: tuple[int, ...]) -> str:
    """How many numbers fill `sizes`, in words."""
    known = prod(size for size in sizes if size != -1)
    return f"a multiple of {known} numbers" if -1 in sizes else f"{known} number{'s' * (known > 1)}"
