"""Rectifiers: element-wise, nearly the identity for positive x, and bent for negative x."""

from collections.abc import Mapping
from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from explorer.layers.base import (
    Elementwise,
    Learning,
    Mismatch,
    ParameterSpec,
    Spec,
    require_float,
    sum_to,
)
from explorer.layers.initialisation import VectorInit, constant, initial, starts
from explorer.layers.written import Lines

SELU_ALPHA, SELU_SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946
"""α and λ of SELU, for which mean 0 and variance 1 are a fixed point."""

_FLAT_BELOW = {"x": "x is so far below 0 that the curve is flat"}
"""Why the slope of a curve that ends level on the left can be 0."""


class ReLU(Elementwise):
    """Rectified linear unit: keeps what is positive, makes the rest 0.

    Shapes: x any, out as x. The gradient at exactly 0 is 0, as in torch.
    Source: Nair & Hinton 2010, "Rectified linear units improve restricted Boltzmann machines".
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("out",)
    synonyms: ClassVar[tuple[str, ...]] = ("rectifier", "ramp")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = max(x, 0)",
        "dx": "dx = dout where x > 0, else 0",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "the ReLU is closed, since x is not above 0"}
    in_torch: ClassVar[Lines] = {"out": "F.relu(x)"}
    by_hand: ClassVar[Lines] = {
        "out": "x.clamp(min=0)",
        "dx": "dout * (x > 0)",
    }

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        out = torch.relu(x)
        return out, (out,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (out,) = cache
        return torch.ops.aten.threshold_backward(dout, out, 0)


class ReLU6(Elementwise):
    """A ReLU that stops at 6, so that numbers stay small enough for few bits.

    Shapes: x any, out as x. The gradient at exactly 0 and 6 is 0, as in torch.
    Source: Krizhevsky 2010, "Convolutional deep belief networks on CIFAR-10".
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("out",)
    synonyms: ClassVar[tuple[str, ...]] = ("relu", "clipped relu", "rectifier")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = min(max(x, 0), 6)",
        "dx": "dx = dout where 0 < x < 6, else 0",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "the ReLU is flat, since x is not between 0 and 6"}
    in_torch: ClassVar[Lines] = {"out": "F.relu6(x)"}
    by_hand: ClassVar[Lines] = {
        "out": "x.clamp(0, 6)",
        "dx": "dout * ((x > 0) & (x < 6))",
    }

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        out = functional.relu6(x)
        return out, (out,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (out,) = cache
        return torch.ops.aten.hardtanh_backward(dout, out, 0, 6)


class LeakyReLU(Elementwise):
    """A ReLU that lets a little of what is negative through, so that no unit dies.

    Shapes: x any, out as x.
    Source: Maas et al. 2013, "Rectifier nonlinearities improve neural network acoustic models".
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("out", "negative_slope")
    synonyms: ClassVar[tuple[str, ...]] = ("leaky relu", "lrelu", "rectifier")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x where x > 0, else negative_slope · x",
        "dx": "dx = dout where x > 0, else negative_slope · dout",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "x is not above 0, where the slope is negative_slope"}
    in_torch: ClassVar[Lines] = {"out": "F.leaky_relu(x, negative_slope=negative_slope)"}
    by_hand: ClassVar[Lines] = {
        "out": "torch.where(x > 0, x, negative_slope * x)",
        "dx": "torch.where(x > 0, dout, negative_slope * dout)",
    }

    negative_slope: float = Field(
        0.01, ge=0, allow_inf_nan=False, description="The slope for negative x"
    )

    @staticmethod
    def forward(x: Tensor, negative_slope: float = 0.01) -> tuple[Tensor, tuple]:
        out = functional.leaky_relu(x, negative_slope)
        return out, (out, negative_slope)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        out, negative_slope = cache
        # A slope of at least 0 leaves no doubt about the sign of x: out tells it.
        return torch.ops.aten.leaky_relu_backward(dout, out, negative_slope, True)


class PReLU(Learning):
    """A leaky ReLU that learns its slope for negative x, one for all channels or one for each.

    Shapes: x any, or (N, C, *) with a slope for each channel; w (1,) or (C,), out as x.
    Source: He et al. 2015, "Delving deep into rectifiers"; torch.nn.PReLU.
    """

    family: ClassVar[str] = "Activation"
    weights: ClassVar[tuple[str, ...]] = ("w",)
    differentiable: ClassVar[tuple[str, ...]] = ("x", "w")
    cache: ClassVar[tuple[str, ...]] = ("x", "w")
    synonyms: ClassVar[tuple[str, ...]] = ("parametric relu", "leaky relu", "rectifier")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x where x > 0, else w · x",
        "dx": "dx = dout where x > 0, else w · dout",
        "dw": "dw = Σ dout · min(x, 0), over all that share a slope",
    }
    zeros: ClassVar[dict[str, str]] = {
        "x": "x is not above 0, and the slope w there is 0",
        "w": "no x that uses this slope is below 0",
    }
    in_torch: ClassVar[Lines] = {"out": "F.prelu(x, w)"}
    nn_weights: ClassVar[Mapping[str, str]] = {"w": "weight"}
    by_hand: ClassVar[Lines] = {
        "slope": "w.view(()) if rank(x) == 0 else w if rank(x) < 3 "
        "else w.view(-1, *(1,) * (rank(x) - 2))",
        "out": "torch.where(x > 0, x, slope * x)",
        "dx": "torch.where(x > 0, dout, slope * dout)",
        "dw": "(dout * x.clamp(max=0)).sum_to_size(slope.shape).reshape(w.shape)",
    }

    num_parameters: int = Field(
        1, ge=1, le=65536, description="How many slopes: 1, or as many as x has channels"
    )
    w_init: VectorInit = starts("w")

    @staticmethod
    def forward(x: Tensor, w: Tensor) -> tuple[Tensor, tuple]:
        return torch.prelu(x, w), (x, w)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("x", "w")
    ) -> tuple[Tensor | None, Tensor | None]:
        x, w = cache
        slope = w.view(-1, *[1] * (x.dim() - 2)) if x.dim() > 1 else w.view(x.dim() * [1])
        dx = dw = None
        if "x" in needs:
            where_positive = torch.ops.aten.threshold_backward(dout, x, 0)
            dx = torch.lerp(where_positive, dout, slope)
        if "w" in needs:
            dw = sum_to(x.clamp_max(0).mul_(dout), slope.shape).reshape(w.shape)
        return dx, dw

    def check(self, x: Spec) -> None:
        require_float("x", x)
        if self.num_parameters == 1:
            return
        channels = x.shape[1] if len(x.shape) > 1 else 1
        if channels != self.num_parameters:
            raise Mismatch(
                "x",
                f"(N, {self.num_parameters}, …), a channel for each of its slopes",
                f"set num_parameters to 1 or {channels}",
            )

    def parameters(self, x: Spec) -> dict[str, ParameterSpec]:
        shape = (self.num_parameters,)
        return {"w": ParameterSpec(shape, initial(self.w_init, shape, constant(0.25)))}


class ELU(Elementwise):
    """Exponential linear unit: bends negative numbers softly towards −α.

    Shapes: x any, out as x.
    Source: Clevert et al. 2016, "Fast and accurate deep network learning by ELUs".
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("out", "alpha")
    synonyms: ClassVar[tuple[str, ...]] = ("exponential linear unit", "rectifier")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x where x > 0, else α (eˣ − 1)",
        "dx": "dx = dout where x > 0, else (out + α) · dout",
    }
    zeros: ClassVar[dict[str, str]] = _FLAT_BELOW
    in_torch: ClassVar[Lines] = {"out": "F.elu(x, alpha=alpha)"}
    by_hand: ClassVar[Lines] = {
        "out": "torch.where(x > 0, x, alpha * (torch.exp(x) - 1))",
        "dx": "dout * torch.where(x > 0, 1, alpha * torch.exp(x))",
    }

    alpha: float = Field(
        1.0, ge=0, allow_inf_nan=False, description="α: very negative numbers become −α"
    )

    @staticmethod
    def forward(x: Tensor, alpha: float = 1.0) -> tuple[Tensor, tuple]:
        out = functional.elu(x, alpha)
        return out, (out, alpha)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        out, alpha = cache
        return torch.ops.aten.elu_backward(dout, alpha, 1, 1, True, out)


