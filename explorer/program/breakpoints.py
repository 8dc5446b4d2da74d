"""Where a run stops by itself: behind a node's call, or behind one whose numbers go wrong."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import torch
from torch import Tensor

from explorer.graph.quantities import short
from explorer.layers import find
from explorer.program.program import Call, Program, Role
from explorer.program.session import Session

Pass = Literal["forward", "backward"]
When = Literal["forward", "backward", "both"]
Quantity = Literal[
    "gradient_norm_above",
    "gradient_norm_below",
    "nonfinite",
    "dead_share_above",
    "loss_rises_by",
]

_RESULTS: tuple[Role, ...] = ("output", "gradient")


@dataclass(frozen=True)
class NodeBreakpoint:
    """Stops behind a node's own call, in one phase or in both."""

    node: str
    phase: When = "both"


@dataclass(frozen=True)
class ValueBreakpoint:
    """Stops behind a call that gives such numbers, at one node or, with "", at any.

    Quantities, of which `threshold` is the limit:
        gradient_norm_above, gradient_norm_below: the L2 norm of a gradient that backward gives.
        nonfinite: a number is NaN or infinite; it has no limit.
        dead_share_above: the share, 0 to 1, of a tensor's units that are 0 in every row: of what
            forward gives, or of the gradients. At any node means at any activation.
        loss_rises_by: how much larger the loss is than that of the training step before.
    """

    quantity: Quantity
    threshold: float = 0.0
    node: str = ""
    phase: When = "both"


Breakpoint = NodeBreakpoint | ValueBreakpoint


@dataclass(frozen=True)
class Met:
    """A breakpoint that was met: behind which call, and why, in a sentence."""

    breakpoint: Breakpoint
    call: Call
    sentence: str


PHASES: dict[Quantity, tuple[When, ...]] = {
    "gradient_norm_above": ("backward",),
    "gradient_norm_below": ("backward",),
    "nonfinite": ("both", "forward", "backward"),
    "dead_share_above": ("both", "forward", "backward"),
    "loss_rises_by": ("forward",),
}
"""The phases in which each quantity can be looked at, the usual one first."""

HAS_NO_LIMIT: tuple[Quantity, ...] = ("nonfinite",)

_CONDITIONS: dict[Quantity, str] = {
    "gradient_norm_above": "gradient norm above {limit}",
    "gradient_norm_below": "gradient norm below {limit}",
    "nonfinite": "NaN or infinite",
    "dead_share_above": "more than {limit} of the units dead",
    "loss_rises_by": "the loss rises by more than {limit}",
}


def in_words(point: Breakpoint) -> str:
    """A breakpoint in a few words: "fc1 backward", "gradient norm above 10 at fc1"."""
    if isinstance(point, NodeBreakpoint):
        return point.node if point.phase == "both" else f"{point.node} {point.phase}"
    words = _CONDITIONS[point.quantity].format(limit=_limit(point))
    if point.quantity == "loss_rises_by":
        return words
    tells_phase = len(PHASES[point.quantity]) > 1 and point.phase != "both"
    phase = f" {point.phase}" if tells_phase else ""
    return f"{words}{phase} at {point.node or 'any node'}"


def _limit(point: ValueBreakpoint) -> str:
    if point.quantity == "dead_share_above":
        return f"{100 * point.threshold:g} %"
    return f"{point.threshold:g}"


Look = Callable[[Session, float | None], str]
"""Looks at a session right behind a call; why it is to stop, or ""."""


class Lookout:
    """Breakpoints laid out over the calls of a program: what is looked at behind each of them.

    It is false where nothing is looked at.
    """

    def __init__(self, program: Program, points: Iterable[Breakpoint] = ()):
        points = tuple(points)
        self._looks: list[list[tuple[Breakpoint, Look]]] = [
            [(point, look) for point in points if (look := _look(program, call, point))]
            for call in program.calls
        ]
        self._is_watching = any(self._looks)

    def __bool__(self) -> bool:
        return self._is_watching

    def met(self, session: Session, call: Call, loss_before: float | None) -> Met | None:
        """The first breakpoint that is met behind a call, which has just run.

        `loss_before` is the loss of the training step before, None where there is none.
        """
        for point, look in self._looks[call.index]:
            if why := look(session, loss_before):
                return Met(point, call, why)
        return None


def _look(program: Program, call: Call, point: Breakpoint) -> Look | None:
    """What a breakpoint looks at behind a call; None for nothing."""
    if point.phase not in (call.phase, "both"):
        return None
    if isinstance(point, NodeBreakpoint):
        is_own = call.node == point.node and not call.is_addition
        return partial(_arrived, call) if is_own else None
    if point.quantity == "loss_rises_by":
        is_loss = call.phase == "forward" and program.values[program.loss] in call.outputs
        return partial(_loss_has_risen, program.loss, point) if is_loss else None
    if point.node not in (call.node, ""):
        return None
    if point.quantity == "dead_share_above" and not point.node and not is_activation(call):
        return None
    if call.phase not in PHASES[point.quantity] and "both" not in PHASES[point.quantity]:
        return None
    return partial(_LOOKS[point.quantity], call, point)


