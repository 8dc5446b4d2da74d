"""What is laid out: the cards of one level of a graph, and how they are wired as one sees them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

from explorer.graph.grouping import inputs, outputs, shown_as

if TYPE_CHECKING:
    from explorer.graph.graph import Graph, Wire


@dataclass(frozen=True)
class SeenWire:
    """A wire between two cards; where among their ports it leaves and enters, 0 to 1 from above."""

    source: str
    target: str
    leaves: float
    enters: float


Wiring = Sequence[SeenWire]


def cards_of(graph: "Graph", level: str) -> list[str]:
    """The ids of the nodes and groups in a group, "" for none, in the order of the graph."""
    nodes = [id for id, node in graph.nodes.items() if node.group == level]
    return [*nodes, *(id for id, group in graph.groups.items() if group.group == level)]


def wiring_of(graph: "Graph", level: str) -> Wiring:
    """The wires between cards of a level, without those that run back.

    A group can be both before and behind a card; a layout needs one direction.
    """
    place: dict[str, int] = {}
    ports: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    if graph.groups:
        for number, id in enumerate(nx.topological_sort(graph.net)):
            card = shown_as(graph, id, level)
            if card is not None:
                place.setdefault(card, number)
    found = []
    for wire in _in_order(graph):
        source = shown_as(graph, wire.source_node, level)
        target = shown_as(graph, wire.target_node, level)
        if source is None or target is None or source == target:
            continue
        if graph.groups and place[source] >= place[target]:
            continue
        for card in (source, target):
            if card not in ports:
                ports[card] = _ports(graph, card)
        leaves = _share(wire.source, ports[source][1])
        found.append(SeenWire(source, target, leaves, _share(wire.target, ports[target][0])))
    return found


def _in_order(graph: "Graph") -> Iterator["Wire"]:
    for id in graph.nodes:
        yield from graph.wires_out_of(id)


def _ports(graph: "Graph", card: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The paths at a card's inputs and at its outputs, from above."""
    if card in graph.groups:
        taken = tuple(port.paths[0] for port in inputs(graph, card))
        return taken, tuple(port.paths[0] for port in outputs(graph, card))
    node = graph.nodes[card]
    taken = tuple(f"{card}.{port}" for port in node.inputs)
    return taken, tuple(f"{card}.{port}" for port in node.outputs)


def _share(path: str, paths: Sequence[str]) -> float:
    return (paths.index(path) + 1) / (len(paths) + 1) if path in paths else 0.5
