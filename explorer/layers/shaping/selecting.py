"""Layers that keep a part of a tensor, or repeat it: a view of the same numbers."""

import sys
from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.axes import FAR, Axis, OpenSizes, require_axis
from explorer.layers.base import Layer, Mismatch, Spec, shape_text, sum_to
from explorer.layers.written import Lines


class Slice(Layer):
    """Keeps a run of places along an axis, as x[:, start:stop:step] does.

    Shapes: x (*, D, *), out (*, as many as are kept, *).
    Source: Python's slices; start and stop below 0 count from the end.
    """

    family: ClassVar[str] = "Shaping"
    cache: ClassVar[tuple[str, ...]] = ("shape", "dim", "start", "stop", "step")
    synonyms: ClassVar[tuple[str, ...]] = ("crop", "narrow", "range", "cut", "part", "subsample")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x[…, start:stop:step, …] along dim",
        "dx": "dx = dout at the places that were kept, else 0",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "it was cut away"}

    dim: Axis = Field(1, description="The axis to keep a part of; −1 is the last")
    start: int = Field(0, ge=-FAR, le=FAR, description="First place to keep, from 0")
    stop: int | None = Field(
        None, ge=-FAR, le=FAR, description="First place not to keep; empty: to the end"
    )
    step: int = Field(1, ge=1, le=FAR, description="Keep every step-th place")

    @staticmethod
    def forward(
        x: Tensor, dim: int = 1, start: int = 0, stop: int | None = None, step: int = 1
    ) -> tuple[Tensor, tuple]:
        axis = dim % x.dim()
        out = x[(*(slice(None),) * axis, slice(start, stop, step))]
        return out, (x.shape, dim, start, stop, step)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        shape, dim, start, stop, step = cache
        end = sys.maxsize if stop is None else stop
        return torch.ops.aten.slice_backward(dout, shape, dim, start, end, step)

    def check(self, x: Spec) -> None:
        axis = require_axis("x", x.shape, self.dim)
        length = x.shape[axis]
        if not isinstance(length, int):
            raise Mismatch(
                "x",
                f"axis {axis} to have a fixed length",
                "a batch may have any number of rows: slice another axis",
            )
        if not range(length)[self.start : self.stop : self.step]:
            end = "the end" if self.stop is None else self.stop
            raise Mismatch(
                "x",
                f"something along axis {axis} from {self.start} to before {end}",
                f"nothing would be left: its places there are 0 to {length - 1}",
            )

    def torch_lines(self, x: Spec) -> Lines:
        return {"out": f"x[{self._places(x)}]"}

    def hand_lines(self, x: Spec) -> Lines:
        return {"dx": "torch.zeros_like(x)", f"dx[{self._places(x)}]": "dout"}

    def _places(self, x: Spec) -> str:
        """What is kept, as Python's slices say it."""
        ends = [str(end or "") for end in (self.start, self.stop)]
        step = [str(self.step)] if self.step > 1 else []
        return ", ".join([*[":"] * (self.dim % len(x.shape)), ":".join([*ends, *step])])


class Select(Layer):
    """Keeps one place along an axis, and drops the axis: the last step of a sequence.

    Shapes: x (*, D, *), out (*, *). Source: torch.select; index below 0 counts from the end.
    """

    family: ClassVar[str] = "Shaping"
    cache: ClassVar[tuple[str, ...]] = ("shape", "dim", "index")
    synonyms: ClassVar[tuple[str, ...]] = ("pick", "index", "last step", "cls token", "column")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x[…, index, …] along dim",
        "dx": "dx = dout at index, else 0",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "another place was selected"}

    dim: Axis = Field(1, description="The axis to choose from; −1 is the last")
    index: int = Field(0, ge=-FAR, le=FAR, description="Which place, from 0; −1 is the last")

    @staticmethod
    def forward(x: Tensor, dim: int = 1, index: int = 0) -> tuple[Tensor, tuple]:
        return x.select(dim, index), (x.shape, dim, index)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        shape, dim, index = cache
        return torch.ops.aten.select_backward(dout, shape, dim, index)

    def check(self, x: Spec) -> None:
        axis = require_axis("x", x.shape, self.dim)
        length = x.shape[axis]
        if not isinstance(length, int):
            if self.index not in (0, -1):
                raise Mismatch(
                    "x",
                    f"axis {axis} to have a fixed length",
                    "a batch may have only one row: choose index 0 or −1, or another dim",
                )
        elif not -length <= self.index < length:
            raise Mismatch(
                "x",
                f"a place {self.index} along axis {axis}",
                f"choose index between {-length} and {length - 1}",
            )

    def torch_lines(self, x: Spec) -> Lines:
        return {"out": f"x[{self._place(x)}]"}

    def hand_lines(self, x: Spec) -> Lines:
        return {"dx": "torch.zeros_like(x)", f"dx[{self._place(x)}]": "dout"}

    def _place(self, x: Spec) -> str:
        return ", ".join([*[":"] * (self.dim % len(x.shape)), str(self.index)])


class Expand(Layer):
    """Repeats a tensor along axes of length 1, without copying it.

    Shapes: x (N, 1, D), out (N, 4, D) with sizes (−1, 4, −1); new axes may stand in front.
    Source: torch.Tensor.expand.
    """

    family: ClassVar[str] = "Shaping"
    cache: ClassVar[tuple[str, ...]] = ("shape",)
    synonyms: ClassVar[tuple[str, ...]] = ("repeat", "broadcast", "tile", "copy")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x, repeated up to sizes",
        "dx": "dx = Σ dout over the repeated axes",
    }
    by_hand: ClassVar[Lines] = {"dx": "dout.sum_to_size(x.shape)"}

    sizes: OpenSizes = Field(
        (-1, -1), description="Length of every axis, the batch too; −1 keeps it as it is"
    )

    @staticmethod
    def forward(x: Tensor, sizes: tuple[int, ...] = (-1, -1)) -> tuple[Tensor, tuple]:
        return x.expand(sizes), (x.shape,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (shape,) = cache
        return sum_to(dout, shape)

    def check(self, x: Spec) -> None:
        new = len(self.sizes) - len(x.shape)
        if new < 0:
            raise Mismatch(
                "x",
                f"no more axes than sizes names, {len(self.sizes)}",
                "give a size for each axis, −1 to keep it as it is",
            )
        if -1 in self.sizes[:new]:
            raise Mismatch(
                "x",
                f"{len(self.sizes)} axes, since sizes is {shape_text(self.sizes)}",
                "an axis that is new needs a size of its own: −1 keeps one that is there",
            )
        for axis, (length, size) in enumerate(zip(x.shape, self.sizes[new:], strict=True)):
            if size not in (-1, length) and length != 1:
                raise Mismatch(
                    "x",
                    f"axis {axis} to be of length 1, so that it can be repeated {size} times",
                    "set its size to −1 to keep it as it is",
                )

    def torch_lines(self, x: Spec) -> Lines:
        return {"out": f"x.expand({', '.join(map(str, self.sizes))})"}
