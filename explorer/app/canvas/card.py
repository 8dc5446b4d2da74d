"""What a node's card says, read off the graph: plain data that the item paints."""

from dataclasses import dataclass, replace
from typing import Literal

from explorer.app.canvas.geometry import card_height
from explorer.graph import Graph, Node, Problem, Unusable, sharing
from explorer.graph.errors import Severity
from explorer.layers import Layer, Learning, Spec, shape_text

Flow = Literal["float", "index", "unknown"]


@dataclass(frozen=True)
class Port:
    """One port: its path "fc1.x", its name, what flows there and the shape, "" if unknown.

    `stacked` says how many share that edge of a collapsed card; 0 where it shows them in rows.
    `may_stay_free` is true of an input that the layer can do without and that has no wire. A
    group's port stands for the `paths` of ports inside, of which `path` is the first.
    """

    path: str
    name: str
    is_output: bool
    row: int
    flow: Flow
    shape: str
    may_stay_free: bool = False
    stacked: int = 0
    paths: tuple[str, ...] = ()

    def is_at(self, path: str) -> bool:
        """Whether a wire to or from that path meets this port."""
        return path == self.path or path in self.paths


@dataclass(frozen=True)
class Card:
    """Everything that a card shows."""

    id: str
    title: str
    kind: str
    family: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    parameters: str
    severity: Severity | None
    problems: tuple[str, ...]
    is_usable: bool
    is_muted: bool = False
    is_collapsed: bool = False

    @property
    def rows(self) -> int:
        return max(len(self.inputs), len(self.outputs), 1)

    @property
    def has_footer(self) -> bool:
        return bool(self.parameters)

    @property
    def height(self) -> float:
        """In scene units."""
        return card_height(self.rows, self.has_footer, self.is_collapsed)


def describe(graph: Graph, id: str, problems: tuple[Problem, ...]) -> Card:
    """The card of one node, given what is wrong with it."""
    node = graph.nodes[id]
    layer = node.layer
    inputs, outputs = port_names(graph, node)
    return Card(
        id=id,
        title=node.label,
        kind=node.kind,
        family=layer.family if isinstance(layer, Layer) else "",
        inputs=_stacked(node, [_input(graph, node, name, row) for row, name in enumerate(inputs)]),
        outputs=_stacked(
            node,
            [
                _port(id, name, True, row, graph.analysis.spec(f"{id}.{name}"))
                for row, name in enumerate(outputs)
            ],
        ),
        parameters=_parameters(graph, node),
        severity=worst(problems),
        problems=tuple(str(problem) for problem in problems),
        is_usable=isinstance(layer, Layer),
        is_muted=node.is_muted,
        is_collapsed=node.is_collapsed,
    )


def _stacked(node: Node, ports: list[Port]) -> tuple[Port, ...]:
    """The ports of one edge, as a collapsed card has them."""
    count = len(ports) if node.is_collapsed else 0
    return tuple(replace(port, stacked=count) for port in ports)


def worst(problems: tuple[Problem, ...]) -> Severity | None:
    """What a card's badge shows."""
    if any(problem.severity == "error" for problem in problems):
        return "error"
    return "warning" if problems else None


def port_names(graph: Graph, node: Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A node's inputs and outputs; an unusable layer has those that its wires name."""
    if not isinstance(node.layer, Unusable):
        return node.inputs, node.outputs
    inputs = dict.fromkeys(wire.target_port for wire in graph.wires_into(node.id))
    outputs = dict.fromkeys(wire.source_port for wire in graph.wires_out_of(node.id))
    return tuple(inputs), tuple(outputs)


def _input(graph: Graph, node: Node, name: str, row: int) -> Port:
    wire = graph.wires.get(f"{node.id}.{name}")
    port = _port(node.id, name, False, row, graph.analysis.spec(wire.source) if wire else None)
    is_free = wire is None and isinstance(node.layer, Layer) and name in node.layer.optional
    return replace(port, may_stay_free=True) if is_free else port


def _port(id: str, name: str, is_output: bool, row: int, spec: Spec | None) -> Port:
    shape = shape_text(spec.shape) if spec else ""
    return Port(f"{id}.{name}", name, is_output, row, flow_of(spec), shape)


def flow_of(spec: Spec | None) -> Flow:
    """What kind of values these are: numbers, or the indices of classes."""
    if spec is None:
        return "unknown"
    return "float" if spec.dtype.is_floating_point else "index"


def _parameters(graph: Graph, node: Node) -> str:
    if not (isinstance(node.layer, Layer) and node.layer.weights):
        return ""
    if node.is_muted:
        return "weights not used"
    report = graph.analysis.report(node.id)
    if not report.parameters:
        return "" if report.outputs else "parameters unknown"
    if (other := sharing.owner(graph, node.id)) != node.id:
        return f"weights of {other}"
    count = report.parameter_count
    held = ", frozen" if isinstance(node.layer, Learning) and node.layer.frozen else ""
    return f"{count:,} parameter{'s' * (count != 1)}{held}"
