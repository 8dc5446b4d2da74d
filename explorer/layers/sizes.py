"""Sizes along the axes of a signal, an image or a volume: as settings, and as inputs have them."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from explorer.layers.base import Mismatch, Spec, require_float, shape_text

Sizes = int | tuple[int, ...]
"""One number for all axes, or one for each."""

_LARGEST = 4096
_NAMES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}
_NOUNS = {1: "a signal", 2: "an image", 3: "a volume"}


def reader(axes: int, low: int, *words: str) -> Callable[[Any], Any]:
    """Reads a setting with a number for each axis: one number stands for all of them."""
    several = [f"{axes} of them such as {', '.join('3' * axes)}"] if axes > 1 else []
    wanted = f"must be {', or '.join(['a whole number', *several, *words])}"

    def read(value: Any) -> Any:
        if isinstance(value, str) and value in words:
            return value
        numbers = tuple(value) if isinstance(value, (list, tuple)) else (value,) * axes
        if len(numbers) != axes or not all(type(number) is int for number in numbers):
            raise ValueError(wanted)
        if not all(low <= number <= _LARGEST for number in numbers):
            raise ValueError(f"must be between {low} and {_LARGEST:,}")
        return numbers[0] if axes == 1 else numbers

    return read


def per_axis(axes: int, low: int, *words: str) -> BeforeValidator:
    """A setting with a number for each axis, from `low` up, or one of `words`."""
    return BeforeValidator(reader(axes, low, *words))


One = Annotated[int, per_axis(1, 1), Field(ge=1, le=_LARGEST)]
OneFrom0 = Annotated[int, per_axis(1, 0), Field(ge=0, le=_LARGEST)]
OneOrSame = Annotated[int | Literal["same"], per_axis(1, 0, "same")]
Pair = Annotated[tuple[int, int], per_axis(2, 1)]
PairFrom0 = Annotated[tuple[int, int], per_axis(2, 0)]
PairOrSame = Annotated[tuple[int, int] | Literal["same"], per_axis(2, 0, "same")]
Triple = Annotated[tuple[int, int, int], per_axis(3, 1)]
TripleFrom0 = Annotated[tuple[int, int, int], per_axis(3, 0)]
TripleOrSame = Annotated[tuple[int, int, int] | Literal["same"], per_axis(3, 0, "same")]


# The settings that say how a window slides over x, in the same words wherever there is one.


def window(default: Any) -> Any:
    return Field(default, description="How far the window reaches along each axis")


def step(default: Any) -> Any:
    words = "; empty: as far as it reaches" if default is None else ""
    return Field(default, description=f"How far the window moves each time{words}")


def border(default: Any) -> Any:
    return Field(default, description="How much is added before and behind each axis")


def border_or_same(default: Any) -> Any:
    words = "How much is added before and behind each axis; same: so much that out is as x"
    return Field(default, description=words)


def gap(default: Any) -> Any:
    return Field(default, description="How far apart what the window reads is; 1: side by side")


def each(sizes: Sizes, axes: int) -> tuple[int, ...]:
    """A number for each axis."""
    return (sizes,) * axes if isinstance(sizes, int) else tuple(sizes)


def reaches(kernel_size: Sizes, dilation: Sizes, axes: int) -> tuple[int, ...]:
    """How much of x a window covers along each axis, the gaps included."""
    pairs = zip(each(kernel_size, axes), each(dilation, axes), strict=True)
    return tuple((size - 1) * gap + 1 for size, gap in pairs)


def shape_of(axes: int) -> str:
    """What an input with that many axes is called and how its shape is written."""
    return f"{_NOUNS[axes]} {shape_text(('N', 'C', *_NAMES[axes]))}"


def require_image(x: Spec, axes: int) -> int:
    """The channels of x; Mismatch unless it is (N, C, and that many axes)."""
    require_float("x", x)
    if len(x.shape) != axes + 2:
        raise Mismatch("x", shape_of(axes), _to_rank(x, axes))
    if not all(isinstance(size, int) for size in x.shape[1:]):
        raise Mismatch("x", f"{shape_of(axes)} with only N open", "keep the batch axis first")
    return int(x.shape[1])


def _to_rank(x: Spec, axes: int) -> str:
    """How an input with too many axes or too few could get the right number of them."""
    wire = f"wire {shape_of(axes)} to it"
    sizes = x.shape[1:]
    if len(sizes) > axes + 1:
        return f"put a Flatten with start_dim {axes + 1} before it, or {wire}"
    if not sizes or isinstance(x.shape[0], int):
        return wire
    if len(sizes) == 1 and isinstance(sizes[0], int):
        side = round(sizes[0] ** (1 / axes))
        sizes = (side,) * axes if side**axes == sizes[0] else sizes
    if len(sizes) == axes:
        made = shape_text((x.shape[0], 1, *sizes))
        return f"put an Unflatten before it that makes {made}, or {wire}"
    return f"put an Unflatten before it, or {wire}"


def require_at_least(x: Spec, least: tuple[int, ...], hint: str) -> None:
    """Mismatch where x is smaller than this along an axis."""
    named = zip(_NAMES[len(least)], x.shape[2:], least, strict=True)
    short = [f"{name} ≥ {low}" for name, size, low in named if int(size) < low]
    if short:
        raise Mismatch("x", f"{shape_of(len(least))} with {' and '.join(short)}", hint)
