"""The document: nodes, wires and how to train them. Everything else listens to it.

Every change is an Edit (`edits.py`) that `Graph.do` applies; undo and redo ride on its inverse.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import networkx as nx
from psygnal import Signal

from explorer.graph.annotations import Annotation, Bookmark, Frame, Group, Note, Titled
from explorer.graph.edits import (
    AddNode,
    AddWire,
    Edit,
    History,
    RemoveAnnotation,
    RemoveNode,
    RemoveWire,
    ReplaceNode,
    ReplaceWire,
    SetTraining,
    Several,
    named,
    replacing,
)
from explorer.graph.errors import GraphError, Problem
from explorer.graph.making import make_layer, make_training
from explorer.graph.names import check_id, check_position, unknown
from explorer.graph.settings import TrainingSettings
from explorer.graph.shelf import Shelf, insert
from explorer.layers import Layer, Shape, find

if TYPE_CHECKING:
    from explorer.graph.shapes import Shapes


@dataclass(frozen=True)
class Unusable:
    """Stands in for a layer that a file names but this program cannot make; nothing is lost."""

    kind: str
    settings: Mapping[str, Any]
    fault: str
    hint: str


@dataclass(frozen=True)
class Node(Titled):
    """One card on the canvas. `position` is its top left corner in scene units.

    `group` names the group that it is in, "" for none. What a muted node would compute is passed
    over: its output is its first input. A collapsed one shows its title alone.
    """

    id: str
    layer: Layer | Unusable
    position: tuple[float, float] = (0.0, 0.0)
    title: str = ""
    unknown: Mapping[str, Any] = field(default_factory=dict)
    group: str = ""
    is_muted: bool = False
    is_collapsed: bool = False

    @property
    def kind(self) -> str:
        """The layer's name: "Linear"."""
        return self.layer.kind if isinstance(self.layer, Unusable) else self.layer.name()

    @property
    def inputs(self) -> tuple[str, ...]:
        return () if isinstance(self.layer, Unusable) else self.layer.takes

    @property
    def outputs(self) -> tuple[str, ...]:
        return () if isinstance(self.layer, Unusable) else self.layer.gives


