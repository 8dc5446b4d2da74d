"""Keeps the notes and frames of the shown level in step with the graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from explorer.app.canvas.annotation_items import AnnotationItem
from explorer.graph import Edit
from explorer.graph.annotations import Frame, Note
from explorer.graph.edits import Annotate, RemoveAnnotation

if TYPE_CHECKING:
    from explorer.app.canvas.scene import GraphScene

Place = tuple[float, float]


class Annotations:
    """The items of one scene's notes and frames, by id."""

    def __init__(self, scene: GraphScene):
        self._scene = scene
        self._items: dict[str, AnnotationItem] = {}

    def __iter__(self) -> Iterator[AnnotationItem]:
        return iter(self._items.values())

    def get(self, id: str) -> AnnotationItem | None:
        return self._items.get(id)

    def at(self, point: QPointF) -> AnnotationItem | None:
        """The note, or the bar or edge of a frame, under a scene point; the smallest of several."""
        hit = [item for item in self if item.is_hit(point)]
        return min(hit, key=lambda item: item.box.width() * item.box.height(), default=None)

    def fill(self) -> None:
        """Show those of the level."""
        graph = self._scene.graph
        annotations: list[Note | Frame] = [*graph.frames.values(), *graph.notes.values()]
        for annotation in annotations:
            if annotation.group == self._scene.level:
                self._add(annotation)

    def clear(self) -> None:
        for id in list(self._items):
            self._drop(id)

    def on_changed(self, edit: Edit) -> None:
        """The graph changed: show, move or drop the one that did."""
        match edit:
            case Annotate(annotation=Note() | Frame() as annotation):
                if annotation.group != self._scene.level:
                    self._drop(annotation.id)
                elif item := self._items.get(annotation.id):
                    item.show_annotation(annotation)
                else:
                    self._add(annotation)
            case RemoveAnnotation(id=id):
                self._drop(id)

    def within(self, frame: str) -> list[str]:
        """What stands in a frame, all of it, and moves along with it."""
        item = self._items.get(frame)
        if item is None or not isinstance(item.annotation, Frame):
            return []
        scene = self._scene
        inside = [id for id, card in scene.nodes.items() if item.box.contains(card.box)]
        return inside + [
            other.id for other in self if other is not item and item.box.contains(other.box)
        ]

    def moving_with(self, places: Mapping[str, Place]) -> dict[str, Place]:
        """Where all goes when this moves there: what stands in a frame goes as far as that does.

        What has a place of its own there keeps it.
        """
        graph = self._scene.graph
        found: dict[str, Place] = {}
        for id, (x, y) in places.items():
            left, top = graph.item(id).position
            for inside in self.within(id):
                from_left, from_top = graph.item(inside).position
                found[inside] = (from_left + x - left, from_top + y - top)
        return found | dict(places)

    def _add(self, annotation: Note | Frame) -> None:
        item = AnnotationItem(annotation)
        self._items[annotation.id] = item
        self._scene.addItem(item)

    def _drop(self, id: str) -> None:
        item = self._items.pop(id, None)
        if item is not None:
            self._scene.removeItem(item)
