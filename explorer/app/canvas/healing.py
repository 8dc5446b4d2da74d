"""Taking nodes out of a chain so that it holds: the wire before them goes to who read them."""

from collections.abc import Collection

from explorer.app.canvas.wiring import suits
from explorer.graph import Graph, Wire
from explorer.graph.bends import joined
from explorer.graph.edits import AddWire, Several
from explorer.graph.grouping import nodes_of


def healing(
    graph: Graph, ids: Collection[str], wires: Collection[str] = ()
) -> tuple[Several, list[Wire]]:
    """The edit that deletes nodes, and further wires, and joins what is left; the new wires.

    Who read a deleted node reads what that node's first wired input read, where it fits.
    """
    nodes = nodes_of(graph, ids)
    doomed = set(nodes)
    joins = [
        join
        for id in nodes
        for wire in graph.wires_out_of(id)
        if wire.target_node not in doomed and wire.target not in wires
        if (join := _join(graph, doomed, wires, wire)) is not None
    ]
    removal = graph.removal(ids, wires)
    if not joins:
        return removal, []
    return Several((*removal.edits, *map(AddWire, joins)), f"{removal.label} and join"), joins


def _join(graph: Graph, doomed: Collection[str], cut: Collection[str], wire: Wire) -> Wire | None:
    """The wire that takes the place of one that starts at a deleted node."""
    chain = [wire]
    while chain[0].source_node in doomed:
        before = next(iter(graph.wires_into(chain[0].source_node)), None)
        if before is None or before.target in cut:
            return None
        chain.insert(0, before)
    source = chain[0].source
    if not suits(graph, graph.analysis.spec(source), wire.target):
        return None
    return Wire(source, wire.target, joined(graph, chain))
