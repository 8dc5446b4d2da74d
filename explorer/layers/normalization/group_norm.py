"""Norms within one sample and some of its channels: they do not look at the batch."""

from typing import Any, ClassVar

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.base import Mismatch, Spec, packed
from explorer.layers.normalization.norms import (
    ChannelNorm,
    by_hand,
    chosen,
    exact,
    mask,
    require_channels,
)
from explorer.layers.sizes import require_image
from explorer.layers.written import Lines


def _forward(
    x: Tensor, gamma: Tensor | None, beta: Tensor | None, groups: int, eps: float
) -> tuple[Tensor, tuple]:
    # ATen's group norm reads memory as it lies, without asking for strides.
    x = _packed_as(x, _layout(x))
    scale, shift = _packed(exact(x, x.shape[1:2], gamma, beta))
    out, mean, rstd = torch.native_group_norm(x, scale, shift, *_sizes(x), groups, eps)
    return out, (x, gamma, beta, mean, rstd)


def _layout(x: Tensor) -> torch.memory_format:
    """The order of axes in memory that ATen keeps x in: on the CPU, channels may come last.

    Where an axis has length 1 the strides do not tell, so that x is laid out anew.
    """
    is_last = x.is_cpu and x.dim() == 4 and x.is_contiguous(memory_format=torch.channels_last)
    if is_last and not x.is_contiguous() and 1 not in x.shape:
        return torch.channels_last
    return torch.contiguous_format


def _packed_as(x: Tensor, layout: torch.memory_format) -> Tensor:
    return x if layout == torch.channels_last else packed(x)


def _packed(weights: tuple[Tensor | None, ...]) -> tuple[Tensor | None, ...]:
    return tuple(None if weight is None else weight.contiguous() for weight in weights)


def _sizes(x: Tensor) -> tuple[int, int, int]:
    """N, C and the product of all other axes."""
    rows, channels = x.shape[:2]
    return rows, channels, x.shape[2:].numel()


class _WithinSample(ChannelNorm):
    """What GroupNorm and InstanceNorm2d share: all but which channels belong together."""

    cache: ClassVar[tuple[str, ...]] = ("x", "gamma", "beta", "mean", "1 / √(variance + eps)")

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("x", "gamma", "beta")
    ) -> tuple[Tensor | None, ...]:
        x, gamma, beta, mean, rstd = cache
        wanted = mask(needs, gamma, beta)
        (scale,) = _packed(exact(x, x.shape[1:2], gamma))
        layout = _layout(x)
        dout = _packed_as(dout.contiguous(memory_format=layout), layout)
        # Where channels come last it writes dx whether one wants it or not.
        found = torch.ops.aten.native_group_norm_backward(
            dout, x, mean, rstd, scale, *_sizes(x), mean.shape[1], (True, *wanted[1:])
        )
        return chosen(wanted, found, (x, gamma, beta))


def _equations(over: str) -> dict[str, str]:
    return {
        "out": f"out = γ x̂ + β, x̂ = (x − μ) / √(σ² + ε), μ and σ² over {over}",
        "dx": f"dx = (g − mean(g) − x̂ · mean(g · x̂)) / √(σ² + ε), g = γ dout, means over {over}",
        "dgamma": "dγ = Σ dout · x̂",
        "dbeta": "dβ = Σ dout",
    }


