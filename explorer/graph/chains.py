"""Linear layers in a row: a net that is less than it looks, though nothing is wrong with it."""

from typing import TYPE_CHECKING

from explorer.graph.muting import read_by

if TYPE_CHECKING:
    from explorer.graph.graph import Graph

_KIND = "Linear"


def chain(graph: "Graph", id: str) -> list[str]:
    """The Linear layers before and behind a node, itself included, with nothing in between.

    What is muted is passed over. [] where no other Linear stands next to it.
    """
    if graph.nodes[id].kind != _KIND or graph.nodes[id].is_muted:
        return []
    found = [id]
    while (before := _before(graph, found[0])) is not None and before not in found:
        found.insert(0, before)
    while (behind := _behind(graph, found[-1])) is not None and behind not in found:
        found.append(behind)
    return found if len(found) > 1 else []


def about_chain(graph: "Graph", id: str) -> str:
    """What there is to know of the chain that a node is in, "" where it is in none."""
    found = chain(graph, id)
    if not found:
        return ""
    names = f"{', '.join(found[:-1])} and {found[-1]}"
    return (
        f"{names} follow each other with no activation between: together they are one affine "
        "map, however many they are; put an activation such as ReLU between them"
    )


def notes(graph: "Graph") -> list[str]:
    """What there is to know of a graph that keeps it from nothing: each chain once."""
    return list(dict.fromkeys(filter(None, (about_chain(graph, id) for id in graph.nodes))))


def _before(graph: "Graph", id: str) -> str | None:
    """The Linear that a node reads, past muted ones."""
    sources = read_by(graph, id)
    while sources and graph.nodes[sources[0].source_node].is_muted:
        sources = read_by(graph, sources[0].source_node)
    source = sources[0].source_node if sources else None
    return source if source is not None and graph.nodes[source].kind == _KIND else None


def _behind(graph: "Graph", id: str) -> str | None:
    """The first Linear that reads a node, past muted ones."""
    for wire in graph.wires_out_of(id):
        reader = graph.nodes[wire.target_node]
        if reader.is_muted:
            found = _behind(graph, reader.id)
            if found is not None:
                return found
        elif reader.kind == _KIND:
            return reader.id
    return None
