"""Layers that join tensors along an axis, and that take one apart again."""

from typing import Any, ClassVar

import torch
from pydantic import Field, field_validator
from torch import Tensor

from explorer.layers.arithmetic.combining import Many, asked
from explorer.layers.axes import Axis, Ints, divides, require_axis
from explorer.layers.base import Layer, Mismatch, Spec, shape_text
from explorer.layers.written import Lines


class Concat(Many):
    """Joins several tensors end to end along an axis they have: skip connections of a U-Net.

    Shapes: x1 (N, D1), x2 (N, D2) …, out (N, D1 + D2 + …); other axes must agree.
    Source: torch.cat.
    """

    family: ClassVar[str] = "Shaping"
    cache: ClassVar[tuple[str, ...]] = ("lengths along dim", "dim")
    synonyms: ClassVar[tuple[str, ...]] = (
        *("cat", "concatenate", "join", "merge", "append", "skip", "depth concatenation"),
    )
    equations: ClassVar[dict[str, str]] = {
        "out": "out = [x1, x2, …] along dim",
        "dx1": "dx1 = the part of dout where x1 went",
        "dx2": "dx2 = the part of dout where x2 went, and so on",
    }

    dim: Axis = Field(1, description="The axis to join along; 0 is the batch, 1 the channels")

    @staticmethod
    def forward(*xs: Tensor, dim: int = 1) -> tuple[Tensor, tuple]:
        return torch.cat(xs, dim), ([x.shape[dim] for x in xs], dim)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] | None = None
    ) -> tuple[Tensor | None, ...]:
        lengths, dim = cache
        parts = zip(dout.split(lengths, dim), asked(needs, len(lengths)), strict=True)
        return tuple(part if is_wanted else None for part, is_wanted in parts)

    def check(self, *xs: Spec) -> None:
        first = xs[0].shape
        axis = require_axis("x1", first, self.dim)
        for port, x in zip(self.takes[1:], xs[1:], strict=True):
            if len(x.shape) != len(first):
                raise Mismatch(
                    port,
                    f"as many axes as x1, which is {shape_text(first)}",
                    "Unsqueeze or Flatten one of them",
                )
            if _without(x.shape, axis) != _without(first, axis):
                wanted = shape_text((*first[:axis], "any", *first[axis + 1 :]))
                raise Mismatch(
                    port,
                    f"{wanted}, since x1 is {shape_text(first)}",
                    f"only axis {axis}, along which they are joined, may differ",
                )

    def torch_lines(self, *xs: Spec) -> Lines:
        return {"out": f"torch.cat(({', '.join(self.takes)}), dim)"}

    def hand_lines(self, *xs: Spec) -> Lines:
        lengths = ", ".join(f"length({port}, dim)" for port in self.takes)
        return {
            "parts": f"dout.split(({lengths}), dim)",
            **{f"d{port}": f"parts[{place}]" for place, port in enumerate(self.takes)},
        }


def _without(shape: tuple, axis: int) -> tuple:
    return shape[:axis] + shape[axis + 1 :]


class Stack(Many):
    """Lays several tensors of one shape side by side along a new axis.

    Shapes: x1, x2 … (N, *), out (N, count, *) with the default dim.
    Source: torch.stack.
    """

    family: ClassVar[str] = "Shaping"
    cache: ClassVar[tuple[str, ...]] = ("dim",)
    synonyms: ClassVar[tuple[str, ...]] = ("join", "side by side", "new axis", "bundle", "merge")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x1, x2, … side by side along a new axis dim",
        "dx1": "dx1 = dout at place 0 of that axis",
        "dx2": "dx2 = dout at place 1 of that axis, and so on",
    }

    dim: Axis = Field(1, description="Where the new axis stands; −1 is behind the last")

    @staticmethod
    def forward(*xs: Tensor, dim: int = 1) -> tuple[Tensor, tuple]:
        return torch.stack(xs, dim), (dim,)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] | None = None
    ) -> tuple[Tensor | None, ...]:
        (dim,) = cache
        parts = zip(dout.unbind(dim), asked(needs, dout.shape[dim]), strict=True)
        return tuple(part if is_wanted else None for part, is_wanted in parts)

    def check(self, *xs: Spec) -> None:
        first = xs[0].shape
        require_axis("x1", first, self.dim, are_new=True)
        for port, x in zip(self.takes[1:], xs[1:], strict=True):
            if x.shape != first:
                raise Mismatch(
                    port,
                    f"the shape of x1, {shape_text(first)}",
                    "make all paths end in one shape, or use Concat",
                )

    def torch_lines(self, *xs: Spec) -> Lines:
        return {"out": f"torch.stack(({', '.join(self.takes)}), dim)"}

    def hand_lines(self, *xs: Spec) -> Lines:
        return {f"d{port}": f"dout.select(dim, {place})" for place, port in enumerate(self.takes)}


