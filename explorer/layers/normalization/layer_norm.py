"""Norms over the last axes of each row: the features of a sample, or of a step in a sequence."""

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.accumulation import accumulator
from explorer.layers.base import Mismatch, ParameterSpec, Spec, require_float
from explorer.layers.normalization.norms import (
    Scaled,
    Shifted,
    by_hand,
    chosen,
    exact,
    mask,
    of_one,
)
from explorer.layers.written import Lines


class _OverLastAxes(Scaled):
    """What LayerNorm and RMSNorm share: which axes, and whether to scale them."""

    axes: int = Field(
        1, ge=1, le=16, description="How many axes, counted from the last, are normalized together"
    )
    elementwise_affine: bool = Field(
        True, description="Multiply each normalized number by a learned gamma"
    )

    def check(self, x: Spec) -> None:
        require_float("x", x)
        rank = len(x.shape)
        if rank < 2:
            hint = "wire rows of features to it: an axis is missing"
            raise Mismatch("x", "(N, …) with at least two axes", hint)
        if rank <= self.axes:
            expects = f"the batch axis and {self.axes} more to normalize over"
            raise Mismatch("x", expects, f"set axes to at most {rank - 1}")
        if any(isinstance(size, str) for size in self._normalized(x)):
            expects = "fixed sizes of the axes that it normalizes over"
            raise Mismatch("x", expects, "keep the batch axis first")

    def parameters(self, x: Spec) -> dict[str, ParameterSpec]:
        shape = tuple(int(size) for size in self._normalized(x))
        return self.scale(shape) if self.elementwise_affine else {}

    def _normalized(self, x: Spec) -> tuple[int | str, ...]:
        return x.shape[-self.axes :]

    def nn_settings(self, x: Spec) -> dict[str, Any]:
        sizes = self._normalized(x)
        return {"normalized_shape": sizes[0] if self.axes == 1 else sizes}

    def _shared(self, x: Spec) -> str:
        """The axes along which gamma is repeated, in Python."""
        return str(tuple(range(len(x.shape) - self.axes)))

    def _last(self) -> str:
        """The axes of one mean, in Python."""
        return str(tuple(range(-self.axes, 0))) if self.axes > 1 else "-1"


class LayerNorm(_OverLastAxes, Shifted):
    """Brings the features of each row to mean 0 and variance 1, then scales and shifts them.

    Shapes: x (N, *, D), gamma and beta (D,), out as x; with more axes, D stands for all of them.
    Source: Ba, Kiros and Hinton 2016, "Layer normalization"; torch.nn.LayerNorm.
    """

    family: ClassVar[str] = "Normalization"
    stem: ClassVar[str] = "ln"
    cache: ClassVar[tuple[str, ...]] = (
        "x",
        "gamma",
        "beta",
        "mean",
        "1 / √(variance + eps)",
        "axes",
    )
    synonyms: ClassVar[tuple[str, ...]] = ("ln", "layer normalization", "norm", "transformer")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = γ x̂ + β, x̂ = (x − μ) / √(σ² + ε), μ and σ² of each row",
        "dx": "dx = (g − mean(g) − x̂ · mean(g · x̂)) / √(σ² + ε), g = γ dout, means of each row",
        "dgamma": "dγ = Σₙ dout[n] · x̂[n]",
        "dbeta": "dβ = Σₙ dout[n]",
    }
    nn_weights: ClassVar[Mapping[str, str]] = {"gamma": "weight", "beta": "bias"}

    bias: bool = Field(True, description="Add a learned beta, where gamma is learned too")
    eps: float = Field(
        1e-5, gt=0, le=1, description="Added to the variance, so that nothing is divided by 0"
    )

    @classmethod
    def single(
        cls, name: str, index: tuple[int, ...], tensors: Mapping[str, Any]
    ) -> tuple[str, dict[str, float]] | None:
        if name not in ("out", "dx") or "axes" not in tensors:
            return None
        axes = tensors["axes"]
        row, along = index[:-axes], tuple(tensors["x"].shape[-axes:])
        spread = tensors["1 / √(variance + eps)"][row].reshape(())
        return of_one(name, index, tensors, row, spread, along)

    @staticmethod
    def forward(
        x: Tensor,
        gamma: Tensor | None = None,
        beta: Tensor | None = None,
        axes: int = 1,
        eps: float = 1e-5,
    ) -> tuple[Tensor, tuple]:
        shape = x.shape[-axes:]
        scale, shift = exact(x, shape, gamma, beta)
        out, mean, rstd = torch.native_layer_norm(x, shape, scale, shift, eps)
        return out, (x, gamma, beta, mean, rstd, axes)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("x", "gamma", "beta")
    ) -> tuple[Tensor | None, ...]:
        x, gamma, beta, mean, rstd, axes = cache
        wanted = mask(needs, gamma, beta)
        shape = x.shape[-axes:]
        scale, shift = exact(x, shape, gamma, beta)
        found = torch.ops.aten.native_layer_norm_backward(
            dout, x, shape, mean, rstd, scale, shift, wanted
        )
        return chosen(wanted, found, (x, gamma, beta))

    def parameters(self, x: Spec) -> dict[str, ParameterSpec]:
        found = super().parameters(x)
        return found | self.shift(found["gamma"].shape) if found and self.bias else found

    def torch_lines(self, x: Spec) -> Lines:
        return {"out": f"F.layer_norm(x, {self._normalized(x)}, gamma, beta, eps=eps)"}

    def hand_lines(self, x: Spec) -> Lines:
        axes = self._last()
        return {
            "std": f"torch.sqrt(x.var({axes}, correction=0, keepdim=True) + eps)",
            "x_hat": f"(x - x.mean({axes}, keepdim=True)) / std",
            **by_hand(axes, "", self._shared(x)),
        }


