"""The shape on every wire, from running the layers on torch's meta device.

Each layer runs twice, with two batch sizes: an axis that changed is a multiple of N. Only what
an edit touched, and what changed because of it, runs again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import networkx as nx
import torch

from explorer.data import DataError
from explorer.graph import sharing
from explorer.graph.costs import Cost, cost
from explorer.graph.edits import AddNode, AddWire, Edit, RemoveNode, RemoveWire, ReplaceNode
from explorer.graph.errors import Problem
from explorer.graph.meta import BATCHES, OnMeta, concrete
from explorer.graph.muting import entry
from explorer.layers import Layer, Mismatch, ParameterSpec, Shape, Spec, shape_text
from explorer.layers.sources import Data

if TYPE_CHECKING:
    from explorer.graph.graph import Graph, Node

T = TypeVar("T")

_MANY = 32
"""Nodes to look at again from which on a walk of the whole graph is the shortest way."""
_PROOF = 16
"""A third batch size, for shapes that are not simply N: they must lie on the same line."""


@dataclass(frozen=True)
class Report:
    """What is known of one node: output specs by port, parameters and buffers by name, faults.

    `layer` is what was run, on `inputs`; None for what feeds values or cannot run.
    """

    outputs: dict[str, Spec] = field(default_factory=dict)
    parameters: dict[str, ParameterSpec] = field(default_factory=dict)
    buffers: dict[str, ParameterSpec] = field(default_factory=dict)
    faults: tuple[Problem, ...] = ()
    layer: Layer | None = None
    inputs: tuple[Spec | None, ...] = ()

    @cached_property
    def cost(self) -> Cost:
        """What a step costs here; looked into when somebody asks."""
        return cost(self.layer, self.inputs) if self.layer else Cost()

    @property
    def parameter_count(self) -> int:
        """How many numbers the node learns."""
        return sum(prod(spec.shape) for spec in self.parameters.values())


class Shapes:
    """Keeps a Report of each node of a graph; edits mark what must be looked at again."""

    def __init__(self, graph: "Graph"):
        self._graph = graph
        self._reports: dict[str, Report] = {}
        self._stale: set[str] = set(graph.nodes)
        self._looked_at: dict[str, Node] = {}
        self._remembered: dict[str, Any] = {}
        graph.changed.connect(self.hear)

    def hear(self, edit: Edit) -> None:
        """An edit was made: what it may have changed is looked at again when somebody asks."""
        self._remembered.clear()
        match edit:
            case ReplaceNode(node=node) if self._computes_the_same(node):
                pass  # it was moved, or renamed
            case AddNode(node=node) | ReplaceNode(node=node):
                self._stale.add(node.id)
            case RemoveNode(id=id):
                self._stale.discard(id)
                self._reports.pop(id, None)
                self._looked_at.pop(id, None)
            case AddWire(wire=wire):
                self._stale.add(wire.target_node)
            case RemoveWire(target=target):
                self._stale.add(target.partition(".")[0])

    def _computes_the_same(self, node: "Node") -> bool:
        before = self._looked_at.get(node.id)
        return before is not None and (
            before.layer is node.layer and before.is_muted == node.is_muted
        )

    def remembered(self, name: str, make: Callable[[], T]) -> T:
        """What follows from the graph as it is, by a name: made once, until the graph changes."""
        if name not in self._remembered:
            self._remembered[name] = make()
        found: T = self._remembered[name]
        return found

    def notice_files(self) -> None:
        """Look again at data files that have changed since: their shapes may have, too."""
        for node in self._graph.nodes.values():
            before, layer = self._reports.get(node.id), node.layer
            if before is None or not isinstance(layer, Data) or not layer.path:
                continue
            if _report(node.id, layer, ()) != before:
                self._stale.add(node.id)
                self._remembered.clear()

    def report(self, id: str) -> Report:
        """What is known of a node, up to date."""
        self._refresh()
        return self._reports[id]

    def reports(self) -> Mapping[str, Report]:
        """What is known of each node, up to date."""
        self._refresh()
        return MappingProxyType(self._reports)

    def specs(self) -> dict[str, Spec]:
        """The spec at every output port whose shape is known."""
        self._refresh()
        return {
            f"{id}.{port}": spec
            for id in self._graph.nodes
            for port, spec in self._reports[id].outputs.items()
        }

    def parameter_count(self, ids: Iterable[str] | None = None) -> int:
        """How many numbers these nodes learn, or all of them."""
        chosen = self._graph.nodes if ids is None else ids
        return sum(sharing.parameter_count(self._graph, id) for id in chosen)

    def spec(self, output: str) -> Spec | None:
        """The spec at one output port, or None while it is not known."""
        node, _, port = output.partition(".")
        return self.report(node).outputs.get(port)

    def inputs(self, id: str) -> tuple[Spec | None, ...]:
        """The specs that arrive at a node's inputs, in port order; None where none is known."""
        wires = self._graph.wires
        return tuple(
            self.spec(wires[path].source) if path in wires else None
            for path in (f"{id}.{port}" for port in self._graph.nodes[id].inputs)
        )

    def _refresh(self) -> None:
        while len(self._stale) == 1:  # alone it waits for no other: the graph need not be walked
            self._look_again(next(iter(self._stale)))
        for id in list(self._in_order(self._stale)) if self._stale else ():
            if id in self._stale:
                self._look_again(id)

    def _look_again(self, id: str) -> None:
        """Look at a node whose inputs are known; who reads it is stale where that changes it."""
        node = self._looked_at[id] = self._graph.nodes[id]
        report = self._look_at(node)
        before = self._reports.get(id)
        self._reports[id] = report
        self._stale.discard(id)
        if before is None or before.outputs != report.outputs:
            self._stale.update(wire.target_node for wire in self._graph.wires_out_of(id))

    def _in_order(self, stale: Iterable[str]) -> Iterable[str]:
        """Topological order of what may be affected."""
        net = self._graph.net
        ids = list(stale)
        if len(ids) > _MANY:
            return nx.topological_sort(net)
        affected = set(ids).union(*(nx.descendants(net, id) for id in ids))
        return nx.topological_sort(net.subgraph(affected))

    def _look_at(self, node: "Node") -> Report:
        from explorer.graph.graph import Unusable

        if isinstance(node.layer, Unusable):
            problem = Problem.error(f"{node.id}: {node.layer.fault}", node.layer.hint, node.id)
            return Report(faults=(problem,))
        wires = self._graph.wires
        if node.is_muted:
            wire = wires.get(f"{node.id}.{entry(node)}")
            passed = self._reports[wire.source_node].outputs.get(wire.source_port) if wire else None
            return Report({node.outputs[0]: passed} if passed and node.outputs else {})
        inputs: list[Spec | None] = []
        for port in node.inputs:
            wire = wires.get(f"{node.id}.{port}")
            spec = self._reports[wire.source_node].outputs.get(wire.source_port) if wire else None
            if spec is None and (wire or port not in node.layer.optional):
                return Report()
            inputs.append(spec)
        return _report(node.id, node.layer, tuple(inputs))


