"""Which numbers of which tensors an element was made with: what the tensor views light up."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from explorer.layers.base import Elementwise
from explorer.program.explanation.computation import Computation, Tensors
from explorer.program.explanation.local import Local, alone
from explorer.program.explanation.places import Source

MOST = 100_000
"""So many places are handed on at most for one tensor."""


@dataclass(frozen=True, eq=False)
class Lit:
    """The places of a tensor that were used, counted through, as the call names it.

    `label` is "x", "dout", or for what was kept "cache: x"; `variable` its name in the program.
    """

    label: str
    variable: str
    places: NDArray[np.int64]


def used(computation: Computation, local: Local, name: str, at: int) -> dict[Source, Tensor]:
    """By tensor, where it was used for element `at` of `name`: True, shaped as the tensor."""
    c = computation
    found = {Source(local.source, key): mask for key, mask in local.possible.items()}
    # Weights that differ, so that what depends on several slopes does not cancel.
    weights = {key: _ramp(mask, local.slopes[key]) for key, mask in local.possible.items()}
    for source, change in local.uses(weights).items():
        place = source
        if source.name in c.kept and c.upstream:
            place = Source("cache", source.name)
        found[place] = found.get(place, change != 0) | (change != 0)
    if (
        issubclass(c.layer, Elementwise)
        and sum(int(mask.sum()) for mask in local.possible.values()) == 1
    ):
        found |= _in_its_place(c, c.written[name], at)
    return {source: mask for source, mask in found.items() if mask.any()}


def _ramp(mask: Tensor, like: Tensor) -> Tensor:
    steps = mask.flatten().cumsum(0).reshape(mask.shape).to(like)
    return mask * (1 + steps / max(mask.numel(), 1))


def _in_its_place(c: Computation, written: Tensor, at: int) -> dict[Source, Tensor]:
    """What each number by itself depends on, where the slope there is flat and so does not tell."""
    tensors: dict[Source, Tensor] = {}
    read: tuple[tuple[str, Tensors], ...] = (
        (("cache", c.kept),) if c.upstream else (("operand", c.operands),)
    )
    for where, named in read:
        for key, tensor in named.items():
            if tensor.shape == written.shape:
                tensors[Source(where, key)] = alone(named, key, at)[key] != 0  # type: ignore[arg-type]
    return tensors