class SELU(Elementwise):
    """A scaled ELU that keeps mean 0 and variance 1 from layer to layer; goes with AlphaDropout.

    Shapes: x any, out as x.
    Source: Klambauer et al. 2017, "Self-normalizing neural networks".
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("out",)
    synonyms: ClassVar[tuple[str, ...]] = ("self-normalizing", "scaled elu", "rectifier")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = λx where x > 0, else λα (eˣ − 1);  λ = 1.0507…, α = 1.6733…",
        "dx": "dx = λ · dout where x > 0, else (out + λα) · dout",
    }
    zeros: ClassVar[dict[str, str]] = _FLAT_BELOW
    in_torch: ClassVar[Lines] = {"out": "F.selu(x)"}
    by_hand: ClassVar[Lines] = {
        "dx": f"dout * {SELU_SCALE} * torch.where(x > 0, 1, {SELU_ALPHA} * torch.exp(x))",
    }

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        out = torch.selu(x)
        return out, (out,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (out,) = cache
        return torch.ops.aten.elu_backward(dout, SELU_ALPHA, SELU_SCALE, 1, True, out)


class CELU(Elementwise):
    """An ELU that is smooth at 0 for every α.

    Shapes: x any, out as x.
    Source: Barron 2017, "Continuously differentiable exponential linear units".
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("out", "alpha")
    synonyms: ClassVar[tuple[str, ...]] = ("smooth elu", "rectifier")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x where x > 0, else α (exp(x / α) − 1)",
        "dx": "dx = dout where x > 0, else (out / α + 1) · dout",
    }
    zeros: ClassVar[dict[str, str]] = _FLAT_BELOW
    in_torch: ClassVar[Lines] = {"out": "F.celu(x, alpha=alpha)"}
    by_hand: ClassVar[Lines] = {
        "out": "torch.where(x > 0, x, alpha * (torch.exp(x / alpha) - 1))",
        "dx": "dout * torch.where(x > 0, 1, torch.exp(x / alpha))",
    }

    alpha: float = Field(
        1.0, ge=1e-6, allow_inf_nan=False, description="α: very negative numbers become −α"
    )

    @staticmethod
    def forward(x: Tensor, alpha: float = 1.0) -> tuple[Tensor, tuple]:
        out = torch.celu(x, alpha)
        return out, (out, alpha)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        out, alpha = cache
        return torch.ops.aten.elu_backward(dout, alpha, 1, 1 / alpha, True, out)


