"""One number of a tensor, by name and index: x[4, 3]."""

import re
from dataclasses import dataclass
from math import prod
from typing import Literal, NamedTuple

import torch
from torch import Tensor

Where = Literal["operand", "output", "cache", "upstream", "gradient"]


class Source(NamedTuple):
    """Where a tensor of a call stands, and its name there: ("cache", "x")."""

    where: Where
    name: str


@dataclass(frozen=True)
class Place:
    """One number of a tensor that a call read or wrote."""

    source: Source
    index: tuple[int, ...]
    value: float

    @property
    def text(self) -> str:
        """As people write it: x[4, 3], loss, (y_hat − y)[0]."""
        return f"{bare(self.source.name)}{brackets(self.index)}"


class UnknownElementError(ValueError):
    """There is no such element; the message says which there are."""


def bare(name: str) -> str:
    """A name that an index can follow: what is computed stands in parentheses."""
    return f"({name})" if " " in name else name


def brackets(index: tuple[int | str, ...]) -> str:
    """[4, 3]; nothing for a single number."""
    return f"[{', '.join(map(str, index))}]" if index else ""


def place(source: Source, tensor: Tensor, at: int) -> Place:
    """Element `at`, counted through."""
    return Place(source, unravel(at, tuple(tensor.shape)), float(tensor.flatten()[at]))


def unravel(at: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The index of the element that is number `at` when counted through."""
    index = []
    for size in reversed(shape):
        at, place = divmod(at, size)
        index.append(place)
    return tuple(reversed(index))


def ravel(index: tuple[int, ...], shape: tuple[int, ...]) -> int:
    """The number of an element when counted through; UnknownElementError outside of the shape."""
    inside = all(-size <= i < size for i, size in zip(index, shape, strict=False))
    if len(index) != len(shape) or not inside:
        wanted = f"{len(shape)} numbers" if len(shape) != 1 else "one number"
        within = f" below {', '.join(map(str, shape))}" if shape else ""
        raise UnknownElementError(
            f"[{', '.join(map(str, index))}] is no place: give {wanted}{within}"
        )
    at = 0
    for i, size in zip(index, shape, strict=True):
        at = at * size + i % size
    return at


def parse(text: str) -> tuple[str, tuple[int, ...] | None]:
    """What a person typed: "dw[3, 5]" -> ("dw", (3, 5)); "dw" -> ("dw", None)."""
    found = re.fullmatch(r"\s*([^\W\d]\w*)\s*(?:\[([\s\d,−-]*)\])?\s*", text)
    if not found:
        raise UnknownElementError(f"{text!r} is no element: write it as dw[3, 5]")
    name, inside = found.groups()
    if inside is None:
        return name, None
    numbers = [part.strip().replace("−", "-") for part in inside.split(",") if part.strip()]
    try:
        return name, tuple(map(int, numbers))
    except ValueError:
        raise UnknownElementError(f"{text!r} is no element: write it as dw[3, 5]") from None


def largest(tensor: Tensor) -> int:
    """The element to begin with: the largest |number|, counted through."""
    finite = torch.nan_to_num(tensor.detach().double().abs().flatten(), 0, 0, 0)
    return int(finite.argmax()) if prod(tensor.shape) else 0
