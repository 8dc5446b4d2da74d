"""A part of a graph as a graph of its own: what is copied, duplicated and pasted."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import networkx as nx

from explorer.graph.edits import AddWire, Several, named
from explorer.graph.graph import Graph, Wire
from explorer.graph.inserting import corner, insertion

if TYPE_CHECKING:
    from explorer.graph.edits import Edit

BESIDE = 40.0
"""How far right and down a copy stands from what it is a copy of, in scene units."""


def fragment(graph: Graph, ids: Collection[str]) -> Graph:
    """These nodes and the wires between them."""
    part = Graph()
    for id, node in graph.nodes.items():
        if id in ids:
            part.put(node)
    for wire in graph.wires.values():
        if wire.source_node in ids and wire.target_node in ids:
            part.link(wire)
    return part


def duplication(graph: Graph, ids: Collection[str]) -> tuple["Edit", dict[str, str]]:
    """The edit that adds copies of nodes, fed by the same wires as they are, and the new ids."""
    left, top = corner(graph.nodes[id] for id in ids)
    at, label = (left + BESIDE, top + BESIDE), f"Duplicate {named(ids)}"
    edit, new = insertion(graph, fragment(graph, ids), at, label)
    outer = [
        AddWire(Wire(wire.source, f"{new[id]}.{wire.target_port}"))
        for id in new
        for wire in graph.wires_into(id)
        if wire.source_node not in ids
    ]
    return Several((*edit.edits, *outer), edit.label), new


def upstream(graph: Graph, ids: Collection[str]) -> set[str]:
    """These nodes and all that they depend on."""
    return set(ids).union(*(nx.ancestors(graph.net, id) for id in ids))


def downstream(graph: Graph, ids: Collection[str]) -> set[str]:
    """These nodes and all that depends on them."""
    return set(ids).union(*(nx.descendants(graph.net, id) for id in ids))