def is_activation(call: Call) -> bool:
    """Whether its layer is an activation, whose units can die."""
    layer = find(call.layer)
    return layer is not None and layer.family == "Activation"


def _arrived(call: Call, session: Session, loss_before: float | None) -> str:
    return f"{call.node} has run {call.phase}"


def _loss_has_risen(
    path: str, point: ValueBreakpoint, session: Session, loss_before: float | None
) -> str:
    if loss_before is None:
        return ""
    loss = float(session.value(path))
    if not loss - loss_before > point.threshold:
        return ""
    return f"the loss rose from {short(loss_before)} to {short(loss)}, by more than {_limit(point)}"


def _results(session: Session, call: Call) -> list[tuple[str, Tensor]]:
    """What a call gave: what the layer calls each, and the tensor, where it has fractions."""
    named = [
        (operand.label, session.namespace[operand.variable])
        for operand in call.writes
        if operand.role in _RESULTS
    ]
    return [(label, t) for label, t in named if t.is_floating_point() and t.numel()]


def _is_steep(call: Call, point: ValueBreakpoint, session: Session, _: float | None) -> str:
    for label, gradient in _results(session, call):
        norm = _norm(gradient)
        if norm > point.threshold:
            return (
                f"{call.node} backward: the norm of {label} is {short(norm)}, above {_limit(point)}"
            )
    return ""


def _is_flat(call: Call, point: ValueBreakpoint, session: Session, _: float | None) -> str:
    for label, gradient in _results(session, call):
        norm = _norm(gradient)
        if norm < point.threshold:
            return (
                f"{call.node} backward: the norm of {label} is {short(norm)}, below {_limit(point)}"
            )
    return ""


def _norm(gradient: Tensor) -> float:
    return float(torch.linalg.vector_norm(gradient))


def _is_no_number(call: Call, point: ValueBreakpoint, session: Session, _: float | None) -> str:
    for label, tensor in _results(session, call):
        # A sum with NaN or ∞ in it is never finite, and takes no memory.
        if torch.isfinite(tensor.sum()):
            continue
        bad = tensor.numel() - int(torch.isfinite(tensor).sum())
        if bad:
            numbers = f"{bad:,} of {tensor.numel():,} numbers" if tensor.dim() else "the number"
            verb = "is" if bad == 1 or not tensor.dim() else "are"
            where = f"{call.node} {call.phase}: {numbers} in {label}"
            return f"{where} {verb} NaN or infinite{_why_infinite(session, call)}"
    return ""


def _why_infinite(session: Session, call: Call) -> str:
    """What the layer says of its own infinities; "" where they came in with its inputs."""
    layer = find(call.layer)
    if layer is None or not layer.infinities or call.phase != "forward":
        return ""
    read = (session.namespace[operand.variable] for operand in call.reads)
    came_in = any(not bool(torch.isfinite(t).all()) for t in read if isinstance(t, Tensor))
    return "" if came_in else f": {layer.infinities}"


def _is_dead(call: Call, point: ValueBreakpoint, session: Session, _: float | None) -> str:
    for label, tensor in _results(session, call):
        if call.phase == "backward" and label not in _inputs(call):
            continue
        share = dead_share(tensor)
        if share > point.threshold:
            return (
                f"{call.node} {call.phase}: {100 * share:.3g} % of the units of {label} are 0 in "
                f"every row, more than {_limit(point)}"
            )
    return ""


def _inputs(call: Call) -> set[str]:
    """What a layer calls the gradients of its inputs, rather than of its weights."""
    layer = find(call.layer)
    weights = layer.weights if layer else ()
    return {o.label for o in call.writes if o.label.removeprefix("d") not in weights}


@torch.no_grad()
def dead_share(values: Tensor) -> float:
    """The share, 0 to 1, of units whose number is 0 in every row of a batch.

    Units are the channels of images and volumes (N, C, H, W …), else the features of (N, …, D).
    A tensor without a batch axis has none.
    """
    if values.dim() < 2:
        return 0.0
    axis = 1 if values.dim() > 3 else values.dim() - 1
    others = [other for other in range(values.dim()) if other != axis]
    return float((values == 0).float().amin(others).mean())


_LOOKS: dict[Quantity, Callable[[Call, ValueBreakpoint, Session, float | None], str]] = {
    "gradient_norm_above": _is_steep,
    "gradient_norm_below": _is_flat,
    "nonfinite": _is_no_number,
    "dead_share_above": _is_dead,
}
