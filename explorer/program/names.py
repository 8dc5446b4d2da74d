"""Variables of a page: each value has one that nothing else has."""

import keyword
from collections.abc import Iterable

from explorer.layers.base import MODES

RESERVED = frozenset(
    {
        *("layers", "batch", "cache", "forward", "backward", *MODES),
        *("torch", "F", "nn", "math", "self", "parameters", "buffers", "len", "range", "float"),
        *("_", "__builtins__", "__debug__"),
        *keyword.kwlist,
    }
)
"""What the pages of a program call by names of their own, whoever writes them."""


class Names:
    """Gives out names that are not taken."""

    def __init__(self, taken: Iterable[str] = RESERVED) -> None:
        self._taken = set(taken)

    def new(self, wanted: str) -> str:
        """The wanted name, or one much like it; taken from now on."""
        while wanted in self._taken:
            wanted += "_"
        self._taken.add(wanted)
        return wanted
