"""What can be told of the inside of a layer, part by part."""

from collections.abc import Generator
from typing import Any, Protocol

from torch import Tensor


class Part(Protocol):
    """One part of what a layer computes: what it is, and its tensors by name."""

    @property
    def title(self) -> str: ...

    @property
    def values(self) -> dict[str, Tensor]: ...


Walk = Generator[Part, None, Any]
"""What a layer computes, stopping after each part; its own value is what the layer returns."""
