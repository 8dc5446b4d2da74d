"""Products of two matrices that both come by wire, and the layer that does nothing."""

from itertools import zip_longest
from typing import ClassVar

import torch
from torch import Tensor

from explorer.layers.arithmetic.binary import broadcasts
from explorer.layers.base import Layer, Mismatch, Shape, Spec, require_float, shape_text, sum_to
from explorer.layers.written import Lines, Unwritable


class MatMul(Layer):
    """Multiplies two matrices, or each of a batch of them with its fellow: the heart of attention.

    Shapes: a (*, I, K), b (*, K, J), out (*, I, J), where * broadcast; a (K,) is a row and b (K,)
    a column, and that axis is missing in out.
    Source: torch.matmul.
    """

    family: ClassVar[str] = "Linear"
    inputs: ClassVar[tuple[str, ...]] = ("a", "b")
    differentiable: ClassVar[tuple[str, ...]] = ("a", "b")
    cache: ClassVar[tuple[str, ...]] = ("a", "b")
    synonyms: ClassVar[tuple[str, ...]] = ("matrix product", "dot", "bmm", "attention", "@")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = a · b",
        "da": "da = dout · bᵀ",
        "db": "db = aᵀ · dout",
    }
    in_torch: ClassVar[Lines] = {"out": "a @ b"}

    @staticmethod
    def forward(a: Tensor, b: Tensor) -> tuple[Tensor, tuple]:
        return torch.matmul(a, b), (a, b)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("a", "b")
    ) -> tuple[Tensor | None, Tensor | None]:
        a, b = cache
        left, right = a, b
        if b.dim() == 1:
            right, dout = b.unsqueeze(1), dout.unsqueeze(-1)
        if a.dim() == 1:
            left, dout = a.unsqueeze(0), dout.unsqueeze(-2)
        da = db = None
        if "a" in needs:
            da = sum_to(torch.matmul(dout, right.mT), left.shape).view(a.shape)
        if "b" in needs:
            if right.dim() == 2:
                # One matrix for the whole batch: all rows in one product.
                left, dout = left.flatten(0, -2), dout.flatten(0, -2)
            db = sum_to(torch.matmul(left.mT, dout), right.shape).view(b.shape)
        return da, db

    def check(self, a: Spec, b: Spec) -> None:
        for port, spec in (("a", a), ("b", b)):
            require_float(port, spec)
            if not spec.shape:
                raise Mismatch(port, "at least one axis", "use Multiply for a single number")
        columns, rows = a.shape[-1], b.shape[-2:][0]
        if columns != rows:
            expects = f"as many rows in b as a has columns, {columns} (a is {shape_text(a.shape)})"
            hint = f"make the last axis of a {rows} long"
            if b.shape[-1] == columns:
                hint = "put a Transpose before b that swaps its last two axes"
            raise Mismatch("b", expects, hint)
        if not broadcasts(a.shape[:-2], b.shape[:-2]):
            expects = f"a and b alike in all but the last two axes (a is {shape_text(a.shape)})"
            raise Mismatch("b", expects, "make both paths agree in these axes, or have 1 there")
        if sum(isinstance(size, str) for size in _product(a.shape, b.shape)) > 1:
            expects = f"the batch axis where a has it (a is {shape_text(a.shape)})"
            hint = "otherwise each row meets every other row: Unsqueeze the one with fewer axes"
            raise Mismatch("b", expects, hint)

    def hand_lines(self, a: Spec, b: Spec) -> Lines:
        match len(a.shape), len(b.shape):
            case 2, 2:
                return {"da": "dout @ b.T", "db": "a.T @ dout"}
            case 1, 1:
                return {"da": "dout * b", "db": "dout * a"}
            case 1, 2:
                return {"da": "b @ dout", "db": "torch.outer(a, dout)"}
            case 2, 1:
                return {"da": "torch.outer(dout, b)", "db": "a.T @ dout"}
            case 1, _:
                raise Unwritable(
                    "multiplies a vector by many matrices", "put an Unsqueeze before a"
                )
            case _, 1:
                raise Unwritable(
                    "multiplies many matrices by a vector", "put an Unsqueeze before b"
                )
        return {
            "da": "(dout @ b.mT).sum_to_size(a.shape)",
            "db": "(a.mT @ dout).sum_to_size(b.shape)",
        }


def _product(a: Shape, b: Shape) -> Shape:
    """The shape of a @ b, for shapes that fit."""
    batch = zip_longest(reversed(a[:-2]), reversed(b[:-2]), fillvalue=1)
    sizes = [n if m == 1 else m for m, n in batch]
    return (*reversed(sizes), *a[-2:-1], *(b[-1:] if len(b) > 1 else ()))


class Identity(Layer):
    """Hands on what it gets: a place to name, to look at, or to fill later.

    Shapes: x any, out as x.
    Source: torch.nn.Identity.
    """

    family: ClassVar[str] = "Linear"
    synonyms: ClassVar[tuple[str, ...]] = ("nothing", "pass through", "placeholder", "no-op")
    equations: ClassVar[dict[str, str]] = {"out": "out = x", "dx": "dx = dout"}
    in_torch: ClassVar[Lines] = {"out": "x"}
    by_hand: ClassVar[Lines] = {"dx": "dout"}

    @staticmethod
    def forward(x: Tensor) -> tuple[Tensor, tuple]:
        return x, ()

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        return dout
