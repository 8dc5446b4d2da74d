"""A layer that is dragged over the canvas from the palette, and dropped there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QDragMoveEvent, QDropEvent

from explorer.app.canvas.adding import Adder
from explorer.app.canvas.fitting import part_of
from explorer.app.canvas.layer_list import MIME, layer_of
from explorer.app.canvas.placing import part_box
from explorer.app.canvas.wire_aim import WireAim
from explorer.graph import Graph, GraphError

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView


class Drops:
    """Lights up the wire that a dragged layer would be inserted into, and adds it on its drop."""

    def __init__(self, view: GraphView, adder: Adder):
        self._view = view
        self._adder = adder
        self._kind = ""
        self._part: Graph | None = None
        self._aim: WireAim | None = None

    def hover(self, event: QDragMoveEvent) -> None:
        """It entered or moved."""
        if not event.mimeData().hasFormat(MIME):
            event.ignore()
            return
        event.acceptProposedAction()
        self._follow(layer_of(event.mimeData()), self._view.to_scene(QPointF(event.position())))

    def drop(self, event: QDropEvent) -> None:
        kind = layer_of(event.mimeData())
        if not kind:
            event.ignore()
            return
        event.acceptProposedAction()
        at = self._view.to_scene(event.position())
        self._follow(kind, at)
        wire = self._aim.wire if self._aim else None
        self.leave()
        if wire is not None:
            self._adder.insert(kind, at, wire)
        else:
            self._adder.add(kind, at, wired=False, exactly=True)
        self._view.setFocus()

    def leave(self) -> None:
        """It is no longer over the canvas."""
        if self._aim is not None:
            self._aim.put_out()
        self._kind, self._part, self._aim = "", None, None

    def _follow(self, kind: str, at: QPointF) -> None:
        if kind != self._kind:
            self.leave()
            self._begin(kind)
        if self._part is not None and self._aim is not None:
            box = part_box(self._part)
            box.moveCenter(at)
            self._aim.follow(box)

    def _begin(self, kind: str) -> None:
        scene = self._view.graph_scene
        self._kind = kind
        try:
            self._part = part_of(scene.graph, kind)
        except GraphError:
            return  # the drop will say why
        self._aim = WireAim(scene, self._part)
