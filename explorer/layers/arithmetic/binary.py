"""Plain arithmetic on two tensors; a and b broadcast as in torch."""

from itertools import combinations
from typing import Any, ClassVar

import torch
from torch import Tensor

from explorer.layers.base import Layer, Mismatch, Shape, Spec, require_float, shape_text, sum_to
from explorer.layers.written import Lines


def broadcasts(a: Shape, b: Shape) -> bool:
    """Whether two shapes, which may hold the symbol "N", broadcast together."""
    short = min(len(a), len(b))
    tail_a, tail_b = a[len(a) - short :], b[len(b) - short :]
    return all(m == n or 1 in (m, n) for m, n in zip(tail_a, tail_b, strict=True))


def require_broadcast(**shapes: Shape) -> None:
    """Raise Mismatch where the shapes at these ports do not broadcast, or only by accident."""
    for (a, m), (b, n) in combinations(shapes.items(), 2):
        if not broadcasts(m, n):
            raise Mismatch(
                b,
                f"{a} and {b} of one shape, or shapes that broadcast ({a} is {shape_text(m)})",
                "make both paths end in the same number of features",
            )
        if _has_rows(m) and _has_rows(n) and len(m) != len(n):
            raise Mismatch(
                b,
                f"{a} and {b} with as many axes as each other ({a} is {shape_text(m)})",
                "otherwise each row meets every other row: "
                "Unsqueeze the shorter one or Flatten the longer",
            )


def _has_rows(shape: Shape) -> bool:
    return any(isinstance(dim, str) for dim in shape)


class Binary(Layer):
    """What all two-input operations share: ports a and b, broadcast against each other."""

    inputs: ClassVar[tuple[str, ...]] = ("a", "b")
    differentiable: ClassVar[tuple[str, ...]] = ("a", "b")
    cache: ClassVar[tuple[str, ...]] = ("a", "b")

    def check(self, a: Spec, b: Spec) -> None:
        for port, spec in (("a", a), ("b", b)):
            require_float(port, spec)
        require_broadcast(a=a.shape, b=b.shape)


class Add(Binary):
    """Adds two tensors: where a skip connection joins its path.

    Shapes: a, b any that broadcast; out their broadcast shape.
    """

    family: ClassVar[str] = "Arithmetic"
    cache: ClassVar[tuple[str, ...]] = ("shape of a", "shape of b")
    synonyms: ClassVar[tuple[str, ...]] = ("plus", "sum", "skip", "residual", "+")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = a + b",
        "da": "da = dout",
        "db": "db = dout",
    }
    in_torch: ClassVar[Lines] = {"out": "a + b"}
    by_hand: ClassVar[Lines] = {
        "da": "sum_to(dout, a)",
        "db": "sum_to(dout, b)",
    }

    @staticmethod
    def forward(a: Tensor, b: Tensor) -> tuple[Tensor, tuple]:
        return a + b, (a.shape, b.shape)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("a", "b")
    ) -> tuple[Tensor | None, Tensor | None]:
        shape_a, shape_b = cache
        return (
            sum_to(dout, shape_a) if "a" in needs else None,
            sum_to(dout, shape_b) if "b" in needs else None,
        )


class Subtract(Binary):
    """Takes the second tensor away from the first.

    Shapes: a, b any that broadcast; out their broadcast shape.
    Source: torch.sub.
    """

    family: ClassVar[str] = "Arithmetic"
    cache: ClassVar[tuple[str, ...]] = ("shape of a", "shape of b")
    synonyms: ClassVar[tuple[str, ...]] = ("minus", "difference", "sub", "-", "−")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = a − b",
        "da": "da = dout",
        "db": "db = −dout",
    }
    in_torch: ClassVar[Lines] = {"out": "a - b"}
    by_hand: ClassVar[Lines] = {
        "da": "sum_to(dout, a)",
        "db": "sum_to(-dout, b)",
    }

    @staticmethod
    def forward(a: Tensor, b: Tensor) -> tuple[Tensor, tuple]:
        return a - b, (a.shape, b.shape)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("a", "b")
    ) -> tuple[Tensor | None, Tensor | None]:
        shape_a, shape_b = cache
        return (
            sum_to(dout, shape_a) if "a" in needs else None,
            -sum_to(dout, shape_b) if "b" in needs else None,
        )


