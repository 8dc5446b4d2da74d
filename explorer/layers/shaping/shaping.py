"""Layers that lay the same numbers, in the same order, out along other axes."""

from math import prod
from typing import Any, ClassVar

from pydantic import Field
from torch import Tensor

from explorer.layers.axes import Axis, FillingSizes, filling, fills, require_axis
from explorer.layers.base import Layer, Mismatch, Spec, shape_text
from explorer.layers.written import Lines


class Relaid(Layer):
    """What layers share that keep all numbers in their order and change only the axes."""

    cache: ClassVar[tuple[str, ...]] = ("shape",)
    by_hand: ClassVar[Lines] = {"dx": "dout.reshape(x.shape)"}

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (shape,) = cache
        return dout.reshape(shape)


class Flatten(Relaid):
    """Lays a run of axes out as one: an image (N, C, H, W) becomes a row (N, C·H·W).

    Shapes: x (N, *), out (N, product of *) with the default settings.
    Source: torch.nn.Flatten.
    """

    family: ClassVar[str] = "Shaping"
    synonyms: ClassVar[tuple[str, ...]] = ("view", "ravel", "unroll")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x, its axes from start_dim to end_dim laid out as one",
        "dx": "dx = dout, folded back to the shape of x",
    }
    in_torch: ClassVar[Lines] = {"out": "x.flatten(start_dim, end_dim=end_dim)"}

    start_dim: int = Field(1, ge=0, le=16, description="First axis to flatten; 0 is the batch")
    end_dim: int = Field(-1, ge=-16, le=16, description="Last axis to flatten; −1 is the last")

    @staticmethod
    def forward(x: Tensor, start_dim: int = 1, end_dim: int = -1) -> tuple[Tensor, tuple]:
        return x.flatten(start_dim, end_dim), (x.shape,)

    def check(self, x: Spec) -> None:
        rank = len(x.shape)
        end = self.end_dim + rank if self.end_dim < 0 else self.end_dim
        if rank == 1 and (self.start_dim, self.end_dim) == (1, -1):
            raise Mismatch("x", "(N, …) with at least two axes", "there is nothing to flatten here")
        if not (0 <= self.start_dim <= end < rank):
            raise Mismatch(
                "x",
                f"axes {self.start_dim} to {self.end_dim}",
                f"choose start_dim and end_dim between 0 and {rank - 1}",
            )


class Reshape(Relaid):
    """Lays the numbers of each row out in a new shape: a row (N, 784) becomes (N, 1, 28, 28).

    Shapes: x (N, *), out (N, *shape) with as many numbers in each row.
    Source: torch.reshape, with the batch axis kept.
    """

    family: ClassVar[str] = "Shaping"
    synonyms: ClassVar[tuple[str, ...]] = ("view", "resize", "fold", "to image")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x, each row laid out in shape",
        "dx": "dx = dout, laid out in the shape of x",
    }

    shape: FillingSizes = Field(
        (-1,), description="New shape of one row, without the batch axis; one size may be −1"
    )

    @staticmethod
    def forward(x: Tensor, shape: tuple[int, ...] = (-1,)) -> tuple[Tensor, tuple]:
        return x.reshape(x.shape[0], *shape), (x.shape,)

    def check(self, x: Spec) -> None:
        if not x.shape:
            raise Mismatch("x", "(N, …) with a batch axis", "it is one number and has no rows")
        row = [size for size in x.shape[1:] if isinstance(size, int)]
        if len(row) < len(x.shape) - 1:
            raise Mismatch("x", "(N, …) with the batch axis first", "keep the batch axis first")
        if not fills(prod(row), self.shape):
            raise Mismatch(
                "x",
                f"{filling(self.shape)} in each row, to fill {shape_text(self.shape)}",
                f"choose a shape that {prod(row)} numbers fill, with one −1 for what is left",
            )

    def torch_lines(self, x: Spec) -> Lines:
        batch = "len(x)" if -1 in self.shape else "-1"
        return {"out": f"x.reshape({', '.join([batch, *map(str, self.shape)])})"}


class Unflatten(Relaid):
    """Splits one axis into several: (N, C·H·W) becomes (N, C, H, W).

    Shapes: x (*, D, *), out (*, *sizes, *), D the product of sizes.
    Source: torch.nn.Unflatten.
    """

    family: ClassVar[str] = "Shaping"
    synonyms: ClassVar[tuple[str, ...]] = ("unravel", "fold", "split heads", "view", "to image")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x, its axis dim laid out in sizes",
        "dx": "dx = dout, laid out in the shape of x",
    }
    in_torch: ClassVar[Lines] = {"out": "x.unflatten(dim, sizes)"}

    dim: Axis = Field(1, description="The axis to split; 0 is the batch, −1 the last")
    sizes: FillingSizes = Field(
        (1, -1), description="Sizes of the axes it becomes; one of them may be −1"
    )

    @staticmethod
    def forward(x: Tensor, dim: int = 1, sizes: tuple[int, ...] = (1, -1)) -> tuple[Tensor, tuple]:
        return x.unflatten(dim, sizes), (x.shape,)

    def check(self, x: Spec) -> None:
        axis = require_axis("x", x.shape, self.dim)
        length = x.shape[axis]
        if not fills(length, self.sizes):
            raise Mismatch(
                "x",
                f"{filling(self.sizes)} along axis {axis}, to fill {shape_text(self.sizes)}",
                f"choose sizes that multiply to {length}, with one −1 for what is left",
            )

    def nn_settings(self, x: Spec) -> dict[str, Any]:
        return {"unflattened_size": self.sizes}


class Squeeze(Relaid):
    """Drops an axis of length 1: (N, 1) becomes (N,).

    Shapes: x (*, 1, *), out (*, *). Source: torch.squeeze.
    """

    family: ClassVar[str] = "Shaping"
    synonyms: ClassVar[tuple[str, ...]] = ("drop axis", "remove dimension")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x without its axis dim",
        "dx": "dx = dout, the axis put back",
    }
    in_torch: ClassVar[Lines] = {"out": "x.squeeze(dim)"}

    dim: Axis = Field(1, description="The axis to drop; −1 is the last")

    @staticmethod
    def forward(x: Tensor, dim: int = 1) -> tuple[Tensor, tuple]:
        return x.squeeze(dim), (x.shape,)

    def check(self, x: Spec) -> None:
        axis = require_axis("x", x.shape, self.dim)
        if x.shape[axis] != 1:
            raise Mismatch("x", f"axis {axis} to be of length 1", _other_axis(x))


def _other_axis(x: Spec) -> str:
    alone = [axis for axis, length in enumerate(x.shape) if length == 1]
    return f"set dim to {alone[0]}" if alone else "it has no axis of length 1 to drop"


class Unsqueeze(Relaid):
    """Adds an axis of length 1: (N, D) becomes (N, 1, D).

    Shapes: x (*, *), out (*, 1, *). Source: torch.unsqueeze.
    """

    family: ClassVar[str] = "Shaping"
    synonyms: ClassVar[tuple[str, ...]] = ("add axis", "expand dims", "new axis", "channel")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x with a new axis at dim",
        "dx": "dx = dout without that axis",
    }
    in_torch: ClassVar[Lines] = {"out": "x.unsqueeze(dim)"}

    dim: Axis = Field(1, description="Where the new axis stands; −1 is behind the last")

    @staticmethod
    def forward(x: Tensor, dim: int = 1) -> tuple[Tensor, tuple]:
        return x.unsqueeze(dim), (x.shape,)

    def check(self, x: Spec) -> None:
        require_axis("x", x.shape, self.dim, are_new=True)
