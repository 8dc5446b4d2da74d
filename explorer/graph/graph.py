"""The document: nodes, wires and how to train them. Everything else listens to it.

Every change is an Edit (`edits.py`) that `Graph.do` applies; undo and redo ride on its inverse.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import networkx as nx
from psygnal import Signal

from explorer.graph.edits import (
    AddNode,
    AddWire,
    Edit,
    History,
    RemoveNode,
    RemoveWire,
    ReplaceNode,
    SetTraining,
    Several,
    named,
)
from explorer.graph.errors import GraphError, Problem
from explorer.graph.making import make_layer, make_training
from explorer.graph.settings import TrainingSettings
from explorer.layers import Layer, Shape, find

if TYPE_CHECKING:
    from explorer.graph.shapes import Shapes

T = TypeVar("T")

ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
FARTHEST = 1e7


@dataclass(frozen=True)
class Unusable:
    """Stands in for a layer that a file names but this program cannot make; nothing is lost."""

    kind: str
    settings: Mapping[str, Any]
    fault: str
    hint: str


@dataclass(frozen=True)
class Node:
    """One card on the canvas. `position` is its top left corner in scene units."""

    id: str
    layer: Layer | Unusable
    position: tuple[float, float] = (0.0, 0.0)
    title: str = ""
    unknown: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The layer's name: "Linear"."""
        return self.layer.kind if isinstance(self.layer, Unusable) else self.layer.name()

    @property
    def label(self) -> str:
        """What to show for its name: the title, or the id where it has none."""
        return self.title or self.id

    @property
    def inputs(self) -> tuple[str, ...]:
        return () if isinstance(self.layer, Unusable) else self.layer.takes

    @property
    def outputs(self) -> tuple[str, ...]:
        return () if isinstance(self.layer, Unusable) else self.layer.gives


@dataclass(frozen=True)
class Wire:
    """A connection from an output, "data.x", to an input, "fc1.x"."""

    source: str
    target: str

    @cached_property
    def source_node(self) -> str:
        return self.source.partition(".")[0]

    @cached_property
    def source_port(self) -> str:
        return self.source.partition(".")[2]

    @cached_property
    def target_node(self) -> str:
        return self.target.partition(".")[0]

    @cached_property
    def target_port(self) -> str:
        return self.target.partition(".")[2]


