"""BatchNorm: each channel is brought to mean 0 and variance 1 over the batch."""

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.base import ParameterSpec, Spec, packed
from explorer.layers.initialisation import constant, initial
from explorer.layers.normalization.norms import (
    ChannelNorm,
    by_hand,
    chosen,
    exact,
    mask,
    of_one,
    require_channels,
)
from explorer.layers.written import Lines

_FOR_AXES = {2: "BatchNorm1d", 3: "BatchNorm1d", 4: "BatchNorm2d", 5: "BatchNorm3d"}

_FOLLOW = """if training:
    mean = {mean}
    var = {var}
    running_mean.lerp_(mean.flatten(), momentum)
    running_var.lerp_(var.flatten() * (x.numel() / (x.numel() - length(x, 1))), momentum)
else:
    mean = running_mean.view({shape})
    var = running_var.view({shape})
"""


class BatchNorm(ChannelNorm):
    """What BatchNorm1d, 2d and 3d share: all but the axes of x.

    Training uses the mean and variance of the batch and lets the running ones follow; out of
    training the running ones are constants.
    """

    buffers: ClassVar[tuple[str, ...]] = ("running_mean", "running_var")
    cache: ClassVar[tuple[str, ...]] = (
        "x",
        "gamma",
        "beta",
        "mean",
        "1 / √(variance + eps)",
        "whether mean and variance are the batch's",
    )
    stem: ClassVar[str] = "bn"
    synonyms: ClassVar[tuple[str, ...]] = ("bn", "batch normalization", "norm", "normalize")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = γ x̂ + β, x̂ = (x − μ) / √(σ² + ε), μ and σ² of each channel",
        "dx": "dx = γ (dout − mean(dout) − x̂ · mean(dout · x̂)) / √(σ² + ε), "
        "means over each channel; in evaluation dx = γ dout / √(σ² + ε)",
        "dgamma": "dγ = Σ dout · x̂",
        "dbeta": "dβ = Σ dout",
    }
    in_torch: ClassVar[Lines] = {
        "out": "F.batch_norm(x, running_mean, running_var, gamma, beta, True, eps=eps) "
        "if running_mean is None else F.batch_norm(x, running_mean, running_var, gamma, beta, "
        "training, momentum=momentum, eps=eps)"
    }
    nn_weights: ClassVar[Mapping[str, str]] = {
        **ChannelNorm.nn_weights,
        "running_mean": "running_mean",
        "running_var": "running_var",
    }
    form: ClassVar[str]
    ranks: ClassVar[tuple[int, ...]]

    momentum: float = Field(
        0.1, ge=0, le=1, description="How far the running statistics move to those of each batch"
    )
    track_running_stats: bool = Field(
        True,
        description="Keep running statistics for use out of training; else use the batch's there",
    )

    @classmethod
    def single(
        cls, name: str, index: tuple[int, ...], tensors: Mapping[str, Any]
    ) -> tuple[str, dict[str, float]] | None:
        is_of_batch = tensors.get("whether mean and variance are the batch's")
        if name not in ("out", "dx") or not is_of_batch:
            return None
        channel, along = index[1], (-1, *[1] * (tensors["x"].dim() - 2))
        spread = tensors["1 / √(variance + eps)"][channel]
        return of_one(name, index, tensors, (slice(None), channel), spread, along)

    @staticmethod
    def forward(
        x: Tensor,
        gamma: Tensor | None = None,
        beta: Tensor | None = None,
        running_mean: Tensor | None = None,
        running_var: Tensor | None = None,
        eps: float = 1e-5,
        momentum: float = 0.1,
        training: bool = True,
    ) -> tuple[Tensor, tuple]:
        scale, shift, mean, var = exact(x, x.shape[1:2], gamma, beta, running_mean, running_var)
        if not training and mean is not None and var is not None:
            out, *_ = torch.native_batch_norm(x, scale, shift, mean, var, False, momentum, eps)
            return out, (x, gamma, beta, mean, torch.rsqrt(var + eps), False)
        # A single value, seen twice, has variance 0 rather than 0/0.
        is_single = x.numel() == x.shape[1]
        seen = x.expand(2, *x.shape[1:]) if is_single else x
        spread = running_var.clone() if is_single and running_var is not None else None
        out, center, rstd = torch.native_batch_norm(
            seen, scale, shift, mean, var, True, momentum, eps
        )
        for kept, moved in ((running_mean, mean), (running_var, var)):
            if kept is not None and moved is not None and moved is not kept:
                kept.copy_(moved)
        if running_var is not None and spread is not None:
            # A single value says nothing of how far values lie apart.
            running_var.copy_(spread)
        return out[:1] if is_single else out, (x, gamma, beta, center, rstd, True)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("x", "gamma", "beta")
    ) -> tuple[Tensor | None, ...]:
        x, gamma, beta, mean, rstd, is_of_batch = cache
        if 1 in x.shape:
            # ATen guesses the layouts of x and dout apart, and then sums up the wrong numbers.
            x, dout = packed(x), packed(dout)
        wanted = mask(needs, gamma, beta)
        (scale,) = exact(x, x.shape[1:2], gamma)
        # Of constants, ATen wants the variance, with eps in it already.
        constants = (None, None) if is_of_batch else (mean, rstd**-2)
        found = torch.ops.aten.native_batch_norm_backward(
            dout, x, scale, *constants, mean, rstd, is_of_batch, 0.0, wanted
        )
        return chosen(wanted, found, (x, gamma, beta))

    def check(self, x: Spec) -> None:
        rank = len(x.shape)
        hint = f"put a Flatten with start_dim {self.ranks[-1] - 1} before it"
        if rank < 2:
            hint = "wire rows of features to it: an axis is missing"
        elif rank in _FOR_AXES:
            hint = f"use {_FOR_AXES[rank]} for these axes"
        require_channels(x, self.form, self.ranks, hint)

    def state(self, x: Spec) -> dict[str, ParameterSpec]:
        if not self.track_running_stats:
            return {}
        shape = (int(x.shape[1]),)
        return {
            name: ParameterSpec(shape, initial("default", shape, constant(start)))
            for name, start in (("running_mean", 0.0), ("running_var", 1.0))
        }

    def hand_lines(self, x: Spec) -> Lines:
        axes = str(tuple(axis for axis in range(len(x.shape)) if axis != 1))
        shape = ", ".join(["1", "-1", *["1"] * (len(x.shape) - 2)])
        mean, var = f"x.mean({axes}, keepdim=True)", f"x.var({axes}, correction=0, keepdim=True)"
        lines = {"mean": mean, "var": var}
        if self.track_running_stats:
            lines = {"mean, var": _FOLLOW.format(mean=mean, var=var, shape=shape)}
        return {
            **lines,
            "std": "torch.sqrt(var + eps)",
            "x_hat": "(x - mean) / std",
            **by_hand(axes, shape, axes),
        }


