"""Embedding: class indices in, vectors that are learned out."""

from collections.abc import Mapping
from typing import ClassVar

import torch
from pydantic import Field, ValidationInfo, field_validator
from torch import Tensor

from explorer.layers.accumulation import accumulator
from explorer.layers.base import Learning, Mismatch, ParameterSpec, Spec
from explorer.layers.initialisation import MatrixInit, initial, normal, starts
from explorer.layers.written import Lines

_WHOLE = (torch.int64, torch.int32)


class Embedding(Learning):
    """Looks up a learned vector for each class index: words and characters become numbers.

    Shapes: x (N, *) whole numbers from 0 to V − 1, w (V, D), out (N, *, D).
    Source: torch.nn.Embedding.
    """

    family: ClassVar[str] = "Linear"
    weights: ClassVar[tuple[str, ...]] = ("w",)
    differentiable: ClassVar[tuple[str, ...]] = ("w",)
    cache: ClassVar[tuple[str, ...]] = ("x", "how many vectors", "padding_idx")
    stem: ClassVar[str] = "emb"
    synonyms: ClassVar[tuple[str, ...]] = ("lookup", "token", "word vector", "one-hot", "text")
    equations: ClassVar[dict[str, str]] = {
        "out": "out[n] = w[x[n]]; 0 for padding_idx",
        "dw": "dw[v] = Σ dout[n] over all n with x[n] = v; 0 for padding_idx",
    }
    zeros: ClassVar[dict[str, str]] = {
        "w": "no index in this batch picks this vector, or it is padding_idx",
    }
    nn_weights: ClassVar[Mapping[str, str]] = {"w": "weight"}
    in_torch: ClassVar[Lines] = {
        "out": "F.embedding(x, w) if padding_idx is None "
        "else F.embedding(x, w) * (x != padding_idx).unsqueeze(-1)"
    }
    by_hand: ClassVar[Lines] = {
        "out": "w[x] if padding_idx is None else w[x] * (x != padding_idx).unsqueeze(-1)",
        "kept": "(x != padding_idx).unsqueeze(-1)",
        "dw": "torch.zeros_like(w).index_add_(0, x.flatten(), dout.flatten(0, -2)) "
        "if padding_idx is None "
        "else torch.zeros_like(w).index_add_(0, x.flatten(), (dout * kept).flatten(0, -2))",
    }

    num_embeddings: int = Field(
        128, ge=1, le=16_777_216, description="How many vectors, V: indices are below it"
    )
    embedding_dim: int = Field(64, ge=1, le=65536, description="How long each vector is, D")
    padding_idx: int | None = Field(
        None,
        ge=0,
        description="The index that stands for nothing: its vector is 0 and is not learned",
    )
    w_init: MatrixInit = starts("w")

    @field_validator("padding_idx")
    @classmethod
    def _within(cls, index: int | None, info: ValidationInfo) -> int | None:
        count = info.data.get("num_embeddings")
        if index is not None and count is not None and index >= count:
            raise ValueError(f"must be below num_embeddings, {count}")
        return index

    @staticmethod
    def forward(x: Tensor, w: Tensor, padding_idx: int | None = None) -> tuple[Tensor, tuple]:
        out = torch.embedding(w, x)
        if padding_idx is not None:
            out = out.masked_fill_((x == padding_idx).unsqueeze(-1), 0)
        return out, (x, w.shape[0], padding_idx)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        x, count, padding_idx = cache
        padding = -1 if padding_idx is None else padding_idx
        # A character may come up thousands of times: half precision would lose most of the sum.
        exact = dout.to(accumulator(dout))
        dw = torch.ops.aten.embedding_dense_backward(exact, x, count, padding, False)
        return dw.to(dout.dtype)

    def check(self, x: Spec) -> None:
        if x.dtype not in _WHOLE:
            hint = "wire class indices to it, such as the x of a text; features go to a Linear"
            gets = f"{str(x.dtype).removeprefix('torch.')} numbers"
            raise Mismatch("x", "indices (whole numbers)", hint, gets)
        if x.classes is not None and x.classes > self.num_embeddings:
            raise Mismatch(
                "x",
                f"indices below {self.num_embeddings}",
                f"set num_embeddings to {x.classes}",
                f"indices up to {x.classes - 1}",
            )

    def parameters(self, x: Spec) -> dict[str, ParameterSpec]:
        shape = (self.num_embeddings, self.embedding_dim)
        start = initial(self.w_init, shape, normal(1.0), zero_at=self.padding_idx)
        return {"w": ParameterSpec(shape, start)}
