"""Plain arithmetic on tensors; a and b broadcast as in torch."""

from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.base import Layer, Mismatch, Shape, Spec, require_float, shape_text, sum_to


def broadcasts(a: Shape, b: Shape) -> bool:
    """Whether two shapes, which may hold the symbol "N", broadcast together."""
    short = min(len(a), len(b))
    tail_a, tail_b = a[len(a) - short :], b[len(b) - short :]
    return all(m == n or 1 in (m, n) for m, n in zip(tail_a, tail_b, strict=True))


class Binary(Layer):
    """What all two-input operations share: ports a and b, broadcast against each other."""

    inputs: ClassVar[tuple[str, ...]] = ("a", "b")
    differentiable: ClassVar[tuple[str, ...]] = ("a", "b")

    def check(self, a: Spec, b: Spec) -> None:
        for port, spec in (("a", a), ("b", b)):
            require_float(port, spec)
        if not broadcasts(a.shape, b.shape):
            raise Mismatch(
                "b",
                f"a and b of one shape, or shapes that broadcast (a is {shape_text(a.shape)})",
                "make both paths end in the same number of features",
            )
        if "N" in a.shape and "N" in b.shape and len(a.shape) != len(b.shape):
            raise Mismatch(
                "b",
                f"a and b with as many axes as each other (a is {shape_text(a.shape)})",
                "otherwise each row meets every other row: Flatten the longer one",
            )


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


class Multiply(Binary):
    """Multiplies two tensors element by element: a gate.

    Shapes: a, b any that broadcast; out their broadcast shape.
    """

    family: ClassVar[str] = "Arithmetic"
    cache: ClassVar[tuple[str, ...]] = ("a", "b")
    synonyms: ClassVar[tuple[str, ...]] = ("times", "product", "gate", "hadamard", "mul", "*")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = a · b",
        "da": "da = dout · b",
        "db": "db = dout · a",
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


class Reduction(Layer):
    """What Sum and Mean share: the axes to reduce, all of them by default."""

    dim: int | tuple[int, ...] | None = Field(
        None, description="Axis or axes to reduce; empty means all, down to one number"
    )
    keepdim: bool = Field(False, description="Keep reduced axes, with length 1")

    def check(self, x: Spec) -> None:
        require_float("x", x)
        rank = len(x.shape)
        axes = _axes(self.dim, rank)
        if any(not 0 <= axis < rank for axis in axes):
            raise Mismatch("x", f"an axis {self.dim}", f"choose dim between {-rank} and {rank - 1}")
        if len(set(axes)) < len(axes):
            raise Mismatch("x", "each axis named once in dim", "remove the repeated axis")


def _axes(dim: int | tuple[int, ...] | None, rank: int) -> tuple[int, ...]:
    if dim is None or dim == ():
        return tuple(range(rank))
    axes = (dim,) if isinstance(dim, int) else dim
    return tuple(axis + rank if axis < 0 else axis for axis in axes)


def _spread(dout: Tensor, shape: torch.Size, dim: int | tuple[int, ...] | None) -> Tensor:
    """Repeat a reduced gradient along the axes that were reduced away."""
    kept = [1 if axis in _axes(dim, len(shape)) else size for axis, size in enumerate(shape)]
    return dout.reshape(kept).expand(shape)


class Sum(Reduction):
    """Adds numbers up along some axes, or all of them.

    Shapes: x any; out x's without the reduced axes; () by default.
    """

    family: ClassVar[str] = "Arithmetic"
    cache: ClassVar[tuple[str, ...]] = ("shape", "dim")
    synonyms: ClassVar[tuple[str, ...]] = ("total", "reduce", "Σ")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = Σ x",
        "dx": "dx = dout, repeated for every x",
    }

    @staticmethod
    def forward(
        x: Tensor, dim: int | tuple[int, ...] | None = None, keepdim: bool = False
    ) -> tuple[Tensor, tuple]:
        return x.sum(_axes(dim, x.dim()), keepdim=keepdim), (x.shape, dim)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        shape, dim = cache
        return _spread(dout, shape, dim)


class Mean(Reduction):
    """Averages along some axes, or over everything.

    Shapes: x any; out x's without the reduced axes; () by default.
    """

    family: ClassVar[str] = "Arithmetic"
    cache: ClassVar[tuple[str, ...]] = ("shape", "dim")
    synonyms: ClassVar[tuple[str, ...]] = ("average", "reduce", "μ")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = Σ x / n, n how many are averaged",
        "dx": "dx = dout / n, repeated for every x",
    }

    @staticmethod
    def forward(
        x: Tensor, dim: int | tuple[int, ...] | None = None, keepdim: bool = False
    ) -> tuple[Tensor, tuple]:
        return x.mean(_axes(dim, x.dim()), keepdim=keepdim), (x.shape, dim)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        shape, dim = cache
        spread = _spread(dout, shape, dim)
        return spread * (dout.numel() / max(spread.numel(), 1))
