"""What a layer or a block takes and gives, and whether it fits where it would be wired.

Both are looked at as a part: a graph by itself, of one node or of a block's.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import torch

from explorer.app.canvas.wiring import accepts, fits, suits
from explorer.graph import Graph, GraphError, Node, Wire, blocks
from explorer.graph.fragments import fragment
from explorer.graph.grouping import inputs, shown_as
from explorer.graph.making import make_layer
from explorer.layers import Layer, Spec, catalogue, find

_TAP = "_tap"


class _Tap(Layer):
    """Gives what a wire is known to carry; of no family, so that nobody is offered it."""

    inputs: ClassVar[tuple[str, ...]] = ()

    carries: Any

    def feeds(self) -> dict[str, Spec]:
        return {"out": self.carries}


def part_of(graph: Graph, kind: str) -> Graph:
    """A new layer or block as a part; GraphError where there is none of that name."""
    if find(kind) is None and kind in blocks.names():  # a folder is looked through for the names
        return blocks.block(kind)
    part = Graph()
    part.put(Node(graph.new_id(kind), make_layer(kind, {})))
    return part


def free_inputs(part: Graph) -> list[str]:
    """The inputs that nothing is wired to, those that may stay so last."""
    free = [
        (name in node.layer.optional, f"{id}.{name}")
        for id, node in part.nodes.items()
        if isinstance(node.layer, Layer)
        for name in node.inputs
        if f"{id}.{name}" not in part.wires
    ]
    return [path for _, path in sorted(free, key=lambda each: each[0])]


def fed_together(part: Graph, path: str) -> tuple[str, ...]:
    """A free input with those that a group's port feeds along with it."""
    id = shown_as(part, path.partition(".")[0], "")
    ports = inputs(part, id) if id is not None and id in part.groups else ()
    return next((port.paths for port in ports if path in port.paths), (path,))


def free_outputs(part: Graph) -> list[str]:
    """The outputs that nothing reads."""
    paths = [f"{id}.{name}" for id, node in part.nodes.items() for name in node.outputs]
    return [path for path in paths if not part.readers(path)]


def takes(part: Graph, path: str, spec: Spec | None) -> bool:
    """Whether one input of a part takes such values; a block must run on them, all of it."""
    layer, port = _split(part, path)
    if not accepts(layer, port, [spec if name == port else None for name in layer.takes]):
        return False
    return len(part.nodes) == 1 or run(part, {path: spec}) is not None


def entry_for(part: Graph, spec: Spec | None) -> str | None:
    """The first free input that takes such values."""
    return next((path for path in free_inputs(part) if takes(part, path, spec)), None)


def exit_for(part: Graph, graph: Graph, target: str) -> str | None:
    """The first free output whose values, as far as they are known, an input of `graph` takes."""
    outputs = free_outputs(part)
    return next((path for path in outputs if fits(graph, _gives(part, path), target)), None)


def kinds_that_take(graph: Graph, source: str) -> list[str]:
    """The layers and blocks that an output of `graph` can be wired to."""
    spec = graph.analysis.spec(source)
    return [kind for kind, part in _parts(graph) if entry_for(part, spec)]


def kinds_that_feed(graph: Graph, target: str) -> list[str]:
    """The layers and blocks that can be wired to an input of `graph`."""
    return [kind for kind, part in _parts(graph) if exit_for(part, graph, target)]


def kinds_between(graph: Graph, wire: Wire) -> list[str]:
    """The layers and blocks that can stand in the middle of a wire."""
    return [kind for kind, part in _parts(graph) if fits_between(part, graph, wire)]


def ends_of(part: Graph) -> tuple[str, str] | None:
    """The one input that a part needs and its one output; None where it has not one of each."""
    inputs = [path for path in free_inputs(part) if not _is_optional(part, path)]
    outputs = free_outputs(part)
    return (inputs[0], outputs[0]) if len(inputs) == len(outputs) == 1 else None


def fits_between(part: Graph, graph: Graph, wire: Wire) -> bool:
    """Whether a part with one input and one output can stand in the middle of a wire."""
    ends = ends_of(part)
    if ends is None:
        return False
    spec = graph.analysis.spec(wire.source)
    if not takes(part, ends[0], spec):
        return False
    if spec is None:
        return True
    trial = run(part, {ends[0]: spec})
    return trial is not None and suits(graph, trial.analysis.spec(ends[1]), wire.target)


def _parts(graph: Graph) -> list[tuple[str, Graph]]:
    found = []
    for kind in (*catalogue(), *blocks.names()):
        try:
            found.append((kind, part_of(graph, kind)))
        except GraphError:
            continue  # a layer that cannot be made without being told more
    return found


def _split(part: Graph, path: str) -> tuple[Layer, str]:
    id, _, port = path.partition(".")
    layer = part.nodes[id].layer
    assert isinstance(layer, Layer)
    return layer, port


def _is_optional(part: Graph, path: str) -> bool:
    layer, port = _split(part, path)
    return port in layer.optional


def _gives(part: Graph, path: str) -> Spec | None:
    layer, _ = _split(part, path)
    if layer.is_loss:
        return Spec((), torch.get_default_dtype())
    return part.analysis.spec(path)


def run(part: Graph, fed: Mapping[str, Spec | None]) -> Graph | None:
    """A part fed with such values, None unknown, by input; None where it cannot run on them."""
    trial = fragment(part, part.nodes)
    for number, (entry, spec) in enumerate(fed.items()):
        if spec is not None:
            tap = f"{_TAP}{number}"
            trial.put(Node(tap, _Tap(carries=spec)))
            trial.link(Wire(f"{tap}.out", entry))
    is_faulty = any(trial.analysis.report(id).faults for id in trial.nodes)
    return None if is_faulty else trial
