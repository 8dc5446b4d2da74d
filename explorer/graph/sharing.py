"""Whose weights a node uses: its own, or those of another node of its kind."""

from typing import TYPE_CHECKING

from explorer.graph.errors import Problem
from explorer.layers import Learning, ParameterSpec, shape_text

if TYPE_CHECKING:
    from explorer.graph.graph import Graph


def owner(graph: "Graph", id: str) -> str:
    """The node whose weights `id` uses; itself where it has its own."""
    layer = graph.nodes[id].layer
    return (layer.weights_from or id) if isinstance(layer, Learning) else id


def parameter_count(graph: "Graph", id: str) -> int:
    """How many numbers of its own a node learns: none where it uses another's."""
    return graph.analysis.report(id).parameter_count if owner(graph, id) == id else 0


def unshareable(graph: "Graph", id: str) -> list[Problem]:
    """Why a node cannot use the weights that it wants to use; [] where it can, or is muted."""
    if graph.nodes[id].is_muted:
        return []
    layer = graph.nodes[id].layer
    if isinstance(layer, Learning) and layer.weights_from == id:
        text = f"{id} is to use its own weights, which it does anyway"
        return [Problem.error(text, "leave weights from empty, or name another node", id)]
    other = owner(graph, id)
    if other == id:
        return []
    kind = graph.nodes[id].kind
    if other not in graph.nodes:
        hint = f"name a {kind} node in weights from, or leave it empty"
        return [Problem.error(f"{id} uses the weights of {other}, which is not there", hint, id)]
    if graph.nodes[other].kind != kind:
        text = f"{id} is a {kind} and cannot use the weights of {other}"
        text += f", which is a {graph.nodes[other].kind}"
        return [Problem.error(text, f"name a {kind} node in weights from", id)]
    if (further := owner(graph, other)) != other:
        text = f"{id} uses the weights of {other}, which uses those of {further}"
        return [Problem.error(text, f"name {further} in weights from", id)]
    if graph.nodes[other].is_muted:
        text = f"{id} uses the weights of {other}, which is muted"
        return [Problem.error(text, f"unmute {other}, or leave weights from empty", id)]
    first = _first_known(graph, other)
    mine, theirs = (graph.analysis.report(each).parameters for each in (id, first))
    if mine and theirs and _shapes(mine) != _shapes(theirs):
        text = f"{id} needs {_listed(mine)}, and {first} has {_listed(theirs)}"
        return [Problem.error(text, "give both the same settings and inputs", id)]
    return _frozen_to_no_end(graph, id, other)


def _first_known(graph: "Graph", other: str) -> str:
    """The owner or, while its shapes are not known, the first node that uses its weights."""
    if graph.analysis.report(other).parameters:
        return other
    users = (id for id in graph.nodes if owner(graph, id) == other)
    return next((id for id in users if graph.analysis.report(id).parameters), other)


def _frozen_to_no_end(graph: "Graph", id: str, other: str) -> list[Problem]:
    if not _is_frozen(graph, id) or _is_frozen(graph, other):
        return []
    text = f"{id} is frozen, but the weights that it uses belong to {other}, which is not"
    return [Problem.warning(text, f"freeze {other} instead", id)]


def _is_frozen(graph: "Graph", id: str) -> bool:
    layer = graph.nodes[id].layer
    return isinstance(layer, Learning) and layer.frozen


def _shapes(parameters: dict[str, ParameterSpec]) -> dict[str, tuple[int, ...]]:
    return {name: spec.shape for name, spec in parameters.items()}


def _listed(parameters: dict[str, ParameterSpec]) -> str:
    return ", ".join(f"{name} {shape_text(spec.shape)}" for name, spec in parameters.items())
