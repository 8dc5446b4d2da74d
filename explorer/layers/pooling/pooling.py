"""Layers that sum up each window of a signal, an image or a volume in one number."""

from math import prod
from typing import Any, ClassVar

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.base import Layer, Mismatch, Spec, shape_text
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
from explorer.layers.written import Lines, Unwritable

_ATEN = torch.ops.aten


def reach_beyond() -> Any:
    words = "Keep a last window that reaches beyond the edge"
    return Field(False, description=words)


class Pooling(Layer):
    """What all pooling by windows shares: how large they are and how far apart."""

    axes: ClassVar[int]
    stem: ClassVar[str] = "pool"

    kernel_size: Sizes = window(2)
    stride: Sizes | None = step(None)

    def check_windows(
        self, x: Spec, ceil_mode: bool, padding: Sizes = 0, dilation: Sizes = 1
    ) -> None:
        """Raise Mismatch unless there is a window, and something of x in each."""
        require_image(x, self.axes)
        kernel = each(self.kernel_size, self.axes)
        steps = each(self.stride or kernel, self.axes)
        around, gaps = each(padding, self.axes), each(dilation, self.axes)
        if any(2 * width > size for width, size in zip(around, kernel, strict=True)):
            half = shape_text(tuple(size // 2 for size in kernel))
            gets = f"padding {shape_text(around)}"
            text = f"padding of at most half of kernel_size, {half}"
            raise Mismatch("x", text, "make padding smaller or kernel_size larger", gets)
        reach = reaches(kernel, gaps, self.axes)
        axes = zip(reach, steps, around, gaps, strict=True)
        least = tuple(_least_size(*numbers, ceil_mode) for numbers in axes)
        require_at_least(x, least, "make kernel_size smaller")


def _least_size(reach: int, step: int, around: int, gap: int, ceil_mode: bool) -> int:
    """How large x must be for one window, and for each that begins in front of it to meet it."""
    one = reach - 2 * around - (step - 1 if ceil_mode else 0)
    return max([one, *(start % gap + 1 for start in range(-around, 0, step))])


def _window_by_hand(layer: Pooling, ceil_mode: bool) -> str:
    """How F.unfold is told of a layer's windows. Unwritable where it cannot be."""
    if layer.axes != 2:
        raise Unwritable("pools other than images", "look at how Modular or Autograd writes it")
    if ceil_mode:
        raise Unwritable("lets windows reach beyond the edge", "turn ceil_mode off")
    return "kernel_size, stride=kernel_size if stride is None else stride"


def as_image(x: Tensor) -> Tensor:
    """A signal (N, C, L) as an image (N, C, 1, L), which is what torch's kernels take."""
    return x.unsqueeze(2) if x.dim() == 3 else x


def as_signal(out: Tensor, axes: int) -> Tensor:
    """An image (N, C, 1, L) as a signal again, if it was one."""
    return out.squeeze(2) if axes == 1 else out


def stand_in(dout: Tensor, shape: torch.Size) -> Tensor:
    """Zeros that take no memory: of x, torch's kernels read nothing but the shape."""
    return as_image(dout.new_zeros(()).expand(shape))


def for_image(sizes: Sizes, axes: int, unit: int) -> tuple[int, ...]:
    """A number for each axis, with `unit` for the height that `as_image` adds."""
    return (unit, *each(sizes, 1)) if axes == 1 else each(sizes, axes)


class MaxPool(Pooling):
    """What MaxPool1d, 2d and 3d share: all but how many axes the window has."""

    cache: ClassVar[tuple[str, ...]] = ("index of each maximum", "shape", "window")
    synonyms: ClassVar[tuple[str, ...]] = ("max pooling", "subsampling", "downsampling", "shrink")
    equations: ClassVar[dict[str, str]] = {
        "out": "out[n, c, p] = max over k of x[n, c, stride · p + dilation · k]",
        "dx": "dx = dout[n, c, p] where x was the maximum of window p, added up; else 0",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "x was not the largest number of any window"}

    padding: Sizes = border(0)
    dilation: Sizes = gap(1)
    ceil_mode: bool = reach_beyond()

    @staticmethod
    def forward(
        x: Tensor,
        kernel_size: Sizes = 2,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        ceil_mode: bool = False,
    ) -> tuple[Tensor, tuple]:
        axes = x.dim() - 2
        pool = _ATEN.max_pool3d_with_indices if axes == 3 else _ATEN.max_pool2d_with_indices
        settings = (
            for_image(kernel_size, axes, 1),
            for_image(stride or kernel_size, axes, 1),
            for_image(padding, axes, 0),
            for_image(dilation, axes, 1),
            ceil_mode,
        )
        out, index = pool.default(as_image(x), *settings)
        return as_signal(out, axes), (index, x.shape, settings)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        index, shape, settings = cache
        axes = len(shape) - 2
        name = "max_pool3d" if axes == 3 else "max_pool2d"
        unpool = getattr(_ATEN, f"{name}_with_indices_backward")
        dx = unpool.default(as_image(dout), stand_in(dout, shape), *settings, index)
        return as_signal(dx, axes)

    def check(self, x: Spec) -> None:
        self.check_windows(x, self.ceil_mode, self.padding, self.dilation)

    def torch_lines(self, x: Spec) -> Lines:
        settings = ("stride", "padding", "dilation", "ceil_mode")
        told = ", ".join(f"{name}={name}" for name in settings)
        return {"out": f"F.max_pool{self.axes}d(x, kernel_size, {told})"}

    def hand_lines(self, x: Spec) -> Lines:
        """Each window as a column, of which the largest number is kept."""
        if any(each(self.padding, self.axes)):
            raise Unwritable("pads what it pools", "set padding to 0")
        settings = _window_by_hand(self, self.ceil_mode) + ", dilation=dilation"
        return {
            "columns": f"F.unfold(x.reshape(-1, 1, *x.shape[2:]), {settings})",
            "index": "columns.argmax(1, keepdim=True)",
            "out": "columns.gather(1, index).reshape(len(x), *sizes(out))",
            "dcolumns": "torch.zeros_like(columns).scatter(1, index, dout.reshape(index.shape))",
            "dx": f"F.fold(dcolumns, x.shape[2:], {settings}).reshape(x.shape)",
        }


class AveragePool(Pooling):
    """What AvgPool1d, 2d and 3d share: all but how many axes the window has."""

    cache: ClassVar[tuple[str, ...]] = ("shape", "window")
    synonyms: ClassVar[tuple[str, ...]] = (
        *("average pooling", "mean pooling", "subsampling"),
        *("downsampling", "shrink", "blur"),
    )
    equations: ClassVar[dict[str, str]] = {
        "out": "out[n, c, p] = Σ x[n, c, stride · p + k] / K, over the K places k of the window",
        "dx": "dx = dout[n, c, p] / K at each place of window p, added up",
    }
    zeros: ClassVar[dict[str, str]] = {
        "x": "no window reads this place: stride and padding pass it by",
    }

    padding: Sizes = border(0)
    ceil_mode: bool = reach_beyond()
    count_include_pad: bool = Field(True, description="Count padding as zeros in the average")

    @staticmethod
    def forward(
        x: Tensor,
        kernel_size: Sizes = 2,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> tuple[Tensor, tuple]:
        axes = x.dim() - 2
        pool = _ATEN.avg_pool3d if axes == 3 else _ATEN.avg_pool2d
        settings = (
            for_image(kernel_size, axes, 1),
            for_image(stride or kernel_size, axes, 1),
            for_image(padding, axes, 0),
            ceil_mode,
            count_include_pad,
            None,
        )
        out = pool.default(as_image(_wide(x)), *settings).to(x.dtype)
        return as_signal(out, axes), (x.shape, settings)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        shape, settings = cache
        axes = len(shape) - 2
        spread = _ATEN.avg_pool3d_backward if axes == 3 else _ATEN.avg_pool2d_backward
        wide = _wide(dout)
        dx = spread.default(as_image(wide), stand_in(wide, shape), *settings).to(dout.dtype)
        return as_signal(dx, axes)

    def check(self, x: Spec) -> None:
        self.check_windows(x, self.ceil_mode, self.padding)

    def torch_lines(self, x: Spec) -> Lines:
        settings = ("stride", "padding", "ceil_mode", "count_include_pad")
        told = ", ".join(f"{name}={name}" for name in settings)
        return {"out": f"F.avg_pool{self.axes}d(x, kernel_size, {told})"}

    def hand_lines(self, x: Spec) -> Lines:
        """Each number of dout is shared out evenly over its window."""
        if not self.count_include_pad and any(each(self.padding, self.axes)):
            raise Unwritable("leaves padding out of its averages", "turn count_include_pad on")
        settings = _window_by_hand(self, self.ceil_mode) + ", padding=padding"
        count = prod(each(self.kernel_size, self.axes))
        return {
            "shares": f"dout.flatten(2).reshape(-1, 1, dout[0, 0].numel()) / {count}",
            "dcolumns": f"shares.expand(-1, {count}, -1)",
            "dx": f"F.fold(dcolumns, x.shape[2:], {settings}).reshape(x.shape)",
        }


def _wide(x: Tensor) -> Tensor:
    """On the CPU torch averages volumes in float32 and float64 alone."""
    return x.float() if x.dim() == 5 and x.dtype.itemsize < 4 else x


class MaxPool1d(MaxPool):
    """Keeps the largest number of each window of a signal.

    Shapes: x (N, C, L), out (N, C, L') with L' = (L + 2 padding − dilation (kernel_size − 1) − 1)
    / stride + 1, rounded down.
    Source: torch.nn.MaxPool1d.
    """

    family: ClassVar[str] = "Pooling"
    axes: ClassVar[int] = 1

    kernel_size: One = window(2)
    stride: One | None = step(None)
    padding: OneFrom0 = border(0)
    dilation: One = gap(1)


class MaxPool2d(MaxPool):
    """Keeps the largest number of each window of an image: what was found, not just where.

    Shapes: x (N, C, H, W), out (N, C, H', W') with H' = (H + 2 padding − dilation
    (kernel_size − 1) − 1) / stride + 1, rounded down, and W' likewise.
    Source: torch.nn.MaxPool2d.
    """

    family: ClassVar[str] = "Pooling"
    axes: ClassVar[int] = 2

    kernel_size: Pair = window((2, 2))
    stride: Pair | None = step(None)
    padding: PairFrom0 = border((0, 0))
    dilation: Pair = gap((1, 1))


class MaxPool3d(MaxPool):
    """Keeps the largest number of each window of a volume.

    Shapes: x (N, C, D, H, W), out (N, C, D', H', W') with each size (D + 2 padding − dilation
    (kernel_size − 1) − 1) / stride + 1, rounded down.
    Source: torch.nn.MaxPool3d.
    """

    family: ClassVar[str] = "Pooling"
    axes: ClassVar[int] = 3

    kernel_size: Triple = window((2, 2, 2))
    stride: Triple | None = step(None)
    padding: TripleFrom0 = border((0, 0, 0))
    dilation: Triple = gap((1, 1, 1))


class AvgPool1d(AveragePool):
    """Averages each window of a signal.

    Shapes: x (N, C, L), out (N, C, (L + 2 padding − kernel_size) / stride + 1, rounded down).
    Source: torch.nn.AvgPool1d.
    """

    family: ClassVar[str] = "Pooling"
    axes: ClassVar[int] = 1

    kernel_size: One = window(2)
    stride: One | None = step(None)
    padding: OneFrom0 = border(0)


class AvgPool2d(AveragePool):
    """Averages each window of an image.

    Shapes: x (N, C, H, W), out (N, C, H', W') with H' = (H + 2 padding − kernel_size) / stride + 1,
    rounded down, and W' likewise.
    Source: torch.nn.AvgPool2d.
    """

    family: ClassVar[str] = "Pooling"
    axes: ClassVar[int] = 2

    kernel_size: Pair = window((2, 2))
    stride: Pair | None = step(None)
    padding: PairFrom0 = border((0, 0))


class AvgPool3d(AveragePool):
    """Averages each window of a volume.

    Shapes: x (N, C, D, H, W), out (N, C, D', H', W') with each size (D + 2 padding − kernel_size) /
    stride + 1, rounded down.
    Source: torch.nn.AvgPool3d.
    """

    family: ClassVar[str] = "Pooling"
    axes: ClassVar[int] = 3

    kernel_size: Triple = window((2, 2, 2))
    stride: Triple | None = step(None)
    padding: TripleFrom0 = border((0, 0, 0))

    def check(self, x: Spec) -> None:
        super().check(x)
        # torch's kernel wants a window's worth of x itself, whatever is added around it.
        require_at_least(x, self.kernel_size, "make kernel_size smaller")