class Multiply(Binary):
    """Multiplies two tensors element by element: a gate.

    Shapes: a, b any that broadcast; out their broadcast shape.
    """

    family: ClassVar[str] = "Arithmetic"
    synonyms: ClassVar[tuple[str, ...]] = ("times", "product", "gate", "hadamard", "mul", "*")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = a · b",
        "da": "da = dout · b",
        "db": "db = dout · a",
    }
    zeros: ClassVar[dict[str, str]] = {
        "a": "the b that it is multiplied with is 0",
        "b": "the a that it is multiplied with is 0",
    }
    in_torch: ClassVar[Lines] = {"out": "a * b"}
    by_hand: ClassVar[Lines] = {
        "da": "sum_to(dout * b, a)",
        "db": "sum_to(dout * a, b)",
    }

    @staticmethod
    def forward(a: Tensor, b: Tensor) -> tuple[Tensor, tuple]:
        return a * b, (a, b)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("a", "b")
    ) -> tuple[Tensor | None, Tensor | None]:
        a, b = cache
        return (
            sum_to(dout * b, a.shape) if "a" in needs else None,
            sum_to(dout * a, b.shape) if "b" in needs else None,
        )


class Divide(Binary):
    """Divides the first tensor by the second, element by element.

    Shapes: a, b any that broadcast; out their broadcast shape. By 0 it gives ±inf or nan.
    Source: torch.div.
    """

    family: ClassVar[str] = "Arithmetic"
    synonyms: ClassVar[tuple[str, ...]] = ("quotient", "ratio", "over", "reciprocal", "div", "/")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = a / b",
        "da": "da = dout / b",
        "db": "db = −dout · a / b²",
    }
    zeros: ClassVar[dict[str, str]] = {"b": "the a that it divides is 0"}
    in_torch: ClassVar[Lines] = {"out": "a / b"}
    by_hand: ClassVar[Lines] = {
        "da": "sum_to(dout / b, a)",
        "db": "sum_to(dout * -a / b**2, b)",
    }

    @staticmethod
    def forward(a: Tensor, b: Tensor) -> tuple[Tensor, tuple]:
        return a / b, (a, b)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("a", "b")
    ) -> tuple[Tensor | None, Tensor | None]:
        a, b = cache
        share = dout / b
        return (
            sum_to(share, a.shape) if "a" in needs else None,
            # Twice by b, since b² is 0 or inf long before b is.
            -sum_to(share * (a / b), b.shape) if "b" in needs else None,
        )


class Power(Binary):
    """Raises the first tensor to the power of the second: squares, roots and the like.

    Shapes: a, b any that broadcast; out their broadcast shape.
    Source: torch.pow. At b = 0 da is 0, and at a = 0 with b ≥ 0 db is 0, their limits; for a
    below 0 db is nan, and so is out where b has a fraction.
    """

    family: ClassVar[str] = "Arithmetic"
    synonyms: ClassVar[tuple[str, ...]] = ("exponent", "square", "pow", "root", "**", "^")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = aᵇ",
        "da": "da = dout · b · aᵇ⁻¹",
        "db": "db = dout · out · ln a",
    }
    in_torch: ClassVar[Lines] = {"out": "a**b"}
    by_hand: ClassVar[Lines] = {
        "da": "sum_to(dout * b * a ** (b - 1), a)",
        "db": "sum_to(dout * out * torch.log(a), b)",
    }

    @staticmethod
    def forward(a: Tensor, b: Tensor) -> tuple[Tensor, tuple]:
        return torch.pow(a, _exponent(b)), (a, b)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("a", "b")
    ) -> tuple[Tensor | None, Tensor | None]:
        a, b = cache
        exponent = _exponent(b)
        da = db = None
        if "a" in needs:
            # At b = 0 the power is 0 rather than −1, which at a = 0 would make it 0 · inf.
            slope = exponent * torch.pow(a, exponent - 1 + (exponent == 0))
            da = sum_to(dout * slope, a.shape)
        if "b" in needs:
            # Computed again: most exponents are constants, for which keeping out would be waste.
            slope = torch.pow(a, exponent) * torch.log(a)
            slope.masked_fill_((a == 0) & (exponent >= 0), 0.0)
            db = sum_to(dout * slope, b.shape)
        return da, db


