"""Activations that let each number pass as far as a gate between 0 and 1 is open for it."""

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from explorer.layers.activations.softmax import AlongAxis
from explorer.layers.axes import divides
from explorer.layers.base import Elementwise, Mismatch, Spec
from explorer.layers.written import Lines


class GELU(Elementwise):
    """Gaussian error linear unit: weighs each number by how likely a normal one lies below it.

    Shapes: x any, out as x.
    Source: Hendrycks & Gimpel 2016, "Gaussian error linear units".
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("x", "approximate")
    synonyms: ClassVar[tuple[str, ...]] = ("gaussian error", "transformer", "smooth relu")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x · Φ(x);  tanh: Φ(x) ≈ (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2",
        "dx": "dx = dout · (Φ(x) + x · φ(x)),  φ = Φ′",
    }
    zeros: ClassVar[dict[str, str]] = {
        "x": "the curve is flat, as it is far below 0 and near −0.75",
    }
    in_torch: ClassVar[Lines] = {"out": "F.gelu(x, approximate=approximate)"}

    approximate: Literal["none", "tanh"] = Field(
        "none", description="Compute Φ exactly, or by tanh as GPT-2 does"
    )

    @staticmethod
    def forward(x: Tensor, approximate: str = "none") -> tuple[Tensor, tuple]:
        return functional.gelu(x, approximate=approximate), (x, approximate)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        x, approximate = cache
        return torch.ops.aten.gelu_backward(dout, x, approximate=approximate)

    def hand_lines(self, x: Spec) -> Lines:
        if self.approximate == "none":
            return {
                "below": "(1 + torch.erf(x / math.sqrt(2))) / 2",
                "out": "x * below",
                "dx": "dout * (below + x * torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi))",
            }
        return {
            "bend": "torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))",
            "out": "x * (1 + bend) / 2",
            "slope": "math.sqrt(2 / math.pi) * (1 + 0.134145 * x**2)",
            "dx": "dout * (1 + bend + x * (1 - bend**2) * slope) / 2",
        }


class SiLU(Elementwise):
    """Sigmoid linear unit, or swish: multiplies each number by its own sigmoid.

    Shapes: x any, out as x.
    Source: Elfwing et al. 2017, "Sigmoid-weighted linear units"; Ramachandran et al. 2017,
    "Searching for activation functions".
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("x",)
    synonyms: ClassVar[tuple[str, ...]] = ("swish", "sigmoid linear unit", "smooth relu")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x · σ(x)",
        "dx": "dx = dout · σ(x) · (1 + x · (1 − σ(x)))",
    }
    zeros: ClassVar[dict[str, str]] = {
        "x": "the curve is flat, as it is far below 0 and near −1.28",
    }
    in_torch: ClassVar[Lines] = {"out": "F.silu(x)"}
    by_hand: ClassVar[Lines] = {
        "gate": "1 / (1 + torch.exp(-x))",
        "out": "x * gate",
        "dx": "dout * gate * (1 + x * (1 - gate))",
    }

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        return functional.silu(x), (x,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (x,) = cache
        return torch.ops.aten.silu_backward(dout, x)


class Mish(Elementwise):
    """Much like SiLU, with tanh of a softplus as its gate.

    Shapes: x any, out as x.
    Source: Misra 2019, "Mish: a self regularized non-monotonic activation function".
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("x",)
    synonyms: ClassVar[tuple[str, ...]] = ("smooth relu",)
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x · t,  t = tanh(ln(1 + eˣ))",
        "dx": "dx = dout · (t + x · (1 − t²) · σ(x))",
    }
    zeros: ClassVar[dict[str, str]] = {
        "x": "the curve is flat, as it is far below 0 and near −1.19",
    }
    in_torch: ClassVar[Lines] = {"out": "F.mish(x)"}
    by_hand: ClassVar[Lines] = {
        "gate": "torch.tanh(F.softplus(x))",
        "out": "x * gate",
        "dx": "dout * (gate + x * (1 - gate**2) * torch.sigmoid(x))",
    }

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        return functional.mish(x), (x,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (x,) = cache
        return torch.ops.aten.mish_backward(dout, x)


class Hardswish(Elementwise):
    """A swish whose gate is a hard sigmoid: nearly as good, and cheap on small devices.

    Shapes: x any, out as x.
    Source: Howard et al. 2019, "Searching for MobileNetV3".
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("x",)
    synonyms: ClassVar[tuple[str, ...]] = ("hard swish", "mobilenet")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x · min(max(x + 3, 0), 6) / 6",
        "dx": "dx = dout · (x / 3 + 1/2) where −3 < x < 3;  dout above, 0 below",
    }
    zeros: ClassVar[dict[str, str]] = {
        "x": "the curve is flat, as it is from −3 downwards and at −1.5",
    }
    in_torch: ClassVar[Lines] = {"out": "F.hardswish(x)"}
    by_hand: ClassVar[Lines] = {
        "out": "x * (x + 3).clamp(0, 6) / 6",
        "dx": "dout * torch.where(x < 3, (x / 3 + 0.5) * (x > -3), 1)",
    }

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        return functional.hardswish(x), (x,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (x,) = cache
        return torch.ops.aten.hardswish_backward(dout, x)


class GLU(AlongAxis):
    """Gated linear unit: one half of the features opens and closes a gate for the other half.

    Shapes: x (*, 2M, *), out (*, M, *); the axis dim is halved.
    Source: Dauphin et al. 2017, "Language modeling with gated convolutional networks".
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("x", "dim")
    synonyms: ClassVar[tuple[str, ...]] = ("gate", "gated linear unit")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = a · σ(b),  a and b the halves of x along dim",
        "dx": "da = dout · σ(b);  db = dout · a · σ(b) · (1 − σ(b))",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "the gate is closed, or saturated"}
    in_torch: ClassVar[Lines] = {"out": "F.glu(x, dim=dim)"}
    by_hand: ClassVar[Lines] = {
        "value": "x.chunk(2, dim)[0]",
        "gate": "torch.sigmoid(x.chunk(2, dim)[1])",
        "out": "value * gate",
        "dx": "torch.cat((dout * gate, dout * value * gate * (1 - gate)), dim)",
    }

    @staticmethod
    def forward(x: Tensor, dim: int = -1) -> tuple[Tensor, tuple]:
        return functional.glu(x, dim), (x, dim)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        x, dim = cache
        return torch.ops.aten.glu_backward(dout, x, dim)

    def check(self, x: Spec) -> None:
        super().check(x)
        size = x.shape[self.dim]
        if not divides(2, size):
            hint = "choose a dim that is not the batch's"
            if isinstance(size, int):
                hint = f"make it {size + 1} in the layer before, or choose another dim"
            raise Mismatch("x", f"an even size along axis {self.dim}, to halve it", hint)
