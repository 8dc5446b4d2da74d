"""What there is to know of a node as its lines are written."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from explorer.exchange import inlined
from explorer.exchange.draft import Draft
from explorer.exchange.expressions import Known, left_open, named, specialized
from explorer.exchange.page import CannotExpress
from explorer.graph import Graph
from explorer.layers import Layer, Shape, Spec
from explorer.layers.written import Lines, Unwritable
from explorer.program import Call, Program

_SIZES = {"kernel_size", "stride", "padding", "dilation", "output_padding", "output_size"}
"""Settings with a number for each axis: where all are alike, one stands for all."""


@dataclass(frozen=True)
class Subject:
    """A node with its layer, what arrives at it, and the variables of its tensors by label."""

    id: str
    kind: str
    layer: Layer
    inputs: tuple[Spec | None, ...]
    known: Known
    names: Mapping[str, str]

    def torch_lines(self, draft: Draft, way: str) -> Lines:
        """The outputs by torch's operations, or by the layer's own forward, put on the page."""
        return self._lines(self.layer.torch_lines, inlined.torch_lines, ("forward",), draft, way)

    def hand_lines(self, draft: Draft, way: str) -> Lines:
        """The gradients by hand, or by the layer's own pair of functions, put on the page."""
        pair = ("forward", "backward")
        found = self._lines(self.layer.hand_lines, inlined.hand_lines, pair, draft, way)
        if set(self.layer.gives) <= {name for key in found for name in key.split(", ")}:
            return found
        return {**self.torch_lines(draft, way), **found}

    def _lines(
        self,
        declared: Callable[..., Lines],
        own: Callable[[Layer], Lines],
        methods: tuple[str, ...],
        draft: Draft,
        way: str,
    ) -> Lines:
        """CannotExpress, with the node and the reason, where there is neither."""
        try:
            if found := declared(*self.inputs):
                return found
            draft.define(*inlined.definitions(self.layer, *methods))
            return own(self.layer)
        except Unwritable as reason:
            raise self.refused(str(reason), way, reason.hint) from None

    def refused(self, why: str, way: str, hint: str) -> CannotExpress:
        sentence = f"{self.id} cannot be written {way}, since it {why}: {hint}"
        return CannotExpress(sentence, self.id)


def subject(graph: Graph, program: Program, call: Call) -> Subject:
    """What there is to know of the node that a forward call is of."""
    layer = graph.nodes[call.node].layer
    assert isinstance(layer, Layer), "a program has no unusable layers"
    report, inputs = graph.analysis.report(call.node), graph.analysis.inputs(call.node)
    names = {operand.label: operand.variable for operand in call.reads}
    names |= {operand.label: operand.variable for operand in call.writes}
    wired = {port: spec for port, spec in zip(layer.takes, inputs, strict=True) if spec}
    own = {name: spec.shape for name, spec in (report.parameters | report.buffers).items()}
    shapes = {port: spec.shape for port, spec in (wired | report.outputs).items()} | own
    return Subject(call.node, call.layer, layer, inputs, known_of(layer, shapes), names)


def known_of(layer: Layer, shapes: Mapping[str, Shape]) -> Known:
    """What is known of a layer where so much arrives, is learned, kept and given, by name."""
    every = (*layer.takes, *type(layer).weights, *type(layer).buffers)
    return Known(
        settings=_settings(layer),
        shapes=tuple(shapes.items()),
        missing=frozenset(name for name in every if name not in shapes),
    )


def _settings(layer: Layer) -> tuple[tuple[str, str, bool], ...]:
    """The settings that lines may name."""
    weights = type(layer).weights
    return tuple(
        (name, as_python(name, getattr(layer, name)), getattr(layer, name) == field.default)
        for name, field in type(layer).model_fields.items()
        if name not in ("frozen", "weights_from", *weights) and not name.endswith("_init")
    )


def as_python(name: str, value: object) -> str:
    """A setting's value as one would type it."""
    if name in _SIZES and isinstance(value, tuple) and len(set(value)) == 1:
        (value,) = set(value)
    return repr(value)


@dataclass(frozen=True)
class Statement:
    """One assignment: the label that it gives a value to, and its text, names still open."""

    targets: frozenset[str]
    text: str

    @property
    def uses(self) -> set[str]:
        return left_open(self.text)


def statements(lines: Lines, known: Known) -> list[Statement]:
    """Declared lines as statements."""
    found = []
    for target, line in lines.items():
        value = specialized(line, known)
        left = specialized(target, known)
        if left.startswith("("):
            left = left[1:-1]
        targets = frozenset(left_open(left.partition("[")[0]))
        is_block = value.startswith("if ")
        found.append(Statement(targets, value if is_block else f"{left} = {value}"))
    return found


def needed(every: list[Statement], wanted: Collection[str]) -> list[Statement]:
    """Those statements that what is wanted takes, in their order."""
    labels, found = set(wanted), []
    for statement in reversed(every):
        if not labels.isdisjoint(statement.targets):
            labels |= statement.uses
            found.append(statement)
    return found[::-1]


def written(statement: Statement, names: Mapping[str, str]) -> str:
    """A statement with the variables of its node."""
    return named(statement.text, names)
