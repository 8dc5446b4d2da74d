"""Pooling to a given size: as many windows as out is to have numbers, whatever size x has."""

from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.base import Layer, Spec
from explorer.layers.pooling.pooling import as_image, as_signal, for_image, stand_in
from explorer.layers.sizes import One, Pair, Sizes, each, require_image
from explorer.layers.written import Lines, Unwritable

_ATEN = torch.ops.aten
_OUTPUT_SIZE = "How large out is along each axis; 1: one number for the whole of it"


class AdaptivePooling(Layer):
    """What all adaptive pooling shares: the size of out."""

    axes: ClassVar[int]
    stem: ClassVar[str] = "pool"

    output_size: Sizes = Field(1, description=_OUTPUT_SIZE)

    def check(self, x: Spec) -> None:
        require_image(x, self.axes)

    def _torch_call(self, kind: str) -> Lines:
        return {"out": f"F.adaptive_{kind}_pool{self.axes}d(x, output_size)"}

    def _require_one(self) -> None:
        """Raise Unwritable for more than one window."""
        if set(each(self.output_size, self.axes)) != {1}:
            raise Unwritable("pools to a given size", "set output_size to 1, or use other pooling")


class AdaptiveAveragePool(AdaptivePooling):
    """What AdaptiveAvgPool1d and 2d share: all but how many axes they have."""

    cache: ClassVar[tuple[str, ...]] = ("shape",)
    synonyms: ClassVar[tuple[str, ...]] = (
        *("global average pooling", "average pooling", "mean pooling", "gap"),
    )
    equations: ClassVar[dict[str, str]] = {
        "out": "out[n, c, p] = Σ x[n, c, k] / K, over the K places k that fall to p",
        "dx": "dx[n, c, k] = dout[n, c, p] / K for each p that k falls to, added up",
    }

    @staticmethod
    def forward(x: Tensor, output_size: Sizes = 1) -> tuple[Tensor, tuple]:
        axes = x.dim() - 2
        out = _ATEN.adaptive_avg_pool2d.default(as_image(x), for_image(output_size, axes, 1))
        return as_signal(out, axes), (x.shape,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (shape,) = cache
        like = stand_in(dout, shape)
        dx = _ATEN._adaptive_avg_pool2d_backward.default(as_image(dout), like)
        return as_signal(dx, len(shape) - 2)

    def torch_lines(self, x: Spec) -> Lines:
        return self._torch_call("avg")

    def hand_lines(self, x: Spec) -> Lines:
        self._require_one()
        axes = tuple(range(2, len(x.shape)))
        return {
            "out": f"x.mean({axes}, keepdim=True)",
            "dx": "dout.expand_as(x) / x[0, 0].numel()",
        }


class AdaptiveMaxPool(AdaptivePooling):
    """What AdaptiveMaxPool1d and 2d share: all but how many axes they have."""

    cache: ClassVar[tuple[str, ...]] = ("index of each maximum", "shape")
    synonyms: ClassVar[tuple[str, ...]] = ("global max pooling", "max pooling", "max over time")
    equations: ClassVar[dict[str, str]] = {
        "out": "out[n, c, p] = max of x[n, c, k], over the places k that fall to p",
        "dx": "dx = dout[n, c, p] where x was the maximum for p, added up; else 0",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "x was not the largest number where it falls to"}

    @staticmethod
    def forward(x: Tensor, output_size: Sizes = 1) -> tuple[Tensor, tuple]:
        axes = x.dim() - 2
        size = for_image(output_size, axes, 1)
        out, index = _ATEN.adaptive_max_pool2d.default(as_image(x), size)
        return as_signal(out, axes), (index, x.shape)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        index, shape = cache
        like = stand_in(dout, shape)
        dx = _ATEN.adaptive_max_pool2d_backward.default(as_image(dout), like, index)
        return as_signal(dx, len(shape) - 2)

    def torch_lines(self, x: Spec) -> Lines:
        return self._torch_call("max")

    def hand_lines(self, x: Spec) -> Lines:
        self._require_one()
        return {
            "index": "x.flatten(2).argmax(2, keepdim=True)",
            "out": "x.flatten(2).gather(2, index).reshape(len(x), *sizes(out))",
            "dflat": "torch.zeros_like(x.flatten(2)).scatter(2, index, dout.flatten(2))",
            "dx": "dflat.reshape(x.shape)",
        }


class AdaptiveAvgPool1d(AdaptiveAveragePool):
    """Averages a signal down to a given length, whatever its own.

    Shapes: x (N, C, L), out (N, C, output_size).
    Source: torch.nn.AdaptiveAvgPool1d.
    """

    family: ClassVar[str] = "Pooling"
    axes: ClassVar[int] = 1

    output_size: One = Field(1, description=_OUTPUT_SIZE)


class AdaptiveAvgPool2d(AdaptiveAveragePool):
    """Averages an image down to a given size, whatever its own; to 1: one number a channel.

    Shapes: x (N, C, H, W), out (N, C, H', W') of output_size.
    Source: torch.nn.AdaptiveAvgPool2d; Lin et al. 2013, "Network in network", to size 1.
    """

    family: ClassVar[str] = "Pooling"
    axes: ClassVar[int] = 2

    output_size: Pair = Field((1, 1), description=_OUTPUT_SIZE)


class AdaptiveMaxPool1d(AdaptiveMaxPool):
    """Keeps the largest numbers of a signal, as many as given, whatever its length.

    Shapes: x (N, C, L), out (N, C, output_size).
    Source: torch.nn.AdaptiveMaxPool1d.
    """

    family: ClassVar[str] = "Pooling"
    axes: ClassVar[int] = 1

    output_size: One = Field(1, description=_OUTPUT_SIZE)


class AdaptiveMaxPool2d(AdaptiveMaxPool):
    """Keeps the largest numbers of an image, as many as given, whatever its size.

    Shapes: x (N, C, H, W), out (N, C, H', W') of output_size.
    Source: torch.nn.AdaptiveMaxPool2d.
    """

    family: ClassVar[str] = "Pooling"
    axes: ClassVar[int] = 2

    output_size: Pair = Field((1, 1), description=_OUTPUT_SIZE)
