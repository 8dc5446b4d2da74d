"""Many numbers to fewer: along one axis, along some, or down to one number."""

import math
from typing import Annotated, Any, ClassVar, Literal

import torch
from pydantic import BeforeValidator, Field
from torch import Tensor

from explorer.layers.axes import require_axis
from explorer.layers.base import Layer, Mismatch, Spec, require_float
from explorer.layers.written import Lines, Unwritable

Dims = int | tuple[int, ...] | None


class Reduction(Layer):
    """What all reductions share: the axes to reduce, all of them by default."""

    dim: Dims = Field(
        None, description="Axis or axes to reduce; empty means all, down to one number"
    )
    keepdim: bool = Field(False, description="Keep reduced axes, with length 1")

    def check(self, x: Spec) -> None:
        require_float("x", x)
        named = (self.dim,) if isinstance(self.dim, int) else self.dim or ()
        axes = [require_axis("x", x.shape, axis) for axis in named]
        if len(set(axes)) < len(axes):
            raise Mismatch("x", "each axis named once in dim", "remove the repeated axis")

    def hand_lines(self, x: Spec) -> Lines:
        """`by_hand`, in which `dkept` is dout with the reduced axes back, each of length 1."""
        kept = "dout.reshape(x.amax(dim, keepdim=True).shape)"
        if self.keepdim or not self._reduces_some:
            kept = "dout"
        elif isinstance(self.dim, int):
            kept = "dout.unsqueeze(dim)"
        return {name: line.replace("dkept", kept) for name, line in type(self).by_hand.items()}

    @property
    def _reduces_some(self) -> bool:
        """Whether there are axes that it leaves."""
        return self.dim is not None and self.dim != ()


def _axes(dim: Dims, rank: int) -> tuple[int, ...]:
    if dim is None or dim == ():
        return tuple(range(rank))
    axes = (dim,) if isinstance(dim, int) else dim
    return tuple(axis + rank if axis < 0 else axis for axis in axes)


def _kept(reduced: Tensor, shape: torch.Size, dim: Dims) -> Tensor:
    """A reduced tensor with its reduced axes back, each of length 1."""
    axes = _axes(dim, len(shape))
    return reduced.reshape([1 if axis in axes else size for axis, size in enumerate(shape)])


def _shared(dout: Tensor, wins: Tensor, dim: Dims) -> Tensor:
    """The gradient of each largest number, split evenly where several are largest."""
    count = wins.sum(_axes(dim, wins.dim()), keepdim=True)
    return wins * (_kept(dout, wins.shape, dim) / count)


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
    in_torch: ClassVar[Lines] = {
        "out": "x.sum(dim, keepdim=keepdim) if keepdim or dim is not None else x.sum()"
    }
    by_hand: ClassVar[Lines] = {"dx": "dkept.expand_as(x)"}

    @staticmethod
    def forward(x: Tensor, dim: Dims = None, keepdim: bool = False) -> tuple[Tensor, tuple]:
        return x.sum(_axes(dim, x.dim()), keepdim=keepdim), (x.shape, dim)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        shape, dim = cache
        return _kept(dout, shape, dim).expand(shape)


class Mean(Reduction):
    """Averages along some axes, or over everything.

    Shapes: x any; out x's without the reduced axes; () by default.
    """

    family: ClassVar[str] = "Arithmetic"
    cache: ClassVar[tuple[str, ...]] = ("shape", "dim")
    synonyms: ClassVar[tuple[str, ...]] = ("average", "reduce", "global average pooling", "μ")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = Σ x / n, n how many are averaged",
        "dx": "dx = dout / n, repeated for every x",
    }
    in_torch: ClassVar[Lines] = {
        "out": "x.mean(dim, keepdim=keepdim) if keepdim or dim is not None else x.mean()"
    }
    by_hand: ClassVar[Lines] = {"dx": "dkept.expand_as(x) * (out.numel() / x.numel())"}

    @staticmethod
    def forward(x: Tensor, dim: Dims = None, keepdim: bool = False) -> tuple[Tensor, tuple]:
        return x.mean(_axes(dim, x.dim()), keepdim=keepdim), (x.shape, dim)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        shape, dim = cache
        spread = _kept(dout, shape, dim).expand(shape)
        return spread * (dout.numel() / max(spread.numel(), 1))


class Max(Reduction):
    """Keeps the largest number along some axes, or of all.

    Shapes: x any; out x's without the reduced axes; () by default.
    Source: torch.amax. Where several are largest they share the gradient evenly.
    """

    family: ClassVar[str] = "Arithmetic"
    cache: ClassVar[tuple[str, ...]] = ("x", "out", "dim")
    synonyms: ClassVar[tuple[str, ...]] = ("largest", "amax", "reduce", "global max pooling")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = max x",
        "dx": "dx = dout / m where x = out, else 0; m how many are largest",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "another number was the largest"}
    in_torch: ClassVar[Lines] = {
        "out": "x.amax(keepdim=keepdim) if dim is None else x.amax(dim, keepdim=keepdim)"
    }
    by_hand: ClassVar[Lines] = {
        "largest": "x == (x.amax() if dim is None else x.amax(dim, keepdim=True))",
        "count": "largest.sum() if dim is None else largest.sum(dim, keepdim=True)",
        "dx": "largest * dkept / count",
    }

    @staticmethod
    def forward(x: Tensor, dim: Dims = None, keepdim: bool = False) -> tuple[Tensor, tuple]:
        out = x.amax(_axes(dim, x.dim()), keepdim=keepdim)
        return out, (x, out, dim)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        x, out, dim = cache
        return _shared(dout, x == _kept(out, x.shape, dim), dim)