class Split(Layer):
    """Takes a tensor apart along an axis: into equal parts, or parts of given sizes.

    Shapes: x (*, D, *), out1, out2 … (*, part of D, *).
    Source: torch.split.
    """

    family: ClassVar[str] = "Shaping"
    outputs: ClassVar[tuple[str, ...]] = ("out1", "out2")
    cache: ClassVar[tuple[str, ...]] = ("lengths of the parts", "dim")
    synonyms: ClassVar[tuple[str, ...]] = ("chunk", "divide", "partition", "cut", "heads", "fork")
    equations: ClassVar[dict[str, str]] = {
        "out1": "out1 = the first part of x along dim",
        "out2": "out2 = the second part, and so on",
        "dx": "dx = [dout1, dout2, …] along dim",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "nothing reads the part that it went to"}

    count: int = Field(2, ge=2, le=16, description="How many equal parts")
    sizes: Ints = Field((), description="How long each part is, instead; empty: equal parts")
    dim: Axis = Field(1, description="The axis to take apart; 0 is the batch, −1 the last")

    @field_validator("sizes")
    @classmethod
    def _some_parts(cls, sizes: tuple[int, ...]) -> tuple[int, ...]:
        if sizes and not 2 <= len(sizes) <= 16:
            raise ValueError("must be empty or 2 to 16 sizes, one for each part")
        if any(size < 1 for size in sizes):
            raise ValueError("must be sizes of at least 1")
        return sizes

    @property
    def gives(self) -> tuple[str, ...]:
        parts = len(self.sizes) or self.count
        return tuple(f"out{number}" for number in range(1, parts + 1))

    @staticmethod
    def forward(
        x: Tensor, count: int = 2, sizes: tuple[int, ...] = (), dim: int = 1
    ) -> tuple[Any, ...]:
        lengths = sizes or (x.shape[dim] // count,) * count
        return *x.split(lengths, dim), (lengths, dim)

    @staticmethod
    def backward(*douts_and_cache: Any) -> Tensor:
        *douts, (lengths, dim) = douts_and_cache
        if any(dout is None for dout in douts):
            douts = _with_zeros(douts, lengths, dim)
        return torch.cat(douts, dim)

    def check(self, x: Spec) -> None:
        axis = require_axis("x", x.shape, self.dim)
        length = x.shape[axis]
        if self.sizes and sum(self.sizes) != length:
            raise Mismatch(
                "x",
                f"axis {axis} to be of length {' + '.join(map(str, self.sizes))} "
                f"= {sum(self.sizes)}",
                f"choose sizes that add up to {length}",
            )
        if not self.sizes and not divides(self.count, length):
            raise Mismatch(
                "x",
                f"axis {axis} to divide into {self.count} equal parts",
                "choose another count or give sizes"
                if isinstance(length, int)
                else "a batch may have any number of rows: split another axis",
            )

    def torch_lines(self, x: Spec) -> Lines:
        size = str(self.sizes) if self.sizes else f"length(x, dim) // {self.count}"
        return {", ".join(self.gives): f"x.split({size}, dim)"}

    def hand_lines(self, x: Spec) -> Lines:
        return {"dx": f"torch.cat(({', '.join(f'd{port}' for port in self.gives)}), dim)"}


def _with_zeros(douts: list[Tensor | None], lengths: tuple[int, ...], dim: int) -> list[Tensor]:
    """Gradients of all parts: zeros, which take no memory, for those that nobody sends."""
    sent = next(dout for dout in douts if dout is not None)
    zero, shape = sent.new_zeros(()), list(sent.shape)
    parts = []
    for dout, length in zip(douts, lengths, strict=True):
        shape[dim] = length
        parts.append(zero.expand(shape) if dout is None else dout)
    return parts
