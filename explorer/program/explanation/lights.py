"""Which numbers of which tensors an element was made with: what the tensor views light up."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from explorer.layers.base import Elementwise
from explorer.program.explanation.computation import Computation, Tensors
from explorer.program.explanation.local import Local, alone
from explorer.program.explanation.places import Source
from explorer.program.inspection import as_picture
from explorer.program.viewing import Address

MOST = 300
"""Into so many boxes at most what was used is taken apart."""

Box = tuple[int | slice, ...]
"""A part of a tensor: an index for each axis, or a slice for many."""


@dataclass(frozen=True, eq=False)
class Lit:
    """Which numbers of a tensor were used.

    Attributes:
        address: where the tensor is found.
        count: how many numbers.
        boxes: the parts of it that they fill; () where they lie too scattered.
        framed: the rows and columns that they fill in the tensor's picture.
    """

    address: Address
    count: int
    boxes: tuple[Box, ...]
    framed: tuple[tuple[range, range], ...]


def lit_of(address: Address, mask: Tensor) -> Lit:
    """The numbers at which the mask is true."""
    picture, _ = as_picture(mask)
    boxes = _boxes(mask.cpu().numpy())
    framed = _boxes(picture.cpu().numpy())
    return Lit(
        address=address,
        count=int(mask.sum()),
        boxes=boxes if len(boxes) <= MOST else (),
        framed=tuple((_range(rows), _range(columns)) for rows, columns in framed)
        if len(framed) <= MOST
        else (),
    )


def _boxes(mask: NDArray[np.bool_]) -> tuple[Box, ...]:
    """Parts that together are where a mask is true: its slices along the first axis, put together.

    Slices that are alike and side by side make one part.
    """
    if not mask.ndim:
        return ((),) if mask else ()
    found: list[Box] = []
    start = 0
    for end in range(1, len(mask) + 1):
        if end < len(mask) and np.array_equal(mask[end], mask[start]):
            continue
        along = slice(start, end) if end - start > 1 else start
        found += ((along, *box) for box in _boxes(mask[start]))
        start = end
        if len(found) > MOST:
            break
    return tuple(found)


def _range(part: int | slice) -> range:
    return range(part.start, part.stop) if isinstance(part, slice) else range(part, part + 1)


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
