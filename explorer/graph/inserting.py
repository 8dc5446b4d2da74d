"""Putting all that one graph holds into another, as one action."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from explorer.graph.annotations import Annotation, Group
from explorer.graph.edits import AddNode, AddWire, Annotate, Edit, Several
from explorer.graph.grouping import outer_first, shown_as
from explorer.layers import Learning

if TYPE_CHECKING:
    from explorer.graph.graph import Graph, Node, Wire

Point = tuple[float, float]
Item = TypeVar("Item", bound="Node | Annotation")
"""A node or an annotation, and the same kind back."""


def insertion(
    graph: "Graph", fragment: "Graph", at: Point, label: str, level: str = ""
) -> tuple[Several, dict[str, str]]:
    """The edit that adds all of `fragment`, its top left corner at `at`, and its new ids.

    What is in no group of the fragment comes into the group `level`. Ids that are taken get the
    next free number; who uses another's weights within the fragment goes on using those.
    """
    items = fragment.items()
    ids = _new_ids(graph, [item.id for item in items])
    left, top = corner(item for item in items if not item.group)
    by = (at[0] - left, at[1] - top)
    edits: list[Edit] = [
        Annotate(_regrouped(group, ids, by, level), label) for group in outer_first(fragment)
    ]
    edits += [AddNode(_renamed(node, ids, by, level)) for node in fragment.nodes.values()]
    edits += [AddWire(_rewired(fragment, wire, ids, by)) for wire in fragment.wires.values()]
    edits += [
        Annotate(_moved(item, ids, by, level), label)
        for shelf in (fragment.notes, fragment.frames)
        for item in shelf.values()
    ]
    return Several(tuple(edits), label), ids


def corner(items: "Iterable[Node | Annotation]") -> Point:
    """The top left corner of some nodes; the origin where there are none."""
    places = [item.position for item in items] or [(0.0, 0.0)]
    return min(x for x, _ in places), min(y for _, y in places)


def _new_ids(graph: "Graph", wanted: Iterable[str]) -> dict[str, str]:
    ids: dict[str, str] = {}
    taken = {*graph.nodes, *graph.shelf.ids}
    for id in wanted:
        ids[id] = id if id not in taken else _next_free(id, taken)
        taken.add(ids[id])
    return ids


def _next_free(id: str, taken: Collection[str]) -> str:
    stem = id.rstrip("0123456789") or id
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def _new_path(path: str, ids: dict[str, str]) -> str:
    id, _, port = path.partition(".")
    return f"{ids[id]}.{port}"


def _moved(item: "Item", ids: dict[str, str], by: Point, level: str) -> "Item":
    """Under its new id; what is in a group of the fragment stays where it is in there."""
    if item.group:
        return replace(item, id=ids[item.id], group=ids[item.group])
    position = (item.position[0] + by[0], item.position[1] + by[1])
    return replace(item, id=ids[item.id], position=position, group=level)


def _rewired(fragment: "Graph", wire: "Wire", ids: dict[str, str], by: Point) -> "Wire":
    """Between the new ids; in a group its bends stay where they are, as the nodes do."""
    source, target = (shown_as(fragment, id, "") for id in (wire.source_node, wire.target_node))
    across, down = (0.0, 0.0) if source == target else by
    return replace(
        wire,
        source=_new_path(wire.source, ids),
        target=_new_path(wire.target, ids),
        bends=tuple((x + across, y + down) for x, y in wire.bends),
    )


def _renamed(node: "Node", ids: dict[str, str], by: Point, level: str) -> "Node":
    layer = node.layer
    if isinstance(layer, Learning) and layer.weights_from in ids:
        layer = layer.model_copy(update={"weights_from": ids[layer.weights_from]})
    return _moved(replace(node, layer=layer), ids, by, level)


def _regrouped(group: Group, ids: dict[str, str], by: Point, level: str) -> Group:
    inside = (
        tuple(path for path in bundle if path.partition(".")[0] in ids) for bundle in group.bundles
    )
    bundles = tuple(tuple(_new_path(path, ids) for path in bundle) for bundle in inside)
    return _moved(replace(group, bundles=bundles), ids, by, level)
