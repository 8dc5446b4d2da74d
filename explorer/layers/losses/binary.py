"""Losses for yes or no: binary cross-entropy, of probabilities and of logits."""

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from pydantic import Field, field_validator
from torch import Tensor
from torch.nn import functional

from explorer.layers.base import Mismatch, Spec
from explorer.layers.losses.regression import (
    ElementwiseLoss,
    Gradients,
    Reduce,
    averaged,
    constants,
    reduced,
    share,
)
from explorer.layers.written import Code, Lines, Unwritable

PosWeight = float | tuple[float, ...] | None


class BCELoss(ElementwiseLoss):
    """Binary cross-entropy between probabilities and targets in [0, 1].

    Shapes: y_hat (N, *) in [0, 1], y as y_hat, loss ().
    Logarithms are held at −100 and the denominator at 1e-12, as in torch.nn.BCELoss, so that
    a prediction of exactly 0 or 1 gives a finite loss and gradient. Prefer BCEWithLogitsLoss.
    """

    family: ClassVar[str] = "Loss"
    cache: ClassVar[tuple[str, ...]] = ("y_hat", "y", "reduction")
    synonyms: ClassVar[tuple[str, ...]] = ("binary cross entropy", "log loss")
    equations: ClassVar[dict[str, str]] = {
        "loss": "loss = −Σ (y ln ŷ + (1 − y) ln(1 − ŷ)) / n",
        "dy_hat": "dŷ = (ŷ − y) / (ŷ (1 − ŷ)) / n · dloss",
        "dy": "dy = (ln(1 − ŷ) − ln ŷ) / n · dloss",
    }
    in_torch: ClassVar[Lines] = {"loss": "F.binary_cross_entropy(y_hat, y, reduction=reduction)"}
    by_hand: ClassVar[Lines] = {
        "log_yes": "torch.log(y_hat).clamp(min=-100)",
        "log_no": "torch.log1p(-y_hat).clamp(min=-100)",
        "loss": "-reduced(y * log_yes + (1 - y) * log_no)",
        "dy_hat": "share(dloss * (y_hat - y) / (y_hat * (1 - y_hat)).clamp(min=1e-12))",
        "dy": "share(dloss * (log_no - log_yes))",
    }
    merged: ClassVar[Mapping[str, str]] = {"Sigmoid": "share(dloss * (y_hat - y))"}

    @classmethod
    def single(
        cls, name: str, index: tuple[int, ...], tensors: Mapping[str, Any]
    ) -> tuple[str, dict[str, float]] | None:
        y_hat, y = tensors["y_hat"], tensors["y"]
        if name != "loss":
            return None
        log_yes, log_no = _held_logs(y_hat)
        return averaged(-(y * log_yes + (1 - y) * log_no), tensors["reduction"])

    @staticmethod
    def forward(y_hat: Tensor, y: Tensor, reduction: Reduce = "mean") -> tuple[Tensor, tuple]:
        log_yes, log_no = _held_logs(y_hat)
        return reduced((y - 1) * log_no - y * log_yes, reduction), (y_hat, y, reduction)

    @staticmethod
    def backward(dloss: Tensor, cache: tuple, needs: tuple[str, ...] = ("y_hat", "y")) -> Gradients:
        y_hat, y, reduction = cache
        dloss = share(dloss, y_hat.numel(), reduction)
        dy_hat = dy = None
        if "y_hat" in needs:
            dy_hat = dloss * (y_hat - y) / (y_hat * (1 - y_hat)).clamp_min(1e-12)
        if "y" in needs:
            log_yes, log_no = _held_logs(y_hat)
            dy = dloss * (log_no - log_yes)
        return dy_hat, dy


def _held_logs(p: Tensor) -> tuple[Tensor, Tensor]:
    """ln p and ln(1 − p), neither below −100."""
    return torch.log(p).clamp_min(-100), torch.log1p(-p).clamp_min(-100)


