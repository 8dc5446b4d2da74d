"""Element-wise non-linearities that squash numbers into a band: out has the shape of x."""

from typing import ClassVar

import torch
from pydantic import Field, ValidationInfo, field_validator
from torch import Tensor
from torch.nn import functional

from explorer.layers.base import Elementwise
from explorer.layers.written import Lines


class Sigmoid(Elementwise):
    """Logistic sigmoid: squashes each number into (0, 1).

    Shapes: x any, out as x. Stable for any x: torch.sigmoid never takes exp of a large number.
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("out",)
    synonyms: ClassVar[tuple[str, ...]] = ("logistic", "σ")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = σ(x) = 1 / (1 + e⁻ˣ)",
        "dx": "dx = dout · out · (1 − out)",
    }
    zeros: ClassVar[dict[str, str]] = {
        "x": "the sigmoid is saturated, since x is so far from 0 that the curve is flat",
    }
    in_torch: ClassVar[Lines] = {"out": "torch.sigmoid(x)"}
    by_hand: ClassVar[Lines] = {
        "out": "1 / (1 + torch.exp(-x))",
        "dx": "dout * out * (1 - out)",
    }

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        out = torch.sigmoid(x)
        return out, (out,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (out,) = cache
        return torch.ops.aten.sigmoid_backward(dout, out)


class Tanh(Elementwise):
    """Hyperbolic tangent: squashes each number into (−1, 1).

    Shapes: x any, out as x.
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("out",)
    synonyms: ClassVar[tuple[str, ...]] = ("hyperbolic tangent",)
    equations: ClassVar[dict[str, str]] = {
        "out": "out = tanh(x)",
        "dx": "dx = dout · (1 − out²)",
    }
    zeros: ClassVar[dict[str, str]] = {
        "x": "the tanh is saturated, since x is so far from 0 that the curve is flat",
    }
    in_torch: ClassVar[Lines] = {"out": "torch.tanh(x)"}
    by_hand: ClassVar[Lines] = {
        "dx": "dout * (1 - out**2)",
    }

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        out = torch.tanh(x)
        return out, (out,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (out,) = cache
        return torch.ops.aten.tanh_backward(dout, out)


class Softsign(Elementwise):
    """Squashes each number into (−1, 1) as tanh does, but nears the ends far more slowly.

    Shapes: x any, out as x.
    Source: Turian et al. 2009, "Quadratic features and deep architectures for chunking".
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("1 + |x|",)
    synonyms: ClassVar[tuple[str, ...]] = ("squash", "sigmoid")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x / (1 + |x|)",
        "dx": "dx = dout / (1 + |x|)²",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "the curve is saturated, since x is so far from 0"}
    in_torch: ClassVar[Lines] = {"out": "F.softsign(x)"}
    by_hand: ClassVar[Lines] = {
        "out": "x / (1 + x.abs())",
        "dx": "dout / (1 + x.abs()) ** 2",
    }

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        size = x.abs() + 1
        return x / size, (size,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (size,) = cache
        return dout / (size * size)


class LogSigmoid(Elementwise):
    """The logarithm of the sigmoid, which stays finite where the sigmoid rounds to 0.

    Shapes: x any, out as x. Source: torch.nn.LogSigmoid.
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("x",)
    synonyms: ClassVar[tuple[str, ...]] = ("log sigmoid", "log logistic")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = ln σ(x)",
        "dx": "dx = dout · σ(−x)",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "x is so far above 0 that the curve is flat"}
    in_torch: ClassVar[Lines] = {"out": "F.logsigmoid(x)"}
    by_hand: ClassVar[Lines] = {
        "dx": "dout * torch.sigmoid(-x)",
    }

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        return functional.logsigmoid(x), (x,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (x,) = cache
        return torch.sigmoid(-x).mul_(dout)


class Hardsigmoid(Elementwise):
    """A sigmoid of three straight lines: 0 below −3, 1 above 3, a ramp between them.

    Shapes: x any, out as x. The gradient at exactly −3 and 3 is 0, as in torch.
    Source: Courbariaux et al. 2015, "BinaryConnect"; the slope is torch.nn.Hardsigmoid's.
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("x",)
    synonyms: ClassVar[tuple[str, ...]] = ("hard sigmoid", "sigmoid")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = min(max(x / 6 + 1/2, 0), 1)",
        "dx": "dx = dout / 6 where −3 < x < 3, else 0",
    }
    zeros: ClassVar[dict[str, str]] = {
        "x": "the sigmoid is saturated, since x is not between −3 and 3",
    }
    in_torch: ClassVar[Lines] = {"out": "F.hardsigmoid(x)"}
    by_hand: ClassVar[Lines] = {
        "out": "(x / 6 + 0.5).clamp(0, 1)",
        "dx": "dout / 6 * ((x > -3) & (x < 3))",
    }

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        return functional.hardsigmoid(x), (x,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (x,) = cache
        return torch.ops.aten.hardsigmoid_backward(dout, x)


class Hardtanh(Elementwise):
    """A tanh of three straight lines: holds each number within a band.

    Shapes: x any, out as x. The gradient at exactly the ends is 0, as in torch.
    Source: torch.nn.Hardtanh.
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("out", "min_val", "max_val")
    synonyms: ClassVar[tuple[str, ...]] = ("hard tanh", "clamp", "clip")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = min(max(x, min_val), max_val)",
        "dx": "dx = dout where min_val < x < max_val, else 0",
    }
    zeros: ClassVar[dict[str, str]] = {
        "x": "x is not between min_val and max_val, outside of which the curve is flat",
    }
    in_torch: ClassVar[Lines] = {"out": "F.hardtanh(x, min_val=min_val, max_val=max_val)"}
    by_hand: ClassVar[Lines] = {
        "out": "x.clamp(min_val, max_val)",
        "dx": "dout * ((x > min_val) & (x < max_val))",
    }

    min_val: float = Field(-1.0, allow_inf_nan=False, description="The lower end of the band")
    max_val: float = Field(
        1.0,
        allow_inf_nan=False,
        validate_default=True,
        description="The upper end of the band, more than min_val",
    )

    @field_validator("max_val")
    @classmethod
    def _above_min(cls, value: float, info: ValidationInfo) -> float:
        low = info.data.get("min_val", value - 1)
        if value <= low:
            raise ValueError(f"must be more than min_val, {low:g}")
        return value

    @staticmethod
    def forward(x: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> tuple[Tensor, tuple]:
        out = functional.hardtanh(x, min_val, max_val)
        return out, (out, min_val, max_val)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        return torch.ops.aten.hardtanh_backward(dout, *cache)