class Graph:
    """Nodes and wires over a networkx MultiDiGraph, changed only through edits.

    Signals:
        changed(Edit): each elementary edit, right after it was applied.
        edited(str): the label of a whole user action, after its last elementary edit.
    """

    changed = Signal(object)
    edited = Signal(str)

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._wires: dict[str, Wire] = {}
        self._net: nx.MultiDiGraph = nx.MultiDiGraph()
        self._shapes: Shapes | None = None
        self.training = TrainingSettings()
        self.groups: list[Any] = []
        self.notes: list[Any] = []
        self.unknown: dict[str, Any] = {}
        self.unknown_training: dict[str, Any] = {}
        self.history = History(self)

    # What is there

    @property
    def nodes(self) -> Mapping[str, Node]:
        """Nodes by id, in the order they were added."""
        return MappingProxyType(self._nodes)

    @property
    def wires(self) -> Mapping[str, Wire]:
        """Wires by the input port they end in."""
        return MappingProxyType(self._wires)

    @property
    def net(self) -> nx.MultiDiGraph:
        """The same as a networkx graph of ids, for algorithms; not to be changed."""
        return self._net

    def wires_into(self, node: str) -> Iterator[Wire]:
        """The wires that end in a node, in the order of its ports."""
        ports = self._nodes[node].inputs
        known = [self._wires[path] for port in ports if (path := f"{node}.{port}") in self._wires]
        yield from known
        if isinstance(self._nodes[node].layer, Unusable):
            yield from (wire for *_, wire in self._net.in_edges(node, data="wire"))

    def wires_out_of(self, node: str) -> list[Wire]:
        """The wires that start at a node, in the order they were drawn."""
        return [wire for *_, wire in self._net.out_edges(node, data="wire")]

    def readers(self, output: str) -> list[Wire]:
        """The wires that start at one output port."""
        return [w for w in self.wires_out_of(output.partition(".")[0]) if w.source == output]

    def new_id(self, layer: str, taken: Iterable[str] = ()) -> str:
        """A free id for a new node of that layer: fc1, relu2, data …"""
        cls = find(layer)
        stem = (cls.stem if cls else "") or layer.lower()
        used = {*self._nodes, *taken}
        alone = cls is not None and (cls.is_loss or cls.family == "Source")
        if alone and stem not in used:
            return stem
        number = 1
        while f"{stem}{number}" in used:
            number += 1
        return f"{stem}{number}"

    # What can be done to it

    def do(self, edit: Edit) -> None:
        """Apply an edit and remember how to undo it."""
        self.history.do(edit)

    def undo(self) -> str | None:
        """Undo the last action; its label, or None when there is none."""
        return self.history.undo()

    def redo(self) -> str | None:
        """Redo the last undone action; its label, or None when there is none."""
        return self.history.redo()

    def add(
        self,
        layer: str,
        id: str | None = None,
        position: tuple[float, float] = (0.0, 0.0),
        title: str = "",
        **settings: Any,
    ) -> Node:
        """Add a node. GraphError for an unknown layer, a taken id or a setting out of range."""
        node = Node(id or self.new_id(layer), make_layer(layer, settings, id), position, title)
        self.do(AddNode(node))
        return node

    def connect(self, source: str, target: str) -> Wire:
        """Wire an output to an input, "data.x" to "fc1.x". GraphError says why it cannot be."""
        wire = Wire(source, target)
        self.do(AddWire(wire))
        return wire

    def disconnect(self, target: str) -> None:
        """Take away the wire that ends in an input port."""
        self.do(RemoveWire(target))

    def remove(self, *ids: str) -> None:
        """Remove nodes together with their wires, as one action."""
        self.do(self.removal(ids))

    def removal(self, ids: Iterable[str], wires: Iterable[str] = ()) -> Several:
        """The edit that removes nodes with their wires, and further wires by their target."""
        doomed = list(dict.fromkeys(ids))
        targets = dict.fromkeys(wires)
        for id in doomed:
            self.node(id)
            targets |= dict.fromkeys(w.target for w in self.wires_into(id))
            targets |= dict.fromkeys(w.target for w in self.wires_out_of(id))
        wired = f"{len(targets)} wire{'s' * (len(targets) != 1)}"
        name = named(doomed) if doomed else wired
        edits = [*(RemoveWire(target) for target in targets), *(RemoveNode(id) for id in doomed)]
        return Several(tuple(edits), f"Delete {name}")

    def set(self, id: str, **settings: Any) -> None:
        """Change some of a node's settings. GraphError for one that is out of range."""
        node = self.node(id)
        given = node.layer.settings
        layer = make_layer(node.kind, {**given, **settings}, id)
        if layer == node.layer:
            return
        label = f"Set {', '.join(settings)} of {id}"
        self.do(ReplaceNode(replace(node, layer=layer), label))

    def move(self, positions: Mapping[str, tuple[float, float]], label: str = "") -> None:
        """Move nodes, as one action."""
        moved = [
            replace(self.node(id), position=at)
            for id, at in positions.items()
            if self.node(id).position != tuple(at)
        ]
        if not moved:
            return
        what = named([node.id for node in moved])
        edits = tuple(ReplaceNode(node, f"Move {node.id}") for node in moved)
        self.do(Several(edits, label or f"Move {what}"))

    def rename(self, id: str, title: str) -> None:
        """Change the name a node shows; its id stays."""
        node = replace(self.node(id), title="" if title == id else title)
        if node != self.node(id):
            self.do(ReplaceNode(node, f"Rename {id}"))

    def train_with(self, **settings: Any) -> None:
        """Change some of the training settings. GraphError for one that is out of range."""
        training = make_training({**self.training.model_dump(), **settings})
        if training != self.training:
            self.do(SetTraining(training))

    def node(self, id: str) -> Node:
        """The node of that id; GraphError with the closest ids where there is none."""
        try:
            return self._nodes[id]
        except KeyError:
            raise GraphError(_unknown("node", id, self._nodes)) from None

    # What follows from it

    @property
    def analysis(self) -> "Shapes":
        """Shapes and faults of every node, kept up to date as the graph changes."""
        from explorer.graph.shapes import Shapes

        if self._shapes is None:
            self._shapes = Shapes(self)
        return self._shapes

    def shapes(self) -> dict[str, Shape]:
        """The shape at every output port: {"fc1.out": ("N", 64), …}."""
        return {path: spec.shape for path, spec in self.analysis.specs().items()}

    def problems(self) -> list[Problem]:
        """What is wrong and how to mend it; [] when the graph can train as it is drawn."""
        from explorer.graph.problems import problems

        return problems(self)

    def save(self, path: str | Path) -> None:
        """Write the file, all of it or none. FileError says what went wrong."""
        from explorer.graph.file import save

        save(self, path)

    # What edits are made of; only edits call these

    def put(self, node: Node, at: int | None = None) -> None:
        if not ID.fullmatch(node.id):
            raise GraphError(
                Problem.error(
                    f"{node.id!r} cannot be a node's id",
                    "use letters, digits and _, starting with a letter",
                )
            )
        if node.id in self._nodes:
            hint = f"choose another id, such as {self.new_id(node.kind)}"
            raise GraphError(Problem.error(f"there is a node {node.id} already", hint, node.id))
        _check_position(node)
        self._net.add_node(node.id)
        _insert(self._nodes, node.id, node, at)

    def take(self, id: str) -> tuple[Node, int]:
        node = self.node(id)
        if self._net.degree(id):
            hint = "remove its wires first, or use Graph.remove"
            raise GraphError(Problem.error(f"{id} still has wires", hint, id))
        at = list(self._nodes).index(id)
        del self._nodes[id]
        self._net.remove_node(id)
        return node, at

    def swap(self, node: Node) -> Node:
        before = self.node(node.id)
        _check_position(node)
        for wire in [*self.wires_into(node.id), *self.wires_out_of(node.id)]:
            port, has = (
                (wire.target_port, node.inputs)
                if wire.target_node == node.id
                else (wire.source_port, node.outputs)
            )
            if port not in has and not isinstance(node.layer, Unusable):
                hint = f"remove the wire at {node.id}.{port} first"
                raise GraphError(Problem.error(f"{node.kind} has no port {port}", hint, node.id))
        self._nodes[node.id] = node
        return before

    def link(self, wire: Wire, at: int | None = None) -> None:
        self.check_wire(wire)
        _insert(self._wires, wire.target, wire, at)
        self._net.add_edge(wire.source_node, wire.target_node, key=wire.target, wire=wire)

    def unlink(self, target: str) -> tuple[Wire, int]:
        if target not in self._wires:
            hint = "connect it first, or check the port's name"
            raise GraphError(Problem.error(f"no wire ends in {target}", hint))
        at = list(self._wires).index(target)
        wire = self._wires.pop(target)
        self._net.remove_edge(wire.source_node, wire.target_node, key=target)
        return wire, at

    def check_wire(self, wire: Wire) -> None:
        """Raise GraphError where a wire may not be: only here are wires judged."""
        self._check_ends(wire)
        if wire.target in self._wires:
            raise GraphError(
                Problem.error(
                    f"{wire.target} already has a wire, from {self._wires[wire.target].source}",
                    "an input takes one wire: remove that one first, or join the two with Add",
                    wire.target_node,
                    wire.target_port,
                )
            )
        if nx.has_path(self._net, wire.target_node, wire.source_node):
            raise GraphError(
                Problem.error(
                    f"a wire from {wire.source} to {wire.target} would close a cycle",
                    f"{wire.source_node} already depends on {wire.target_node}: "
                    "wire forwards, from earlier nodes to later ones",
                    wire.target_node,
                    wire.target_port,
                )
            )

    def _check_ends(self, wire: Wire) -> None:
        source, target = self.node(wire.source_node), self.node(wire.target_node)
        gives = _has(source, wire.source_port, "outputs")
        takes = _has(target, wire.target_port, "inputs")
        if gives and takes:
            return
        is_input = not gives and _has(source, wire.source_port, "inputs")
        is_output = not takes and _has(target, wire.target_port, "outputs")
        hint = "a wire runs from an output to an input"
        if is_output and gives:
            text = f"{wire.source} and {wire.target} are both outputs"
            hint = f"{hint}: end it at an input{_ports(target.id, target.inputs)}"
        elif is_input and takes:
            text = f"{wire.source} and {wire.target} are both inputs"
            hint = f"{hint}: start it at an output{_ports(source.id, source.outputs)}"
        elif is_input and is_output:
            text = f"{wire.source} is an input and {wire.target} an output"
            hint = f"{hint}: swap the two"
        elif not gives:
            raise GraphError(_unknown("output", wire.source, _paths(source.id, source.outputs)))
        else:
            raise GraphError(_unknown("input", wire.target, _paths(target.id, target.inputs)))
        raise GraphError(Problem.error(text, hint, target.id, wire.target_port))


