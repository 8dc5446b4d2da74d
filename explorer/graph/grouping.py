"""Groups: several nodes that show as one card, whose ports are the wires that it cuts.

A group computes nothing: the program is that of the nodes in it, wherever they stand.
"""

from collections.abc import Collection, Iterator, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from explorer.graph.annotations import Annotation, Bookmark, Group
from explorer.graph.edits import Annotate, Edit, RemoveAnnotation, Several, named, replacing
from explorer.graph.errors import GraphError, Problem
from explorer.graph.graph import Node
from explorer.layers import Layer

if TYPE_CHECKING:
    from explorer.graph.graph import Graph


@dataclass(frozen=True)
class GroupPort:
    """A port of a group's card: its name, and the ports inside that it stands for.

    An input stands for all that one output outside feeds; an output for one output inside.
    """

    name: str
    paths: tuple[str, ...]


def contents(graph: "Graph", id: str) -> Set[str]:
    """The nodes in a group and in the groups inside of it, in the order of the graph.

    A node's own id where it is one; nothing of a note or a frame.
    """
    if id in graph.nodes:
        return {id}
    known = graph.analysis.remembered("contents", lambda: _all_contents(graph))
    return known.get(id, {}).keys()


def _all_contents(graph: "Graph") -> dict[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = {id: {} for id in graph.groups}
    for id, node in graph.nodes.items():
        for group in levels(graph, node.group):
            found[group][id] = None
    return found


def nodes_of(graph: "Graph", ids: Collection[str]) -> list[str]:
    """The nodes among these ids and in the groups among them, in the order of the graph."""
    chosen = set[str]().union(*(contents(graph, id) for id in ids))
    return [id for id in graph.nodes if id in chosen]


def levels(graph: "Graph", group: str) -> list[str]:
    """A group and all that it is in, from the outermost to itself; [] for ""."""
    found: list[str] = []
    while group:
        found.append(group)
        group = graph.groups[group].group
    return found[::-1]


def outer_first(graph: "Graph") -> list[Group]:
    """All groups, so that each comes behind the one that it is in."""
    return sorted(graph.groups.values(), key=lambda group: len(levels(graph, group.id)))


def shown_as(graph: "Graph", id: str, level: str) -> str | None:
    """What stands for a node where one looks at `level`: itself, a group's id, or nothing."""
    node = graph.nodes[id]
    if node.group == level:
        return id
    way = levels(graph, node.group)
    if not level:
        return way[0]
    return way[way.index(level) + 1] if level in way else None


def grouping(graph: "Graph", ids: Collection[str], title: str = "") -> tuple[Edit, str]:
    """The edit that makes one group of nodes and groups, and its id.

    GraphError where nothing is chosen, or where not all are at the same level.
    """
    items = _at_one_level(graph, ids)
    id = graph.shelf.new_id(Group)
    inside = set(nodes_of(graph, ids))
    fed: dict[str, list[str]] = {}
    for wire in graph.wires.values():
        if wire.target_node in inside and wire.source_node not in inside:
            fed.setdefault(wire.source, []).append(wire.target)
    bundles = tuple(tuple(targets) for targets in fed.values() if len(targets) > 1)
    label = f"Group {named(ids)}"
    group = Group(id, title, _middle(items), items[0].group, bundles)
    moved = [replacing(replace(item, group=id), label) for item in items]
    return Several((Annotate(group, label), *moved), label), id


def ungrouping(graph: "Graph", id: str) -> Edit:
    """The edit that puts what is in a group in its place."""
    group = graph.groups.get(id)
    if group is None:
        raise GraphError(Problem.error(f"{id} is no group", "select a group to expand"))
    label = f"Expand {id}"
    items = [graph.item(inner) for inner in graph.shelf.inside(id)]
    middle = _middle([item for item in items if not isinstance(item, Bookmark)])
    across, down = group.position[0] - middle[0], group.position[1] - middle[1]
    places = {item.id: (item.position[0] + across, item.position[1] + down) for item in items}
    lifted = [replace(item, group=group.group, position=places[item.id]) for item in items]
    edits = [*graph.moving(places, label).edits, *(replacing(item, label) for item in lifted)]
    return Several((*edits, RemoveAnnotation(Group, id, label)), label)


def inputs(graph: "Graph", id: str) -> tuple[GroupPort, ...]:
    """What a group's card takes: what is fed from outside, and inputs that wait for a wire."""
    inside = contents(graph, id)
    fed: dict[str, list[str]] = {}
    for path in _entries(graph, inside):
        wire = graph.wires.get(path)
        if wire is None:
            fed.setdefault(_bundle(graph.groups[id], path), []).append(path)
        elif wire.source_node not in inside:
            fed.setdefault(wire.source, []).append(path)
    return _named([tuple(paths) for paths in fed.values()])


def outputs(graph: "Graph", id: str) -> tuple[GroupPort, ...]:
    """What a group's card gives: outputs that are read outside, or by nobody."""
    inside = contents(graph, id)
    paths = (f"{node}.{port}" for node in inside for port in _outputs(graph, node))
    found: list[tuple[str, ...]] = []
    for path in paths:
        readers = {wire.target_node for wire in graph.readers(path)}
        if not readers or readers - inside:
            found.append((path,))
    return _named(found)


def _entries(graph: "Graph", inside: Collection[str]) -> Iterator[str]:
    """Input ports inside that are wired, or that the layer cannot do without."""
    for id in inside:
        node = graph.nodes[id]
        for wire in graph.wires_into(id):
            yield wire.target
        free = node.layer.optional if isinstance(node.layer, Layer) else ()
        for port in node.inputs:
            if port not in free and f"{id}.{port}" not in graph.wires:
                yield f"{id}.{port}"


def _outputs(graph: "Graph", id: str) -> tuple[str, ...]:
    node = graph.nodes[id]
    wired = dict.fromkeys(wire.source_port for wire in graph.wires_out_of(id))
    return tuple(dict.fromkeys((*node.outputs, *wired)))


def _bundle(group: Group, path: str) -> str:
    """What free inputs that were fed together have in common; the path itself where none."""
    return next((bundle[0] for bundle in group.bundles if path in bundle), path)


def _named(ports: list[tuple[str, ...]]) -> tuple[GroupPort, ...]:
    """Ports by the name of the first port inside; by its whole path where two share a name."""
    names = [paths[0].partition(".")[2] for paths in ports]
    return tuple(
        GroupPort(paths[0] if names.count(name) > 1 else name, paths)
        for name, paths in zip(names, ports, strict=True)
    )


def _at_one_level(graph: "Graph", ids: Collection[str]) -> list[Node | Annotation]:
    items = [graph.item(id) for id in ids]
    if not nodes_of(graph, ids):
        raise GraphError(Problem.error("there is nothing to group", "select nodes first"))
    if len({item.group for item in items}) > 1:
        raise GraphError(
            Problem.error("these are not in the same group", "select nodes of one group")
        )
    return items


def _middle(items: Collection[Node | Annotation]) -> tuple[float, float]:
    """The middle of where they stand."""
    if not items:
        return 0.0, 0.0
    across, down = zip(*(item.position for item in items), strict=True)
    return (min(across) + max(across)) / 2, (min(down) + max(down)) / 2
