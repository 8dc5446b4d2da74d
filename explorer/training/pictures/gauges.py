"""How large each node's gradient is, and which ones vanish or explode.

The rule, on norms of the gradient of a batch's loss:

- exploding: not finite, or above EXPLODING. Gradients are usually clipped at norms of 1 to 10
  (Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural networks");
  this is a hundred times that.
- vanishing: below VANISHING, the bound of SageMaker Debugger's rule of that name, or below SHARE
  of the largest among its like. All weights move at one learning rate, so such a layer stands
  still while that one learns; Glorot & Bengio 2010, "Understanding the difficulty of training
  deep feedforward neural networks", compare layers with each other in the same way.

Weights are compared with weights, and outputs with outputs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Literal

import torch
from torch import Tensor

from explorer.program import Session

EXPLODING = 1e3
VANISHING = 1e-7
SHARE = 1e-4

Mark = Literal["", "vanishing", "exploding"]
Of = Literal["weights", "output"]


@dataclass(frozen=True)
class Gauge:
    """The norm of a node's gradient: by its weights, or by its output where none of them learns."""

    norm: float
    of: Of
    mark: Mark = ""


def gauges(session: Session) -> dict[str, Gauge]:
    """The gauge of each node with a gradient, by id, once backward has run.

    The node that the loss comes from has none: its gradient is 1.
    """
    program = session.program
    found: dict[tuple[str, Of], list[Tensor]] = {}
    for path, gradient in session.gradients().items():
        found.setdefault((path.partition(".")[0], "weights"), []).append(gradient)
    learning = {node for node, _ in found}
    for path, variable in program.gradients.items():
        node = path.partition(".")[0]
        is_told = node in learning or path == program.loss or path not in program.values
        if not is_told and variable in session.namespace:
            found.setdefault((node, "output"), []).append(session.namespace[variable])
    sizes = dict(zip(found, norms(found.values()), strict=True))
    return marked({node: Gauge(norm, of) for (node, of), norm in sizes.items()})


def marked(gauges: dict[str, Gauge]) -> dict[str, Gauge]:
    """The same gauges, each with what the rule says of it."""
    largest: dict[Of, float] = {
        of: max((g.norm for g in gauges.values() if g.of == of and isfinite(g.norm)), default=0.0)
        for of in ("weights", "output")
    }
    return {
        node: Gauge(gauge.norm, gauge.of, _mark(gauge.norm, largest[gauge.of]))
        for node, gauge in gauges.items()
    }


def _mark(norm: float, largest: float) -> Mark:
    if not isfinite(norm) or norm > EXPLODING:
        return "exploding"
    return "vanishing" if norm < max(VANISHING, SHARE * largest) else ""


def norms(groups: Iterable[list[Tensor]]) -> list[float]:
    """The norm over all tensors of each group, brought over from the device in one go."""
    each = [
        torch.stack([torch.linalg.vector_norm(t, dtype=_wide(t)) for t in group]).norm()
        for group in groups
    ]
    return torch.stack(each).tolist() if each else []


def _wide(tensor: Tensor) -> torch.dtype:
    return torch.float64 if tensor.dtype == torch.float64 else torch.float32
