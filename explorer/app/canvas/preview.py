"""What a scene shows while a gesture lasts: cards and bends elsewhere than the graph has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from explorer.app.canvas.wire_item import WireItem
from explorer.graph import Wire
from explorer.graph.bends import carried

if TYPE_CHECKING:
    from explorer.app.canvas.scene import GraphScene

_FEW = 8
"""While no more cards than that are dragged, their wires are led around others all the time."""


class Preview:
    """Of one scene. Wires that get in the way of cards are led around them when it is over."""

    def __init__(self, scene: GraphScene):
        self._scene = scene
        self._wires: dict[str, tuple[Wire, ...]] = {}

    def move(self, positions: Mapping[str, QPointF]) -> None:
        """Show cards, notes and frames there."""
        scene = self._scene
        ways: dict[str, list[QPointF]] = {}
        for id, at in positions.items():
            item = scene.item(id)
            by = at - item.pos()
            item.setPos(at)
            for wire in self._wires_at(id):
                ways.setdefault(wire.target, []).append(by)
        for target, moved in ways.items():
            if target in scene.wires:
                self._follow(scene.wires[target], moved)
        places = {id: (at.x(), at.y()) for id, at in positions.items()}
        for wire in carried(scene.graph, places):
            if wire.target in scene.wires:
                self.bend(wire)
        if len(positions) <= _FEW:
            scene.routes.follow()

    def _wires_at(self, id: str) -> tuple[Wire, ...]:
        if id not in self._wires:
            self._wires[id] = tuple(self._scene.wires_at(id)) if id in self._scene.nodes else ()
        return self._wires[id]

    def forget(self) -> None:
        """The graph changed: other wires may be about."""
        self._wires.clear()

    def _follow(self, item: WireItem, moved: list[QPointF]) -> None:
        """One end of a wire, or both, moved so far."""
        is_whole = len(moved) == 2 and moved[0] == moved[1]
        if is_whole and not item.bends:
            item.shift(moved[0])
        else:
            self._scene.route(item)

    def bend(self, wire: Wire) -> None:
        """Show a wire's bends as that one has them."""
        scene, item = self._scene, self._scene.wires[wire.target]
        item.route(scene.end_point(wire.source), scene.end_point(wire.target), wire.bends)
        scene.routes.wire_moved(item)

    def put_back(self, ids: Iterable[str]) -> None:
        """Show those that are still here where the graph has them, which may not be where it had.

        With that it is over.
        """
        scene = self._scene
        here = (id for id in ids if id in scene.nodes or scene.annotations.get(id))
        self.move({id: QPointF(*scene.graph.item(id).position) for id in here})
        self.end()

    def end(self) -> None:
        """Nothing is to be shown elsewhere any longer; whoever began it has put all back."""
        self._scene.routes.settle()
