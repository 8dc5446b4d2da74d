"""What a call read and wrote, summed up so that it can cross threads: no live tensors."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer import layers
from explorer.program.inside import Inside
from explorer.program.program import Call, Role
from explorer.program.session import Session
from explorer.program.viewing import (
    Address,
    Cut,
    Overview,
    Picture,
    Statistics,
    Subject,
    Window,
    statistics,
)

FIRST = 16
PICTURE = 128
_TILES = 8
"""Samples and channels of images that a picture shows."""


@dataclass(frozen=True, eq=False)
class TensorSummary:
    """One tensor as a person looks at it; arrays are copies on the CPU.

    Attributes:
        label: what the layer calls it: "x", "dw"; a cache entry is "cache: x".
        variable: its name in the source.
        address: where it is found to be looked at more closely.
        statistics: of all of it.
        first: its first numbers, at most FIRST, in their order in it.
        picture: rows and columns of numbers, averaged down to at most PICTURE each way: all of it
            or, where `pictured` says so, a part.
        pictured: which part of it the picture shows, in words; "" for all.
    """

    label: str
    variable: str
    role: Role
    address: Address
    shape: tuple[int, ...]
    dtype: str
    statistics: Statistics
    first: np.ndarray
    picture: Picture
    pictured: str


def inspect(session: Session, call: Call) -> tuple[TensorSummary, ...]:
    """Every tensor that a call, which has run, read and wrote."""
    found: list[TensorSummary] = []
    for operand in (*call.reads, *call.writes):
        value = session.namespace.get(operand.variable)
        if operand.role == "cache":
            found += _cache_entries(session, call, operand.variable, value)
        elif isinstance(value, Tensor):
            found.append(summarize(operand.label, operand.variable, operand.role, value))
    return tuple(found)


def inspect_part(session: Session, inside: Inside) -> tuple[TensorSummary, ...]:
    """Every tensor of the part that ran last within a call."""
    return tuple(
        summarize(name, variable, "part", session.namespace[variable])
        for name, variable in inside.variables.items()
    )


def _cache_entries(
    session: Session, call: Call, variable: str, cache: object
) -> list[TensorSummary]:
    names = getattr(layers, call.layer).cache
    entries = cache if isinstance(cache, tuple) else ()
    return [
        summarize(f"cache: {name}", variable, "cache", value, part=name)
        for name, value in zip(names, entries, strict=True)
        if isinstance(value, Tensor)
    ]


@torch.no_grad()
def summarize(
    label: str, variable: str, role: Role, tensor: Tensor, part: str = ""
) -> TensorSummary:
    """A tensor's statistics, its first numbers and a small picture; `part` names it in a cache."""
    tensor = tensor.detach().cpu()
    seen, pictured = as_picture(tensor)
    rows, columns = seen.shape
    cut = Cut(("rows", "columns"))
    whole = Overview(cut, (0, rows), (0, columns), (PICTURE, PICTURE))
    line = Subject(beginning(tensor).reshape(1, -1))
    return TensorSummary(
        label=label,
        variable=variable,
        role=role,
        address=Address(variable, part),
        shape=tuple(tensor.shape),
        dtype=str(tensor.dtype).removeprefix("torch."),
        statistics=statistics(tensor),
        first=Window(cut, (0, 1), (0, FIRST)).of(line).reshape(-1),
        picture=whole.of(Subject(seen)),
        pictured=pictured,
    )


def beginning(tensor: Tensor) -> Tensor:
    """A part of a tensor, as a view, that holds its first numbers: FIRST of them or more."""
    while tensor.dim() > 1 and tensor.numel():
        rows = -(-FIRST * len(tensor) // tensor.numel())
        if rows > 1:
            return tensor[:rows]
        tensor = tensor[0]
    return tensor[:FIRST] if tensor.dim() else tensor


def _as_grid(tensor: Tensor) -> Tensor:
    """A tensor as rows and columns: (N, *) is N rows; a vector is one row; a number 1 by 1."""
    if tensor.dim() == 0:
        return tensor.reshape(1, 1)
    if tensor.dim() == 1:
        return tensor.reshape(1, -1)
    return tensor.reshape(tensor.shape[0], -1) if tensor.numel() else tensor.new_zeros((0, 0))


def as_picture(tensor: Tensor) -> tuple[Tensor, str]:
    """Rows and columns to look at, and which part of the tensor they are.

    Images (N, C, H, W) are tiled, samples down and channels across; of sequences (N, T, D) the
    first is shown, time down; everything else is laid out as rows and columns.
    """
    if tensor.numel() == 0 or tensor.dim() not in (3, 4):
        return _as_grid(tensor), ""
    if tensor.dim() == 3:
        return tensor[0], f"The first of {len(tensor):,}" if len(tensor) > 1 else ""
    images = tensor[:_TILES, :_TILES]
    n, c, h, w = images.shape
    is_all = images.shape == tensor.shape
    said = f"{n} of {tensor.shape[0]:,} down, {c} of {tensor.shape[1]:,} across"
    if c == 1 and n > 1:
        wide = next(k for k in (4, 3, 2, 1) if n % k == 0)
        images = images.reshape(n // wide, wide, h, w)
        n, c = n // wide, wide
        said = f"The first {n * c} of {tensor.shape[0]:,}"
    return images.permute(0, 2, 1, 3).reshape(n * h, c * w), "" if is_all else said
