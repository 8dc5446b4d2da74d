"""What is outside of the group that the scene shows, and wired to it: what feeds it, what reads it.

Its cards stand at the edges and lead out; they are of the scene, and of no document.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from explorer.app.canvas import geometry
from explorer.app.canvas.card import Card
from explorer.app.canvas.group_card import gate_in, gate_out
from explorer.app.canvas.node_item import GateItem

if TYPE_CHECKING:
    from explorer.app.canvas.scene import GraphScene

_AWAY = 110.0
"""Between a gate and the nearest card, in scene units."""
_APART = 18.0


class Gates:
    """The gates of one scene, by the port outside that they show."""

    def __init__(self, scene: GraphScene):
        self._scene = scene
        self._items: dict[str, GateItem] = {}

    def __iter__(self) -> Iterator[GateItem]:
        return iter(self._items.values())

    def get(self, path: str) -> GateItem | None:
        """The gate of a port outside."""
        return self._items.get(path)

    def at(self, point: QPointF) -> GateItem | None:
        """The gate under a scene point."""
        return next((gate for gate in self if gate.box.contains(point)), None)

    def place(self) -> None:
        """Show what the level is wired to now."""
        self.clear()
        if not self._scene.level:
            return
        box = self._scene.card_bounds()
        self._stack(box.left() - _AWAY - geometry.WIDTH, self._feeding())
        self._stack(box.right() + _AWAY, self._reading())

    def clear(self) -> None:
        for gate in self:
            self._scene.take(gate)
        self._items.clear()

    def _stack(self, left: float, found: dict[str, tuple[Card, list[str]]]) -> None:
        """One below the other, each as high as what it is wired to, if there is room."""
        heights = {
            path: min(self._scene.end_point(end).y() for end in ends)
            for path, (_, ends) in found.items()
        }
        bottom = -inf
        for path in sorted(found, key=heights.__getitem__):
            top = max(heights[path] - geometry.port_point(True, 0).y(), bottom)
            gate = GateItem(found[path][0], (left, top))
            self._items[path] = gate
            self._scene.put_card(gate)
            bottom = gate.box.bottom() + _APART

    def _feeding(self) -> dict[str, tuple[Card, list[str]]]:
        graph = self._scene.graph
        ends: dict[str, list[str]] = {}
        for item in self._scene.wires.values():
            if self._is_outside(item.source):
                ends.setdefault(item.source, []).append(item.target)
        return {source: (gate_in(graph, source), targets) for source, targets in ends.items()}

    def _reading(self) -> dict[str, tuple[Card, list[str]]]:
        graph = self._scene.graph
        return {
            item.target: (gate_out(graph, item.target), [item.source])
            for item in self._scene.wires.values()
            if self._is_outside(item.target)
        }

    def _is_outside(self, path: str) -> bool:
        return self._scene.shown_as(path.partition(".")[0]) is None
