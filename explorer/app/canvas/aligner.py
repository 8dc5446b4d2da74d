"""Lines up what is selected on the canvas, and spreads it evenly."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from explorer.graph.aligning import Box, Line, Point, Way, aligned, distributed
from explorer.graph.edits import named

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView

ALIGN_FROM, DISTRIBUTE_FROM = 2, 3
"""How many things can be lined up, and how many have gaps that can be made equal."""
_LINES: dict[Line, str] = {
    "left": "left",
    "column": "in a column",
    "right": "right",
    "top": "top",
    "row": "in a row",
    "bottom": "bottom",
}
_WAYS: tuple[Way, ...] = ("across", "down")


class Aligner:
    """Acts on what is selected in a view; each is one action."""

    def __init__(self, view: GraphView):
        self._view = view
        self._scene = view.graph_scene

    @property
    def answers(self) -> dict[str, Callable[[], object]]:
        """What each of its commands does, by its name."""
        found: dict[str, Callable[[], object]] = {}
        found |= {f"align_{line}": partial(self.align, line) for line in _LINES}
        return found | {f"distribute_{way}": partial(self.distribute, way) for way in _WAYS}

    @property
    def usable(self) -> dict[str, tuple[bool, str]]:
        """Which of them can be used now and, of those that cannot, why."""
        count = len(self._scene.selected())
        can_align = count >= ALIGN_FROM, "Select two nodes or more"
        can_distribute = count >= DISTRIBUTE_FROM, "Select three nodes or more"
        return {name: can_align if "align" in name else can_distribute for name in self.answers}

    def align(self, line: Line) -> None:
        """Put the selected cards on one line."""
        boxes = self._boxes()
        if len(boxes) < ALIGN_FROM:
            self._view.refused.emit("Select two nodes or more to align")
            return
        self._move(aligned(boxes, line), f"Align {named(boxes)} {_LINES[line]}")

    def distribute(self, way: Way) -> None:
        """Make the gaps between the selected cards equal."""
        boxes = self._boxes()
        if len(boxes) < DISTRIBUTE_FROM:
            self._view.refused.emit("Select three nodes or more to distribute")
            return
        self._move(distributed(boxes, way), f"Distribute {named(boxes)} {way}")

    def _boxes(self) -> dict[str, Box]:
        boxes = {id: self._scene.item(id).box for id in self._scene.selected()}
        return {id: (b.x(), b.y(), b.width(), b.height()) for id, b in boxes.items()}

    def _move(self, places: dict[str, Point], label: str) -> None:
        rounded = {id: (float(round(x)), float(round(y))) for id, (x, y) in places.items()}
        self._scene.graph.move(self._scene.annotations.moving_with(rounded), label)
