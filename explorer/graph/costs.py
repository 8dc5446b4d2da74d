"""What a layer costs: multiplications, and numbers that it keeps from its forward to its backward.

Both come from running it on torch's meta device. A multiplication here is a multiply-accumulate:
one product added to a sum, as matrix products and convolutions are made of. What is done to each
number by itself (activations, norms, pooling, sums) counts as none, as in He et al. 2016, "Deep
residual learning for image recognition", Table 1, and whoever quotes a net's MACs since.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from explorer.graph.meta import BATCHES, OnMeta, Run
from explorer.layers import Layer, Spec

_VECTORS = (torch.ops.aten.mv.default, torch.ops.aten.dot.default)
"""Products for which torch has no formula: as many as the first of the two has numbers."""


@dataclass(frozen=True)
class Amount:
    """So many for each row of a batch, and so many whatever the batch."""

    for_each_row: int = 0
    at_all: int = 0

    def at(self, rows: int) -> int:
        return self.for_each_row * rows + self.at_all


@dataclass(frozen=True)
class Cost:
    """What one layer costs on inputs of known shapes.

    Attributes:
        multiplications: of a forward pass.
        floats: numbers that it alone keeps for its backward, apart from inputs, outputs and
            weights; their precision is that of the training.
        other_bytes: what else it keeps so: indices and masks, in bytes.
        kept_inputs, kept_outputs: the ports whose values it keeps; others may keep them, too.
        views: the outputs that are an input seen otherwise and take no memory, with that input.
    """

    multiplications: Amount = Amount()
    floats: Amount = Amount()
    other_bytes: Amount = Amount()
    kept_inputs: tuple[str, ...] = ()
    kept_outputs: tuple[str, ...] = ()
    views: Mapping[str, str] = field(default_factory=dict)


def cost(layer: Layer, inputs: tuple[Spec | None, ...]) -> Cost:
    """What a layer costs that runs on these inputs."""
    if layer.feeds():
        return Cost()
    return _cost(type(layer), layer.model_dump_json(), inputs)


@lru_cache(maxsize=4096)
def _cost(kind: type[Layer], settings: str, inputs: tuple[Spec | None, ...]) -> Cost:
    layer = kind.model_validate_json(settings)
    on_meta = OnMeta(layer, inputs)
    counted = [_counted(on_meta, rows) for rows in BATCHES]
    multiplications, floats, other_bytes = (
        _amount(fewer, more) for fewer, more in zip(*(counts for counts, _ in counted), strict=True)
    )
    if (tally := layer.tally(*inputs)) is not None:
        multiplications, floats = Amount(tally.multiplications), Amount(tally.kept)
    return Cost(multiplications, floats, other_bytes, *_ports(layer, counted[0][1]))


class _Products(TorchDispatchMode):
    """Counts multiply-accumulates while it is on."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        if func in _VECTORS:
            self.count += args[0].numel()
        elif formula := flop_registry.get(func._overloadpacket):
            # torch counts a product and the addition to the sum as two.
            self.count += formula(*args, **(kwargs or {}), out_val=out) // 2
        return out


def _counted(on_meta: OnMeta, rows: int) -> tuple[tuple[int, int, int], Run]:
    """A run's multiplications, the numbers that it keeps and the other bytes; and the run."""
    with _Products() as products:
        run = on_meta.run(rows)
    return (products.count, *_kept(run)), run


def _ports(layer: Layer, run: Run) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, str]]:
    """The inputs that it keeps, the outputs that it keeps, and the outputs that are an input."""
    kept = {place_of(tensor) for tensor in tensors_in(run.cache)}
    there = zip(layer.takes, run.inputs, strict=True)
    read = {place_of(tensor): port for port, tensor in there if tensor is not None}
    given = list(zip(layer.gives, map(place_of, run.outputs), strict=True))
    inputs = tuple(port for place, port in read.items() if place in kept)
    outputs = tuple(port for port, place in given if place in kept and place not in read)
    return inputs, outputs, {port: read[place] for port, place in given if place in read}


def _amount(fewer: int, more: int) -> Amount:
    """The line through what two batches take."""
    small, large = BATCHES
    for_each_row = (more - fewer) // (large - small)
    return Amount(for_each_row, fewer - for_each_row * small)


def _kept(run: Run) -> tuple[int, int]:
    """Numbers, and bytes of what is none, that are kept beside inputs, outputs and weights."""
    told = {place_of(t) for t in (*run.inputs, *run.own, *run.outputs) if t is not None}
    floats = other = 0
    for tensor in tensors_in(run.cache):
        place = place_of(tensor)
        if place in told:
            continue
        told.add(place)
        size = tensor.untyped_storage().nbytes()
        if tensor.is_floating_point():
            floats += size // tensor.itemsize
        else:
            other += size
    return floats, other


def place_of(tensor: Tensor) -> int:
    """What two views of the same memory have in common."""
    return tensor.untyped_storage()._cdata


def tensors_in(kept: Any) -> Iterator[Tensor]:
    """The tensors in a cache, which may hold tuples and lists of them."""
    if isinstance(kept, Tensor):
        yield kept
    elif isinstance(kept, (tuple, list)):
        for each in kept:
            yield from tensors_in(each)
    elif isinstance(kept, dict):
        yield from tensors_in(list(kept.values()))
