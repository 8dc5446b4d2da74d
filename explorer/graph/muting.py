"""Muting a node: what it would compute is passed over, its first input goes on as its output."""

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from explorer.graph.edits import Edit, ReplaceNode, Several, named
from explorer.graph.errors import GraphError, Problem
from explorer.layers import Layer

if TYPE_CHECKING:
    from explorer.graph.graph import Graph, Node, Wire


def unmutable(graph: "Graph", id: str) -> str:
    """Why a node cannot be muted, in a sentence; "" where it can."""
    node = graph.node(id)
    if not isinstance(node.layer, Layer):
        return f"{id} cannot be muted: its layer is not known"
    if not node.inputs:
        return f"{id} cannot be muted: it has no input that could go on in its place"
    if node.layer.is_loss:
        return f"{id} cannot be muted: the net would have no loss"
    further = [wire.source for wire in graph.wires_out_of(id) if wire.source_port != _exit(node)]
    if further:
        return f"{id} cannot be muted: {further[0]} is read, and only {_exit(node)} would go on"
    return ""


def muting(graph: "Graph", ids: Collection[str]) -> Edit:
    """The edit that mutes nodes or, where all of them are muted, lets them compute again.

    GraphError where one cannot be muted, or where a reader does not take what would arrive.
    """
    nodes = [graph.node(id) for id in ids]
    mutes = not all(node.is_muted for node in nodes)
    label = f"{'Mute' if mutes else 'Unmute'} {named(ids)}"
    changed = [replace(node, is_muted=mutes) for node in nodes if node.is_muted != mutes]
    edit = Several(tuple(ReplaceNode(node, label) for node in changed), label)
    if mutes:
        for node in changed:
            if why := unmutable(graph, node.id):
                raise GraphError(Problem.error(why, "mute nodes between others", node.id))
        _check_readers(graph, edit)
    return edit


def bypassed(graph: "Graph") -> "Graph":
    """The graph as it runs: without its muted nodes, their readers fed by what fed them."""
    from explorer.graph.graph import Graph, Wire

    if not any(node.is_muted for node in graph.nodes.values()):
        return graph
    plain = Graph()
    for node in graph.nodes.values():
        if not node.is_muted:
            plain.put(replace(node, group=""))
    for wire in graph.wires.values():
        source = behind(graph, wire.source)
        ends = source.partition(".")[0], wire.target_node
        if not any(graph.nodes[id].is_muted for id in ends):
            plain.link(Wire(source, wire.target))
    plain.training = graph.training
    plain.unknown_training = graph.unknown_training
    return plain


def behind(graph: "Graph", output: str) -> str:
    """The output whose values one gives: itself or, of a muted node, what is passed on there."""
    while (before := _passed_on(graph, output.partition(".")[0])) is not None:
        output = before.source
    return output


def way(graph: "Graph", wire: "Wire") -> list["Wire"]:
    """A wire, and those before it that lead its values through muted nodes, from last to first."""
    found = [wire]
    while (before := _passed_on(graph, found[-1].source_node)) is not None:
        found.append(before)
    return found


def read_by(graph: "Graph", id: str) -> list["Wire"]:
    """The wires whose values a node reads; of a muted one, that whose values it passes on."""
    if not graph.nodes[id].is_muted:
        return list(graph.wires_into(id))
    before = _passed_on(graph, id)
    return [before] if before else []


def entry(node: "Node") -> str:
    """The input that goes on when a node is muted; "" where it has none."""
    return node.inputs[0] if node.inputs else ""


def _passed_on(graph: "Graph", id: str) -> "Wire | None":
    """The wire whose values a muted node passes on; None of others, and where none arrive."""
    node = graph.nodes[id]
    return graph.wires.get(f"{id}.{entry(node)}") if node.is_muted else None


def _exit(node: "Node") -> str:
    return node.outputs[0] if node.outputs else ""


def _check_readers(graph: "Graph", edit: Several) -> None:
    """Try it on a copy: GraphError with the first fault that muting would bring about."""
    from explorer.graph.fragments import fragment

    trial = fragment(graph, [*graph.nodes, *graph.groups])
    before = {fault.message for id in trial.nodes for fault in trial.analysis.report(id).faults}
    edit.apply(trial)
    for id in trial.nodes:
        for fault in trial.analysis.report(id).faults:
            if fault.message not in before:
                text = f"{edit.label} leaves a shape that does not fit: {fault.message}"
                raise GraphError(Problem.error(text, fault.hint, id))
