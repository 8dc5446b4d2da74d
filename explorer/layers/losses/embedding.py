"""Losses that bring alike things together and hold others apart."""

from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.base import Mismatch, Spec, require_float, shape_text
from explorer.layers.losses.regression import (
    Loss,
    Reduce,
    reduced,
    require_prediction,
    require_same_shape,
    share,
)
from explorer.layers.written import Lines

_TINY = 1e-12
"""Added to squared lengths, as torch.nn.CosineEmbeddingLoss does."""


def _require_pairs(y: Spec) -> None:
    """Raise Mismatch for class labels where only alike (1) and not alike (−1) make sense."""
    if y.classes is not None and y.classes > 2:
        hint = "use CrossEntropyLoss for classes, or make y 1 for alike and −1 for not alike"
        raise Mismatch("y", "1 for alike and −1 for not alike", hint, f"{y.classes} classes")


def _require_one_shape(**specs: Spec) -> None:
    """Raise Mismatch where embeddings to be compared are not all (N, D)."""
    (first, whole), *others = specs.items()
    for port, spec in specs.items():
        require_float(port, spec)
    if len(whole.shape) < 2 or not isinstance(whole.shape[-1], int):
        hint = "wire rows of features to it, with the batch axis first"
        raise Mismatch(first, "(N, D), an embedding for each row", hint)
    for port, spec in others:
        if spec.shape != whole.shape:
            hint = "let all paths end in the same number of features"
            raise Mismatch(port, f"the shape of {first}, {shape_text(whole.shape)}", hint)


class HingeEmbeddingLoss(Loss):
    """Makes distances small for pairs that are alike and at least margin for those that are not.

    Shapes: y_hat (N, *) distances, y as y_hat, 1 for alike and −1 (or 0) for not, loss ().
    Source: torch.nn.HingeEmbeddingLoss.
    """

    family: ClassVar[str] = "Loss"
    differentiable: ClassVar[tuple[str, ...]] = ("y_hat",)
    cache: ClassVar[tuple[str, ...]] = ("y_hat", "y", "reduction", "margin")
    synonyms: ClassVar[tuple[str, ...]] = ("contrastive", "siamese", "similarity")
    equations: ClassVar[dict[str, str]] = {
        "loss": "loss = Σ (ŷ where y = 1, else max(0, margin − ŷ)) / n",
        "dy_hat": "dŷ = (1 where y = 1, else −1 where ŷ ≤ margin) / n · dloss",
    }
    zeros: ClassVar[dict[str, str]] = {
        "y_hat": "it is beyond the margin, so that nothing is wrong with it",
    }
    in_torch: ClassVar[Lines] = {
        "alike": "torch.where(y == 1, 1, -1)",
        "loss": "F.hinge_embedding_loss(y_hat, alike, margin=margin, reduction=reduction)",
    }
    in_nn: ClassVar[Lines] = {"loss": "module(y_hat, torch.where(y == 1, 1, -1))"}
    by_hand: ClassVar[Lines] = {
        "loss": "reduced(torch.where(y == 1, y_hat, (margin - y_hat).clamp(min=0)))",
        "dy_hat": "share(dloss * torch.where(y == 1, 1, -1 * (y_hat <= margin)))",
    }

    margin: float = Field(
        1.0, ge=0, le=1e6, description="The distance at which what is not alike is far enough"
    )

    @staticmethod
    def forward(
        y_hat: Tensor, y: Tensor, reduction: Reduce = "mean", margin: float = 1.0
    ) -> tuple[Tensor, tuple]:
        terms = torch.where(y == 1, y_hat, (margin - y_hat).clamp_min(0))
        return reduced(terms, reduction), (y_hat, y, reduction, margin)

    @staticmethod
    def backward(dloss: Tensor, cache: tuple) -> Tensor:
        y_hat, y, reduction, margin = cache
        dloss = share(dloss, y_hat.numel(), reduction)
        return torch.where(y == 1, dloss, (margin - y_hat >= 0) * -dloss)

    def check(self, y_hat: Spec, y: Spec) -> None:
        require_prediction(y_hat)
        _require_pairs(y)
        require_same_shape(y_hat, y)


