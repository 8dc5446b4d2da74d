"""Putting the nodes and wires of one graph into another, as one action."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from explorer.graph.edits import AddNode, AddWire, Several
from explorer.layers import Learning

if TYPE_CHECKING:
    from explorer.graph.graph import Graph, Node


def insertion(
    graph: "Graph", fragment: "Graph", at: tuple[float, float], label: str
) -> tuple[Several, dict[str, str]]:
    """The edit that adds all of `fragment`, its top left corner at `at`, and its new ids.

    Ids that are taken get the next free number; who uses another's weights within the fragment
    goes on using those.
    """
    ids = _new_ids(graph, fragment.nodes)
    left, top = corner(fragment.nodes.values())
    nodes = [_moved(node, ids, (at[0] - left, at[1] - top)) for node in fragment.nodes.values()]
    wires = [
        replace(
            wire,
            source=f"{ids[wire.source_node]}.{wire.source_port}",
            target=f"{ids[wire.target_node]}.{wire.target_port}",
        )
        for wire in fragment.wires.values()
    ]
    return Several((*map(AddNode, nodes), *map(AddWire, wires)), label), ids


def corner(nodes: "Iterable[Node]") -> tuple[float, float]:
    """The top left corner of some nodes; the origin where there are none."""
    places = [node.position for node in nodes] or [(0.0, 0.0)]
    return min(x for x, _ in places), min(y for _, y in places)


def _new_ids(graph: "Graph", wanted: Iterable[str]) -> dict[str, str]:
    ids: dict[str, str] = {}
    taken = set(graph.nodes)
    for id in wanted:
        ids[id] = id if id not in taken else _next_free(id, taken)
        taken.add(ids[id])
    return ids


def _next_free(id: str, taken: set[str]) -> str:
    stem = id.rstrip("0123456789") or id
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def _moved(node: "Node", ids: dict[str, str], by: tuple[float, float]) -> "Node":
    layer = node.layer
    if isinstance(layer, Learning) and layer.weights_from in ids:
        layer = layer.model_copy(update={"weights_from": ids[layer.weights_from]})
    position = (node.position[0] + by[0], node.position[1] + by[1])
    return replace(node, id=ids[node.id], layer=layer, position=position)
