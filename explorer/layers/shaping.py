"""Layers that rearrange numbers and compute none."""

from typing import ClassVar

from pydantic import Field
from torch import Tensor

from explorer.layers.base import Layer, Mismatch, Spec


class Flatten(Layer):
    """Lays a run of axes out as one: an image (N, C, H, W) becomes a row (N, C·H·W).

    Shapes: x (N, *), out (N, product of *) with the default settings.
    Source: torch.nn.Flatten.
    """

    family: ClassVar[str] = "Shaping"
    cache: ClassVar[tuple[str, ...]] = ("shape",)
    synonyms: ClassVar[tuple[str, ...]] = ("view", "ravel", "unroll")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x, its axes from start_dim to end_dim laid out as one",
        "dx": "dx = dout, folded back to the shape of x",
    }

    start_dim: int = Field(1, ge=0, le=16, description="First axis to flatten; 0 is the batch")
    end_dim: int = Field(-1, ge=-16, le=16, description="Last axis to flatten; −1 is the last")

    @staticmethod
    def forward(x: Tensor, start_dim: int = 1, end_dim: int = -1) -> tuple[Tensor, tuple]:
        return x.flatten(start_dim, end_dim), (x.shape,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (shape,) = cache
        return dout.reshape(shape)

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
