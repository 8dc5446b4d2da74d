"""What can be done with wires on the canvas: bend, straighten, insert a layer, select."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from explorer.app.canvas.wire_item import WireItem
from explorer.graph import bends
from explorer.graph.edits import ReplaceWire, Several

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView


class WireCommands:
    """Acts on a view's wires."""

    def __init__(self, view: GraphView):
        self._view = view
        self._scene = view.graph_scene

    @property
    def answers(self) -> dict[str, Callable[[], object]]:
        """What each of its commands does, by its name."""
        return {
            "insert_on_wire": self.insert_on_wire,
            "bend": self.bend,
            "straighten": self.straighten,
        }

    @property
    def idle(self) -> set[str]:
        """Which of them have nothing to do with what is selected."""
        chosen = self._chosen()
        found = set() if len(chosen) == 1 else {"insert_on_wire", "bend"}
        if any(self._scene.leads_out(item) for item in chosen):
            found.add("bend")
        return found if any(item.bends for item in chosen) else found | {"straighten"}

    def bend(self) -> None:
        """Let the one selected wire pass through a place of its own, to be dragged from there."""
        chosen = self._chosen()
        if len(chosen) != 1:
            self._view.refused.emit("Select one wire to bend")
        elif self._scene.leads_out(chosen[0]):
            self._view.refused.emit("Leave the group to bend this wire")
        else:
            self.bend_wire(chosen[0], chosen[0].middle())

    def _chosen(self) -> list[WireItem]:
        return [item for item in self._scene.wires.values() if item.is_chosen]

    def bend_or_straighten(self, at: QPointF) -> bool:
        """Take away the bend at a scene point or bend the wire there; whether there was one."""
        if bend := self._scene.bend_at(at):
            self.remove_bend(bend[0].target, bend[1])
            return True
        item = None if self._scene.port_near(at) else self._scene.wire_at(at)
        if item is not None and not self._scene.leads_out(item):
            self.bend_wire(item, at)
        return item is not None

    def bend_wire(self, item: WireItem, at: QPointF) -> None:
        """Let a wire pass through a scene point."""
        graph = self._scene.graph
        place = (float(round(at.x())), float(round(at.y())))
        graph.do(bends.adding(graph.wires[item.target], item.stretch_at(at), place))

    def remove_bend(self, target: str, number: int) -> None:
        """Take one bend away."""
        graph = self._scene.graph
        graph.do(bends.removing(graph.wires[target], number))

    def insert_on_wire(self) -> None:
        """Offer what can stand in the middle of the one selected wire."""
        chosen = self._chosen()
        if len(chosen) == 1:
            self._view.offers.on_wire(chosen[0].target)
        else:
            self._view.refused.emit("Select one wire to insert a layer into")

    def straighten(self) -> None:
        """Let the selected wires run without bends."""
        wires = [self._scene.graph.wires[target] for target in self._scene.selected_wires()]
        bent = [replace(wire, bends=()) for wire in wires if wire.bends]
        if not bent:
            self._view.refused.emit("Select a wire with bends to straighten")
            return
        label = f"Straighten the wire to {bent[0].target}" if len(bent) == 1 else "Straighten wires"
        self._scene.graph.do(Several(tuple(ReplaceWire(wire, label) for wire in bent), label))

    def click(self, target: str, adds: bool) -> None:
        """Select a wire; with Ctrl or Shift held, add it to the selection or take it away."""
        if not adds:
            self._scene.select((), [target])
            return
        chosen = set(self._scene.selected_wires()) ^ {target}
        self._scene.select(self._scene.selected(), chosen)
