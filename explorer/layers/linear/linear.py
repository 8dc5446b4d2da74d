"""Layers that multiply by a weight matrix."""

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.base import Learning, Mismatch, ParameterSpec, Spec, require_float
from explorer.layers.initialisation import MatrixInit, VectorInit, fan_in_uniform, initial, starts
from explorer.layers.written import Lines


class Linear(Learning):
    """Fully connected layer: every output is a weighted sum of all inputs plus a bias.

    Shapes: x (N, D) or (..., D), w (D, M), b (M,), out (..., M).
    Source: torch.nn.Linear, with w transposed to (D, M).
    """

    family: ClassVar[str] = "Linear"
    weights: ClassVar[tuple[str, ...]] = ("w", "b")
    differentiable: ClassVar[tuple[str, ...]] = ("x", "w", "b")
    cache: ClassVar[tuple[str, ...]] = ("x", "w", "b")
    stem: ClassVar[str] = "fc"
    synonyms: ClassVar[tuple[str, ...]] = ("fc", "dense", "fully connected", "affine", "gemm")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x · w + b",
        "dx": "dx = dout · wᵀ",
        "dw": "dw = xᵀ · dout",
        "db": "db = Σₙ dout[n]",
    }
    in_torch: ClassVar[Lines] = {"out": "x @ w if b is None else x @ w + b"}
    by_hand: ClassVar[Lines] = {
        "dx": "dout @ w.T",
        "dw": "x.T @ dout if rank(x) == 2 else x.flatten(0, 1).T @ dout.flatten(0, 1)",
        "db": "dout.sum(0) if rank(x) == 2 else dout.sum((0, 1))",
    }
    nn_weights: ClassVar[Mapping[str, str]] = {"w": "weight.T", "b": "bias"}

    out_features: int = Field(64, ge=1, le=65536, description="How many outputs, M")
    bias: bool = Field(True, description="Add a learned bias b to each output")
    w_init: MatrixInit = starts("w")
    b_init: VectorInit = starts("b")

    @staticmethod
    def forward(x: Tensor, w: Tensor, b: Tensor | None = None) -> tuple[Tensor, tuple]:
        if x.dim() == 2 and b is not None:
            out = torch.addmm(b, x, w)
        else:
            out = torch.nn.functional.linear(x, w.t(), b)
        return out, (x, w, b)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("x", "w", "b")
    ) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        x, w, b = cache
        shape = x.shape
        if len(shape) != 2:
            x, dout = x.reshape(-1, shape[-1]), dout.reshape(-1, dout.shape[-1])
        dx = torch.mm(dout, w.t()) if "x" in needs else None
        if dx is not None and len(shape) != 2:
            dx = dx.view(shape)
        dw = torch.mm(x.t(), dout) if "w" in needs else None
        db = dout.sum(0) if b is not None and "b" in needs else None
        return dx, dw, db

    def check(self, x: Spec) -> None:
        require_float("x", x)
        if len(x.shape) < 2:
            raise Mismatch("x", "(N, D)", "wire rows of features to it: an axis is missing")
        if len(x.shape) > 3:
            raise Mismatch("x", "(N, D)", "put a Flatten before it")
        if not isinstance(x.shape[-1], int):
            raise Mismatch("x", "(N, D) with a fixed D", "keep the batch axis first")

    def parameters(self, x: Spec) -> dict[str, ParameterSpec]:
        fan_in = int(x.shape[-1])
        default = fan_in_uniform(fan_in)

        def spec(init: str, *shape: int) -> ParameterSpec:
            return ParameterSpec(shape, initial(init, shape, default, lies_transposed=True))

        found = {"w": spec(self.w_init, fan_in, self.out_features)}
        if self.bias:
            found["b"] = spec(self.b_init, self.out_features)
        return found

    def nn_settings(self, x: Spec) -> dict[str, Any]:
        return {"in_features": x.shape[-1]}
