"""Element-wise non-linearities: out has the shape of x, any shape."""

from typing import ClassVar

import torch
from torch import Tensor

from explorer.layers.base import Layer, Spec, require_float


class Activation(Layer):
    """What all activations share: one float input of any shape."""

    def check(self, x: Spec) -> None:
        require_float("x", x)


class ReLU(Activation):
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

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        out = torch.relu(x)
        return out, (out,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (out,) = cache
        return torch.where(out > 0, dout, 0.0)


class Sigmoid(Activation):
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

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        out = torch.sigmoid(x)
        return out, (out,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (out,) = cache
        return dout * (out * (1 - out))


class Tanh(Activation):
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

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        out = torch.tanh(x)
        return out, (out,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (out,) = cache
        return dout * (1 - out * out)
