"""A net in layers: each wire goes on from layer to layer, long ones through dummies."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

_MOST_DUMMIES = 4
"""Dummies for each node, at most and on average; the longest wires get none beyond that."""
_FREE_DUMMIES = 2_000


class Link(NamedTuple):
    """A wire between two nodes, by their numbers; where it ends on each, from 0 (top) to 1."""

    source: int
    target: int
    leaves: float = 0.5
    enters: float = 0.5


class Segment(NamedTuple):
    """A part of a wire between two vertices of neighbouring layers, seen from one of them.

    `own` and `theirs` are where it ends on this vertex and on the other, from 0 to 1.
    """

    other: int
    own: float
    theirs: float


@dataclass
class Layered:
    """Vertices by layer, in order; those from `nodes` on are dummies, where a wire passes.

    `before` and `after` are each vertex's segments to the layers on either side.
    """

    nodes: int
    depth: list[int]
    layers: list[list[int]]
    before: list[list[Segment]] = field(default_factory=list)
    after: list[list[Segment]] = field(default_factory=list)

    def is_dummy(self, vertex: int) -> bool:
        return vertex >= self.nodes

    @property
    def segments(self) -> int:
        return sum(map(len, self.after))


def layered(nodes: int, links: Sequence[Link]) -> Layered:
    """Nodes 0 … nodes-1 by longest path; `links` must not close a cycle.

    Sources, and what hangs on them alone, stand right before their first reader.
    """
    depth = _depths(nodes, links)
    net = Layered(nodes, depth, [[] for _ in range(max(depth, default=-1) + 1)])
    for vertex in range(nodes):
        net.layers[depth[vertex]].append(vertex)
    net.before, net.after = [[] for _ in depth], [[] for _ in depth]
    ways: dict[tuple[int, float], list[int]] = {}
    left = _FREE_DUMMIES + _MOST_DUMMIES * nodes
    for link in sorted(links, key=lambda link: depth[link.target] - depth[link.source]):
        span = depth[link.target] - depth[link.source]
        if span > 1 and span - 1 > left:
            continue
        left -= _lay(net, link, ways.setdefault((link.source, link.leaves), []))
    return net


def _lay(net: Layered, link: Link, way: list[int]) -> int:
    """Lead a wire along the dummies of its output, adding those that lack; how many it added."""
    first = net.depth[link.source]
    span = net.depth[link.target] - first
    added = 0
    while len(way) < span - 1:
        dummy = len(net.depth)
        net.depth.append(first + len(way) + 1)
        net.layers[net.depth[dummy]].append(dummy)
        net.before.append([])
        net.after.append([])
        _join(net, way[-1] if way else link.source, dummy, 0.5 if way else link.leaves, 0.5)
        way.append(dummy)
        added += 1
    last = way[span - 2] if span > 1 else link.source
    _join(net, last, link.target, 0.5 if span > 1 else link.leaves, link.enters)
    return added


def _join(net: Layered, source: int, target: int, leaves: float, enters: float) -> None:
    net.after[source].append(Segment(target, leaves, enters))
    net.before[target].append(Segment(source, enters, leaves))


def _depths(nodes: int, links: Sequence[Link]) -> list[int]:
    readers: list[list[int]] = [[] for _ in range(nodes)]
    feeds: list[list[int]] = [[] for _ in range(nodes)]
    for link in links:
        readers[link.source].append(link.target)
        feeds[link.target].append(link.source)
    order = _topological(readers, [len(each) for each in feeds])
    depth = [0] * nodes
    for vertex in order:
        depth[vertex] = max((depth[each] + 1 for each in feeds[vertex]), default=0)
    hangs = [False] * nodes
    for vertex in order:
        hangs[vertex] = all(hangs[each] and len(readers[each]) == 1 for each in feeds[vertex])
    for vertex in reversed(order):
        if readers[vertex] and hangs[vertex]:
            depth[vertex] = min(depth[each] for each in readers[vertex]) - 1
    return depth


def _topological(readers: list[list[int]], waits: list[int]) -> list[int]:
    order = [vertex for vertex, count in enumerate(waits) if not count]
    for vertex in order:  # grows as it goes
        for reader in readers[vertex]:
            waits[reader] -= 1
            if not waits[reader]:
                order.append(reader)
    return order