def _exponent(b: Tensor) -> Any:
    """b as a plain number where that costs no waiting: torch then makes a² of it, say, or √a."""
    is_plain = b.dim() == 0 and b.device.type == "cpu" and not b.requires_grad
    return b.item() if is_plain else b


def _to_larger(dout: Tensor, a: Tensor, b: Tensor) -> Tensor:
    """The gradient where a > b, and half of it where they are equal.

    Elsewhere it is 0 even if dout is inf, as it is where the root of a maximum is taken at 0.
    """
    won = torch.ops.aten.threshold_backward(dout, a - b, 0)
    return torch.where(a == b, dout / 2, won)


class Maximum(Binary):
    """Keeps the larger of two numbers, element by element.

    Shapes: a, b any that broadcast; out their broadcast shape.
    Source: torch.maximum. Where a = b each gets half of the gradient.
    """

    family: ClassVar[str] = "Arithmetic"
    synonyms: ClassVar[tuple[str, ...]] = ("larger", "greater", "max of two", "maxout")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = max(a, b)",
        "da": "da = dout where a > b, dout / 2 where a = b, else 0",
        "db": "db = dout where b > a, dout / 2 where a = b, else 0",
    }
    zeros: ClassVar[dict[str, str]] = {
        "a": "b is the larger one here",
        "b": "a is the larger one here",
    }
    in_torch: ClassVar[Lines] = {"out": "torch.maximum(a, b)"}
    by_hand: ClassVar[Lines] = {
        "da": "sum_to(dout * ((a > b) + 0.5 * (a == b)), a)",
        "db": "sum_to(dout * ((b > a) + 0.5 * (a == b)), b)",
    }

    @staticmethod
    def forward(a: Tensor, b: Tensor) -> tuple[Tensor, tuple]:
        return torch.maximum(a, b), (a, b)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("a", "b")
    ) -> tuple[Tensor | None, Tensor | None]:
        a, b = cache
        return (
            sum_to(_to_larger(dout, a, b), a.shape) if "a" in needs else None,
            sum_to(_to_larger(dout, b, a), b.shape) if "b" in needs else None,
        )


class Minimum(Binary):
    """Keeps the smaller of two numbers, element by element.

    Shapes: a, b any that broadcast; out their broadcast shape.
    Source: torch.minimum. Where a = b each gets half of the gradient.
    """

    family: ClassVar[str] = "Arithmetic"
    synonyms: ClassVar[tuple[str, ...]] = ("smaller", "less", "min of two")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = min(a, b)",
        "da": "da = dout where a < b, dout / 2 where a = b, else 0",
        "db": "db = dout where b < a, dout / 2 where a = b, else 0",
    }
    zeros: ClassVar[dict[str, str]] = {
        "a": "b is the smaller one here",
        "b": "a is the smaller one here",
    }
    in_torch: ClassVar[Lines] = {"out": "torch.minimum(a, b)"}
    by_hand: ClassVar[Lines] = {
        "da": "sum_to(dout * ((a < b) + 0.5 * (a == b)), a)",
        "db": "sum_to(dout * ((b < a) + 0.5 * (a == b)), b)",
    }

    @staticmethod
    def forward(a: Tensor, b: Tensor) -> tuple[Tensor, tuple]:
        return torch.minimum(a, b), (a, b)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("a", "b")
    ) -> tuple[Tensor | None, Tensor | None]:
        a, b = cache
        return (
            sum_to(_to_larger(dout, b, a), a.shape) if "a" in needs else None,
            sum_to(_to_larger(dout, a, b), b.shape) if "b" in needs else None,
        )
