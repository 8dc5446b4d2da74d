"""Bends: places on the canvas that a wire passes through on its way."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from math import dist
from typing import TYPE_CHECKING

from explorer.graph.edits import ReplaceWire
from explorer.graph.grouping import levels

if TYPE_CHECKING:
    from explorer.graph.graph import Graph, Wire

Point = tuple[float, float]
_ALIKE = 1.5
"""Cards that are moved together differ by no more than that, in scene units, once rounded."""


def adding(wire: "Wire", number: int, at: Point) -> ReplaceWire:
    """The edit that puts a bend before the one of that number."""
    bends = (*wire.bends[:number], at, *wire.bends[number:])
    return ReplaceWire(replace(wire, bends=bends), f"Bend the wire to {wire.target}")


def moving(wire: "Wire", number: int, at: Point) -> ReplaceWire:
    """The edit that puts a bend elsewhere."""
    bends = (*wire.bends[:number], at, *wire.bends[number + 1 :])
    return ReplaceWire(replace(wire, bends=bends), f"Move a bend of {wire.target}")


def removing(wire: "Wire", number: int) -> ReplaceWire:
    """The edit that takes one bend away."""
    bends = (*wire.bends[:number], *wire.bends[number + 1 :])
    return ReplaceWire(replace(wire, bends=bends), f"Remove a bend of {wire.target}")


def straightening(graph: "Graph", ids: Collection[str], label: str) -> list[ReplaceWire]:
    """The edits that take all bends from the wires between these nodes."""
    chosen = set(ids)
    return [
        ReplaceWire(replace(wire, bends=()), label)
        for wire in graph.wires.values()
        if wire.bends and {wire.source_node, wire.target_node} <= chosen
    ]


def joined(graph: "Graph", chain: Sequence["Wire"]) -> tuple[Point, ...]:
    """The bends of one wire in the place of a chain of them, from its start to its end.

    Those within a group that the one wire leads into or out of are not on its way.
    """
    level = _level(graph, chain[0].source_node, chain[-1].target_node)
    return tuple(
        bend
        for wire in chain
        if _level(graph, wire.source_node, wire.target_node) == level
        for bend in wire.bends
    )


def _level(graph: "Graph", source: str, target: str) -> str:
    """The innermost group that two nodes are in, "" for none: a wire between them is seen there."""
    around = levels(graph, graph.nodes[target].group)
    within = levels(graph, graph.nodes[source].group)
    return next((group for group in within if group in around), "")


def carried(graph: "Graph", positions: Mapping[str, Point]) -> list["Wire"]:
    """The wires whose bends move along, there, when nodes and groups move to `positions`.

    Bends go with both ends of their wire, when those move alike; else they stay where they are.
    """
    found = []
    for wire in graph.wires.values() if len(positions) > 1 else ():
        if not wire.bends:
            continue
        source, target = (
            _mover(graph, id, positions) for id in (wire.source_node, wire.target_node)
        )
        if source is None or target is None or source == target:
            continue
        across, down = _shift(graph, source, positions)
        if (across or down) and dist((across, down), _shift(graph, target, positions)) < _ALIKE:
            bends = tuple((x + across, y + down) for x, y in wire.bends)
            found.append(replace(wire, bends=bends))
    return found


def _mover(graph: "Graph", node: str, positions: Mapping[str, Point]) -> str | None:
    """What takes a node along: itself, or the group whose card stands for it."""
    around = levels(graph, graph.nodes[node].group)
    return next((id for id in (node, *around) if id in positions), None)


def _shift(graph: "Graph", id: str, positions: Mapping[str, Point]) -> Point:
    (x, y), (left, top) = positions[id], graph.item(id).position
    return x - left, y - top
