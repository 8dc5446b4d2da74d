"""The breakpoints that a person has set: those of a session at the desk, not of the document."""

from collections.abc import Collection

from PySide6.QtCore import QObject, Signal

from explorer.app.breakpoint_mark import Mark, mark_of
from explorer.program import Breakpoint, NodeBreakpoint
from explorer.program.breakpoints import Pass, When


class Breakpoints(QObject):
    """A list in the order in which they were set. One that is off is kept and stops nothing.

    `changed` tells of every change.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._points: list[Breakpoint] = []
        self._off: set[Breakpoint] = set()

    @property
    def all(self) -> tuple[Breakpoint, ...]:
        return tuple(self._points)

    @property
    def active(self) -> tuple[Breakpoint, ...]:
        """Those that are on."""
        return tuple(point for point in self._points if point not in self._off)

    def is_on(self, point: Breakpoint) -> bool:
        return point not in self._off

    def mark(self, nodes: Collection[str], phase: Pass | None = None) -> Mark | None:
        """What is seen of those that belong to one of these nodes, in a phase or in any.

        Those for any node are seen nowhere. Of several, one that is on is seen, and first a node's.
        """
        marks = [
            mark_of(point, point not in self._off)
            for point in self._points
            if point.node in nodes and (phase is None or _is_in(phase, point))
        ]
        return min(marks, key=lambda mark: (not mark.is_on, mark.is_on_value), default=None)

    def add(self, point: Breakpoint) -> None:
        """Set one; one that is there already is switched on."""
        self._off.discard(point)
        if point not in self._points:
            self._points.append(point)
        self.changed.emit()

    def remove(self, *points: Breakpoint) -> None:
        gone = set(points)
        self._points = [point for point in self._points if point not in gone]
        self._off -= gone
        self.changed.emit()

    def clear(self) -> None:
        """Take all of them away."""
        self.remove(*self._points)

    def switch(self, point: Breakpoint, on: bool) -> None:
        """Let one stop training, or keep it without."""
        if on:
            self._off.discard(point)
        else:
            self._off.add(point)
        self.changed.emit()

    def toggle(self, nodes: Collection[str]) -> None:
        """Stop at these nodes in both phases; where it stops at all of them already, at none."""
        sets = not all(self._phases_at(node) for node in nodes)
        for node in nodes:
            if not sets:
                self._stop_at(node, set())
            elif not self._phases_at(node):
                self._stop_at(node, set(_PHASES))
        self.changed.emit()

    def toggle_call(self, node: str, phase: Pass) -> None:
        """Stop at a node in this phase too, or no longer in this one."""
        self._stop_at(node, self._phases_at(node) ^ {phase})
        self.changed.emit()

    def _phases_at(self, node: str) -> set[Pass]:
        """The phases in which it stops at a node, whatever the values."""
        return {phase for point in self._of(node) for phase in _PHASES if _is_in(phase, point)}

    def _of(self, node: str) -> list[NodeBreakpoint]:
        return [p for p in self._points if isinstance(p, NodeBreakpoint) and p.node == node]

    def _stop_at(self, node: str, phases: set[Pass]) -> None:
        """Have one breakpoint for these phases in the place of those that a node has."""
        here = self._of(node)
        place = self._points.index(here[0]) if here else len(self._points)
        self._points = [point for point in self._points if point not in here]
        self._off.difference_update(here)
        if phases:
            when: When = "both" if len(phases) == 2 else phases.pop()
            self._points.insert(place, NodeBreakpoint(node, when))

    def keep_those_of(self, nodes: Collection[str]) -> None:
        """Let those go whose node is no longer there."""
        gone = [point for point in self._points if point.node and point.node not in nodes]
        if gone:
            self.remove(*gone)


_PHASES: tuple[Pass, ...] = ("forward", "backward")


def _is_in(phase: Pass, point: Breakpoint) -> bool:
    return point.phase in (phase, "both")
