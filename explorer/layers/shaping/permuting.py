"""Layers that put axes into another order: a view of the same numbers."""

from typing import ClassVar

from pydantic import Field
from torch import Tensor

from explorer.layers.axes import Axis, Ints, require_axis
from explorer.layers.base import Layer, Mismatch, Spec
from explorer.layers.written import Lines


class Permute(Layer):
    """Puts all axes into a new order: (N, H, W, C) becomes (N, C, H, W).

    Shapes: x any, out with axis dims[i] of x as its axis i. Source: torch.permute.
    """

    family: ClassVar[str] = "Shaping"
    cache: ClassVar[tuple[str, ...]] = ("dims",)
    synonyms: ClassVar[tuple[str, ...]] = (
        *("transpose", "swap axes", "reorder", "channels first", "channels last", "rearrange"),
    )
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x, its axes in the order dims",
        "dx": "dx = dout, its axes back in their places",
    }

    dims: Ints = Field((0, 2, 1), description="Every axis once, in the new order; 0 is the batch")

    @staticmethod
    def forward(x: Tensor, dims: tuple[int, ...] = (0, 2, 1)) -> tuple[Tensor, tuple]:
        return x.permute(dims), (dims,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (dims,) = cache
        rank = len(dims)
        return dout.permute(sorted(range(rank), key=lambda axis: dims[axis] % rank))

    def check(self, x: Spec) -> None:
        rank = len(x.shape)
        if len(self.dims) != rank:
            raise Mismatch(
                "x",
                f"as many axes as dims names, {len(self.dims)}",
                f"name every axis once in dims, 0 to {rank - 1}",
            )
        axes = [require_axis("x", x.shape, dim, "dims") for dim in self.dims]
        if len(set(axes)) < rank:
            raise Mismatch(
                "x",
                f"each axis named once in dims, which is {self.dims}",
                f"name each of 0 to {rank - 1} once",
            )

    def torch_lines(self, x: Spec) -> Lines:
        return {"out": f"x.permute({', '.join(map(str, self.dims))})"}

    def hand_lines(self, x: Spec) -> Lines:
        back = sorted(range(len(self.dims)), key=lambda axis: self.dims[axis] % len(self.dims))
        return {"dx": f"dout.permute({', '.join(map(str, back))})"}


class Transpose(Layer):
    """Swaps two axes: (N, L, D) becomes (N, D, L).

    Shapes: x any, out with its axes dim0 and dim1 swapped. Source: torch.transpose.
    """

    family: ClassVar[str] = "Shaping"
    cache: ClassVar[tuple[str, ...]] = ("dim0", "dim1")
    synonyms: ClassVar[tuple[str, ...]] = ("swap axes", "permute", "xᵀ", "matrix transpose")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x, its axes dim0 and dim1 swapped",
        "dx": "dx = dout, the same axes swapped back",
    }
    in_torch: ClassVar[Lines] = {"out": "x.transpose(dim0, dim1)"}
    by_hand: ClassVar[Lines] = {"dx": "dout.transpose(dim0, dim1)"}

    dim0: Axis = Field(1, description="One of the axes to swap; 0 is the batch, −1 the last")
    dim1: Axis = Field(2, description="The other one")

    @staticmethod
    def forward(x: Tensor, dim0: int = 1, dim1: int = 2) -> tuple[Tensor, tuple]:
        return x.transpose(dim0, dim1), (dim0, dim1)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        dim0, dim1 = cache
        return dout.transpose(dim0, dim1)

    def check(self, x: Spec) -> None:
        require_axis("x", x.shape, self.dim0, "dim0")
        require_axis("x", x.shape, self.dim1, "dim1")
