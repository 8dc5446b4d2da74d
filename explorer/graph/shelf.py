"""Keeps a graph's annotations: groups, notes, frames and bookmarks, by kind and id."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from explorer.graph.annotations import KINDS, A, Annotation, Group
from explorer.graph.errors import GraphError, Problem
from explorer.graph.names import check_id, check_position, unknown

if TYPE_CHECKING:
    from explorer.graph.graph import Graph


class Shelf:
    """What an id stands for is one thing only: a node or one annotation of any kind."""

    def __init__(self, graph: "Graph"):
        self._graph = graph
        self._by_kind: dict[type[Annotation], dict[str, Any]] = {kind: {} for kind in KINDS}

    def of(self, kind: type[A]) -> Mapping[str, A]:
        """All of one kind by id, in the order they were added."""
        return MappingProxyType(self._by_kind[kind])

    def find(self, id: str) -> Annotation | None:
        """What has that id, of whatever kind."""
        return next((kept[id] for kept in self._by_kind.values() if id in kept), None)

    @property
    def ids(self) -> list[str]:
        """Of all that is kept."""
        return [id for kept in self._by_kind.values() for id in kept]

    def inside(self, group: str) -> Iterator[str]:
        """The ids of all, nodes too, that are in a group itself."""
        kept = (self._graph.nodes, *self._by_kind.values())
        return (id for items in kept for id, item in items.items() if item.group == group)

    def new_id(self, kind: type[Annotation]) -> str:
        """A free id: group1, note2 …"""
        stem, number = kind.__name__.lower(), 1
        while f"{stem}{number}" in self._graph.nodes or self.find(f"{stem}{number}"):
            number += 1
        return f"{stem}{number}"

    def put(self, annotation: Annotation, at: int | None = None) -> Annotation | None:
        """Put it there; what had its id before. GraphError where it cannot be."""
        kept, id = self._by_kind[type(annotation)], annotation.id
        check_position(id, annotation.position)
        self.check_group(id, annotation.group)
        before: Annotation | None = kept.get(id)
        if before is None:
            self._check_free(annotation)
            insert(kept, id, annotation, at)
        else:
            kept[id] = annotation
        return before

    def take(self, kind: type[Annotation], id: str) -> tuple[Annotation, int]:
        """Take it away; it and its place. GraphError where it is not there, or holds something."""
        kept = self._by_kind[kind]
        if id not in kept:
            raise GraphError(unknown(kind.__name__.lower(), id, kept))
        if kind is Group and (held := next(self.inside(id), None)) is not None:
            hint = "take out what it holds first"
            raise GraphError(Problem.error(f"{id} still holds {held}", hint))
        at = list(kept).index(id)
        return kept.pop(id), at

    def check_group(self, id: str, group: str) -> None:
        """GraphError where a group is not there, or where `id` would be inside of itself."""
        groups, above = self._by_kind[Group], group
        while above:
            if above == id:
                raise GraphError(Problem.error(f"{id} cannot be inside of itself", "move it out"))
            if above not in groups:
                raise GraphError(unknown("group", above, groups))
            above = groups[above].group

    def _check_free(self, annotation: Annotation) -> None:
        id = annotation.id
        check_id(id)
        if id in self._graph.nodes or self.find(id):
            hint = f"choose another id, such as {self.new_id(type(annotation))}"
            raise GraphError(Problem.error(f"there is {id} already", hint))


def insert(items: dict[str, Any], key: str, value: Any, at: int | None) -> None:
    """Add to a dict at a place; None is the end."""
    if at is None or at >= len(items):
        items[key] = value
        return
    later = list(items.items())[at:]
    for name, _ in later:
        del items[name]
    items[key] = value
    items.update(later)
