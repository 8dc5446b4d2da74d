"""What can be told of the inside of a layer, part by part."""

from collections.abc import Generator
from typing import Any, NamedTuple, Protocol, TypeVar

from torch import Tensor


class Part(Protocol):
    """One part of what a layer computes: what it is, and its tensors by name."""

    @property
    def title(self) -> str: ...

    @property
    def values(self) -> dict[str, Tensor]: ...


Walk = Generator[Part, None, Any]
"""What a layer computes, stopping after each part; its own value is what the layer returns."""


class Done(NamedTuple):
    """How far some work is: so many bits of so many."""

    done: int
    total: int


Found = TypeVar("Found")


def to_the_end(work: Generator[object, None, Found]) -> Found:
    """Go on without a stop; what is found at the end."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            found: Found = end.value
            return found
