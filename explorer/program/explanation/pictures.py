"""Small exact pictures of a tensor around one of its numbers: no averages, every cell a number."""

from dataclasses import dataclass
from math import prod

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explorer.program.explanation.computation import Computation
from explorer.program.explanation.local import Local, alone
from explorer.program.explanation.places import Source, brackets, unravel

CELLS = 32
"""How many rows and columns a picture has at most."""


@dataclass(frozen=True, eq=False)
class Picture:
    """Rows and columns of a tensor: all of it, or those around one number.

    Attributes:
        source: which tensor.
        name: what to call it: "dout", "∂out/∂w[3, 5]".
        part: which part of it is shown, "[3, 5, :, :]"; "" for all.
        shape: the shape of the whole tensor.
        numbers: what is shown, (rows, columns).
        lit: which of them were used, (rows, columns).
        elsewhere: how many that were used lie outside.
        marked: the row and column of the number that is explained, where it is in the picture.
        corner: the index of the first number.
    """

    source: Source
    name: str
    part: str
    shape: tuple[int, ...]
    numbers: NDArray[np.float64]
    lit: NDArray[np.bool_]
    elsewhere: int
    marked: tuple[int, int] | None
    corner: tuple[int, ...]

    @property
    def is_all_lit(self) -> bool:
        """Whether every number of the tensor was used, of several."""
        return 1 < prod(self.shape) == int(self.lit.sum()) + self.elsewhere

    def index_at(self, row: int, column: int) -> tuple[int, ...]:
        """The index of the number in a cell."""
        if not self.shape:
            return ()
        if len(self.shape) == 1:
            return (self.corner[0] + column,)
        return (*self.corner[:-2], self.corner[-2] + row, self.corner[-1] + column)


@dataclass(frozen=True, eq=False)
class Triptych:
    """Local gradient · upstream = downstream, side by side.

    Where `each` holds, every number has a local gradient of its own, and the three pictures show
    the same places. Else `local` shows the slopes of the one element that is explained: what they
    are multiplied with in `upstream` adds up to it.
    """

    local: Picture
    upstream: Picture
    downstream: Picture
    each: bool


def triptych(c: Computation, local: Local, element: Source, at: int) -> Triptych:
    """The pictures for element `at`, counted through, of a gradient."""
    tensor = c.gradients[element.name]
    own = element.name.removeprefix("d")
    key, around = _heaviest(c, local)
    arriving, lit = c.upstream[key], local.possible[key]
    given = key.removeprefix("d")
    slopes = _slope_of_each(c, element.name)
    name = f"∂{given}/∂{own}"
    if slopes is None:
        slopes = local.slopes[key]
        name += brackets(unravel(at, tuple(tensor.shape)))
    is_each = slopes is not local.slopes[key]
    mine = alone(c.gradients, element.name, at)[element.name] != 0
    return Triptych(
        local=picture(Source("upstream", key), name, slopes, around, lit),
        upstream=picture(Source("upstream", key), key, arriving, around, lit),
        downstream=picture(element, element.name, tensor, at, mine, marks=True),
        each=is_each,
    )


def made_with(c: Computation, lights: dict[Source, Tensor], besides: str) -> tuple[Picture, ...]:
    """A picture of each other tensor that an element was made with, around what was used."""
    tensors = {"cache": c.kept, "operand": c.operands}
    return tuple(
        picture(
            source,
            source.name,
            tensors[source.where][source.name],
            int(mask.flatten().nonzero()[0]),
            mask,
        )
        for source, mask in lights.items()
        if source.where in tensors and source.where != besides
    )


def _heaviest(c: Computation, local: Local) -> tuple[str, int]:
    """Which upstream counts most, and where: what a picture of a part must not miss."""
    found = []
    for key, slopes in local.slopes.items():
        weight = (slopes * c.upstream[key]).abs() + local.possible[key] * 1e-30
        found.append((float(weight.max()), key, int(weight.argmax())))
    _, key, at = max(found)
    return key, at


def _slope_of_each(c: Computation, name: str) -> Tensor | None:
    """The local gradient of every number, where each depends on the one in its place alone."""
    if len(c.upstream) != 1:
        return None
    (key, arriving), tensor = next(iter(c.upstream.items())), c.gradients[name]
    if arriving.shape != tensor.shape or not arriving.numel():
        return None
    steps = torch.arange(arriving.numel(), device=arriving.device).reshape(arriving.shape)
    # Numbers that do not add up to each other by chance: any mixing shows.
    probe = (1 + (steps * 0.6180339887) % 1).to(arriving.dtype)
    with torch.no_grad():
        ones = c.backward({key: torch.ones_like(arriving)}, c.cache)[name]
        mixed = c.backward({key: probe}, c.cache)[name]
    return ones if torch.allclose(mixed, ones * probe, rtol=1e-3, atol=1e-6) else None


def picture(
    source: Source, name: str, tensor: Tensor, around: int, lit: Tensor, marks: bool = False
) -> Picture:
    """The rows and columns of a tensor in which number `around`, counted through, lies."""
    shape = tuple(tensor.shape)
    index = unravel(around, shape)
    corner, rows, columns = _window(index, shape)
    numbers, used = (_cut(t, corner, rows, columns) for t in (tensor.detach(), lit))
    inside = used.cpu().numpy()
    row = index[-2] - corner[-2] if len(index) > 1 else 0
    column = index[-1] - corner[-1] if index else 0
    return Picture(
        source=source,
        name=name,
        part=_part(corner, rows, columns, shape),
        shape=shape,
        numbers=numbers.to(torch.float64).cpu().numpy(),
        lit=inside,
        elsewhere=int(lit.sum()) - int(inside.sum()),
        marked=(row, column) if marks else None,
        corner=corner,
    )


def _window(index: tuple[int, ...], shape: tuple[int, ...]) -> tuple[tuple[int, ...], int, int]:
    """The first index that is shown, and how many rows and columns."""
    corner = list(index)
    for axis in range(-min(2, len(shape)), 0):
        last = max(shape[axis] - CELLS, 0)
        corner[axis] = min(max(index[axis] - CELLS // 2, 0), last)
    rows = min(shape[-2], CELLS) if len(shape) > 1 else 1
    return tuple(corner), rows, min(shape[-1], CELLS) if shape else 1


def _cut(tensor: Tensor, corner: tuple[int, ...], rows: int, columns: int) -> Tensor:
    if tensor.dim() < 2:
        flat = tensor.reshape(1, -1)
        start = corner[0] if corner else 0
        return flat[:, start : start + columns]
    plane = tensor[corner[:-2]]
    return plane[corner[-2] : corner[-2] + rows, corner[-1] : corner[-1] + columns]


def _part(corner: tuple[int, ...], rows: int, columns: int, shape: tuple[int, ...]) -> str:
    spans = [*map(str, corner[:-2])]
    for start, count, size in zip(
        corner[-2:], (rows, columns)[-len(corner[-2:]) :], shape[-2:], strict=False
    ):
        spans.append(":" if count == size else f"{start}:{start + count}")
    return "" if all(span == ":" for span in spans) else f"[{', '.join(spans)}]"
