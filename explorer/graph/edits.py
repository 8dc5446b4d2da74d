"""Every change to a graph as an edit that, applied, hands back its inverse."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from explorer.graph.annotations import Annotation
    from explorer.graph.graph import Graph, Node, Wire
    from explorer.graph.settings import TrainingSettings


class Edit:
    """A change. `label` names it in the undo menu: "Move fc1"."""

    label: str

    def apply(self, graph: "Graph") -> "Edit":
        """Make the change, tell the graph's observers, and return the edit that undoes it.

        Raises GraphError, with the graph as it was, where the change cannot be made; it is as it
        was, too, where an observer fails.
        """
        inverse = self.change(graph)
        try:
            graph.changed.emit(self)
        except Exception:
            inverse.change(graph)
            graph.analysis.hear(inverse)  # it may have heard of what is not so any more
            raise
        return inverse

    def change(self, graph: "Graph") -> "Edit":
        raise NotImplementedError


@dataclass(frozen=True)
class AddNode(Edit):
    node: "Node"
    at: int | None = None

    @property
    def label(self) -> str:  # type: ignore[override]
        return f"Add {self.node.id}"

    def change(self, graph: "Graph") -> Edit:
        graph.put(self.node, self.at)
        return RemoveNode(self.node.id)


@dataclass(frozen=True)
class RemoveNode(Edit):
    """Removes a node that has no wires left."""

    id: str

    @property
    def label(self) -> str:  # type: ignore[override]
        return f"Delete {self.id}"

    def change(self, graph: "Graph") -> Edit:
        node, at = graph.take(self.id)
        return AddNode(node, at)


@dataclass(frozen=True)
class ReplaceNode(Edit):
    """Changes a node's settings, title or position; the id says which."""

    node: "Node"
    label: str

    def change(self, graph: "Graph") -> Edit:
        return ReplaceNode(graph.swap(self.node), self.label)


@dataclass(frozen=True)
class AddWire(Edit):
    wire: "Wire"
    at: int | None = None

    @property
    def label(self) -> str:  # type: ignore[override]
        return f"Connect {self.wire.source} to {self.wire.target}"

    def change(self, graph: "Graph") -> Edit:
        graph.link(self.wire, self.at)
        return RemoveWire(self.wire.target)


@dataclass(frozen=True)
class RemoveWire(Edit):
    target: str

    @property
    def label(self) -> str:  # type: ignore[override]
        return f"Disconnect {self.target}"

    def change(self, graph: "Graph") -> Edit:
        return AddWire(*graph.unlink(self.target))


@dataclass(frozen=True)
class ReplaceWire(Edit):
    """Changes the way that a wire takes; its ends stay."""

    wire: "Wire"
    label: str

    def change(self, graph: "Graph") -> Edit:
        return ReplaceWire(graph.bend(self.wire), self.label)


@dataclass(frozen=True)
class Annotate(Edit):
    """Adds a group, note, frame or bookmark, or replaces the one of its id."""

    annotation: "Annotation"
    label: str
    at: int | None = None

    def change(self, graph: "Graph") -> Edit:
        before = graph.shelf.put(self.annotation, self.at)
        if before is not None:
            return Annotate(before, self.label)
        return RemoveAnnotation(type(self.annotation), self.annotation.id, self.label)


@dataclass(frozen=True)
class RemoveAnnotation(Edit):
    """Takes a group, note, frame or bookmark away; a group must be empty."""

    kind: "type[Annotation]"
    id: str
    label: str

    def change(self, graph: "Graph") -> Edit:
        annotation, at = graph.shelf.take(self.kind, self.id)
        return Annotate(annotation, self.label, at)


@dataclass(frozen=True)
class SetTraining(Edit):
    training: "TrainingSettings"
    label: str

    def change(self, graph: "Graph") -> Edit:
        before, graph.training = graph.training, self.training
        return SetTraining(before, self.label)


@dataclass(frozen=True)
class Several(Edit):
    """Edits that make one action: all of them are applied, or none."""

    edits: tuple[Edit, ...]
    label: str

    def apply(self, graph: "Graph") -> Edit:
        done: list[Edit] = []
        try:
            for edit in self.edits:
                done.append(edit.apply(graph))
        except Exception:
            for inverse in reversed(done):
                inverse.apply(graph)
            raise
        return Several(tuple(reversed(done)), self.label)


@dataclass(frozen=True)
class _Action:
    """A user's action: the edit that takes it back, or, once taken back, does it again."""

    number: int
    label: str
    inverse: Edit


def replacing(item: "Node | Annotation", label: str) -> Edit:
    """The edit that puts a node or an annotation in the place of the one of its id."""
    from explorer.graph.graph import Node

    return ReplaceNode(item, label) if isinstance(item, Node) else Annotate(item, label)


def named(ids: Collection[str]) -> str:
    """Nodes as a label names them: by the id of the only one, or by their number."""
    return next(iter(ids)) if len(ids) == 1 else f"{len(ids)} nodes"


class History:
    """What was done to a graph and can be undone, and what was undone and can be redone."""

    def __init__(self, graph: "Graph"):
        self._graph = graph
        self._done: list[_Action] = []
        self._undone: list[_Action] = []
        self._actions = 0
        self._saved = 0

    def do(self, edit: Edit) -> None:
        if isinstance(edit, Several) and not edit.edits:
            return
        try:
            inverse = edit.apply(self._graph)
        except Exception:
            self._graph.refused.emit()
            raise
        self._actions += 1
        self._done.append(_Action(self._actions, edit.label, inverse))
        self._undone.clear()
        self._graph.edited.emit(edit.label)

    def undo(self) -> str | None:
        return self._turn(self._done, self._undone)

    def redo(self) -> str | None:
        return self._turn(self._undone, self._done)

    def _turn(self, source: list[_Action], sink: list[_Action]) -> str | None:
        if not source:
            return None
        action = source[-1]
        inverse = action.inverse.apply(self._graph)
        source.pop()
        sink.append(replace(action, inverse=inverse))
        self._graph.edited.emit(action.label)
        return action.label

    @property
    def undo_label(self) -> str | None:
        """What undo would undo, or None."""
        return self._done[-1].label if self._done else None

    @property
    def redo_label(self) -> str | None:
        """What redo would redo, or None."""
        return self._undone[-1].label if self._undone else None

    @property
    def saved(self) -> bool:
        """Whether the graph is as it was when `mark_saved` was last called."""
        return self._saved == self._latest

    def mark_saved(self) -> None:
        """Remember this moment as the saved one."""
        self._saved = self._latest

    def clear(self) -> None:
        """Forget the past: what is there now is where undo ends."""
        self._done.clear()
        self._undone.clear()
        self._saved = self._latest

    @property
    def _latest(self) -> int:
        """The number of the action done last; 0 at the beginning."""
        return self._done[-1].number if self._done else 0
