"""Layers that make an image finer or coarser, or cut it into the windows that it consists of."""

from itertools import count
from math import floor
from typing import Annotated, Any, ClassVar, Literal

import torch
from pydantic import BeforeValidator, Field
from torch import Tensor
from torch.nn import functional

from explorer.layers.base import Layer, Mismatch, Spec
from explorer.layers.sizes import (
    Pair,
    PairFrom0,
    Sizes,
    border,
    each,
    gap,
    reaches,
    reader,
    require_at_least,
    require_image,
    shape_of,
    step,
    window,
)
from explorer.layers.written import Lines

_ATEN = torch.ops.aten
_read_one, _read_pair = reader(1, 1), reader(2, 1)


def _read_size(value: Any) -> Any:
    """One number stays one: a signal takes it as well as an image."""
    if value is None:
        return None
    return _read_pair(value) if isinstance(value, (list, tuple)) else _read_one(value)


class Upsample(Layer):
    """Makes an image larger: it repeats the nearest number, or blends the nearest ones.

    Shapes: x (N, C, H, W), out (N, C, size), or (N, C, H · scale_factor, W · scale_factor) rounded
    down. In mode nearest x may be (N, C, L).
    Source: torch.nn.Upsample.
    """

    family: ClassVar[str] = "Shaping"
    cache: ClassVar[tuple[str, ...]] = ("shape", "size of out", "scale", "mode", "align_corners")
    synonyms: ClassVar[tuple[str, ...]] = (
        *("interpolate", "resize", "nearest", "bilinear"),
        *("zoom", "enlarge", "unpooling"),
    )
    equations: ClassVar[dict[str, str]] = {
        "out": "out[n, c, p] = Σ a[p, k] · x[n, c, k], a[p, k] the share that place k has in p",
        "dx": "dx[n, c, k] = Σ a[p, k] · dout[n, c, p], over p",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "no place of out is taken from it"}

    size: Annotated[int | tuple[int, int] | None, BeforeValidator(_read_size)] = Field(
        None, description="How large out is; empty: by scale_factor"
    )
    scale_factor: float = Field(
        2.0,
        gt=0,
        le=64,
        allow_inf_nan=False,
        description="How many times as large out is along each axis, where size is empty",
    )
    mode: Literal["nearest", "bilinear"] = Field(
        "nearest", description="Repeat the nearest number, or blend the four nearest"
    )
    align_corners: bool = Field(
        False,
        description="Let corners of out be those of x, as centres of pixels",
        json_schema_extra={"when": ["bilinear"]},
    )

    @staticmethod
    def forward(
        x: Tensor,
        size: Sizes | None = None,
        scale_factor: float = 2.0,
        mode: str = "nearest",
        align_corners: bool = False,
    ) -> tuple[Tensor, tuple]:
        sizes = x.shape[2:]
        if size is None:
            target = tuple(floor(length * scale_factor) for length in sizes)
            scales: tuple[float | None, ...] = (scale_factor,) * len(sizes)
        else:
            target, scales = each(size, len(sizes)), (None,) * len(sizes)
        if mode == "bilinear":
            out = _ATEN.upsample_bilinear2d.default(x, target, align_corners, *scales)
        elif len(sizes) == 2:
            out = _ATEN.upsample_nearest2d.default(x, target, *scales)
        else:
            out = _ATEN.upsample_nearest1d.default(x, target, *scales)
        return out, (x.shape, target, scales, mode, align_corners)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        shape, target, scales, mode, align_corners = cache
        if mode == "bilinear":
            return _ATEN.upsample_bilinear2d_backward.default(
                dout, target, shape, align_corners, *scales
            )
        if len(target) == 2:
            return _ATEN.upsample_nearest2d_backward.default(dout, target, shape, *scales)
        return _ATEN.upsample_nearest1d_backward.default(dout, target, shape, *scales)

    def check(self, x: Spec) -> None:
        axes = 1 if len(x.shape) == 3 and self.mode == "nearest" else 2
        require_image(x, axes)
        if self.size is None:
            start = max(1, floor(1 / self.scale_factor))
            least = next(n for n in count(start) if floor(n * self.scale_factor) >= 1)
            require_at_least(x, (least,) * axes, "make scale_factor larger")
        elif axes == 1 and not isinstance(self.size, int):
            hint = "set size to one number, or put an Unflatten before it"
            raise Mismatch("x", f"{shape_of(2)}, as size has two numbers", hint)

    def torch_lines(self, x: Spec) -> Lines:
        size = "size=size" if self.size is not None else f"scale_factor={self.scale_factor:g}"
        corners = "" if self.mode == "nearest" else ", align_corners=align_corners"
        return {"out": f"F.interpolate(x, {size}, mode=mode{corners})"}

    def nn_settings(self, x: Spec) -> dict[str, Any]:
        return {
            "scale_factor": None if self.size is not None else self.scale_factor,
            "align_corners": None if self.mode == "nearest" else self.align_corners,
        }


