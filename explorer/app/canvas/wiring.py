"""Which ports may be wired to one another, and the edits that do it."""

from collections.abc import Sequence

import networkx as nx

from explorer.app.canvas.card import Port
from explorer.graph import Edit, Graph, GraphError, Wire
from explorer.graph.edits import AddWire, RemoveWire, Several
from explorer.graph.shapes import mismatch
from explorer.layers import Layer, Mismatch, Spec
from explorer.layers.base import require_float

Bends = tuple[tuple[float, float], ...]


class Judge:
    """Says of each port whether a wire from `port` may end there; asks the graph only once."""

    def __init__(self, graph: Graph, port: Port):
        self._graph = graph
        self._port = port
        self.node = port.path.partition(".")[0]
        net = graph.net
        reach = nx.ancestors(net, self.node) if port.is_output else nx.descendants(net, self.node)
        self._cycle = reach | {self.node}

    def refusal(self, other: Port) -> str:
        """Why a wire between the two may not be, as a sentence; "" if it may."""
        source, target = self._ends(other)
        is_cycle = other.path.partition(".")[0] in self._cycle
        if other.is_output != self._port.is_output:
            if not is_cycle:
                return ""
            if target in self._graph.wires:
                return f"a wire from {source} to {target} would close a cycle: wire forwards"
        try:
            self._graph.check_wire(Wire(source, target))
        except GraphError as error:
            return str(error)
        return ""

    def welcomes(self, other: Port) -> bool:
        """Whether the wire may be and, as far as is known, its reader can take the values."""
        if other.is_output == self._port.is_output:
            return False
        if other.path.partition(".")[0] in self._cycle:
            return False
        return not self.misfit(other)

    def misfit(self, other: Port) -> str:
        """Why its reader cannot take the values, as a sentence; "" as far as is known it can."""
        source, target = self._ends(other)
        return misfit(self._graph, self._graph.analysis.spec(source), target)

    def _ends(self, other: Port) -> tuple[str, str]:
        if self._port.is_output:
            return self._port.path, other.path
        return other.path, self._port.path


def fits(graph: Graph, spec: Spec | None, target: str) -> bool:
    """Whether an input can take such values; what is not known yet counts as fitting."""
    return not misfit(graph, spec, target)


def misfit(graph: Graph, spec: Spec | None, target: str) -> str:
    """Why an input cannot take such values, as a sentence; "" where it can."""
    id, _, port = target.partition(".")
    layer = graph.nodes[id].layer
    if spec is None or not isinstance(layer, Layer):
        return ""
    known = graph.analysis.inputs(id)
    specs = [spec if name == port else k for name, k in zip(layer.takes, known, strict=True)]
    found = _refusal(layer, port, specs)
    return str(mismatch(id, layer, specs, found)) if found else ""


def suits(graph: Graph, spec: Spec | None, target: str) -> bool:
    """Whether an input can take such values and its node, if it runs now, goes on doing so."""
    if not fits(graph, spec, target):
        return False
    id, _, port = target.partition(".")
    layer, report = graph.nodes[id].layer, graph.analysis.report(id)
    if spec is None or not isinstance(layer, Layer) or report.faults or not report.outputs:
        return True
    known = graph.analysis.inputs(id)
    specs = [spec if name == port else k for name, k in zip(layer.takes, known, strict=True)]
    try:
        layer.check(*specs)
    except Mismatch:
        return False
    return True


def accepts(layer: Layer, port: str, specs: list[Spec | None]) -> bool:
    """Whether a layer finds no fault with one port when these specs arrive, None unknown."""
    return _refusal(layer, port, specs) is None


def _refusal(layer: Layer, port: str, specs: list[Spec | None]) -> Mismatch | None:
    spec = specs[layer.takes.index(port)]
    if spec is None:
        return None
    missing = [name for name, known in zip(layer.takes, specs, strict=True) if known is None]
    try:
        if set(missing) <= set(layer.optional):
            layer.check(*specs)
        elif port in layer.learns:
            require_float(port, spec)
    except Mismatch as found:
        return found if found.port == port else None
    return None


def connection(
    graph: Graph, source: str, targets: Sequence[str], picked_up: Sequence[str] = ()
) -> Edit:
    """The edit that wires an output to inputs: what is in the way makes room, in the same action.

    The inputs of one port of a group are wired as one.
    """
    adds = [AddWire(Wire(source, target)) for target in targets]
    doomed = dict.fromkeys((*picked_up, *(path for path in targets if path in graph.wires)))
    if not doomed and len(adds) == 1:
        return adds[0]
    return Several((*(RemoveWire(path) for path in doomed), *adds), adds[0].label)


def splice(wire: Wire, entry: str, leave: str, bends: tuple[Bends, Bends]) -> list[Edit]:
    """The edits that cut a wire and join its ends to an input and an output of what is between.

    `bends` are those that the first part keeps, and the second.
    """
    return [
        RemoveWire(wire.target),
        AddWire(Wire(wire.source, entry, bends[0])),
        AddWire(Wire(leave, wire.target, bends[1])),
    ]
