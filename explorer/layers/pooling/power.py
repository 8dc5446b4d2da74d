"""Pooling by a power mean: between the sum of a window and its maximum."""

from math import prod
from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.base import Spec
from explorer.layers.pooling.pooling import Pooling, reach_beyond, stand_in
from explorer.layers.sizes import Pair, Sizes, each, step, window
from explorer.layers.written import Lines

_ATEN = torch.ops.aten


class LPPool2d(Pooling):
    """Gives the p-norm of each window: its sum at 1, near its maximum for a large p.

    Shapes: x (N, C, H, W), out (N, C, H', W') with H' = (H − kernel_size) / stride + 1, rounded
    down, and W' likewise. As in torch, a window cut off at the edge counts as if it were whole.
    Where a window sums up to less than 0 the root keeps the sign, and at 0 the gradient is 0;
    torch gives NaN there.
    Source: torch.nn.LPPool2d; Sermanet et al. 2012, "Convolutional neural networks applied to
    house numbers digit classification".
    """

    family: ClassVar[str] = "Pooling"
    axes: ClassVar[int] = 2
    cache: ClassVar[tuple[str, ...]] = ("x", "out", "window", "norm_type")
    synonyms: ClassVar[tuple[str, ...]] = ("power mean", "norm", "l2 pooling", "sum pooling")
    equations: ClassVar[dict[str, str]] = {
        "out": "out[n, c, i] = (Σ x[n, c, stride · i + k]ᵖ)¹ᐟᵖ, over the places k of the window",
        "dx": "dx = dout[n, c, i] · (x / out[n, c, i])ᵖ⁻¹ at each place of window i, added up",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "x is 0, or no window reads it"}
    in_torch: ClassVar[Lines] = {
        "out": "F.lp_pool2d(x, norm_type, kernel_size, stride=stride, ceil_mode=ceil_mode)"
    }

    norm_type: int = Field(2, ge=1, le=16, description="p, the power; 1: sum, 2: length")
    kernel_size: Pair = window((2, 2))
    stride: Pair | None = step(None)
    ceil_mode: bool = reach_beyond()

    @staticmethod
    def forward(
        x: Tensor,
        norm_type: int = 2,
        kernel_size: Sizes = 2,
        stride: Sizes | None = None,
        ceil_mode: bool = False,
    ) -> tuple[Tensor, tuple]:
        kernel = each(kernel_size, 2)
        settings = (kernel, each(stride or kernel, 2), (0, 0), ceil_mode, True, None)
        sums = _ATEN.avg_pool2d.default(x.pow(norm_type), *settings) * prod(kernel)
        out = sums.sign() * sums.abs().pow(1 / norm_type)
        return out, (x, out, settings, norm_type)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        x, out, settings, norm_type = cache
        slope = out.abs().pow(1 - norm_type) * prod(settings[0])
        if norm_type > 1:
            slope = slope.masked_fill(out == 0, 0.0)
        like = stand_in(dout, x.shape)
        dsums = _ATEN.avg_pool2d_backward.default(dout * slope, like, *settings)
        return dsums * x.pow(norm_type - 1)

    def check(self, x: Spec) -> None:
        self.check_windows(x, self.ceil_mode)