class GroupNorm(_WithinSample):
    """Brings each group of channels of a sample to mean 0 and variance 1; any batch size will do.

    Shapes: x (N, C, *), gamma and beta (C,), out as x.
    Source: Wu and He 2018, "Group normalization"; torch.nn.GroupNorm.
    """

    family: ClassVar[str] = "Normalization"
    stem: ClassVar[str] = "gn"
    synonyms: ClassVar[tuple[str, ...]] = ("gn", "group normalization", "norm", "normalize")
    equations: ClassVar[dict[str, str]] = _equations("each group of channels of a sample")
    in_torch: ClassVar[Lines] = {"out": "F.group_norm(x, num_groups, gamma, beta, eps=eps)"}

    num_groups: int = Field(
        8, ge=1, le=65536, description="Into how many groups the channels are split"
    )

    @staticmethod
    def forward(
        x: Tensor,
        gamma: Tensor | None = None,
        beta: Tensor | None = None,
        num_groups: int = 8,
        eps: float = 1e-5,
    ) -> tuple[Tensor, tuple]:
        return _forward(x, gamma, beta, num_groups, eps)

    def check(self, x: Spec) -> None:
        missing = "wire rows of features to it: an axis is missing"
        channels = require_channels(x, "(N, C, …)", range(2, 65), missing)
        if channels % self.num_groups:
            fits = max(n for n in range(1, self.num_groups) if channels % n == 0)
            raise Mismatch(
                "x",
                f"channels that split into {self.num_groups} groups",
                f"set num_groups to {fits}, or the channels before it to a multiple of "
                f"{self.num_groups}",
                f"{channels} channels",
            )

    def hand_lines(self, x: Spec) -> Lines:
        """As a norm of each group, laid out along the last axis of (N, groups, …)."""
        shape = ", ".join(["-1", *["1"] * (len(x.shape) - 2)])
        lines = by_hand("-1", shape, str((0, *range(2, len(x.shape)))))
        groups = ".reshape(len(x), num_groups, -1)"
        return {
            "groups": f"x{groups}",
            "std": "torch.sqrt(groups.var(-1, correction=0, keepdim=True) + eps)",
            "normal": "(groups - groups.mean(-1, keepdim=True)) / std",
            "x_hat": "normal.reshape(x.shape)",
            "out": lines["out"],
            "dnormal": f"({lines['dx_hat']}){groups}",
            "lean": "(dnormal * normal).mean(-1, keepdim=True)",
            "dgroups": "(dnormal - dnormal.mean(-1, keepdim=True) - normal * lean) / std",
            "dx": "dgroups.reshape(x.shape)",
            "dgamma": lines["dgamma"],
            "dbeta": lines["dbeta"],
        }

    def nn_settings(self, x: Spec) -> dict[str, Any]:
        return {"num_channels": x.shape[1]}


class InstanceNorm2d(_WithinSample):
    """Brings each channel of each image to mean 0 and variance 1: removes contrast and style.

    Shapes: x (N, C, H, W), gamma and beta (C,), out as x.
    Source: Ulyanov et al. 2016, "Instance normalization"; torch.nn.InstanceNorm2d.
    """

    family: ClassVar[str] = "Normalization"
    stem: ClassVar[str] = "instance"
    synonyms: ClassVar[tuple[str, ...]] = (
        "instance normalization",
        "contrast normalization",
        "style",
        "norm",
        "normalize",
    )
    equations: ClassVar[dict[str, str]] = _equations("each channel of an image")
    in_torch: ClassVar[Lines] = {"out": "F.instance_norm(x, weight=gamma, bias=beta, eps=eps)"}

    affine: bool = Field(
        False, description="Multiply each channel by a learned gamma and add a learned beta"
    )

    @staticmethod
    def forward(
        x: Tensor, gamma: Tensor | None = None, beta: Tensor | None = None, eps: float = 1e-5
    ) -> tuple[Tensor, tuple]:
        return _forward(x, gamma, beta, x.shape[1], eps)

    def check(self, x: Spec) -> None:
        require_image(x, 2)
        if x.shape[2:] == (1, 1):
            hint = "with one pixel there is nothing to normalize: put it before the pooling"
            raise Mismatch("x", "images of more than one pixel", hint)

    def hand_lines(self, x: Spec) -> Lines:
        return {
            "std": "torch.sqrt(x.var((2, 3), correction=0, keepdim=True) + eps)",
            "x_hat": "(x - x.mean((2, 3), keepdim=True)) / std",
            **by_hand("(2, 3)", "-1, 1, 1", "(0, 2, 3)"),
        }
