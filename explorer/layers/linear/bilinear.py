"""Bilinear: two inputs meet in every pair of their features."""

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.base import (
    Learning,
    Mismatch,
    ParameterSpec,
    Spec,
    require_float,
    shape_text,
)
from explorer.layers.initialisation import MatrixInit, VectorInit, fan_in_uniform, initial, starts
from explorer.layers.written import Lines, Unwritable


def _pairs(x1: Tensor, x2: Tensor) -> Tensor:
    """Every product of a feature of x1 and one of x2, row by row: (R, D1·D2)."""
    rows1, rows2 = x1.reshape(-1, x1.shape[-1], 1), x2.reshape(-1, 1, x2.shape[-1])
    return (rows1 * rows2).flatten(1)


class Bilinear(Learning):
    """Weighs every product of a feature of one input and a feature of another.

    Shapes: x1 (N, *, D1), x2 (N, *, D2), w (M, D1, D2), b (M,), out (N, *, M).
    Source: torch.nn.Bilinear.
    """

    family: ClassVar[str] = "Linear"
    inputs: ClassVar[tuple[str, ...]] = ("x1", "x2")
    weights: ClassVar[tuple[str, ...]] = ("w", "b")
    differentiable: ClassVar[tuple[str, ...]] = ("x1", "x2", "w", "b")
    cache: ClassVar[tuple[str, ...]] = ("x1", "x2", "w", "b")
    synonyms: ClassVar[tuple[str, ...]] = ("interaction", "quadratic", "two inputs", "similarity")
    equations: ClassVar[dict[str, str]] = {
        "out": "out[m] = Σᵢⱼ x1[i] w[m, i, j] x2[j] + b[m]",
        "dx1": "dx1[i] = Σₘⱼ dout[m] w[m, i, j] x2[j]",
        "dx2": "dx2[j] = Σₘᵢ dout[m] w[m, i, j] x1[i]",
        "dw": "dw[m, i, j] = Σₙ dout[n, m] x1[n, i] x2[n, j]",
        "db": "db = Σₙ dout[n]",
    }
    in_torch: ClassVar[Lines] = {"out": "F.bilinear(x1, x2, w, b)"}
    nn_weights: ClassVar[Mapping[str, str]] = {"w": "weight", "b": "bias"}

    out_features: int = Field(64, ge=1, le=65536, description="How many outputs, M")
    bias: bool = Field(True, description="Add a learned bias b to each output")
    w_init: MatrixInit = starts("w")
    b_init: VectorInit = starts("b")

    @staticmethod
    def forward(x1: Tensor, x2: Tensor, w: Tensor, b: Tensor | None = None) -> tuple[Tensor, tuple]:
        out = torch.nn.functional.linear(_pairs(x1, x2), w.flatten(1), b)
        return out.view(*x1.shape[:-1], w.shape[0]), (x1, x2, w, b)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("x1", "x2", "w", "b")
    ) -> tuple[Tensor | None, ...]:
        x1, x2, w, b = cache
        dx1 = dx2 = dw = None
        dout = dout.reshape(-1, dout.shape[-1])
        if "x1" in needs or "x2" in needs:
            dpairs = torch.mm(dout, w.flatten(1)).view(-1, *w.shape[1:])
            if "x1" in needs:
                dx1 = torch.bmm(dpairs, x2.reshape(-1, w.shape[2], 1)).view(x1.shape)
            if "x2" in needs:
                dx2 = torch.bmm(x1.reshape(-1, 1, w.shape[1]), dpairs).view(x2.shape)
        if "w" in needs:
            dw = torch.mm(dout.t(), _pairs(x1, x2)).view(w.shape)
        db = dout.sum(0) if b is not None and "b" in needs else None
        return dx1, dx2, dw, db

    def check(self, x1: Spec, x2: Spec) -> None:
        for port, x in (("x1", x1), ("x2", x2)):
            require_float(port, x)
            if len(x.shape) < 2:
                raise Mismatch(port, "(N, …, D)", "wire rows of features to it: an axis is missing")
            if not isinstance(x.shape[-1], int):
                raise Mismatch(port, "(N, …, D) with a fixed D", "keep the batch axis first")
        if x1.shape[:-1] != x2.shape[:-1]:
            expects = f"x1 and x2 alike in all but the last axis (x1 is {shape_text(x1.shape)})"
            raise Mismatch("x2", expects, "put a Flatten before both")

    def parameters(self, x1: Spec, x2: Spec) -> dict[str, ParameterSpec]:
        size1, size2 = int(x1.shape[-1]), int(x2.shape[-1])
        default = fan_in_uniform(size1)
        shape = (self.out_features, size1, size2)
        found = {"w": ParameterSpec(shape, initial(self.w_init, shape, default))}
        if self.bias:
            found["b"] = ParameterSpec(shape[:1], initial(self.b_init, shape[:1], default))
        return found

    def hand_lines(self, x1: Spec, x2: Spec) -> Lines:
        if len(x1.shape) > 2:
            raise Unwritable("multiplies rows with several axes", "put a Flatten before it")
        both = 'torch.einsum("ni,mij,nj->nm", x1, w, x2)'
        return {
            "out": f"{both} if b is None else {both} + b",
            "dx1": 'torch.einsum("nm,mij,nj->ni", dout, w, x2)',
            "dx2": 'torch.einsum("nm,mij,ni->nj", dout, w, x1)',
            "dw": 'torch.einsum("nm,ni,nj->mij", dout, x1, x2)',
            "db": "dout.sum(0)",
        }

    def nn_settings(self, x1: Spec, x2: Spec) -> dict[str, Any]:
        return {"in1_features": x1.shape[-1], "in2_features": x2.shape[-1]}