class CosineEmbeddingLoss(Loss):
    """Makes the angle between two embeddings small where they are alike and wide where not.

    Shapes: x1, x2 (N, D), y (N,) or (N, 1), 1 for alike and −1 (or 0) for not, loss ().
    Source: torch.nn.CosineEmbeddingLoss.
    """

    family: ClassVar[str] = "Loss"
    inputs: ClassVar[tuple[str, ...]] = ("x1", "x2", "y")
    differentiable: ClassVar[tuple[str, ...]] = ("x1", "x2")
    cache: ClassVar[tuple[str, ...]] = (
        "x1",
        "x2",
        "y",
        "cos",
        "‖x1‖²",
        "‖x2‖²",
        "reduction",
        "margin",
    )
    synonyms: ClassVar[tuple[str, ...]] = ("contrastive", "siamese", "similarity", "angle")
    equations: ClassVar[dict[str, str]] = {
        "loss": "loss = Σₙ (1 − cosₙ where yₙ = 1, else max(0, cosₙ − margin)) / N",
        "dx1": "dx1 = dcos (x2 / (‖x1‖ ‖x2‖) − cos · x1 / ‖x1‖²)",
        "dx2": "dx2 = dcos (x1 / (‖x1‖ ‖x2‖) − cos · x2 / ‖x2‖²)",
    }
    zeros: ClassVar[dict[str, str]] = dict.fromkeys(
        ("x1", "x2"), "this pair is as like, or as unlike, as it is to be"
    )
    in_torch: ClassVar[Lines] = {
        "alike": "torch.where(y.flatten() == 1, 1, -1)",
        "loss": "F.cosine_embedding_loss(x1, x2, alike, margin=margin, reduction=reduction)",
    }
    in_nn: ClassVar[Lines] = {"loss": "module(x1, x2, torch.where(y.flatten() == 1, 1, -1))"}

    margin: float = Field(
        0.0, ge=-1, le=1, description="The cosine below which what is not alike is far enough"
    )

    @staticmethod
    def forward(
        x1: Tensor, x2: Tensor, y: Tensor, reduction: Reduce = "mean", margin: float = 0.0
    ) -> tuple[Tensor, tuple]:
        square1, square2 = (x1 * x1).sum(-1) + _TINY, (x2 * x2).sum(-1) + _TINY
        cos = (x1 * x2).sum(-1) / torch.sqrt(square1 * square2)
        terms = torch.where(y.view_as(cos) == 1, 1 - cos, (cos - margin).clamp_min(0))
        return reduced(terms, reduction), (x1, x2, y, cos, square1, square2, reduction, margin)

    @staticmethod
    def backward(
        dloss: Tensor, cache: tuple, needs: tuple[str, ...] = ("x1", "x2")
    ) -> tuple[Tensor | None, Tensor | None]:
        x1, x2, y, cos, square1, square2, reduction, margin = cache
        dloss = share(dloss, cos.numel(), reduction)
        dcos = torch.where(y.view_as(cos) == 1, -dloss, (cos - margin >= 0) * dloss)
        across = (dcos * torch.rsqrt(square1 * square2)).unsqueeze(-1)
        along = dcos * cos
        return (
            across * x2 - (along / square1).unsqueeze(-1) * x1 if "x1" in needs else None,
            across * x1 - (along / square2).unsqueeze(-1) * x2 if "x2" in needs else None,
        )

    def check(self, x1: Spec, x2: Spec, y: Spec) -> None:
        _require_one_shape(x1=x1, x2=x2)
        _require_pairs(y)
        rows = x1.shape[:-1]
        if y.shape not in (rows, (*rows, 1)):
            hint = "give each pair of rows one number: 1 for alike, −1 for not"
            raise Mismatch("y", shape_text(rows), hint)


