"""Where each vertex of an ordered layer stands: chains straight, nothing on top of anything.

Vertices are joined across layers into blocks that stand on one line, the longest chains first
(after Brandes & Köpf 2001); blocks are then moved between their neighbours to where their other
wires pull them.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from explorer.graph.layout.layers import Layered

_PASSES = 8


@dataclass(frozen=True)
class Room:
    """What a layout leaves between things, and where wires end on cards, in scene units."""

    between_cards: float
    beside_wire: float
    wire_at: float
    """How far a wire that goes straight on stands from the beginning of its card."""


class _Bar(NamedTuple):
    """A constraint: `block` stands at least `gap` from another."""

    block: int
    gap: float


def coordinates(net: Layered, sizes: Sequence[float], room: Room) -> list[float]:
    """Where each vertex begins, by its number; `sizes` are the nodes' along their layers.

    Of a dummy it is where its wire's card would begin.
    """
    block_of = _blocks(net)
    blocks = max(block_of) + 1
    lower, upper = _bars(net, sizes, room, block_of, blocks)
    order = _ordered(lower, upper)
    at = [0.0] * blocks
    for block in order:
        at[block] = max((at[bar.block] + bar.gap for bar in lower[block]), default=0.0)
    pulls = _pulls(net, block_of, blocks)
    for number in range(_PASSES):
        for block in order if number % 2 else reversed(order):
            if pulls[block]:
                _pull(block, at, pulls, lower, upper)
    return [at[block] for block in block_of]


def _pull(
    block: int,
    at: list[float],
    pulls: list[list[int]],
    lower: list[list[_Bar]],
    upper: list[list[_Bar]],
) -> None:
    """Move a block to the middle of what it is wired to, as far as its neighbours let it."""
    wanted = sorted(at[other] for other in pulls[block])
    middle = len(wanted) // 2
    goal = wanted[middle] if len(wanted) % 2 else (wanted[middle - 1] + wanted[middle]) / 2
    least = max((at[bar.block] + bar.gap for bar in lower[block]), default=-inf)
    most = min((at[bar.block] - bar.gap for bar in upper[block]), default=inf)
    at[block] = min(max(goal, least), most)


def _blocks(net: Layered) -> list[int]:
    """For each vertex the number of its block: a chain of vertices that stand on one line."""
    follower = _followers(net)
    led = set(follower)
    block_of = [0] * len(net.depth)
    starts = (vertex for layer in net.layers for vertex in layer if vertex not in led)
    for number, start in enumerate(starts):
        vertex = start
        while vertex >= 0:
            block_of[vertex] = number
            vertex = follower[vertex]
    return block_of


def _followers(net: Layered) -> list[int]:
    """For each vertex the one that goes on in its line, or -1; no two such pairs cross."""
    follower = [-1] * len(net.depth)
    has_leader = [False] * len(net.depth)
    place = [0] * len(net.depth)
    for layer in net.layers:
        for number, vertex in enumerate(layer):
            place[vertex] = number
    joined: list[list[tuple[int, int]]] = [[] for _ in net.layers]
    for vertex, other in _candidates(net):
        if follower[vertex] >= 0 or has_leader[other]:
            continue
        pair = (place[vertex], place[other])
        there = joined[net.depth[vertex]]
        at = bisect_left(there, pair)
        if (at and there[at - 1][1] > pair[1]) or (at < len(there) and there[at][1] < pair[1]):
            continue
        there.insert(at, pair)
        follower[vertex], has_leader[other] = other, True
    return follower


def _candidates(net: Layered) -> list[tuple[int, int]]:
    """Segments that may be straight, the most wanted first: on the longest chains of cards."""
    ahead, behind = [0] * len(net.depth), [0] * len(net.depth)
    for layer in reversed(net.layers):
        for vertex in layer:
            cards = (ahead[s.other] for s in net.after[vertex])
            ahead[vertex] = max(cards, default=0) + (not net.is_dummy(vertex))
    for layer in net.layers:
        for vertex in layer:
            cards = (behind[s.other] for s in net.before[vertex])
            behind[vertex] = max(cards, default=0) + (not net.is_dummy(vertex))
    found = []
    for layer in net.layers:
        for vertex in layer:
            for order, segment in enumerate(net.after[vertex]):
                other = segment.other
                dummies = net.is_dummy(vertex) + net.is_dummy(other)
                kind = (0, 2, 1)[dummies]
                found.append((kind, -(behind[vertex] + ahead[other]), order, vertex, other))
    found.sort(key=lambda each: each[:2])
    return [(vertex, other) for *_, vertex, other in found]


def _bars(
    net: Layered, sizes: Sequence[float], room: Room, block_of: list[int], blocks: int
) -> tuple[list[list[_Bar]], list[list[_Bar]]]:
    """For each block, those that it stands after and those that it stands before."""

    def begins(vertex: int) -> float:
        return room.wire_at if net.is_dummy(vertex) else 0.0

    def ends(vertex: int) -> float:
        return room.wire_at if net.is_dummy(vertex) else sizes[vertex]

    lower: list[list[_Bar]] = [[] for _ in range(blocks)]
    upper: list[list[_Bar]] = [[] for _ in range(blocks)]
    for layer in net.layers:
        for a, b in zip(layer, layer[1:], strict=False):
            has_wire = net.is_dummy(a) or net.is_dummy(b)
            between = room.beside_wire if has_wire else room.between_cards
            gap = ends(a) + between - begins(b)
            lower[block_of[b]].append(_Bar(block_of[a], gap))
            upper[block_of[a]].append(_Bar(block_of[b], gap))
    return lower, upper


def _ordered(lower: list[list[_Bar]], upper: list[list[_Bar]]) -> list[int]:
    waits = [len(bars) for bars in lower]
    order = [block for block, count in enumerate(waits) if not count]
    for block in order:  # grows as it goes
        for bar in upper[block]:
            waits[bar.block] -= 1
            if not waits[bar.block]:
                order.append(bar.block)
    return order


def _pulls(net: Layered, block_of: list[int], blocks: int) -> list[list[int]]:
    """For each block, the blocks that its wires lead to."""
    pulls: list[list[int]] = [[] for _ in range(blocks)]
    for vertex, segments in enumerate(net.after):
        for segment in segments:
            a, b = block_of[vertex], block_of[segment.other]
            if a != b:
                pulls[a].append(b)
                pulls[b].append(a)
    return pulls
