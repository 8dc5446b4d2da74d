"""Automatic layout: columns by depth, few crossings, deterministic.

Source: Sugiyama, Tagawa & Toda 1981, with longest-path layers and barycenter sweeps.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from explorer.graph.graph import Graph

COLUMN = 240.0
ROW = 130.0
LINE = 250.0
"""From the lowest card of one line to the highest of the next: room for wires below cards."""
_SWEEPS = 4


def arrange(
    graph: "Graph", ids: Collection[str] | None = None, line: int | None = None
) -> dict[str, tuple[float, float]]:
    """Positions of the nodes (all, or those named), left to right in scene units.

    With `line`, a net longer than about so many columns goes on in a line below, as text does.
    """
    chosen = set(graph.nodes if ids is None else ids)
    net = nx.DiGraph(graph.net.subgraph(chosen))
    if not net:
        return {}
    place = {id: number for number, id in enumerate(graph.nodes)}
    columns = _columns(net, place)
    _reduce_crossings(net, columns)
    rows = _rows(net, columns)
    found: dict[str, tuple[float, float]] = {}
    top = 0.0
    for first, last in _lines(net, columns, line or len(columns)):
        inside = [id for column in columns[first:last] for id in column]
        lift = top - min(rows[id] for id in inside) * ROW if first else 0.0
        for number, column in enumerate(columns[first:last]):
            found |= {id: (number * COLUMN, rows[id] * ROW + lift) for id in column}
        top = max(found[id][1] for id in inside) + LINE
    return found


def _lines(net: nx.DiGraph, columns: list[list[str]], line: int) -> list[tuple[int, int]]:
    """Where columns are broken into lines: near every `line`-th, where the fewest wires cross."""
    place = {id: number for number, column in enumerate(columns) for id in column}
    spans = [(place[a], place[b]) for a, b in net.edges()]
    found, first = [], 0
    while len(columns) - first > line + 2:
        cuts = range(first + max(line - 3, 1), first + line + 3)
        cut = min(cuts, key=lambda at: (sum(a < at <= b for a, b in spans), -at))
        found.append((first, cut))
        first = cut
    return [*found, (first, len(columns))]


def _columns(net: nx.DiGraph, place: dict[str, int]) -> list[list[str]]:
    """Nodes by longest path from a source; a source stands right before its first reader."""
    depth: dict[str, int] = {}
    order = list(nx.lexicographical_topological_sort(net, key=place.__getitem__))
    for id in order:
        depth[id] = max((depth[p] + 1 for p in net.predecessors(id)), default=0)
    for id in order:
        if not net.in_degree(id) and net.out_degree(id):
            depth[id] = min(depth[s] for s in net.successors(id)) - 1
    columns: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for id in order:
        columns[depth[id]].append(id)
    return columns


def _reduce_crossings(net: nx.DiGraph, columns: list[list[str]]) -> None:
    for _ in range(_SWEEPS):
        for before, column in zip(columns, columns[1:], strict=False):
            _sort_by_neighbours(column, before, net.predecessors)
        for after, column in zip(columns[:0:-1], columns[-2::-1], strict=False):
            _sort_by_neighbours(column, after, net.successors)


def _sort_by_neighbours(column: list[str], fixed: list[str], neighbours) -> None:  # type: ignore[no-untyped-def]
    rank = {id: number for number, id in enumerate(fixed)}
    own = {id: number for number, id in enumerate(column)}

    def barycenter(id: str) -> float:
        found = [rank[n] for n in neighbours(id) if n in rank]
        return sum(found) / len(found) if found else own[id]

    column.sort(key=barycenter)


def _rows(net: nx.DiGraph, columns: list[list[str]]) -> dict[str, float]:
    """Rows that follow the predecessors' mean, pushed apart to at least one row."""
    rows: dict[str, float] = {}
    for column in columns:
        wanted = []
        for number, id in enumerate(column):
            above = [rows[p] for p in net.predecessors(id) if p in rows]
            wanted.append(sum(above) / len(above) if above else number - (len(column) - 1) / 2)
        placed: list[float] = []
        for want in wanted:
            placed.append(max(want, placed[-1] + 1) if placed else want)
        shift = (sum(wanted) - sum(placed)) / len(placed)
        rows |= {id: row + shift for id, row in zip(column, placed, strict=True)}
    return rows