class TripletMarginLoss(Loss):
    """Pulls an anchor to a positive, and keeps a negative farther from it by a margin.

    Shapes: anchor, positive, negative (N, D), loss ().
    Source: Balntas et al. 2016; torch.nn.TripletMarginLoss.
    """

    family: ClassVar[str] = "Loss"
    inputs: ClassVar[tuple[str, ...]] = ("anchor", "positive", "negative")
    differentiable: ClassVar[tuple[str, ...]] = ("anchor", "positive", "negative")
    cache: ClassVar[tuple[str, ...]] = (
        *("anchor", "positive", "negative"),
        *("distance to positive", "distance to negative"),
        *("reduction", "margin", "p", "eps"),
    )
    synonyms: ClassVar[tuple[str, ...]] = ("contrastive", "siamese", "metric learning", "facenet")
    equations: ClassVar[dict[str, str]] = {
        "loss": "loss = Σₙ max(0, margin + ‖a − p‖ − ‖a − n‖) / N",
        "danchor": "da = −dp − dn",
        "dpositive": "dp = −(a − p) / ‖a − p‖ / N · dloss where the loss is not 0",
        "dnegative": "dn = (a − n) / ‖a − n‖ / N · dloss where the loss is not 0",
    }
    zeros: ClassVar[dict[str, str]] = dict.fromkeys(
        inputs, "the negative is farther away than the positive by more than the margin"
    )
    in_torch: ClassVar[Lines] = {
        "loss": "F.triplet_margin_loss(anchor, positive, negative, margin=margin, p=p, eps=eps, "
        "reduction=reduction)"
    }

    margin: float = Field(
        1.0, gt=0, le=1e6, description="By how much farther the negative is to be"
    )
    p: float = Field(2.0, ge=1, le=16, description="The norm: 2 is Euclid's, 1 adds up")
    eps: float = Field(
        1e-6, ge=0, le=1, description="Added to each difference, so that none is exactly 0"
    )

    @staticmethod
    def forward(
        anchor: Tensor,
        positive: Tensor,
        negative: Tensor,
        reduction: Reduce = "mean",
        margin: float = 1.0,
        p: float = 2.0,
        eps: float = 1e-6,
    ) -> tuple[Tensor, tuple]:
        near = torch.linalg.vector_norm(anchor - positive + eps, p, -1)
        far = torch.linalg.vector_norm(anchor - negative + eps, p, -1)
        loss = reduced((margin + near - far).clamp_min(0), reduction)
        return loss, (anchor, positive, negative, near, far, reduction, margin, p, eps)

    @staticmethod
    def backward(
        dloss: Tensor,
        cache: tuple,
        needs: tuple[str, ...] = ("anchor", "positive", "negative"),
    ) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        anchor, positive, negative, near, far, reduction, margin, p, eps = cache
        dterm = (margin + near - far >= 0) * share(dloss, near.numel(), reduction)
        to_near = _norm_backward(dterm, anchor - positive + eps, near, p)
        to_far = _norm_backward(dterm, anchor - negative + eps, far, p)
        return (
            to_near - to_far if "anchor" in needs else None,
            -to_near if "positive" in needs else None,
            to_far if "negative" in needs else None,
        )

    def check(self, anchor: Spec, positive: Spec, negative: Spec) -> None:
        _require_one_shape(anchor=anchor, positive=positive, negative=negative)


def _norm_backward(dnorm: Tensor, x: Tensor, norm: Tensor, p: float) -> Tensor:
    """The gradient of ‖x‖ₚ over the last axis by x; 0 where the norm is 0, as x has no slope."""
    unit = x / norm.masked_fill(norm == 0, torch.inf).unsqueeze(-1)
    if p != 2:
        unit = unit.sign() * unit.abs().pow(p - 1)
    return unit * dnorm.unsqueeze(-1)