def _insert(items: dict[str, T], key: str, value: T, at: int | None) -> None:
    """Put an item at a place in a dict's order; at its end by default."""
    after = [] if at is None else list(items.items())[at:]
    for later, _ in after:
        del items[later]
    items[key] = value
    items.update(after)


def _check_position(node: Node) -> None:
    if not all(abs(value) < FARTHEST for value in node.position):
        hint = f"keep it within {FARTHEST:,.0f} of the origin"
        raise GraphError(Problem.error(f"{node.id} cannot stand at {node.position}", hint, node.id))


def _has(node: Node, port: str, side: str) -> bool:
    return isinstance(node.layer, Unusable) or port in getattr(node, side)


def _paths(id: str, ports: Iterable[str]) -> list[str]:
    return [f"{id}.{port}" for port in ports]


def _ports(id: str, ports: Iterable[str]) -> str:
    paths = _paths(id, ports)
    return f", such as {paths[0]}" if paths else f" ({id} has none)"


def _unknown(what: str, name: str, known: Iterable[str]) -> Problem:
    names = list(known)
    close = get_close_matches(name, names, n=1)
    if close:
        hint = f"did you mean {close[0]}?"
    else:
        hint = f"there is {', '.join(names[:8])}" if names else "there is none"
    return Problem.error(f"there is no {what} {name}", hint, name.partition(".")[0])
