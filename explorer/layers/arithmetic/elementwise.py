"""Functions of each number by itself: out has the shape of x, any shape."""

import math
from functools import lru_cache
from typing import ClassVar

import torch
from pydantic import Field, ValidationInfo, field_validator
from torch import Tensor

from explorer.layers.base import Elementwise
from explorer.layers.written import Lines


class Negative(Elementwise):
    """Turns the sign of each number around.

    Shapes: x any, out as x. Source: torch.neg.
    """

    family: ClassVar[str] = "Arithmetic"
    cache: ClassVar[tuple[str, ...]] = ()
    synonyms: ClassVar[tuple[str, ...]] = ("minus", "negate", "sign", "reverse gradient", "neg")
    equations: ClassVar[dict[str, str]] = {"out": "out = −x", "dx": "dx = −dout"}
    in_torch: ClassVar[Lines] = {"out": "-x"}
    by_hand: ClassVar[Lines] = {"dx": "-dout"}

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        return -x, ()

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        return -dout


class Exp(Elementwise):
    """Raises e to the power of each number: turns sums into products.

    Shapes: x any, out as x. Source: torch.exp.
    """

    family: ClassVar[str] = "Arithmetic"
    cache: ClassVar[tuple[str, ...]] = ("out",)
    synonyms: ClassVar[tuple[str, ...]] = ("exponential", "e^x", "eˣ")
    equations: ClassVar[dict[str, str]] = {"out": "out = eˣ", "dx": "dx = dout · out"}
    zeros: ClassVar[dict[str, str]] = {"x": "eˣ is 0 to the last digit"}
    in_torch: ClassVar[Lines] = {"out": "torch.exp(x)"}
    by_hand: ClassVar[Lines] = {"dx": "dout * out"}

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        out = torch.exp(x)
        return out, (out,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (out,) = cache
        return dout * out


class Log(Elementwise):
    """Takes the natural logarithm of each number: turns products into sums.

    Shapes: x any, out as x. At 0 it gives −inf, below 0 nan. Source: torch.log.
    """

    family: ClassVar[str] = "Arithmetic"
    synonyms: ClassVar[tuple[str, ...]] = ("logarithm", "ln", "log likelihood")
    infinities: ClassVar[str] = (
        "ln 0 is −∞; for a loss feed the logits to BCEWithLogitsLoss or CrossEntropyLoss, which "
        "stay finite"
    )
    equations: ClassVar[dict[str, str]] = {"out": "out = ln x", "dx": "dx = dout / x"}
    in_torch: ClassVar[Lines] = {"out": "torch.log(x)"}
    by_hand: ClassVar[Lines] = {"dx": "dout / x"}

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        return torch.log(x), (x,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (x,) = cache
        return dout / x


class Sqrt(Elementwise):
    """Takes the square root of each number.

    Shapes: x any, out as x. Below 0 it gives nan, and at 0 its gradient is infinite.
    Source: torch.sqrt.
    """

    family: ClassVar[str] = "Arithmetic"
    cache: ClassVar[tuple[str, ...]] = ("out",)
    synonyms: ClassVar[tuple[str, ...]] = ("square root", "root", "√")
    equations: ClassVar[dict[str, str]] = {"out": "out = √x", "dx": "dx = dout / (2 · out)"}
    in_torch: ClassVar[Lines] = {"out": "torch.sqrt(x)"}
    by_hand: ClassVar[Lines] = {"dx": "dout / (2 * out)"}

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        out = torch.sqrt(x)
        return out, (out,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (out,) = cache
        return dout / (2 * out)


class Abs(Elementwise):
    """Drops the sign of each number.

    Shapes: x any, out as x. The gradient at exactly 0 is 0. Source: torch.abs.
    """

    family: ClassVar[str] = "Arithmetic"
    synonyms: ClassVar[tuple[str, ...]] = ("absolute value", "magnitude", "|x|", "l1")
    equations: ClassVar[dict[str, str]] = {"out": "out = |x|", "dx": "dx = dout · sign(x)"}
    zeros: ClassVar[dict[str, str]] = {"x": "x is exactly 0, where |x| has no slope"}
    in_torch: ClassVar[Lines] = {"out": "torch.abs(x)"}
    by_hand: ClassVar[Lines] = {"dx": "dout * torch.sign(x)"}

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        return torch.abs(x), (x,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (x,) = cache
        return dout * torch.sgn(x)


class Sin(Elementwise):
    """Takes the sine of each number, an angle in radians.

    Shapes: x any, out as x. Source: torch.sin.
    """

    family: ClassVar[str] = "Arithmetic"
    synonyms: ClassVar[tuple[str, ...]] = ("sine", "siren", "periodic", "wave", "fourier features")
    equations: ClassVar[dict[str, str]] = {"out": "out = sin x", "dx": "dx = dout · cos x"}
    zeros: ClassVar[dict[str, str]] = {"x": "the sine is at its top or bottom"}
    in_torch: ClassVar[Lines] = {"out": "torch.sin(x)"}
    by_hand: ClassVar[Lines] = {"dx": "dout * torch.cos(x)"}

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        return torch.sin(x), (x,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (x,) = cache
        return dout * torch.cos(x)


class Cos(Elementwise):
    """Takes the cosine of each number, an angle in radians.

    Shapes: x any, out as x. Source: torch.cos.
    """

    family: ClassVar[str] = "Arithmetic"
    synonyms: ClassVar[tuple[str, ...]] = ("cosine", "periodic", "wave", "fourier features")
    equations: ClassVar[dict[str, str]] = {"out": "out = cos x", "dx": "dx = −dout · sin x"}
    zeros: ClassVar[dict[str, str]] = {"x": "the cosine is at its top or bottom"}
    in_torch: ClassVar[Lines] = {"out": "torch.cos(x)"}
    by_hand: ClassVar[Lines] = {"dx": "dout * -torch.sin(x)"}

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        return torch.cos(x), (x,)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        (x,) = cache
        return dout * torch.sin(x).neg_()


class Clamp(Elementwise):
    """Holds each number between a least and a largest value; either may be left open.

    Shapes: x any, out as x. The gradient at exactly min or max is passed on, as in torch.
    Source: torch.clamp.
    """

    family: ClassVar[str] = "Arithmetic"
    cache: ClassVar[tuple[str, ...]] = ("x", "min", "max")
    synonyms: ClassVar[tuple[str, ...]] = ("clip", "limit", "bound", "saturate")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = min(max(x, min), max)",
        "dx": "dx = dout where min ≤ x ≤ max, else 0",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "x is outside of min to max, where it is held"}
    in_torch: ClassVar[Lines] = {
        "out": "x if min is None and max is None else x.clamp(min=min, max=max)"
    }
    by_hand: ClassVar[Lines] = {
        "dx": "dout if min is None and max is None else dout * (x >= min) if max is None "
        "else dout * (x <= max) if min is None else dout * ((x >= min) & (x <= max))",
    }

    min: float | None = Field(
        None, allow_inf_nan=False, description="The least value; empty: as small as it comes"
    )
    max: float | None = Field(
        None, allow_inf_nan=False, description="The largest value; empty: as large as it comes"
    )

    @field_validator("max")
    @classmethod
    def _in_order(cls, largest: float | None, info: ValidationInfo) -> float | None:
        least = info.data.get("min")
        if least is not None and largest is not None and largest < least:
            raise ValueError(f"must not be below min, which is {least:g}")
        return largest

    @staticmethod
    def forward(
        x: Tensor, min: float | None = None, max: float | None = None
    ) -> tuple[Tensor, tuple]:
        is_open = min is None and max is None
        return x if is_open else torch.clamp(x, min, max), (x, min, max)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        x, least, largest = cache
        if least is None and largest is None:
            return dout
        low, high = _outside(least, -math.inf, x.dtype), _outside(largest, math.inf, x.dtype)
        return torch.ops.aten.hardtanh_backward(dout, x, low, high)


@lru_cache(maxsize=256)
def _outside(bound: float | None, far: float, dtype: torch.dtype) -> float:
    """The number next to a bound towards `far`: the slope of hardtanh stops short of its bounds,
    that of clamp includes them."""
    if bound is None:
        return far
    ends = torch.tensor([bound, far], dtype=dtype, device="cpu")
    return float(torch.nextafter(ends[0], ends[1]))
