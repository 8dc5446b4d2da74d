"""Convolutions the other way round: each number of x paints a window of weights into out."""

from typing import Any, ClassVar

import torch
from pydantic import Field, ValidationInfo, field_validator
from torch import Tensor

from explorer.layers.base import Spec
from explorer.layers.convolution.convolution import Gradients, WindowOfWeights, convolution_backward
from explorer.layers.sizes import (
    One,
    OneFrom0,
    Pair,
    PairFrom0,
    Sizes,
    Triple,
    TripleFrom0,
    border,
    each,
    gap,
    reaches,
    require_at_least,
    require_image,
    step,
    window,
)
from explorer.layers.written import Lines


def extra_size(default: Any) -> Any:
    words = "How much larger out is made, to choose among the sizes that a stride leaves open"
    return Field(default, description=words)


class TransposedConvolution(WindowOfWeights):
    """What ConvTranspose1d, 2d and 3d share: all but how many axes the window has."""

    cache: ClassVar[tuple[str, ...]] = (
        *("x", "w", "b", "stride", "padding"),
        *("output_padding", "groups", "dilation"),
    )
    equations: ClassVar[dict[str, str]] = {
        "out": "out[n, o, stride · p + k] = b[o] + Σ w[c, o, k] · x[n, c, p], over c, p and k",
        "dx": "dx[n, c, p] = Σ w[c, o, k] · dout[n, o, stride · p + k], over o and k",
        "dw": "dw[c, o, k] = Σ x[n, c, p] · dout[n, o, stride · p + k], over n and p",
        "db": "db[o] = Σ dout[n, o, p], over n and p",
    }
    synonyms: ClassVar[tuple[str, ...]] = (
        *("deconvolution", "deconv", "upconvolution"),
        *("fractionally strided", "decoder"),
    )

    padding: Sizes = border(0)
    output_padding: Sizes = extra_size(0)

    @field_validator("output_padding")
    @classmethod
    def _less_than_a_step(cls, output_padding: Sizes, info: ValidationInfo) -> Sizes:
        steps, gaps = (each(info.data.get(name, 1), cls.axes) for name in ("stride", "dilation"))
        for extra, *limits in zip(each(output_padding, cls.axes), steps, gaps, strict=True):
            if extra >= max(limits):
                raise ValueError("must be smaller than stride or dilation")
        return output_padding

    @staticmethod
    def forward(
        x: Tensor,
        w: Tensor,
        b: Tensor | None = None,
        stride: Sizes = 1,
        padding: Sizes = 0,
        output_padding: Sizes = 0,
        groups: int = 1,
        dilation: Sizes = 1,
    ) -> tuple[Tensor, tuple]:
        axes = w.dim() - 2
        stride, padding, output_padding, dilation = (
            each(sizes, axes) for sizes in (stride, padding, output_padding, dilation)
        )
        out = torch.convolution(x, w, b, stride, padding, dilation, True, output_padding, groups)
        return out, (x, w, b, stride, padding, output_padding, groups, dilation)

    @staticmethod
    def backward(dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("x", "w", "b")) -> Gradients:
        x, w, b, stride, padding, output_padding, groups, dilation = cache
        return convolution_backward(
            dout, x, w, b, stride, padding, dilation, True, output_padding, groups, needs
        )

    def w_shape(self, channels: int) -> tuple[int, ...]:
        return (channels, self.out_channels // self.groups, *each(self.kernel_size, self.axes))

    def check(self, x: Spec) -> None:
        self.check_channels(require_image(x, self.axes))
        settings = (self.stride, self.padding, self.output_padding)
        by_axis = zip(*(each(sizes, self.axes) for sizes in settings), strict=True)
        reach = reaches(self.kernel_size, self.dilation, self.axes)
        least = tuple(_least_size(r, *three) for r, three in zip(reach, by_axis, strict=True))
        require_at_least(x, least, "make padding smaller: it cuts away all of out")

    def torch_lines(self, x: Spec) -> Lines:
        settings = ("stride", "padding", "output_padding", "groups", "dilation")
        told = ", ".join(f"{name}={name}" for name in settings)
        return {"out": f"F.conv_transpose{self.axes}d(x, w, b, {told})"}


def _least_size(reach: int, step: int, cut: int, extra: int) -> int:
    """How large x must be for something of out to be left, by (n − 1) step + reach + …"""
    return 1 - (reach + extra - 2 * cut - 1) // step


class ConvTranspose1d(TransposedConvolution):
    """Makes a longer signal: each number of x paints a window of weights into out.

    Shapes: x (N, C, L), w (C, out_channels / groups, K), b (out_channels,), out
    (N, out_channels, (L − 1) stride − 2 padding + dilation (K − 1) + output_padding + 1).
    Source: torch.nn.ConvTranspose1d.
    """

    family: ClassVar[str] = "Convolution"
    axes: ClassVar[int] = 1

    kernel_size: One = window(3)
    stride: One = step(1)
    padding: OneFrom0 = border(0)
    dilation: One = gap(1)
    output_padding: OneFrom0 = extra_size(0)


class ConvTranspose2d(TransposedConvolution):
    """Makes a larger image: each number of x paints a window of weights into out.

    Shapes: x (N, C, H, W), w (C, out_channels / groups, K, K), b (out_channels,), out
    (N, out_channels, H', W') with H' = (H − 1) stride − 2 padding + dilation (K − 1) +
    output_padding + 1, and W' likewise.
    Source: torch.nn.ConvTranspose2d; Zeiler et al. 2010, "Deconvolutional networks".
    """

    family: ClassVar[str] = "Convolution"
    axes: ClassVar[int] = 2

    kernel_size: Pair = window((3, 3))
    stride: Pair = step((1, 1))
    padding: PairFrom0 = border((0, 0))
    dilation: Pair = gap((1, 1))
    output_padding: PairFrom0 = extra_size((0, 0))


class ConvTranspose3d(TransposedConvolution):
    """Makes a larger volume: each number of x paints a window of weights into out.

    Shapes: x (N, C, D, H, W), w (C, out_channels / groups, K, K, K), b (out_channels,), out
    (N, out_channels, D', H', W') with each size (D − 1) stride − 2 padding + dilation (K − 1) +
    output_padding + 1.
    Source: torch.nn.ConvTranspose3d.
    """

    family: ClassVar[str] = "Convolution"
    axes: ClassVar[int] = 3

    kernel_size: Triple = window((3, 3, 3))
    stride: Triple = step((1, 1, 1))
    padding: TripleFrom0 = border((0, 0, 0))
    dilation: Triple = gap((1, 1, 1))
    output_padding: TripleFrom0 = extra_size((0, 0, 0))
