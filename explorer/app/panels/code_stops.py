"""Which lines of a page are a node's call, at which training can stop."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from explorer.app.breakpoint_mark import Mark
from explorer.app.breakpoints import Breakpoints
from explorer.app.panels.call_list import stopping_in
from explorer.exchange.page import Page
from explorer.program import Program
from explorer.program.breakpoints import Pass


class Stop(NamedTuple):
    """A node's call in a pass, and the line from 1 that a breakpoint on it is seen at."""

    node: str
    phase: Pass
    line: int


def stops_of(page: Page, program: Program) -> dict[int, Stop]:
    """By line the call that it belongs to; of several, the one with the fewest lines."""
    spans = _of_program(program) if page.way == "program" else _of_page(page)
    seen_at: dict[tuple[str, Pass], int] = {}
    for first, _, node, phase, at in spans:
        seen_at.setdefault((node, phase), max(first, at))
    found: dict[int, Stop] = {}
    for first, last, node, phase, _ in sorted(spans, key=lambda s: s[0] - s[1]):
        stop = Stop(node, phase, seen_at[node, phase])
        found |= dict.fromkeys(range(first, last + 1), stop)
    return found


def marks_at(stops: Iterable[Stop], breakpoints: Breakpoints) -> Mapping[int, Mark]:
    """By line what is seen of breakpoints there."""
    if not breakpoints.all:
        return {}
    marks = {stop.line: breakpoints.mark([stop.node], stop.phase) for stop in set(stops)}
    return {line: mark for line, mark in marks.items() if mark is not None}


_Lines = tuple[int, int, str, Pass, int]
"""The first and last line, whose they are, in which pass, and the line of the call itself."""


def _of_program(program: Program) -> list[_Lines]:
    """A call with the comment above it. The sums at forks are no node's own."""
    return [
        (call.line - 1, call.last_line, call.node, phase, call.line)
        for call in program.calls
        if (phase := stopping_in(call)) is not None
    ]


def _of_page(page: Page) -> list[_Lines]:
    return [
        (span.first, span.last, span.node, span.phase, span.first)
        for span in page.spans
        if span.phase == "forward" or span.phase == "backward"
    ]
