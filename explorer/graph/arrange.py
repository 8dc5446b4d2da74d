"""Automatic layout of a graph, or of a part of it: left to right or top down, deterministic.

Parts that no wire joins stand side by side, and what has no wires at all in rows of its own.
"""

from collections.abc import Collection, Mapping, Sequence
from math import ceil, sqrt
from typing import TYPE_CHECKING, Literal

import networkx as nx

from explorer.graph.layout.clearing import Box, clear_of
from explorer.graph.layout.coordinates import Room, coordinates
from explorer.graph.layout.crossings import reduce_crossings
from explorer.graph.layout.layers import Layered, Link, layered
from explorer.graph.layout.lines import lines
from explorer.graph.layout.seen import SeenWire, Wiring, cards_of, wiring_of

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
    level: str = "",
) -> Places:
    """Positions of the nodes and groups in one group (all, or those named), in scene units.

    A part of a level stays where it is by its top left corner, moved off other cards where it
    would stand on them. With `wraps`, a long net goes on in lines below, as text does.
    """
    known = heights or {}
    cards = cards_of(graph, level)
    chosen = set(cards if ids is None else ids)
    within = [id for id in cards if id in chosen]
    sizes = {id: known.get(id, HEIGHT) for id in within}
    places = _Arrangement(wiring_of(graph, level), sizes, direction, wraps).places
    if len(within) == len(cards):
        return places
    return _in_place({id: graph.item(id).position for id in cards}, places, known)


def unpile(graph: "Graph") -> None:
    """Lay out each level whose cards all stand in one place; nobody put them there.

    It is no action, so nothing that could be undone.
    """
    for level in ("", *graph.groups):
        cards = cards_of(graph, level)
        if len(cards) > 1 and len({graph.item(id).position for id in cards}) == 1:
            graph.moving(arrange(graph, wraps=True, level=level)).apply(graph)


def _in_place(now: Places, places: Places, heights: Mapping[str, float]) -> Places:
    def box(id: str, at: tuple[float, float]) -> Box:
        return Box(at[0], at[1], at[0] + WIDTH, at[1] + heights.get(id, HEIGHT))

    before = [now[id] for id in places]
    left, top = (
        min(values, default=0.0) for values in ([x for x, _ in before], [y for _, y in before])
    )
    moved = {id: (x + left, y + top) for id, (x, y) in places.items()}
    others = [box(id, at) for id, at in now.items() if id not in places]
    across, down = clear_of([box(id, at) for id, at in moved.items()], others, ROW - HEIGHT)
    return {id: (x + across, y + down) for id, (x, y) in moved.items()}


class _Arrangement:
    """One layout: parts one after the other, each from the origin and then moved to its place."""

    def __init__(
        self, wiring: Wiring, heights: Mapping[str, float], direction: Direction, wraps: bool
    ):
        self._heights = heights
        self._direction = direction
        self._wraps = wraps
        self.places: Places = {}
        self._end = 0.0
        net = nx.Graph()
        net.add_nodes_from(heights)
        net.add_edges_from(
            (one.source, one.target)
            for one in wiring
            if one.source in heights and one.target in heights
        )
        number = {id: place for place, id in enumerate(heights)}
        parts = [sorted(part, key=number.__getitem__) for part in nx.connected_components(net)]
        parts.sort(key=lambda part: number[part[0]])
        of_part = {id: part for part in parts for id in part}
        wires: dict[str, list[SeenWire]] = {part[0]: [] for part in parts}
        for one in wiring:
            if one.source in heights and one.target in heights:
                wires[of_part[one.source][0]].append(one)
        for part in parts:
            if len(part) > 1:
                self._add(self._part(part, wires[part[0]]))
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

    def _part(self, ids: list[str], wires: Wiring) -> Places:
        number = {id: place for place, id in enumerate(ids)}
        links = [
            Link(number[one.source], number[one.target], one.leaves, one.enters) for one in wires
        ]
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