class Var(Reduction):
    """Measures how far numbers spread around their mean: the average squared distance from it.

    Shapes: x any; out x's without the reduced axes; () by default.
    Source: torch.var.
    """

    family: ClassVar[str] = "Arithmetic"
    cache: ClassVar[tuple[str, ...]] = ("x", "dim", "correction")
    synonyms: ClassVar[tuple[str, ...]] = ("variance", "spread", "second moment", "σ²")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = Σ (x − μ)² / (n − correction), n how many, μ their mean",
        "dx": "dx = 2 (x − μ) / (n − correction) · dout",
    }
    zeros: ClassVar[dict[str, str]] = {
        "x": "x is the mean itself, where the variance is at its bottom",
    }
    in_torch: ClassVar[Lines] = {"out": "x.var(dim, correction=correction, keepdim=keepdim)"}
    by_hand: ClassVar[Lines] = {
        "away": "x - (x.mean() if dim is None else x.mean(dim, keepdim=True))",
        "dx": "2 * away * dkept / (x.numel() // out.numel() - correction)",
    }

    correction: int = Field(
        1, ge=0, le=65536, description="Taken off n: 1 for a sample, 0 for all there is"
    )

    @staticmethod
    def forward(
        x: Tensor, dim: Dims = None, correction: int = 1, keepdim: bool = False
    ) -> tuple[Tensor, tuple]:
        out = x.var(_axes(dim, x.dim()), correction=correction, keepdim=keepdim)
        return out, (x, dim, correction)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        x, dim, correction = cache
        count = x.numel() // max(dout.numel(), 1)
        scale = 2 / (count - correction) if count > correction else math.nan
        away = x - x.mean(_axes(dim, x.dim()), keepdim=True)
        return away * (_kept(dout, x.shape, dim) * scale)

    def check(self, x: Spec) -> None:
        super().check(x)
        lengths = [x.shape[axis] for axis in _axes(self.dim, len(x.shape))]
        known = [length for length in lengths if isinstance(length, int)]
        if len(known) == len(lengths) and math.prod(known) <= self.correction:
            raise Mismatch(
                "x",
                f"more than {self.correction} number{'s' * (self.correction != 1)} "
                f"to take a variance of",
                "reduce a longer axis, or set correction to 0",
            )


def _as_word(p: Any) -> Any:
    """p as the setting spells it: 2, 2.0 and "2" are one, and so are inf and "inf"."""
    return f"{p:g}" if isinstance(p, int | float) else p


class Norm(Reduction):
    """Measures how long a vector is, along some axes or of everything.

    Shapes: x any; out x's without the reduced axes; () by default.
    Source: torch.linalg.vector_norm. The gradient of a vector of zeros is 0; with p = inf the
    numbers of largest size share the gradient evenly.
    """

    family: ClassVar[str] = "Arithmetic"
    cache: ClassVar[tuple[str, ...]] = ("x", "out", "p", "dim")
    synonyms: ClassVar[tuple[str, ...]] = (
        *("length", "magnitude", "distance", "euclidean", "l1", "l2"),
        *("weight decay", "penalty", "‖x‖"),
    )
    equations: ClassVar[dict[str, str]] = {
        "out": "out = (Σ |x|ᵖ)^(1/p), with p = inf max |x|",
        "dx": "dx = x / out · dout; p = 1: sign(x) · dout; p = inf: sign(x) · dout where |x| = out",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "x is 0 itself, or is not the largest with p = inf"}
    by_hand: ClassVar[Lines] = {
        "length": "torch.linalg.vector_norm(x, dim=dim, keepdim=True).clamp(min=1e-12)",
        "dx": "torch.sign(x) * dkept if p == '1' else x / length * dkept",
    }

    p: Annotated[Literal["1", "2", "inf"], BeforeValidator(_as_word)] = Field(
        "2", description="Add up sizes (1) or squares under a root (2), or take the largest (inf)"
    )

    @staticmethod
    def forward(
        x: Tensor, p: str | float = 2, dim: Dims = None, keepdim: bool = False
    ) -> tuple[Tensor, tuple]:
        axes = _axes(dim, x.dim())
        out = torch.linalg.vector_norm(x, float(p), axes, keepdim=keepdim)
        return out, (x, out, float(p), dim)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        x, out, p, dim = cache
        if p == 2:
            scale = (dout / out).masked_fill_(out == 0, 0.0)
            return x * _kept(scale, x.shape, dim)
        if p == 1:
            return torch.sgn(x) * _kept(dout, x.shape, dim)
        return torch.sgn(x) * _shared(dout, torch.abs(x) == _kept(out, x.shape, dim), dim)

    def torch_lines(self, x: Spec) -> Lines:
        power = {"1": "1", "2": "2", "inf": "math.inf"}[self.p]
        return {"out": f"torch.linalg.vector_norm(x, {power}, dim=dim, keepdim=keepdim)"}

    def hand_lines(self, x: Spec) -> Lines:
        if self.p == "inf":
            raise Unwritable(
                "takes the largest number as a norm", "put an Abs and a Max in its place"
            )
        return super().hand_lines(x)