def mismatch(id: str, layer: Layer, inputs: Sequence[Spec | None], found: Mismatch) -> Problem:
    """What a node's layer found wrong with the specs that arrive, in port order."""
    met = inputs[layer.takes.index(found.port)]
    gets = found.gets or (shape_text(met.shape) if met else "nothing")
    message = f"{id} expects {found.expects}; it gets {gets}"
    return Problem.error(message, found.hint, id, found.port)


def _report(id: str, layer: Layer, inputs: tuple[Spec | None, ...]) -> Report:
    try:
        layer.check(*inputs)
        return _run(layer, inputs)
    except Mismatch as found:
        return Report(faults=(mismatch(id, layer, inputs, found),))
    except DataError as error:
        return Report(faults=(Problem.in_data(id, error),))
    except (RuntimeError, IndexError, TypeError, ValueError, OverflowError) as error:
        shapes = " and ".join(shape_text(spec.shape) for spec in inputs if spec)
        reason = str(error).split("\n")[0]
        message = f"{id} cannot run on {shapes}: {reason}"
        hint = "check the shapes of what is wired to it, and its settings"
        return Report(faults=(Problem.error(message, hint, id),))


def _run(layer: Layer, inputs: tuple[Spec | None, ...]) -> Report:
    if feeds := layer.feeds():
        return Report(feeds)
    return _run_on_meta(type(layer), layer.model_dump_json(), inputs)


@lru_cache(maxsize=4096)
def _run_on_meta(cls: type[Layer], settings: str, inputs: tuple[Spec | None, ...]) -> Report:
    layer = cls.model_validate_json(settings)
    on_meta = OnMeta(layer, inputs)
    classes = _classes(inputs)
    few, many = (on_meta.run(rows).outputs for rows in BATCHES)
    outputs = {
        port: Spec(_symbolic(a.shape, b.shape), a.dtype, _still(classes, a.dtype))
        for port, a, b in zip(layer.gives, few, many, strict=True)
    }
    dims = [dim for spec in outputs.values() for dim in spec.shape]
    if any(isinstance(dim, str) and dim != "N" for dim in dims):
        for spec, found in zip(outputs.values(), on_meta.run(_PROOF).outputs, strict=True):
            if concrete(spec.shape, _PROOF) != tuple(found.shape):
                raise RuntimeError("the number of rows would be multiplied by itself")
    return Report(outputs, on_meta.parameters, on_meta.buffers, layer=layer, inputs=inputs)


def _classes(inputs: tuple[Spec | None, ...]) -> int | None:
    """How many classes the indices that arrive are of; None where that is not known of all."""
    counts = [spec.classes for spec in inputs if spec and not spec.dtype.is_floating_point]
    known = [count for count in counts if count is not None]
    return max(known) if known and len(known) == len(counts) else None


def _still(classes: int | None, dtype: torch.dtype) -> int | None:
    """Indices that come out are those that went in: layers rearrange them and compute none."""
    return None if dtype.is_floating_point else classes


def _symbolic(first: torch.Size, second: torch.Size) -> Shape:
    """Two runs' sizes as one shape: each axis is a number or a·N + b."""
    return tuple(_axis(m, n) for m, n in zip(first, second, strict=True))


def _axis(m: int, n: int) -> int | str:
    if m == n:
        return m
    small, large = BATCHES
    factor, rest = divmod(n - m, large - small)
    if rest:
        raise RuntimeError(f"an axis of {m} for {small} rows and {n} for {large} is no multiple")
    offset = m - factor * small
    return f"{factor if factor != 1 else ''}N{f'{offset:+d}' if offset else ''}"