class BatchNorm1d(BatchNorm):
    """Brings each feature to mean 0 and variance 1 over the batch, then scales and shifts it.

    Shapes: x (N, C) or (N, C, L), gamma and beta (C,), out as x.
    Source: Ioffe and Szegedy 2015, "Batch normalization"; torch.nn.BatchNorm1d.
    """

    family: ClassVar[str] = "Normalization"
    form: ClassVar[str] = "(N, C) or (N, C, L)"
    ranks: ClassVar[tuple[int, ...]] = (2, 3)


class BatchNorm2d(BatchNorm):
    """Brings each channel of images to mean 0 and variance 1 over the batch, scales and shifts it.

    Shapes: x (N, C, H, W), gamma and beta (C,), out as x.
    Source: Ioffe and Szegedy 2015, "Batch normalization"; torch.nn.BatchNorm2d.
    """

    family: ClassVar[str] = "Normalization"
    form: ClassVar[str] = "(N, C, H, W)"
    ranks: ClassVar[tuple[int, ...]] = (4,)


class BatchNorm3d(BatchNorm):
    """Brings each channel of volumes to mean 0 and variance 1 over the batch, scales and shifts it.

    Shapes: x (N, C, D, H, W), gamma and beta (C,), out as x.
    Source: Ioffe and Szegedy 2015, "Batch normalization"; torch.nn.BatchNorm3d.
    """

    family: ClassVar[str] = "Normalization"
    form: ClassVar[str] = "(N, C, D, H, W)"
    ranks: ClassVar[tuple[int, ...]] = (5,)
