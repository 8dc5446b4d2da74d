"""Automatic layout of a graph, or of a part of it: left to right or top down, deterministic.

Parts that no wire joins stand side by side, and what has no wires at all in rows of its own.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import ceil, sqrt
from typing import TYPE_CHECKING, Literal

import networkx as nx

from explorer.graph.layout.clearing import Box, clear_of
from explorer.graph.layout.coordinates import Room, coordinates
from explorer.graph.layout.crossings import reduce_crossings
from explorer.graph.layout.layers import Layered, Link, layered
from explorer.graph.layout.lines import lines

if TYPE_CHECKING:
    from explorer.graph.graph import Graph

Direction = Literal["right", "down"]
Places = dict[str, tuple[float, float]]

WIDTH, HEIGHT = 164.0, 86.0
"""Of a card, in scene units; the height is that of most, and of those that nobody tells."""
COLUMN = 240.0
ROW = 130.0
"""From one card to the next: what it takes, and room for wires."""
LINE = 164.0
"""Between the cards of one line and those of the next: room for wires that pass below."""
_BELOW = 74.0
"""Between cards that stand below each other, for the wire that leads from one to the next."""
_ROOMS = {
    "right": Room(between_cards=ROW - HEIGHT, beside_wire=24.0, wire_at=53.0),
    "down": Room(between_cards=COLUMN - WIDTH, beside_wire=38.0, wire_at=WIDTH / 2),
}


def arrange(
    graph: "Graph",
    ids: Collection[str] | None = None,
    direction: Direction = "right",
    heights: Mapping[str, float] | None = None,
    wraps: bool = False,
) -> Places:
    """Positions of the nodes (all, or those named), in scene units.

    A part of a graph stays where it is by its top left corner, moved off other cards where it
    would stand on them. With `wraps`, a long net goes on in lines below, as text does.
    """
    known = heights or {}
    chosen = set(graph.nodes if ids is None else ids)
    within = [id for id in graph.nodes if id in chosen]
    sizes = {id: known.get(id, HEIGHT) for id in within}
    places = _Arrangement(graph, sizes, direction, wraps).places
    if len(within) == len(graph.nodes):
        return places
    return _in_place(graph, places, known)


def _in_place(graph: "Graph", places: Places, heights: Mapping[str, float]) -> Places:
    def box(id: str, at: tuple[float, float]) -> Box:
        return Box(at[0], at[1], at[0] + WIDTH, at[1] + heights.get(id, HEIGHT))

    before = [graph.nodes[id].position for id in places]
    left, top = (
        min(values, default=0.0) for values in ([x for x, _ in before], [y for _, y in before])
    )
    moved = {id: (x + left, y + top) for id, (x, y) in places.items()}
    others = [box(id, node.position) for id, node in graph.nodes.items() if id not in places]
    across, down = clear_of([box(id, at) for id, at in moved.items()], others, ROW - HEIGHT)
    return {id: (x + across, y + down) for id, (x, y) in moved.items()}


class _Arrangement:
    """One layout: parts one after the other, each from the origin and then moved to its place."""

    def __init__(
        self, graph: "Graph", heights: Mapping[str, float], direction: Direction, wraps: bool
    ):
        self._graph = graph
        self._heights = heights
        self._direction = direction
        self._wraps = wraps
        self.places: Places = {}
        self._end = 0.0
        net = nx.Graph(graph.net.subgraph(heights))
        number = {id: place for place, id in enumerate(heights)}
        parts = [sorted(part, key=number.__getitem__) for part in nx.connected_components(net)]
        parts.sort(key=lambda part: number[part[0]])
        for part in parts:
            if len(part) > 1:
                self._add(self._part(part))
        if loose := [part[0] for part in parts if len(part) == 1]:
            self._add(self._rows(loose))

    def _add(self, part: Places) -> None:
        """Put a part after those before: below them or, top down, to their right."""
        down = self._direction == "right"
        by = self._end
        for id, (x, y) in part.items():
            at = (x, y + by) if down else (x + by, y)
            self.places[id] = at
            end = at[1] + self._heights[id] + ROW - HEIGHT if down else at[0] + COLUMN
            self._end = max(self._end, end)

    def _rows(self, ids: list[str]) -> Places:
        """What has no wires, in rows that are about as wide as all of them are high."""
        columns = ceil(sqrt(len(ids)))
        found: Places = {}
        y = 0.0
        for first in range(0, len(ids), columns):
            row = ids[first : first + columns]
            found |= {id: (number * COLUMN, y) for number, id in enumerate(row)}
            y += max(self._heights[id] for id in row) + ROW - HEIGHT
        return found

    def _part(self, ids: list[str]) -> Places:
        links = list(_links(self._graph, ids))
        net = layered(len(ids), links)
        reduce_crossings(net)
        heights = [self._heights[id] for id in ids]
        if self._direction == "down":
            return _named(ids, _top_down(net, heights))
        places = _left_to_right(net, heights)
        return _named(ids, _wrapped(net, links, places, heights) if self._wraps else places)


def _named(ids: list[str], places: Sequence[tuple[float, float]]) -> Places:
    """Places by id, in whole units, the top left corner of all of them at the origin."""
    left, top = min(x for x, _ in places), min(y for _, y in places)
    return {id: (round(x - left), round(y - top)) for id, (x, y) in zip(ids, places, strict=True)}


def _links(graph: "Graph", ids: list[str]) -> Iterator[Link]:
    """The wires between these nodes, by the nodes' numbers; where among the ports they end."""
    number = {id: place for place, id in enumerate(ids)}
    for id in ids:
        for wire in graph.wires_out_of(id):
            if wire.target_node in number:
                leaves = _share(wire.source_port, graph.nodes[id].outputs)
                enters = _share(wire.target_port, graph.nodes[wire.target_node].inputs)
                yield Link(number[id], number[wire.target_node], leaves, enters)


def _share(port: str, ports: Sequence[str]) -> float:
    return (ports.index(port) + 1) / (len(ports) + 1) if port in ports else 0.5


def _left_to_right(net: Layered, heights: Sequence[float]) -> list[tuple[float, float]]:
    rows = coordinates(net, heights, _ROOMS["right"])
    return [(net.depth[card] * COLUMN, rows[card]) for card in range(net.nodes)]


def _wrapped(
    net: Layered,
    links: Sequence[Link],
    places: list[tuple[float, float]],
    heights: Sequence[float],
) -> list[tuple[float, float]]:
    """The same, broken into lines where that makes a better page."""
    low = max(y + height for (_, y), height in zip(places, heights, strict=True))
    high = min(y for _, y in places)
    spans = [(net.depth[link.source], net.depth[link.target]) for link in links]
    found, top = list(places), high
    for first, last in lines(len(net.layers), spans, COLUMN, low - high + LINE):
        inside = [card for layer in net.layers[first:last] for card in layer if card < net.nodes]
        lift = top - min(places[card][1] for card in inside)
        for card in inside:
            x, y = places[card]
            found[card] = (x - first * COLUMN, y + lift)
        top = max(found[card][1] + heights[card] for card in inside) + LINE
    return found


def _top_down(net: Layered, heights: Sequence[float]) -> list[tuple[float, float]]:
    columns = coordinates(net, [WIDTH] * net.nodes, _ROOMS["down"])
    found, top = [(0.0, 0.0)] * net.nodes, 0.0
    for layer in net.layers:
        cards = [card for card in layer if card < net.nodes]
        for card in cards:
            found[card] = (columns[card], top)
        top += max(heights[card] for card in cards) + _BELOW
    return found
