"""Whose backward call is wrong: each by itself against autograd, on the gradient it was given.

A wrong gradient spoils all that are computed from it; a call by itself is judged by what it made
of what it got.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from explorer.program.errors import relative_error
from explorer.program.program import Call
from explorer.program.session import Session


@dataclass(frozen=True)
class Blame:
    """A node whose backward call is wrong: the gradient that is, and its relative error."""

    node: str
    layer: str
    gradient: str
    error: float


def blame(session: Session, call: Call, tolerance: float) -> Blame | None:
    """The worst gradient that a backward call computed, where it is off by more than `tolerance`.

    The session has run both passes; it stays as it is. A gradient of the wrong shape is off
    by infinity.
    """
    given = [operand.variable for operand in call.reads if operand.role == "upstream"]
    if not all(bool(session.namespace[variable].isfinite().all()) for variable in given):
        return None  # whoever made that is to blame
    written = {operand.label: session.namespace[operand.variable] for operand in call.writes}
    right = _by_autograd(session, call, list(written))
    errors = {
        ", ".join(labels): relative_error(_summed([written[each] for each in labels]), gradient)
        for labels, gradient in right.items()
    }
    worst = max(errors, key=errors.__getitem__, default=None)
    if worst is None or errors[worst] <= tolerance:
        return None
    return Blame(call.node, call.layer, worst, errors[worst])


def _summed(gradients: Sequence[Tensor]) -> Tensor:
    """Of inputs that are the same tensor, autograd knows but the sum."""
    total = gradients[0]
    for gradient in gradients[1:]:
        total = total + gradient
    return total


def _by_autograd(
    session: Session, call: Call, labels: Sequence[str]
) -> dict[tuple[str, ...], Tensor]:
    """What autograd makes of the forward line of the same node and the same upstream."""
    forward = next(each for each in session.program.forward_calls if each.node == call.node)
    namespace: dict[str, Any] = dict(session.namespace)
    wanted: dict[str, list[str]] = {}
    for operand in forward.reads:
        if f"d{operand.label}" in labels:
            wanted.setdefault(operand.variable, []).append(f"d{operand.label}")
    for variable in {operand.variable for operand in forward.reads}:
        value = namespace[variable].detach().clone()
        namespace[variable] = value.requires_grad_(variable in wanted)
    leaves = {tuple(found): namespace[variable] for variable, found in wanted.items()}
    upstream = {operand.label: operand.variable for operand in call.reads}
    with torch.enable_grad():
        exec(session.program.codes[forward.index], namespace)
        outputs = [
            (namespace[operand.variable], session.namespace[upstream[f"d{operand.label}"]])
            for operand in forward.writes
            if operand.role == "output" and f"d{operand.label}" in upstream
        ]
        return _gradients(outputs, leaves)


def _gradients(
    outputs: Sequence[tuple[Tensor, Tensor]], leaves: dict[tuple[str, ...], Tensor]
) -> dict[tuple[str, ...], Tensor]:
    given = [(out, dout) for out, dout in outputs if out.requires_grad]
    if not given or not leaves or any(out.shape != dout.shape for out, dout in given):
        return {}
    found = torch.autograd.grad(
        [out for out, _ in given],
        list(leaves.values()),
        [dout for _, dout in given],
        allow_unused=True,
    )
    return {
        labels: torch.zeros_like(leaf) if gradient is None else gradient
        for (labels, leaf), gradient in zip(leaves.items(), found, strict=True)
    }
