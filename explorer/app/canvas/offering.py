"""Opens the small list of layers at the pointer, and adds what is chosen there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF

from explorer.app.canvas.adding import Adder
from explorer.app.canvas.card import Port
from explorer.app.canvas.fitting import kinds_between, kinds_that_feed, kinds_that_take
from explorer.app.canvas.quick_add import QuickAdd
from explorer.app.canvas.replacing import kinds_in_place_of
from explorer.app.canvas.search import hits
from explorer.app.canvas.usual import usual_beside
from explorer.layers import Layer

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView


class Offers:
    """What a view offers to add; one list at a time."""

    def __init__(self, view: GraphView, adder: Adder):
        self._view = view
        self._adder = adder
        self.popup: QuickAdd | None = None

    def at_pointer(self) -> None:
        """Offer every layer, to be added where the pointer is, if it is on the canvas."""
        self.anywhere(self._view.pointing.pixel())

    def anywhere(self, at: QPointF | None) -> None:
        """Offer every layer, to be added at a point of the viewport or, with None, where it fits.

        It is wired to the one selected node if the two fit.
        """
        place = self._view.to_scene(at) if at is not None else None
        middle = self._view.viewport().rect().center()
        popup = self._open([hit.name for hit in hits("")], "Add a layer")
        popup.chosen.connect(lambda kind: self._adder.add(kind, place, wired=True, exactly=False))
        self._show(popup, at.toPoint() if at is not None else middle)

    def for_wire(self, port: Port, at: QPointF, let_go: Callable[[], None]) -> None:
        """Offer what a wire from `port`, dropped at a scene point, can be wired to there.

        `let_go` is called when it is over, before what was chosen is added.
        """
        graph = self._view.graph_scene.graph
        kinds = kinds_that_take if port.is_output else kinds_that_feed
        offered = kinds(graph, port.path)
        if not offered:
            let_go()
            self._view.refused.emit(f"No layer fits {port.path}")
            return
        prompt = f"{port.path} to …" if port.is_output else f"… to {port.path}"
        popup = self._open(offered, prompt, self._usual_beside(port.path))
        popup.closed.connect(lambda: let_go())
        popup.chosen.connect(lambda kind: self._adder.add_at_end(kind, at, port))
        self._show(popup, self._view.mapFromScene(at))

    def in_place_of(self, id: str) -> None:
        """Offer what can stand in a node's place; what is chosen takes over its wires."""
        offered = kinds_in_place_of(self._view.graph_scene.graph, id)
        if not offered:
            self._view.refused.emit(f"No other layer takes what is wired to {id}")
            return
        popup = self._open(offered, f"Replace {id} with …")
        popup.chosen.connect(lambda kind: self._adder.replace(id, kind))
        box = self._view.graph_scene.nodes[id].box
        self._show(popup, self._view.mapFromScene(box.bottomLeft()))

    def on_wire(self, target: str) -> None:
        """Offer what can stand in the middle of a wire, and insert what is chosen there."""
        scene = self._view.graph_scene
        wire, middle = scene.graph.wires[target], scene.wires[target].path().pointAtPercent(0.5)
        offered = kinds_between(scene.graph, wire)
        if not offered:
            self._view.refused.emit(f"No layer fits between {wire.source} and {wire.target}")
            return
        prompt = f"Between {wire.source_node} and {wire.target_node} …"
        popup = self._open(offered, prompt, self._usual_beside(wire.source))
        popup.chosen.connect(lambda kind: self._adder.insert(kind, middle, wire))
        self._show(popup, self._view.mapFromScene(middle))

    def close(self) -> None:
        """Close the list if it is open."""
        if self.popup is not None:
            self.popup.close()

    def _usual_beside(self, path: str) -> list[str]:
        layer = self._view.graph_scene.graph.node(path.partition(".")[0]).layer
        return usual_beside(layer.family if isinstance(layer, Layer) else "")

    def _open(self, offered: Collection[str], prompt: str, first: Sequence[str] = ()) -> QuickAdd:
        self.close()
        popup = QuickAdd(self._view, offered, prompt, first)
        popup.closed.connect(self._forget)
        self.popup = popup
        return popup

    def _forget(self) -> None:
        self.popup = None

    def _show(self, popup: QuickAdd, at: QPoint) -> None:
        popup.open_at(self._view.viewport().mapToGlobal(at))
