"""What a net, or a part of it, adds up to: weights, multiplications, memory of a training step."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

import networkx as nx

from explorer.graph import sharing
from explorer.graph.costs import Cost
from explorer.graph.meta import concrete
from explorer.graph.muting import entry, read_by
from explorer.layers import Layer, Spec

if TYPE_CHECKING:
    from explorer.graph.graph import Graph, Node

_WEIGHT = {"float32": 4, "float64": 8, "mixed": 6}
"""Bytes of a weight; mixed precision computes with a copy in bfloat16."""
_GRADIENT = {"float32": 4, "float64": 8, "mixed": 4}
_VALUE = {"float32": 4, "float64": 8, "mixed": 2}
_WIDENED = 4
"""Losses compute in float32 at least."""


@dataclass(frozen=True)
class Totals:
    """Sums over some nodes. What the optimizer keeps for itself is not among them.

    Attributes:
        parameters: numbers that are learned or held; shared ones count once.
        multiplications: multiply-accumulates of a forward pass, for each row of a batch.
        weight_bytes, gradient_bytes: of the parameters, and of the gradients of those learned.
        kept_bytes: of what the forward pass of a batch keeps for the backward pass, about.
        unknown: how many of the nodes cannot be counted, their shapes not being known.
    """

    nodes: int
    parameters: int
    multiplications: int
    weight_bytes: int
    gradient_bytes: int
    kept_bytes: int
    unknown: int

    @property
    def bytes(self) -> int:
        return self.weight_bytes + self.gradient_bytes + self.kept_bytes


def totals(graph: "Graph", ids: Collection[str] | None = None) -> Totals:
    """What these nodes, or all, take with the graph's training settings."""
    nodes = [node for id, node in graph.nodes.items() if ids is None or id in ids]
    running = [node for node in nodes if isinstance(node.layer, Layer) and not node.is_muted]
    rows, precision = graph.training.batch_size, graph.training.precision
    owned = {node.id: sharing.parameter_count(graph, node.id) for node in running}
    learned = sum(owned[node.id] for node in running if _learns(node))
    multiplications = [graph.analysis.report(node.id).cost.multiplications for node in running]
    on_way_back = _on_way_back(graph)
    keeping = [node for node in running if node.id in on_way_back]
    return Totals(
        nodes=len(nodes),
        parameters=sum(owned.values()),
        multiplications=sum(amount.at(rows) for amount in multiplications) // rows,
        weight_bytes=_WEIGHT[precision] * sum(owned.values()),
        gradient_bytes=_GRADIENT[precision] * learned,
        kept_bytes=_kept(graph, keeping, rows, _VALUE[precision]),
        unknown=sum(not _is_known(graph, node) for node in running),
    )


def _is_known(graph: "Graph", node: "Node") -> bool:
    """Whether shapes are known there; what has no outputs to tell of has none."""
    return bool(graph.analysis.report(node.id).outputs) or not node.outputs


def _learns(node: "Node") -> bool:
    return isinstance(node.layer, Layer) and node.layer.wants_gradient()


def _on_way_back(graph: "Graph") -> set[str]:
    """The nodes that a gradient comes through: those with something to learn in or before them."""
    found: set[str] = set()
    for id in nx.topological_sort(graph.net):
        learns = _learns(graph.nodes[id]) and not graph.nodes[id].is_muted
        if learns or any(wire.source_node in found for wire in read_by(graph, id)):
            found.add(id)
    return found


def _kept(graph: "Graph", nodes: Collection["Node"], rows: int, value_size: int) -> int:
    """Bytes that these nodes keep; what several of them keep counts once."""
    found = 0
    shared: dict[str, int] = {}
    for node in nodes:
        cost = graph.analysis.report(node.id).cost
        widens = isinstance(node.layer, Layer) and node.layer.is_loss
        size = max(value_size, _WIDENED) if widens else value_size
        found += cost.floats.at(rows) * size + cost.other_bytes.at(rows)
        for path in _kept_values(graph, node, cost):
            shared[path] = max(shared.get(path, 0), size)
    for path, size in shared.items():
        if spec := graph.analysis.spec(path):
            found += _size(spec, rows, size)
    return found


def _kept_values(graph: "Graph", node: "Node", cost: Cost) -> Iterator[str]:
    """The outputs, its own and of others, whose values a node keeps."""
    for port in cost.kept_inputs:
        if wire := graph.wires.get(f"{node.id}.{port}"):
            yield _origin(graph, wire.source)
    yield from (f"{node.id}.{port}" for port in cost.kept_outputs)


def _origin(graph: "Graph", output: str) -> str:
    """The output whose memory this one is a view of; itself for most."""
    while True:
        id, _, port = output.partition(".")
        node = graph.nodes[id]
        views = graph.analysis.report(id).cost.views
        seen = entry(node) if node.is_muted else views.get(port)
        wire = graph.wires.get(f"{id}.{seen}") if seen else None
        if wire is None:
            return output
        output = wire.source


def _size(spec: Spec, rows: int, value_size: int) -> int:
    each = value_size if spec.dtype.is_floating_point else spec.dtype.itemsize
    return prod(concrete(spec.shape, rows)) * each
