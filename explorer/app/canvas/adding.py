"""New layers and blocks on the canvas: where they go and what they are wired to at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from explorer.app.canvas.card import Port
from explorer.app.canvas.fitting import ends_of, entry_for, exit_for, fed_together, part_of
from explorer.app.canvas.making_room import room_between
from explorer.app.canvas.placing import beside, first_wire, free_place, part_box, port_in_box
from explorer.app.canvas.wire_aim import parted
from explorer.app.canvas.wiring import splice
from explorer.graph import Edit, Graph, GraphError, Wire, blocks
from explorer.graph.edits import AddWire, Several
from explorer.graph.inserting import insertion
from explorer.graph.replacement import replacement

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView

Own = Callable[[str], str]
"""A port of a part by the id that its node has got in the graph."""


class Adder:
    """Adds to what a view shows; each method is one action and returns the first new node's id,
    or None when that was refused.
    """

    def __init__(self, view: GraphView):
        self._view = view
        self._scene = view.graph_scene

    def add(self, kind: str, at: QPointF | None, wired: bool, exactly: bool) -> str | None:
        """Add it, its middle at `at` or somewhere free; `wired`: to the one selected node.

        `exactly` says that a layer may cover other cards there.
        """
        part = self._part(kind)
        if part is None:
            return None
        found = first_wire(self._scene.graph, self._scene.selected(), part) if wired else None
        box = part_box(part)
        if at is None and found is not None:
            (chosen,) = self._scene.selected()
            box.moveTopLeft(beside(self._scene.nodes[chosen].box))
        else:
            box.moveCenter(at or self._view.middle_place())
        if not (exactly and at is not None and len(part.nodes) == 1):
            box.moveTopLeft(self._free(box))
        if found is None:
            return self._do(kind, part, box, "Add", _no_wires, "")
        source, entry = found

        def wires(own: Own) -> list[Edit]:
            return [AddWire(Wire(source, own(path))) for path in fed_together(part, entry)]

        return self._do(kind, part, box, "Add", wires, f", wired to {source}")

    def add_at_end(self, kind: str, at: QPointF, port: Port) -> str | None:
        """Add it where a wire from `port` was let go, wired to it there."""
        graph, path = self._scene.graph, port.path
        part = self._part(kind)
        if part is None:
            return None
        if port.is_output:
            end = entry_for(part, graph.analysis.spec(path))
        else:
            end = exit_for(part, graph, path)
        if end is None:
            self._view.refused.emit(f"{kind} does not fit {path}")
            return None
        box = part_box(part)
        box.moveTopLeft(at - port_in_box(part, end))
        box.moveTopLeft(self._free(box))

        def wires(own: Own) -> list[Edit]:
            if not port.is_output:
                return [AddWire(Wire(own(end), target)) for target in port.paths or (path,)]
            return [AddWire(Wire(path, own(each))) for each in fed_together(part, end)]

        return self._do(kind, part, box, "Add", wires, f", wired to {path}")

    def insert(self, kind: str, at: QPointF, wire: Wire) -> str | None:
        """Add it, its middle near `at`, into the middle of a wire that it fits."""
        part = self._part(kind)
        ends = ends_of(part) if part else None
        if part is None or ends is None:
            return None
        box = part_box(part)
        box.moveCenter(at)
        room = room_between(self._scene, wire, box)
        box.moveTopLeft(room.at)
        moves = self._scene.graph.moving(room.moved).edits
        entry, leave = ends
        bends = parted(self._scene, wire, at, box)

        def wires(own: Own) -> list[Edit]:
            return [*splice(wire, own(entry), own(leave), bends), *moves]

        said = f" between {wire.source_node} and {wire.target_node}"
        return self._do(kind, part, box, "Insert", wires, said)

    def replace(self, id: str, kind: str) -> str | None:
        """Put a layer in a node's place, with the wires and settings that fit it."""
        try:
            edit, new, dropped = replacement(self._scene.graph, id, kind)
            self._scene.graph.do(edit)
        except GraphError as error:
            self._view.refused.emit(str(error))
            return None
        self._scene.select([new])
        lost = ", ".join(f"{wire.source} to {wire.target}" for wire in dropped)
        said = f"; without the wire from {lost}, which does not fit" if lost else ""
        self._view.told.emit(f"{new} stands in the place of {id}{said}")
        return new

    def _part(self, kind: str) -> Graph | None:
        try:
            return part_of(self._scene.graph, kind)
        except GraphError as error:
            self._view.refused.emit(str(error))
            return None

    def _free(self, box: QRectF) -> QPointF:
        return free_place(box, (item.box for item in self._scene.nodes.values()))

    def _do(
        self,
        kind: str,
        part: Graph,
        box: QRectF,
        verb: str,
        wires: Callable[[Own], list[Edit]],
        said: str,
    ) -> str | None:
        """Add a part, with the wires that follow once its nodes have their ids."""
        graph, is_block = self._scene.graph, kind in blocks.names()
        corner = self._view.snapping.at_rest(box.topLeft())
        at = (float(round(corner.x())), float(round(corner.y())))
        edit, ids = insertion(graph, part, at, "", self._scene.level)
        name = kind if is_block else next(iter(ids.values()))

        def own(path: str) -> str:
            id, _, port = path.partition(".")
            return f"{ids[id]}.{port}"

        try:
            graph.do(Several((*edit.edits, *wires(own)), f"{verb} {name}"))
        except GraphError as error:
            self._view.refused.emit(str(error))
            return None
        self._show([id for id in ids.values() if id in self._scene.nodes], is_block)
        count = f": {len(part.nodes)} nodes" if is_block else ""
        self._view.told.emit(f"Added {name}{count}{said}")
        return next(iter(ids.values()))

    def _show(self, ids: list[str], is_block: bool) -> None:
        self._scene.select(ids)
        if is_block:
            self._view.frame_selection()
        else:
            self._view.bring_into_view(ids)


def _no_wires(own: Own) -> list[Edit]:
    return []
