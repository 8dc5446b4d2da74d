"""Running a layer without numbers, on torch's meta device, for any number of rows."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from explorer.layers import Layer, Shape, Spec
from explorer.layers.base import MODES

BATCHES = (7, 11)
"""What depends on the number of rows is told from running with two of them."""
_SYMBOL = re.compile(r"(\d*)N([+-]\d+)?")


class Run(NamedTuple):
    """What one run read, gave and kept; inputs that nothing is wired to are None."""

    inputs: tuple[Tensor | None, ...]
    own: tuple[Tensor | None, ...]
    outputs: Sequence[Tensor]
    cache: tuple


class OnMeta:
    """One layer on inputs of known shapes: `run(rows)` runs its forward, which computes nothing."""

    def __init__(self, layer: Layer, inputs: tuple[Spec | None, ...]):
        self.parameters, self.buffers = layer.parameters(*inputs), layer.state(*inputs)
        self._layer = layer
        self._inputs = inputs
        self._modes = {name: value for name, value in MODES.items() if name in layer.modes}
        found = self.parameters | self.buffers
        self._own = tuple(
            torch.empty(found[name].shape, device="meta") if name in found else None
            for name in (*layer.weights, *layer.buffers)
        )

    def run(self, rows: int) -> Run:
        inputs = tuple(_empty(spec, rows) if spec else None for spec in self._inputs)
        layer = self._layer
        with torch.no_grad():
            *outputs, cache = layer.forward(*inputs, *self._own, **layer.keywords, **self._modes)
        return Run(inputs, self._own, outputs, cache)


def _empty(spec: Spec, rows: int) -> Tensor:
    return torch.empty(concrete(spec.shape, rows), dtype=spec.dtype, device="meta")


def concrete(shape: Shape, rows: int) -> tuple[int, ...]:
    """A shape with a number for N: ("N", "2N+1", 4) at N = 3 is (3, 7, 4)."""
    sizes = []
    for dim in shape:
        match = _SYMBOL.fullmatch(dim) if isinstance(dim, str) else None
        sizes.append(int(match[1] or 1) * rows + int(match[2] or 0) if match else int(dim))
    return tuple(sizes)