class BCEWithLogitsLoss(ElementwiseLoss):
    """Sigmoid and binary cross-entropy in one, stable for any logit.

    Shapes: y_hat (N, *) logits, y as y_hat in [0, 1], loss ().
    Source: torch.nn.BCEWithLogitsLoss; ln σ is computed without overflow.
    """

    family: ClassVar[str] = "Loss"
    cache: ClassVar[tuple[str, ...]] = ("y_hat", "y", "reduction", "pos_weight")
    synonyms: ClassVar[tuple[str, ...]] = ("binary cross entropy", "logistic loss", "sigmoid bce")
    equations: ClassVar[dict[str, str]] = {
        "loss": "loss = Σ ((1 − y) ŷ − v ln σ(ŷ)) / n, v = 1 + (pos_weight − 1) y",
        "dy_hat": "dŷ = (σ(ŷ) − y + (v − 1) (σ(ŷ) − 1)) / n · dloss",
        "dy": "dy = (−ŷ − (pos_weight − 1) ln σ(ŷ)) / n · dloss",
    }
    zeros: ClassVar[dict[str, str]] = {
        "y_hat": "the sigmoid of the prediction is the target to the last digit",
    }

    pos_weight: PosWeight = Field(
        None,
        title="Positive weight",
        description="How much more a positive target counts than a negative: a number, or one "
        "for each entry of the last axis; empty: as much",
    )

    @field_validator("pos_weight")
    @classmethod
    def _positive(cls, weight: PosWeight) -> PosWeight:
        numbers = weight if isinstance(weight, tuple) else (weight or 0.0,)
        if not numbers or not all(math.isfinite(n) and n >= 0 for n in numbers):
            raise ValueError("must be a number of at least 0, or a list of such")
        return weight

    @classmethod
    def single(
        cls, name: str, index: tuple[int, ...], tensors: Mapping[str, Any]
    ) -> tuple[str, dict[str, float]] | None:
        y_hat, y = tensors["y_hat"], tensors["y"]
        if tensors.get("pos_weight") is not None or name == "dy":
            return None
        if name == "loss":
            return averaged((1 - y) * y_hat - functional.logsigmoid(y_hat), tensors["reduction"])
        share_of_one = "" if tensors["reduction"] == "sum" else " / n"
        return f"(σ(x) − y){share_of_one} · dloss", {
            "x": float(y_hat[index]),
            "y": float(y[index]),
            "n": float(y.numel()),
            "dloss": float(tensors["dloss"]),
        }

    @staticmethod
    def forward(
        y_hat: Tensor,
        y: Tensor,
        reduction: Reduce = "mean",
        pos_weight: PosWeight = None,
    ) -> tuple[Tensor, tuple]:
        log_yes = functional.logsigmoid(y_hat)
        beyond_one = _beyond_one(pos_weight, y_hat)
        if beyond_one is not None:
            log_yes = log_yes * (1 + beyond_one * y)
        loss = reduced((1 - y) * y_hat - log_yes, reduction)
        return loss, (y_hat, y, reduction, beyond_one)

    @staticmethod
    def backward(dloss: Tensor, cache: tuple, needs: tuple[str, ...] = ("y_hat", "y")) -> Gradients:
        y_hat, y, reduction, beyond_one = cache
        dloss = share(dloss, y_hat.numel(), reduction)
        dy_hat = dy = None
        if "y_hat" in needs:
            yes = torch.sigmoid(y_hat)
            slope = yes - y
            if beyond_one is not None:
                slope = slope + beyond_one * y * (yes - 1)
            dy_hat = dloss * slope
        if "y" in needs:
            slope = -y_hat
            if beyond_one is not None:
                slope = slope - beyond_one * functional.logsigmoid(y_hat)
            dy = dloss * slope
        return dy_hat, dy

    def check(self, y_hat: Spec, y: Spec) -> None:
        super().check(y_hat, y)
        if not isinstance(self.pos_weight, tuple) or len(self.pos_weight) == 1:
            return
        count = len(self.pos_weight)
        if not y_hat.shape or y_hat.shape[-1] != count:
            hint = "give pos_weight one number, or one for each entry of the last axis"
            raise Mismatch("y_hat", f"a last axis of {count}, as many as pos_weight has", hint)

    def torch_lines(self, y_hat: Spec, y: Spec) -> Lines:
        weight = self._weight
        told = "" if weight is None else f", pos_weight={weight}"
        call = "F.binary_cross_entropy_with_logits"
        return {"loss": f"{call}(y_hat, y, reduction=reduction{told})"}

    def hand_lines(self, y_hat: Spec, y: Spec) -> Lines:
        if self.pos_weight is not None:
            hint = "leave its positive weight empty, or look at how Autograd writes it"
            raise Unwritable("weighs positive targets more", hint)
        return {
            "loss": "reduced((1 - y) * y_hat - F.logsigmoid(y_hat))",
            "dy_hat": "share(dloss * (torch.sigmoid(y_hat) - y))",
            "dy": "share(dloss * -y_hat)",
        }

    def nn_settings(self, y_hat: Spec, y: Spec) -> dict[str, Any]:
        return {"pos_weight": self._weight}

    @property
    def _weight(self) -> Code | None:
        """pos_weight as a tensor, in Python."""
        return None if self.pos_weight is None else Code(f"torch.tensor({self.pos_weight})")


def _beyond_one(pos_weight: PosWeight, like: Tensor) -> float | Tensor | None:
    """pos_weight − 1, as what multiplies a tensor."""
    if isinstance(pos_weight, tuple) and len(pos_weight) == 1:
        (pos_weight,) = pos_weight
    if pos_weight is None or isinstance(pos_weight, (float, int)):
        return None if pos_weight is None else pos_weight - 1
    return constants(tuple(weight - 1 for weight in pos_weight), like.dtype, like.device)
