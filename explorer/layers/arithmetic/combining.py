"""Layers that make one tensor out of several: as many as a setting says, or by a condition."""

from typing import ClassVar

import torch
from pydantic import Field, ValidationInfo, field_validator
from torch import Tensor

from explorer.layers.arithmetic.binary import require_broadcast
from explorer.layers.base import Layer, Spec, require_float, sum_to
from explorer.layers.written import Lines


class Many(Layer):
    """What layers with any number of inputs share: `count` says how many, x1, x2 …"""

    inputs: ClassVar[tuple[str, ...]] = ("x1", "x2")
    differentiable: ClassVar[tuple[str, ...]] = ("x1", "x2")

    count: int = Field(2, ge=2, le=16, description="How many inputs")

    @property
    def takes(self) -> tuple[str, ...]:
        return tuple(f"x{number}" for number in range(1, self.count + 1))

    @property
    def learns(self) -> tuple[str, ...]:
        return self.takes


def asked(needs: tuple[str, ...] | None, count: int) -> list[bool]:
    """Whether the gradient is wanted of x1, x2 …; None wants them all."""
    return [needs is None or f"x{number}" in needs for number in range(1, count + 1)]


class WeightedSum(Many):
    """Adds several tensors up, each with a weight of its own: joins several losses into one.

    Shapes: x1, x2 … any that broadcast; out their broadcast shape.
    """

    family: ClassVar[str] = "Arithmetic"
    cache: ClassVar[tuple[str, ...]] = ("shapes", "factors")
    stem: ClassVar[str] = "weighted"
    synonyms: ClassVar[tuple[str, ...]] = (
        *("loss weight", "loss weights", "combine losses", "several losses", "multi-task"),
        *("linear combination", "blend", "mix", "weighted average"),
    )
    equations: ClassVar[dict[str, str]] = {
        "out": "out = f₁ · x1 + f₂ · x2 + …, f the factors",
        "dx1": "dx1 = f₁ · dout",
        "dx2": "dx2 = f₂ · dout, and so on",
    }

    factors: tuple[float, ...] = Field(
        (), description="The weight of each input, in their order; 1 for those not listed"
    )

    @field_validator("factors")
    @classmethod
    def _one_each(cls, factors: tuple[float, ...], info: ValidationInfo) -> tuple[float, ...]:
        count = info.data.get("count", len(factors))
        if len(factors) > count:
            raise ValueError(f"must be at most {count} numbers, one for each input")
        if any(not abs(factor) < float("inf") for factor in factors):
            raise ValueError("must be finite numbers")
        return factors

    @staticmethod
    def forward(*xs: Tensor, factors: tuple[float, ...] = ()) -> tuple[Tensor, tuple]:
        factors = (*factors, *(1.0 for _ in xs[len(factors) :]))
        out = xs[0] if factors[0] == 1 else xs[0] * factors[0]
        for x, factor in zip(xs[1:], factors[1:], strict=True):
            out = torch.add(out, x, alpha=factor)
        return out, (tuple(x.shape for x in xs), factors)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] | None = None
    ) -> tuple[Tensor | None, ...]:
        shapes, factors = cache
        return tuple(
            _scaled(sum_to(dout, shape), factor) if is_wanted else None
            for shape, factor, is_wanted in zip(
                shapes, factors, asked(needs, len(shapes)), strict=True
            )
        )

    def check(self, *xs: Spec) -> None:
        for port, x in zip(self.takes, xs, strict=True):
            require_float(port, x)
        require_broadcast(**{port: x.shape for port, x in zip(self.takes, xs, strict=True)})

    def torch_lines(self, *xs: Spec) -> Lines:
        terms = [f"{factor:g} * {port}" for port, factor in self._factors.items()]
        return {"out": " + ".join(terms).replace("+ -", "- ")}

    def hand_lines(self, *xs: Spec) -> Lines:
        return {
            f"d{port}": f"sum_to(dout * {factor!r}, {port})"
            for port, factor in self._factors.items()
        }

    @property
    def _factors(self) -> dict[str, float]:
        """Every input's, by its port."""
        return dict(zip(self.takes, (*self.factors, *(1.0,) * self.count), strict=False))


def _scaled(gradient: Tensor, factor: float) -> Tensor:
    return gradient if factor == 1 else gradient * factor


class Where(Layer):
    """Picks from a where a condition is true, that is not 0, and from b elsewhere.

    Shapes: condition, a, b any that broadcast; out their broadcast shape.
    Source: torch.where.
    """

    family: ClassVar[str] = "Arithmetic"
    inputs: ClassVar[tuple[str, ...]] = ("condition", "a", "b")
    differentiable: ClassVar[tuple[str, ...]] = ("a", "b")
    cache: ClassVar[tuple[str, ...]] = ("condition is true", "shape of a", "shape of b")
    synonyms: ClassVar[tuple[str, ...]] = ("if", "choose", "switch", "mask", "piecewise")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = a where condition ≠ 0, else b",
        "da": "da = dout where condition ≠ 0, else 0",
        "db": "db = 0 where condition ≠ 0, else dout",
    }
    zeros: ClassVar[dict[str, str]] = {
        "a": "the condition is not true here, so that b was taken",
        "b": "the condition is true here, so that a was taken",
    }
    in_torch: ClassVar[Lines] = {"out": "torch.where(condition != 0, a, b)"}
    by_hand: ClassVar[Lines] = {
        "da": "sum_to(torch.where(condition != 0, dout, 0), a)",
        "db": "sum_to(torch.where(condition != 0, 0, dout), b)",
    }

    @staticmethod
    def forward(condition: Tensor, a: Tensor, b: Tensor) -> tuple[Tensor, tuple]:
        is_true = condition if condition.dtype == torch.bool else condition != 0
        return torch.where(is_true, a, b), (is_true, a.shape, b.shape)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("a", "b")
    ) -> tuple[Tensor | None, Tensor | None]:
        is_true, shape_a, shape_b = cache
        return (
            sum_to(torch.where(is_true, dout, 0.0), shape_a) if "a" in needs else None,
            sum_to(torch.where(is_true, 0.0, dout), shape_b) if "b" in needs else None,
        )

    def check(self, condition: Spec, a: Spec, b: Spec) -> None:
        for port, spec in (("a", a), ("b", b)):
            require_float(port, spec)
        require_broadcast(condition=condition.shape, a=a.shape, b=b.shape)