class RMSNorm(_OverLastAxes):
    """Divides the features of each row by their root mean square, then scales them.

    Shapes: x (N, *, D), gamma (D,), out as x; with more axes, D stands for all of them.
    Source: Zhang and Sennrich 2019, "Root mean square layer normalization"; torch.nn.RMSNorm.
    """

    family: ClassVar[str] = "Normalization"
    stem: ClassVar[str] = "rms"
    weights: ClassVar[tuple[str, ...]] = ("gamma",)
    differentiable: ClassVar[tuple[str, ...]] = ("x", "gamma")
    cache: ClassVar[tuple[str, ...]] = ("x", "gamma", "1 / √(mean of x² + eps)")
    synonyms: ClassVar[tuple[str, ...]] = ("root mean square", "layer norm", "norm", "transformer")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = γ x r, r = 1 / √(mean(x²) + ε) of each row",
        "dx": "dx = r (γ dout − x r² · mean(γ dout · x))",
        "dgamma": "dγ = Σₙ dout[n] · x[n] · r[n]",
    }
    nn_weights: ClassVar[Mapping[str, str]] = {"gamma": "weight"}

    eps: float | None = Field(
        None,
        gt=0,
        le=1,
        description="Added to the mean of squares; empty: the least that the numbers tell from 1",
    )

    @staticmethod
    def forward(
        x: Tensor, gamma: Tensor | None = None, axes: int = 1, eps: float | None = None
    ) -> tuple[Tensor, tuple]:
        dtype = accumulator(x)
        last = tuple(range(-axes, 0))
        length = torch.linalg.vector_norm(x, dim=last, keepdim=True, dtype=dtype)
        mean_square = length.square().div_(x.shape[-axes:].numel())
        r = mean_square.add_(torch.finfo(dtype).eps if eps is None else eps).rsqrt_()
        out = x * r
        if gamma is not None:
            out = out.mul_(gamma)
        return out.to(x.dtype), (x, gamma, r)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("x", "gamma")
    ) -> tuple[Tensor | None, Tensor | None]:
        x, gamma, r = cache
        size = x.numel() // r.numel()
        r = r.reshape(-1, 1)
        rows, drows = (t.reshape(-1, size).to(r.dtype) for t in (x, dout))
        scale = None if gamma is None else gamma.reshape(-1).to(r.dtype)
        dx = dgamma = None
        product = drows * rows
        if gamma is not None and "gamma" in needs:
            dgamma = torch.mv(product.t(), r.squeeze(1)).view(gamma.shape).to(gamma.dtype)
        if "x" in needs:
            along = product.sum(1) if scale is None else torch.mv(product, scale)
            pull = along.unsqueeze(1) * r * (r * r)
            # One buffer for all that is as large as x: fresh memory costs more than the sums.
            scaled = drows if scale is None else torch.mul(drows, scale, out=product)
            flat = torch.mul(scaled, r, out=product).addcmul_(rows, pull, value=-1 / size)
            dx = flat.view(x.shape).to(x.dtype)
        return dx, dgamma

    def torch_lines(self, x: Spec) -> Lines:
        return {"out": f"F.rms_norm(x, {self._normalized(x)}, gamma, eps=eps)"}

    def hand_lines(self, x: Spec) -> Lines:
        axes = self._last()
        eps = "torch.finfo(x.dtype).eps" if self.eps is None else "eps"
        return {
            "root": f"torch.sqrt((x**2).mean({axes}, keepdim=True) + {eps})",
            "x_hat": "x / root",
            "out": "x_hat if gamma is None else gamma * x_hat",
            "dx_hat": "dout if gamma is None else dout * gamma",
            "dx": f"(dx_hat - x_hat * (dx_hat * x_hat).mean({axes}, keepdim=True)) / root",
            "dgamma": f"(dout * x_hat).sum({self._shared(x)})",
        }
