"""The pages of the net that is drawn, each written when somebody looks at it."""

from typing import Any

from explorer.exchange import pages
from explorer.exchange.page import CannotExpress, Page, Way
from explorer.graph import Graph
from explorer.program import Program

MANY_CALLS = 300
"""From so many on a page takes longer to write at first than a window may stand still."""


class CodePages:
    """Holds a net and what has been written of it so far."""

    def __init__(self) -> None:
        self.graph: Graph | None = None
        self.program: Program | None = None
        self._key: Any = None
        self._written: dict[Way, Page | CannotExpress] = {}
        self._wanted: set[Way] = {"program"}

    def show(self, graph: Graph | None, program: Program | None) -> bool:
        """Take over a net; whether anything that a page tells of is another than before."""
        if graph is not self.graph:
            self._wanted = {"program"}
        self.graph, self.program = graph, program
        key = _key(graph, program) if graph and program else None
        if key is not None and key == self._key:
            return False
        self._key = key
        self._written.clear()
        return True

    def is_large(self, way: Way) -> bool:
        """Whether one should be asked before the page is written."""
        calls = self.program.calls if self.program else ()
        return way not in self._wanted and len(calls) >= MANY_CALLS

    def want(self, way: Way) -> None:
        """Ask no more of this net: its page is wanted however long it takes."""
        self._wanted.add(way)

    def page(self, way: Way) -> Page | CannotExpress:
        """The page, or why there is none."""
        assert self.graph is not None, "there is a net where a page is asked for"
        assert self.program is not None, "it can run"
        if way not in self._written:
            try:
                self._written[way] = pages.page(self.graph, self.program, way)
            except CannotExpress as why:
                self._written[way] = why
        return self._written[way]


def _key(graph: Graph, program: Program) -> Any:
    """All that pages tell of: equal keys, equal pages."""
    layers = [(id, node.layer) for id, node in graph.nodes.items()]
    return program.name, program.source, layers, graph.training
