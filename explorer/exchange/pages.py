"""A net on a page, in the way that is asked for."""

from collections.abc import Callable

from explorer.exchange import autograd, module, naive
from explorer.exchange.page import Page, Span, Way
from explorer.graph import Graph
from explorer.graph.muting import bypassed
from explorer.program import Program


def page(graph: Graph, program: Program, way: Way) -> Page:
    """The net that a program was compiled from, as a script.

    Raises CannotExpress, which names the node, where it cannot be written in this way.
    """
    return _WRITERS[way](bypassed(graph), program)


def _program(graph: Graph, program: Program) -> Page:
    spans = tuple(
        Span(call.line - 1, call.last_line, call.node, call.phase) for call in program.calls
    )
    return Page("program", program.name, program.source, spans)


_WRITERS: dict[Way, Callable[[Graph, Program], Page]] = {
    "naive": naive.page,
    "program": _program,
    "autograd": autograd.page,
    "module": module.page,
}
