"""Layers that slide one window of weights over a signal, an image or a volume."""

from collections.abc import Mapping
from math import gcd, prod
from typing import Any, ClassVar, Literal

import torch
from pydantic import Field, ValidationInfo, field_validator
from torch import Tensor

from explorer.layers.base import Learning, Mismatch, ParameterSpec, Spec
from explorer.layers.convolution.edges import Edges, PaddingMode, added, edges, folded, least_size
from explorer.layers.initialisation import MatrixInit, VectorInit, fan_in_uniform, initial, starts
from explorer.layers.sizes import (
    One,
    OneOrSame,
    Pair,
    PairOrSame,
    Sizes,
    Triple,
    TripleOrSame,
    border_or_same,
    each,
    gap,
    reaches,
    require_at_least,
    require_image,
    step,
    window,
)
from explorer.layers.written import Lines, Unwritable

Gradients = tuple[Tensor | None, Tensor | None, Tensor | None]


class WindowOfWeights(Learning):
    """What convolutions and transposed convolutions share: a window w, a bias b, groups."""

    axes: ClassVar[int]
    weights: ClassVar[tuple[str, ...]] = ("w", "b")
    differentiable: ClassVar[tuple[str, ...]] = ("x", "w", "b")
    stem: ClassVar[str] = "conv"
    nn_weights: ClassVar[Mapping[str, str]] = {"w": "weight", "b": "bias"}

    out_channels: int = Field(16, ge=1, le=65536, description="How many channels out has")
    kernel_size: Sizes = window(3)
    stride: Sizes = step(1)
    padding: Sizes | Literal["same"] = border_or_same(0)
    dilation: Sizes = gap(1)
    groups: int = Field(
        1,
        ge=1,
        le=65536,
        description="Into how many groups channels are split that do not see each other; "
        "as many as channels: depthwise",
    )
    bias: bool = Field(True, description="Add a learned bias b to each channel of out")
    w_init: MatrixInit = starts("w")
    b_init: VectorInit = starts("b")

    def check_channels(self, channels: int) -> None:
        """Raise Mismatch unless groups split the channels of x and of out evenly."""
        common = gcd(channels, self.out_channels)
        divides = f"choose groups that divide both {channels} and {self.out_channels}"
        hint = f"{divides}, such as {common}" if common > 1 else "set groups to 1"
        if channels % self.groups:
            raise Mismatch("x", f"channels that split into {self.groups} groups", hint)
        if self.out_channels % self.groups:
            text = f"out_channels that split into {self.groups} groups"
            raise Mismatch("x", text, hint, f"out_channels {self.out_channels}")

    def w_shape(self, channels: int) -> tuple[int, ...]:
        """The shape of w for an input with that many channels."""
        return (self.out_channels, channels // self.groups, *each(self.kernel_size, self.axes))

    def parameters(self, x: Spec) -> dict[str, ParameterSpec]:
        shape = self.w_shape(int(x.shape[1]))
        default = fan_in_uniform(prod(shape[1:]))
        found = {"w": ParameterSpec(shape, initial(self.w_init, shape, default))}
        if self.bias:
            one = (self.out_channels,)
            found["b"] = ParameterSpec(one, initial(self.b_init, one, default))
        return found

    def nn_settings(self, x: Spec) -> dict[str, Any]:
        return {"in_channels": x.shape[1]}


class Convolution(WindowOfWeights):
    """What Conv1d, Conv2d and Conv3d share: all but how many axes the window has."""

    cache: ClassVar[tuple[str, ...]] = (
        *("x", "w", "b", "stride", "padding before and behind"),
        *("dilation", "groups", "padding_mode"),
    )
    equations: ClassVar[dict[str, str]] = {
        "out": "out[n, o, p] = b[o] + Σ w[o, c, k] · x[n, c, stride · p + k], over c and k",
        "dx": "dx[n, c, stride · p + k] = Σ w[o, c, k] · dout[n, o, p], over o, p and k",
        "dw": "dw[o, c, k] = Σ x[n, c, stride · p + k] · dout[n, o, p], over n and p",
        "db": "db[o] = Σ dout[n, o, p], over n and p",
    }
    zeros: ClassVar[dict[str, str]] = {
        "x": "no window reads this place, or every weight that reads it is 0",
        "w": "every x that this weight is multiplied with is 0, or is padding",
    }

    padding_mode: PaddingMode = Field(
        "zeros", description="What is added: zeros, x mirrored, x's edge repeated, x's other side"
    )

    @field_validator("padding")
    @classmethod
    def _same_only_unstrided(
        cls, padding: Sizes | Literal["same"], info: ValidationInfo
    ) -> Sizes | Literal["same"]:
        if padding == "same" and set(each(info.data.get("stride", 1), 1)) != {1}:
            raise ValueError("must be in numbers where stride is over 1")
        return padding

    @staticmethod
    def forward(
        x: Tensor,
        w: Tensor,
        b: Tensor | None = None,
        stride: Sizes = 1,
        padding: Sizes | Literal["same"] = 0,
        dilation: Sizes = 1,
        groups: int = 1,
        padding_mode: PaddingMode = "zeros",
    ) -> tuple[Tensor, tuple]:
        axes = w.dim() - 2
        stride, dilation = each(stride, axes), each(dilation, axes)
        around = edges(padding, tuple(w.shape[2:]), dilation, axes)
        whole, left = _with_edges(x, around, padding_mode)
        out = torch.convolution(whole, w, b, stride, left, dilation, False, (0,) * axes, groups)
        return out, (x, w, b, stride, around, dilation, groups, padding_mode)

    @staticmethod
    def backward(dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("x", "w", "b")) -> Gradients:
        x, w, b, stride, around, dilation, groups, padding_mode = cache
        whole, left = _with_edges(x, around, padding_mode)
        dx, dw, db = convolution_backward(
            dout, whole, w, b, stride, left, dilation, False, (0,) * len(stride), groups, needs
        )
        if dx is not None and whole is not x:
            dx = folded(dx, around, padding_mode)
        return dx, dw, db

    def check(self, x: Spec) -> None:
        self.check_channels(require_image(x, self.axes))
        around = edges(self.padding, self.kernel_size, self.dilation, self.axes)
        reach = reaches(self.kernel_size, self.dilation, self.axes)
        least = tuple(size - sum(pair) for size, pair in zip(reach, around, strict=True))
        require_at_least(x, least, "make kernel_size smaller or padding larger")
        if self.padding_mode in ("reflect", "circular"):
            least = least_size(around, self.padding_mode)
            require_at_least(x, least, "make padding smaller, or padding_mode zeros")

    def torch_lines(self, x: Spec) -> Lines:
        if self.padding_mode == "zeros":
            settings = "stride=stride, padding=padding, dilation=dilation, groups=groups"
            return {"out": f"F.conv{self.axes}d(x, w, b, {settings})"}
        around = edges(self.padding, self.kernel_size, self.dilation, self.axes)
        widths = tuple(width for pair in reversed(around) for width in pair)
        settings = "stride=stride, dilation=dilation, groups=groups"
        return {
            "padded": f"F.pad(x, {widths}, mode=padding_mode)",
            "out": f"F.conv{self.axes}d(padded, w, b, {settings})",
        }

    def hand_lines(self, x: Spec) -> Lines:
        """As a product for each image: the weights times its windows, each laid out as a column."""
        self._require_plain()
        settings = "kernel_size, dilation=dilation, padding=padding, stride=stride"
        return {
            "columns": f"F.unfold(x, {settings})",
            "rows": "w.flatten(1) @ columns if b is None else w.flatten(1) @ columns + b[:, None]",
            "out": "rows.reshape(len(x), *sizes(out))",
            "drows": "dout.flatten(2)",
            "dw": "(drows @ columns.mT).sum(0).reshape(w.shape)",
            "db": "drows.sum((0, 2))",
            "dx": f"F.fold(w.flatten(1).T @ drows, x.shape[2:], {settings})",
        }

    def _require_plain(self) -> None:
        """Raise Unwritable for what is no single product of matrices."""
        if self.axes != 2:
            raise Unwritable("convolves other than images", "look at how Modular writes it")
        if self.groups > 1:
            raise Unwritable("convolves in groups", "set groups to 1")
        if self.padding_mode != "zeros" or self.padding == "same":
            raise Unwritable("pads otherwise than with so many zeros", "give padding in numbers")


def _with_edges(x: Tensor, around: Edges, mode: PaddingMode) -> tuple[Tensor, tuple[int, ...]]:
    """x with those edges that the kernel cannot add by itself, and what is left for it to add."""
    if mode == "zeros" and all(before == behind for before, behind in around):
        return x, tuple(before for before, _ in around)
    return added(x, around, mode), (0,) * len(around)


def convolution_backward(
    dout: Tensor,
    x: Tensor,
    w: Tensor,
    b: Tensor | None,
    stride: tuple[int, ...],
    padding: tuple[int, ...],
    dilation: tuple[int, ...],
    transposed: bool,
    output_padding: tuple[int, ...],
    groups: int,
    needs: tuple[str, ...],
) -> Gradients:
    """torch's kernel for those gradients that are needed, None for the others."""
    mask = ["x" in needs, "w" in needs, b is not None and "b" in needs]
    sizes = None if b is None else b.shape
    settings = (stride, padding, dilation, transposed, output_padding, groups)
    return torch.ops.aten.convolution_backward.default(dout, x, w, sizes, *settings, mask)


class Conv1d(Convolution):
    """Slides a window of weights along a signal, such as sound or text.

    Shapes: x (N, C, L), w (out_channels, C / groups, K), b (out_channels,),
    out (N, out_channels, (L + 2 padding − dilation (K − 1) − 1) / stride + 1, rounded down).
    Source: torch.nn.Conv1d.
    """

    family: ClassVar[str] = "Convolution"
    axes: ClassVar[int] = 1
    synonyms: ClassVar[tuple[str, ...]] = ("convolution", "conv", "signal", "filter", "temporal")

    kernel_size: One = window(3)
    stride: One = step(1)
    padding: OneOrSame = border_or_same(0)
    dilation: One = gap(1)


class Conv2d(Convolution):
    """Slides a window of weights over an image: every place is seen by the same weights.

    Shapes: x (N, C, H, W), w (out_channels, C / groups, K, K), b (out_channels,),
    out (N, out_channels, H', W') with H' = (H + 2 padding − dilation (K − 1) − 1) / stride + 1,
    rounded down, and W' likewise.
    Source: torch.nn.Conv2d; LeCun et al. 1998, "Gradient-based learning applied to document
    recognition".
    """

    family: ClassVar[str] = "Convolution"
    axes: ClassVar[int] = 2
    synonyms: ClassVar[tuple[str, ...]] = (
        *("convolution", "conv", "cnn", "image", "filter"),
        *("depthwise", "pointwise", "1x1"),
    )

    kernel_size: Pair = window((3, 3))
    stride: Pair = step((1, 1))
    padding: PairOrSame = border_or_same((0, 0))
    dilation: Pair = gap((1, 1))


class Conv3d(Convolution):
    """Slides a window of weights through a volume, such as a scan or a film.

    Shapes: x (N, C, D, H, W), w (out_channels, C / groups, K, K, K), b (out_channels,),
    out (N, out_channels, D', H', W') with each size (D + 2 padding − dilation (K − 1) − 1) /
    stride + 1, rounded down.
    Source: torch.nn.Conv3d.
    """

    family: ClassVar[str] = "Convolution"
    axes: ClassVar[int] = 3
    synonyms: ClassVar[tuple[str, ...]] = ("convolution", "conv", "volume", "video", "voxel")

    kernel_size: Triple = window((3, 3, 3))
    stride: Triple = step((1, 1, 1))
    padding: TripleOrSame = border_or_same((0, 0, 0))
    dilation: Triple = gap((1, 1, 1))