@dataclass(frozen=True)
class Wire:
    """A connection from an output, "data.x", to an input, "fc1.x", through its `bends`."""

    source: str
    target: str
    bends: tuple[tuple[float, float], ...] = ()

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
        refused(): an action could not be done as a whole; each edit of it is taken back by now.
    """

    changed = Signal(object)
    edited = Signal(str)
    refused = Signal()

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._wires: dict[str, Wire] = {}
        self._net: nx.MultiDiGraph = nx.MultiDiGraph()
        self._shapes: Shapes | None = None
        self.training = TrainingSettings()
        self.shelf = Shelf(self)
        self.unknown_annotations: dict[str, list[Any]] = {}
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
    def groups(self) -> Mapping[str, Group]:
        return self.shelf.of(Group)

    @property
    def notes(self) -> Mapping[str, Note]:
        return self.shelf.of(Note)

    @property
    def frames(self) -> Mapping[str, Frame]:
        return self.shelf.of(Frame)

    @property
    def bookmarks(self) -> Mapping[str, Bookmark]:
        return self.shelf.of(Bookmark)

    def item(self, id: str) -> Node | Annotation:
        """What has that id; GraphError where nothing has."""
        return self.shelf.find(id) or self.node(id)

    def has(self, id: str) -> bool:
        """Whether anything has that id."""
        return id in self._nodes or self.shelf.find(id) is not None

    def items(self) -> list[Node | Group | Note | Frame]:
        """All that has a place on the canvas: groups, nodes, notes and frames."""
        found: list[Node | Group | Note | Frame] = [*self.groups.values(), *self._nodes.values()]
        found += [*self.notes.values(), *self.frames.values()]
        return found

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
        if alone and stem not in used and not self.shelf.find(stem):
            return stem
        number = 1
        while (id := f"{stem}{number}") in used or self.shelf.find(id):
            number += 1
        return id

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
        group: str = "",
        **settings: Any,
    ) -> Node:
        """Add a node. GraphError for an unknown layer, a taken id or a setting out of range."""
        layer_made = make_layer(layer, settings, id)
        node = Node(id or self.new_id(layer), layer_made, position, title, group=group)
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
        """The edit that removes nodes with their wires, and further wires by their target.

        A group goes with all that is in it; notes and frames go by themselves.
        """
        doomed = list(dict.fromkeys(ids))
        nodes, rest = self._all_of(doomed)
        targets = dict.fromkeys(wires)
        for id in nodes:
            targets |= dict.fromkeys(w.target for w in self.wires_into(id))
            targets |= dict.fromkeys(w.target for w in self.wires_out_of(id))
        wired = f"{len(targets)} wire{'s' * (len(targets) != 1)}"
        label = f"Delete {named(doomed) if doomed else wired}"
        edits: list[Edit] = [RemoveWire(target) for target in targets]
        edits += [RemoveNode(id) for id in nodes]
        edits += [RemoveAnnotation(type(found), found.id, label) for found in rest]
        return Several(tuple(edits), label)

    def _all_of(self, ids: Iterable[str]) -> tuple[list[str], list[Annotation]]:
        """The nodes among these ids and inside of them, and the annotations, innermost first."""
        nodes: dict[str, None] = {}
        rest: dict[str, Annotation] = {}
        for id in ids:
            item = self.item(id)
            if isinstance(item, Node):
                nodes[id] = None
                continue
            if isinstance(item, Group):
                within, inner = self._all_of(self.shelf.inside(id))
                nodes |= dict.fromkeys(within)
                rest |= {found.id: found for found in inner}
            rest[id] = item
        return list(nodes), list(rest.values())

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
        """Move nodes, groups, notes and frames, as one action."""
        self.do(self.moving(positions, label))

    def moving(self, positions: Mapping[str, tuple[float, float]], label: str = "") -> Several:
        """The edit that moves nodes, groups, notes and frames; empty where all stand there.

        Bends of wires go with what is moved at both of their ends.
        """
        from explorer.graph.bends import carried

        moved = [
            replace(item, position=at)
            for id, at in positions.items()
            if (item := self.item(id)).position != tuple(at)
        ]
        what = named([item.id for item in moved])
        label = label or f"Move {what}"
        bends = [ReplaceWire(wire, label) for wire in carried(self, positions)]
        edits = [replacing(item, f"Move {item.id}") for item in moved]
        return Several((*edits, *bends), label)

    def rename(self, id: str, title: str) -> None:
        """Change the name that a node, group or frame shows; its id stays."""
        item = self.item(id)
        if isinstance(item, Note):
            raise GraphError(Problem.error(f"{id} is a note and has no name", "edit its text"))
        renamed = replace(item, title="" if title == id else title)
        if renamed != item:
            self.do(replacing(renamed, f"Rename {id}"))

    def train_with(self, **settings: Any) -> None:
        """Change some of the training settings. GraphError for one that is out of range."""
        training = make_training({**self.training.model_dump(), **settings})
        if training != self.training:
            what = ", ".join(settings).replace("_", " ")
            self.do(SetTraining(training, f"Set {what}"))

    def node(self, id: str) -> Node:
        """The node of that id; GraphError with the closest ids where there is none."""
        try:
            return self._nodes[id]
        except KeyError:
            raise GraphError(unknown("node", id, self._nodes)) from None

    # What follows from it

    @property
    def analysis(self) -> "Shapes":
        """Shapes and faults of every node, kept up to date as the graph changes."""
        if self._shapes is None:
            from explorer.graph.shapes import Shapes

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
        check_id(node.id)
        taken = self._nodes.get(node.id) or self.shelf.find(node.id)
        if taken is not None:
            hint = f"choose another id, such as {self.new_id(node.kind)}"
            what = type(taken).__name__.lower()
            raise GraphError(Problem.error(f"there is a {what} {node.id} already", hint, node.id))
        check_position(node.id, node.position)
        self.shelf.check_group(node.id, node.group)
        self._net.add_node(node.id)
        insert(self._nodes, node.id, node, at)

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
        check_position(node.id, node.position)
        self.shelf.check_group(node.id, node.group)
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
        insert(self._wires, wire.target, wire, at)
        self._net.add_edge(wire.source_node, wire.target_node, key=wire.target, wire=wire)

    def unlink(self, target: str) -> tuple[Wire, int]:
        if target not in self._wires:
            hint = "connect it first, or check the port's name"
            raise GraphError(Problem.error(f"no wire ends in {target}", hint))
        at = list(self._wires).index(target)
        wire = self._wires.pop(target)
        self._net.remove_edge(wire.source_node, wire.target_node, key=target)
        return wire, at

    def bend(self, wire: Wire) -> Wire:
        """Put a wire in the place of the one with its ends; that one."""
        before = self._wires.get(wire.target)
        if before is None or before.source != wire.source:
            hint = "connect the two first"
            text = f"no wire runs from {wire.source} to {wire.target}"
            raise GraphError(Problem.error(text, hint))
        for place in wire.bends:
            check_position(wire.target, place)
        self._wires[wire.target] = wire
        self._net.edges[wire.source_node, wire.target_node, wire.target]["wire"] = wire
        return before

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
            raise GraphError(unknown("output", wire.source, _paths(source.id, source.outputs)))
        else:
            raise GraphError(unknown("input", wire.target, _paths(target.id, target.inputs)))
        raise GraphError(Problem.error(text, hint, target.id, wire.target_port))


def _has(node: Node, port: str, side: str) -> bool:
    return isinstance(node.layer, Unusable) or port in getattr(node, side)


def _paths(id: str, ports: Iterable[str]) -> list[str]:
    return [f"{id}.{port}" for port in ports]


def _ports(id: str, ports: Iterable[str]) -> str:
    paths = _paths(id, ports)
    return f", such as {paths[0]}" if paths else f" ({id} has none)"