class PixelShuffle(Layer):
    """Makes an image larger out of its channels: each r · r of them become one, r times as large.

    Shapes: x (N, C · r², H, W), out (N, C, H · r, W · r), r the upscale_factor.
    Source: torch.nn.PixelShuffle; Shi et al. 2016, "Real-time single image and video
    super-resolution using an efficient sub-pixel convolutional neural network".
    """

    family: ClassVar[str] = "Shaping"
    cache: ClassVar[tuple[str, ...]] = ("upscale_factor",)
    synonyms: ClassVar[tuple[str, ...]] = ("sub-pixel", "depth to space", "super-resolution")
    equations: ClassVar[dict[str, str]] = {
        "out": "out[n, c, r · i + u, r · j + v] = x[n, c · r² + u · r + v, i, j]",
        "dx": "dx = dout, moved back to the places of x",
    }
    in_torch: ClassVar[Lines] = {"out": "F.pixel_shuffle(x, upscale_factor)"}
    by_hand: ClassVar[Lines] = {"dx": "F.pixel_unshuffle(dout, upscale_factor)"}

    upscale_factor: int = Field(
        2, ge=1, le=64, description="r, how many times as large out is along each axis"
    )

    @staticmethod
    def forward(x: Tensor, upscale_factor: int = 2) -> tuple[Tensor, tuple]:
        return functional.pixel_shuffle(x, upscale_factor), (upscale_factor,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (upscale_factor,) = cache
        return functional.pixel_unshuffle(dout, upscale_factor)

    def check(self, x: Spec) -> None:
        channels, square = require_image(x, 2), self.upscale_factor**2
        if channels % square:
            enough = square * -(-channels // square)
            hint = f"set out_channels of the layer before it to {enough}, or upscale_factor lower"
            raise Mismatch("x", f"a multiple of {square} channels", hint)


class Unfold(Layer):
    """Cuts an image into windows that may overlap, and lays each out as one column.

    Shapes: x (N, C, H, W), out (N, C · kernel_size · kernel_size, how many windows fit in).
    Source: torch.nn.Unfold. A convolution is w times these columns.
    """

    family: ClassVar[str] = "Shaping"
    cache: ClassVar[tuple[str, ...]] = ("size of x", "window")
    synonyms: ClassVar[tuple[str, ...]] = ("im2col", "patches", "windows", "patch embedding")
    equations: ClassVar[dict[str, str]] = {
        "out": "out[n, (c, k), p] = x[n, c, stride · p + dilation · k]",
        "dx": "dx[n, c, i] = Σ dout[n, (c, k), p], where stride · p + dilation · k = i",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "no window reads this place"}
    in_torch: ClassVar[Lines] = {
        "out": "F.unfold(x, kernel_size, dilation=dilation, padding=padding, stride=stride)"
    }
    by_hand: ClassVar[Lines] = {
        "dx": "F.fold(dout, x.shape[2:], kernel_size, dilation=dilation, padding=padding, "
        "stride=stride)"
    }

    kernel_size: Pair = window((3, 3))
    dilation: Pair = gap((1, 1))
    padding: PairFrom0 = border((0, 0))
    stride: Pair = step((1, 1))

    @staticmethod
    def forward(
        x: Tensor,
        kernel_size: Sizes = 3,
        dilation: Sizes = 1,
        padding: Sizes = 0,
        stride: Sizes = 1,
    ) -> tuple[Tensor, tuple]:
        settings = tuple(each(sizes, 2) for sizes in (kernel_size, dilation, padding, stride))
        return _ATEN.im2col.default(x, *settings), (x.shape[2:], settings)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        size, settings = cache
        return _ATEN.col2im.default(dout, size, *settings)

    def check(self, x: Spec) -> None:
        require_image(x, 2)
        reach = reaches(self.kernel_size, self.dilation, 2)
        least = tuple(size - 2 * width for size, width in zip(reach, self.padding, strict=True))
        require_at_least(x, least, "make kernel_size smaller or padding larger")
