"""The shapes on wires: labels that are made when they can be read, a few at a time where many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QGraphicsItem

from explorer.app.canvas.wire_item import WireItem, WireLabel

if TYPE_CHECKING:
    from explorer.app.canvas.item_scene import ItemScene

_AT_ONCE = 150
"""Labels that are made in a fraction of a frame."""


class WireLabels(QObject):
    """Makes the labels of a scene's wires, those in view first."""

    def __init__(self, scene: ItemScene, layer: QGraphicsItem):
        super().__init__(scene)
        self._scene = scene
        self._layer = layer
        self._layer.setVisible(False)
        self._waiting: dict[WireItem, None] = {}
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._make_some)
        self.are_shown = False

    def show(self, wanted: bool) -> None:
        """Show all labels, or none."""
        if wanted == self.are_shown:
            return
        self.are_shown = wanted
        self._layer.setVisible(wanted)
        self._waiting.clear()
        if wanted:
            wires = self._scene.wires.values()
            missing = dict.fromkeys(item for item in wires if item.label is None)
            for view in self._scene.views() if len(missing) > _AT_ONCE else ():
                seen = view.mapToScene(view.viewport().rect()).boundingRect()
                self._waiting |= dict.fromkeys(
                    item for item in missing if item.path().boundingRect().intersects(seen)
                )
            self._waiting |= missing
        self._make_some()

    def add(self, item: WireItem) -> None:
        """A wire is new: it gets its label now if labels are shown."""
        if self.are_shown:
            self._make(item)

    def drop(self, item: WireItem) -> None:
        """A wire is gone, and its label with it."""
        self._waiting.pop(item, None)
        if item.label is not None:
            self._scene.removeItem(item.label)

    def complete(self) -> None:
        """Make all that are still to be made, without waiting for the next moment."""
        while self._waiting:
            self._make_some()

    def _make_some(self) -> None:
        for item in list(self._waiting)[:_AT_ONCE]:
            del self._waiting[item]
            self._make(item)
        if self._waiting:
            self._timer.start()
        else:
            self._timer.stop()

    def _make(self, item: WireItem) -> None:
        if item.label is None:
            item.label = WireLabel(self._layer)
            item.tell_label()
