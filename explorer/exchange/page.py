"""A net written in one of four ways, with the lines that belong to each node."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from explorer.program.program import Phase

Way = Literal["naive", "program", "autograd", "module"]

TITLES: dict[Way, str] = {
    "naive": "Naive",
    "program": "Modular",
    "autograd": "Autograd",
    "module": "torch.nn",
}
"""The ways in the order in which they take work off one's hands."""


class CannotExpress(ValueError):  # noqa: N818 - it is what was found, and reads so where it is caught
    """A net that cannot be written in this way.

    The message is a sentence that says why and how to mend it; `node` is the one at fault, None
    where it is the net as a whole.
    """

    def __init__(self, sentence: str, node: str | None = None):
        super().__init__(sentence)
        self.node = node


@dataclass(frozen=True)
class Span:
    """Lines that belong to a node, counted from 1; those that set it up are of no phase."""

    first: int
    last: int
    node: str
    phase: Phase | None = None

    def __contains__(self, line: int) -> bool:
        return self.first <= line <= self.last


@dataclass(frozen=True)
class Page:
    """A whole script: it runs as a file. Lines may belong to several nodes, or to none."""

    way: Way
    name: str
    text: str
    spans: tuple[Span, ...]

    @property
    def title(self) -> str:
        return TITLES[self.way]

    def nodes_at(self, line: int) -> tuple[str, ...]:
        """The nodes that a line belongs to, those first that have the fewest lines around it."""
        found = sorted((span for span in self.spans if line in span), key=_length)
        return tuple(dict.fromkeys(span.node for span in found))

    def call_at(self, line: int) -> Span | None:
        """The lines around one that are run as a call, the fewest first; None for others."""
        found = [span for span in self.spans if line in span and span.phase is not None]
        return min(found, key=_length, default=None)

    def lines_of(self, node: str, phase: Phase | None = None) -> tuple[int, ...]:
        """A node's lines; in a phase those of it, or else those where the node is computed."""
        spans = chosen = self._by_node.get(node, [])
        if phase is not None:
            own, computed = ([s for s in spans if s.phase == p] for p in (phase, "forward"))
            chosen = own or computed or spans
        return tuple(sorted({line for span in chosen for line in _range(span)}))

    @cached_property
    def _by_node(self) -> dict[str, list[Span]]:
        found: dict[str, list[Span]] = {}
        for span in self.spans:
            found.setdefault(span.node, []).append(span)
        return found


def _range(span: Span) -> Iterator[int]:
    yield from range(span.first, span.last + 1)


def _length(span: Span) -> int:
    return span.last - span.first
