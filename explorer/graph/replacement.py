"""Putting another layer in the place of a node: its wires stay where they fit, and its settings."""

from typing import TYPE_CHECKING

from explorer.graph.edits import (
    AddNode,
    AddWire,
    Edit,
    RemoveNode,
    RemoveWire,
    SetTraining,
    Several,
)
from explorer.graph.errors import GraphError
from explorer.graph.graph import Node, Wire
from explorer.graph.making import make_layer
from explorer.layers import Layer

if TYPE_CHECKING:
    from explorer.graph.graph import Graph

_SHARED = "weights_from"
"""Weights are of a kind: another has no use for them."""


def replacement(graph: "Graph", id: str, kind: str) -> tuple[Edit, str, list[Wire]]:
    """The edit that puts a layer of that kind in a node's place; its id, and the wires it drops.

    A wire stays at a port of the same name or, failing that, at the next one that is free.
    Settings of the same name stay where the new layer takes them; if what is minimised was named,
    it is the new layer's output now. GraphError where it cannot be made.
    """
    old = graph.node(id)
    layer = successor(old, kind)
    new = graph.new_id(kind)
    node = Node(
        new,
        layer,
        old.position,
        old.title,
        group=old.group,
        is_muted=old.is_muted and bool(layer.takes) and not layer.is_loss,
        is_collapsed=old.is_collapsed,
    )
    entries, exits = entries_and_exits(graph, id, layer)
    wires = [*graph.wires_into(id), *graph.wires_out_of(id)]
    kept: list[Edit] = []
    dropped: list[Wire] = []
    for wire in wires:
        ends = _ends(wire, id, new, entries, exits)
        if ends is None:
            dropped.append(wire)
        else:
            kept.append(AddWire(Wire(*ends, wire.bends)))
    at = list(graph.nodes).index(id)
    removed = [RemoveWire(wire.target) for wire in wires]
    label = f"Replace {id} with {kind}"
    edits = [*removed, RemoveNode(id), AddNode(node, at), *kept]
    if graph.training.loss.partition(".")[0] == id and layer.gives:
        port = exits.get(graph.training.loss.partition(".")[2], layer.gives[0])
        edits.append(
            SetTraining(graph.training.model_copy(update={"loss": f"{new}.{port}"}), label)
        )
    return Several(tuple(edits), label), new, dropped


def successor(old: Node, kind: str) -> Layer:
    """A layer with as many of a node's settings as it takes; GraphError where there is none."""
    carried: dict[str, object] = {}
    known = make_layer(kind, {})
    for name, value in old.layer.settings.items():
        if name not in type(known).model_fields or name == _SHARED:
            continue
        try:
            known = make_layer(kind, {**carried, name: value})
        except GraphError:
            continue  # it means something else there: the new layer's own default holds
        carried[name] = value
    return known


def entries_and_exits(
    graph: "Graph", id: str, layer: Layer
) -> tuple[dict[str, str], dict[str, str]]:
    """Which ports of a layer take the place of a node's wired inputs, and of its read outputs."""
    read = dict.fromkeys(wire.source_port for wire in graph.wires_out_of(id))
    wired = [wire.target_port for wire in graph.wires_into(id)]
    return _matched(wired, layer.takes), _matched(list(read), layer.gives)


def _matched(ports: list[str], there: tuple[str, ...]) -> dict[str, str]:
    """Old ports by name: those of the same name first, the others in order at what is free."""
    found = {port: port for port in ports if port in there}
    free = (port for port in there if port not in found)
    for port in ports:
        if port not in found and (next_free := next(free, None)) is not None:
            found[port] = next_free
    return found


def _ends(
    wire: Wire, id: str, new: str, entries: dict[str, str], exits: dict[str, str]
) -> tuple[str, str] | None:
    if wire.target_node == id:
        port = entries.get(wire.target_port)
        return (wire.source, f"{new}.{port}") if port else None
    port = exits.get(wire.source_port)
    return (f"{new}.{port}", wire.target) if port else None