class Softplus(Elementwise):
    """A smooth ReLU: always positive, and nearly x where x is large.

    Shapes: x any, out as x.
    Source: Dugas et al. 2001, "Incorporating second-order functional knowledge for better option
    pricing"; torch.nn.Softplus.
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("x", "beta", "threshold")
    synonyms: ClassVar[tuple[str, ...]] = ("smooth relu", "log exp", "rectifier")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = ln(1 + exp(βx)) / β;  x where βx > threshold",
        "dx": "dx = dout · σ(βx);  dout where βx > threshold",
    }
    zeros: ClassVar[dict[str, str]] = _FLAT_BELOW
    in_torch: ClassVar[Lines] = {"out": "F.softplus(x, beta=beta, threshold=threshold)"}
    by_hand: ClassVar[Lines] = {
        "dx": "torch.where(x * beta > threshold, dout, dout * torch.sigmoid(x * beta))",
    }

    beta: float = Field(
        1.0, ge=1e-6, allow_inf_nan=False, description="β: the larger, the closer to a ReLU"
    )
    threshold: float = Field(
        20.0, ge=0, allow_inf_nan=False, description="Where β·x is more than this, out is x itself"
    )

    @staticmethod
    def forward(x: Tensor, beta: float = 1.0, threshold: float = 20.0) -> tuple[Tensor, tuple]:
        return functional.softplus(x, beta, threshold), (x, beta, threshold)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        return torch.ops.aten.softplus_backward(dout, *cache)
