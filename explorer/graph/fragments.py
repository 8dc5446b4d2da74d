"""A part of a graph as a graph of its own: what is copied, duplicated and pasted."""

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

import networkx as nx

from explorer.graph.edits import AddWire, Several, named
from explorer.graph.graph import Graph, Wire
from explorer.graph.grouping import levels, nodes_of, outer_first
from explorer.graph.inserting import Item, corner, insertion

if TYPE_CHECKING:
    from explorer.graph.edits import Edit

BESIDE = 40.0
"""How far right and down a copy stands from what it is a copy of, in scene units."""


def fragment(graph: Graph, ids: Collection[str], trains: bool = False) -> Graph:
    """These nodes, groups with all that is in them, notes and frames, and the wires between.

    With `trains`, what the graph is trained with comes along.
    """
    part = Graph()
    if trains:
        part.training = graph.training
    chosen = set(ids)
    groups = {id for id in graph.groups if chosen.intersection(levels(graph, id))}
    kept = chosen | groups
    for group in outer_first(graph):
        if group.id in groups:
            part.shelf.put(_lifted(group, groups))
    nodes = dict.fromkeys(nodes_of(graph, ids))
    for id in nodes:
        part.put(_lifted(graph.nodes[id], groups))
    for wire in graph.wires.values():
        if wire.source_node in nodes and wire.target_node in nodes:
            part.link(wire)
    for shelf in (graph.notes, graph.frames):
        for id, item in shelf.items():
            if id in kept or item.group in groups:
                part.shelf.put(_lifted(item, groups))
    return part


def _lifted(item: Item, groups: Collection[str]) -> Item:
    """It as it stands in a part that has these groups: in its own, or in none."""
    return item if item.group in groups else replace(item, group="")


def duplication(
    graph: Graph, ids: Collection[str], by: tuple[float, float] = (BESIDE, BESIDE)
) -> tuple["Edit", dict[str, str]]:
    """The edit that adds copies of nodes, fed by the same wires as they are, and the new ids.

    The copies stand `by` so much right of the nodes and below them.
    """
    items = [graph.item(id) for id in ids]
    left, top = corner(items)
    at, label = (left + by[0], top + by[1]), f"Duplicate {named(ids)}"
    level = items[0].group if items else ""
    edit, new = insertion(graph, fragment(graph, ids), at, label, level)
    copied = dict.fromkeys(nodes_of(graph, ids))
    outer = [
        AddWire(Wire(wire.source, f"{new[id]}.{wire.target_port}"))
        for id in copied
        for wire in graph.wires_into(id)
        if wire.source_node not in copied
    ]
    return Several((*edit.edits, *outer), edit.label), new


def upstream(graph: Graph, ids: Collection[str]) -> set[str]:
    """These nodes and all that they depend on."""
    return set(ids).union(*(nx.ancestors(graph.net, id) for id in ids))


def downstream(graph: Graph, ids: Collection[str]) -> set[str]:
    """These nodes and all that depends on them."""
    return set(ids).union(*(nx.descendants(graph.net, id) for id in ids))
