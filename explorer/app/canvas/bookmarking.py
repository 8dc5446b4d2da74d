"""Bookmarks: places on the canvas that the document keeps, to come back to by a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from explorer.app.canvas.walking import nearest_card
from explorer.graph.annotations import Bookmark
from explorer.graph.edits import Annotate, RemoveAnnotation

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView

KEYS = 9
"""So many of them have a key of their own."""


class Bookmarks:
    """Adds, visits and removes the bookmarks of what a view shows."""

    def __init__(self, view: GraphView):
        self._view = view
        self._scene = view.graph_scene

    def listed(self) -> list[Bookmark]:
        """In the order in which they were made."""
        return list(self._scene.graph.bookmarks.values())

    def add(self) -> None:
        """Keep what is shown now as a place to come back to."""
        graph, view = self._scene.graph, self._view
        middle = view.middle_place()
        id = graph.shelf.new_id(Bookmark)
        at = (round(middle.x(), 1), round(middle.y(), 1))
        bookmark = Bookmark(id, self._name(), at, round(view.scale_factor, 3), self._scene.level)
        graph.do(Annotate(bookmark, f"Add bookmark {bookmark.label}"))
        number = len(graph.bookmarks)
        key = f": press {number} to come back" if number <= KEYS else ""
        view.told.emit(f"Bookmark {bookmark.label} added{key}")

    def visit(self, number: int) -> None:
        """Look where the bookmark of that number, from 1, was made."""
        bookmarks = self.listed()
        if number > len(bookmarks):
            self._view.refused.emit(f"There is no bookmark {number} yet: add one first")
            return
        bookmark = bookmarks[number - 1]
        self._view.groups.show_level(bookmark.group)
        self._view.look_at(QPointF(*bookmark.position), bookmark.scale)

    def remove(self, id: str) -> None:
        """Forget a bookmark."""
        label = self._scene.graph.bookmarks[id].label
        self._scene.graph.do(RemoveAnnotation(Bookmark, id, f"Delete bookmark {label}"))

    def _name(self) -> str:
        """What is nearest to the middle gives it its name."""
        chosen = self._scene.selected()
        if len(chosen) == 1:
            return self._scene.graph.item(chosen[0]).label
        nearest = nearest_card(self._scene, self._view.middle_place())
        return self._scene.nodes[nearest].card.title if nearest is not None else "Empty canvas"
