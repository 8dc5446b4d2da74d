"""What all losses share, and the losses for regression.

A loss compares a prediction y_hat with a target y and gives one number.
"""

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any, ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from explorer.layers.base import Layer, Mismatch, Spec, shape_text
from explorer.layers.written import Lines

Reduce = Literal["mean", "sum"]
REDUCTION = {"none": 0, "mean": 1, "sum": 2}
"""Reductions as ATen counts them."""
_TOLD = 6
"""So many parts of a loss are told one by one at most."""
Gradients = tuple[Tensor | None, Tensor | None]

_smooth_l1_backward = torch.ops.aten.smooth_l1_loss_backward.default
_huber_backward = torch.ops.aten.huber_loss_backward.default


class Loss(Layer):
    """What all losses share: ports y_hat and y, output loss, and a reduction."""

    inputs: ClassVar[tuple[str, ...]] = ("y_hat", "y")
    outputs: ClassVar[tuple[str, ...]] = ("loss",)
    is_loss: ClassVar[bool] = True
    stem: ClassVar[str] = "loss"

    reduction: Reduce = Field("mean", description="Average over all elements, or add them up")

    @cached_property
    def keywords(self) -> dict[str, Any]:
        """The reduction, and the settings that differ from the defaults: the page stays short."""
        fields = type(self).model_fields
        return {
            name: value
            for name, value in super().keywords.items()
            if name == "reduction" or value != fields[name].default
        }


def reduced(terms: Tensor, reduction: str) -> Tensor:
    """The mean of all terms, or their sum."""
    return terms.mean() if reduction == "mean" else terms.sum()


def share(dloss: Tensor, count: int, reduction: str) -> Tensor:
    """The part of dloss that each of `count` reduced terms gets."""
    return dloss / count if reduction == "mean" else dloss


@lru_cache(maxsize=64)
def constants(numbers: tuple[float, ...], dtype: torch.dtype, device: torch.device) -> Tensor:
    """A setting's numbers as a tensor, copied to a device once rather than at every step.

    Training runs in inference mode; what outlives it must be of use to autograd, too.
    """
    with torch.inference_mode(False):
        return torch.tensor(numbers, dtype=dtype, device=device)


def averaged(parts: Tensor, reduction: Reduce) -> tuple[str, dict[str, float]]:
    """`Layer.single` of a loss that is the mean or the sum of these: few are told one by one."""
    numbers = parts.flatten().tolist() if parts.numel() <= _TOLD else [float(parts.sum())]
    values = {f"part{place}": number for place, number in enumerate(numbers)}
    if reduction == "sum":
        return " + ".join(values), values
    whole = f"({' + '.join(values)})" if len(values) > 1 else "part0"
    return f"{whole} / n", {**values, "n": float(parts.numel())}


class ElementwiseLoss(Loss):
    """A loss that compares y_hat and y element by element, so both have one shape."""

    differentiable: ClassVar[tuple[str, ...]] = ("y_hat", "y")
    zeros: ClassVar[dict[str, str]] = dict.fromkeys(
        differentiable, "the prediction is exactly the target"
    )

    def check(self, y_hat: Spec, y: Spec) -> None:
        require_elementwise(y_hat, y)


def require_elementwise(y_hat: Spec, y: Spec) -> None:
    """Raise Mismatch for what cannot be compared number by number."""
    require_prediction(y_hat)
    if not y.dtype.is_floating_point:
        hint = "choose a data set with numbers as targets, or use CrossEntropyLoss for classes"
        raise Mismatch("y", "numbers (float)", hint, "whole-number class labels")
    require_same_shape(y_hat, y)


def require_prediction(y_hat: Spec) -> None:
    """Raise Mismatch for a prediction that no gradient can flow through."""
    if not y_hat.dtype.is_floating_point:
        raise Mismatch("y_hat", "a prediction (float)", "wire the net's output to y_hat")


def require_same_shape(y_hat: Spec, y: Spec) -> None:
    """Raise Mismatch where a prediction and its target would be broadcast, or cannot meet."""
    if y_hat.shape != y.shape:
        raise Mismatch("y_hat", f"the shape of y, {shape_text(y.shape)}", _same_shape(y_hat, y))


def _same_shape(y_hat: Spec, y: Spec) -> str:
    if len(y_hat.shape) > 2:
        return "put a Flatten before it"
    if len(y_hat.shape) == len(y.shape) and isinstance(y.shape[-1], int):
        return f"set out_features of the last Linear before it to {y.shape[-1]}"
    return "make y_hat and y agree, or each row would be compared with every other"


class MSELoss(ElementwiseLoss):
    """Mean squared error, for regression.

    Shapes: y_hat (N, *), y as y_hat, loss (). Source: torch.nn.MSELoss.
    """

    family: ClassVar[str] = "Loss"
    cache: ClassVar[tuple[str, ...]] = ("y_hat − y", "reduction")
    synonyms: ClassVar[tuple[str, ...]] = ("squared error", "l2", "least squares")
    equations: ClassVar[dict[str, str]] = {
        "loss": "loss = Σ (ŷ − y)² / n",
        "dy_hat": "dŷ = 2 (ŷ − y) / n · dloss",
        "dy": "dy = −dŷ",
    }
    in_torch: ClassVar[Lines] = {"loss": "F.mse_loss(y_hat, y, reduction=reduction)"}
    by_hand: ClassVar[Lines] = {
        "loss": "reduced((y_hat - y) ** 2)",
        "dy_hat": "share(dloss * 2 * (y_hat - y))",
        "dy": "share(dloss * 2 * (y - y_hat))",
    }

    @classmethod
    def single(
        cls, name: str, index: tuple[int, ...], tensors: Mapping[str, Any]
    ) -> tuple[str, dict[str, float]] | None:
        if name != "loss":
            return None
        return averaged((tensors["y_hat"] - tensors["y"]) ** 2, tensors["reduction"])

    @staticmethod
    def forward(y_hat: Tensor, y: Tensor, reduction: Reduce = "mean") -> tuple[Tensor, tuple]:
        difference = y_hat - y
        square = difference * difference
        loss = square.mean() if reduction == "mean" else square.sum()
        return loss, (difference, reduction)

    @staticmethod
    def backward(dloss: Tensor, cache: tuple, needs: tuple[str, ...] = ("y_hat", "y")) -> Gradients:
        difference, reduction = cache
        dy_hat = difference * share(2 * dloss, difference.numel(), reduction)
        return _there_and_back(dy_hat, needs)


def _there_and_back(dy_hat: Tensor, needs: tuple[str, ...]) -> Gradients:
    """The gradients of a loss that knows only the difference of y_hat and y."""
    return dy_hat if "y_hat" in needs else None, -dy_hat if "y" in needs else None


class L1Loss(ElementwiseLoss):
    """Mean absolute error, for regression that outliers should not rule.

    Shapes: y_hat (N, *), y as y_hat, loss ().
    Source: torch.nn.L1Loss; the gradient is 0 where y_hat is exactly y.
    """

    family: ClassVar[str] = "Loss"
    cache: ClassVar[tuple[str, ...]] = ("y_hat", "y", "reduction")
    synonyms: ClassVar[tuple[str, ...]] = ("mae", "absolute error", "least absolute deviations")
    equations: ClassVar[dict[str, str]] = {
        "loss": "loss = Σ |ŷ − y| / n",
        "dy_hat": "dŷ = sign(ŷ − y) / n · dloss",
        "dy": "dy = −dŷ",
    }
    in_torch: ClassVar[Lines] = {"loss": "F.l1_loss(y_hat, y, reduction=reduction)"}
    by_hand: ClassVar[Lines] = {
        "loss": "reduced((y_hat - y).abs())",
        "dy_hat": "share(dloss * torch.sign(y_hat - y))",
        "dy": "share(dloss * torch.sign(y - y_hat))",
    }

    @staticmethod
    def forward(y_hat: Tensor, y: Tensor, reduction: Reduce = "mean") -> tuple[Tensor, tuple]:
        return functional.l1_loss(y_hat, y, reduction=reduction), (y_hat, y, reduction)

    @staticmethod
    def backward(dloss: Tensor, cache: tuple, needs: tuple[str, ...] = ("y_hat", "y")) -> Gradients:
        y_hat, y, reduction = cache
        dy_hat = torch.sign(y_hat - y) * share(dloss, y_hat.numel(), reduction)
        return _there_and_back(dy_hat, needs)


class SmoothL1Loss(ElementwiseLoss):
    """Squared error for errors below beta, absolute error beyond.

    Shapes: y_hat (N, *), y as y_hat, loss ().
    Source: Girshick 2015, "Fast R-CNN"; torch.nn.SmoothL1Loss. With beta 0 it is L1Loss.
    """

    family: ClassVar[str] = "Loss"
    cache: ClassVar[tuple[str, ...]] = ("y_hat", "y", "reduction", "beta")
    synonyms: ClassVar[tuple[str, ...]] = ("huber", "robust regression", "box regression")
    equations: ClassVar[dict[str, str]] = {
        "loss": "loss = Σ (e² / 2β where |e| < β, else |e| − β/2) / n, e = ŷ − y",
        "dy_hat": "dŷ = (e / β where |e| < β, else sign(e)) / n · dloss",
        "dy": "dy = −dŷ",
    }
    in_torch: ClassVar[Lines] = {
        "loss": "F.smooth_l1_loss(y_hat, y, reduction=reduction, beta=beta)"
    }

    beta: float = Field(
        1.0,
        ge=0,
        le=1e6,
        allow_inf_nan=False,
        description="The error at which squares turn into absolute values, β",
    )

    @staticmethod
    def forward(
        y_hat: Tensor, y: Tensor, reduction: Reduce = "mean", beta: float = 1.0
    ) -> tuple[Tensor, tuple]:
        loss = functional.smooth_l1_loss(y_hat, y, reduction=reduction, beta=beta)
        return loss, (y_hat, y, reduction, beta)

    @staticmethod
    def backward(dloss: Tensor, cache: tuple, needs: tuple[str, ...] = ("y_hat", "y")) -> Gradients:
        y_hat, y, reduction, beta = cache
        if beta == 0:
            return L1Loss.backward(dloss, (y_hat, y, reduction), needs)
        dy_hat = _smooth_l1_backward(dloss, y_hat, y, REDUCTION[reduction], beta)
        return _there_and_back(dy_hat, needs)

    def hand_lines(self, y_hat: Spec, y: Spec) -> Lines:
        if self.beta == 0:
            return L1Loss.by_hand
        return {
            "slope": "((y_hat - y) / beta).clamp(-1, 1)",
            "dy_hat": "share(dloss * slope)",
            "dy": "share(dloss * -slope)",
        }


class HuberLoss(ElementwiseLoss):
    """Squared error for errors below delta, delta times the absolute error beyond.

    Shapes: y_hat (N, *), y as y_hat, loss ().
    Source: Huber 1964, "Robust estimation of a location parameter"; torch.nn.HuberLoss.
    """

    family: ClassVar[str] = "Loss"
    cache: ClassVar[tuple[str, ...]] = ("y_hat", "y", "reduction", "delta")
    synonyms: ClassVar[tuple[str, ...]] = ("robust regression", "smooth l1")
    equations: ClassVar[dict[str, str]] = {
        "loss": "loss = Σ (e² / 2 where |e| < δ, else δ (|e| − δ/2)) / n, e = ŷ − y",
        "dy_hat": "dŷ = (e where |e| < δ, else δ sign(e)) / n · dloss",
        "dy": "dy = −dŷ",
    }
    in_torch: ClassVar[Lines] = {"loss": "F.huber_loss(y_hat, y, reduction=reduction, delta=delta)"}
    by_hand: ClassVar[Lines] = {
        "slope": "(y_hat - y).clamp(-delta, delta)",
        "dy_hat": "share(dloss * slope)",
        "dy": "share(dloss * -slope)",
    }

    delta: float = Field(
        1.0,
        gt=0,
        le=1e6,
        allow_inf_nan=False,
        description="The error at which squares turn into absolute values, δ",
    )

    @staticmethod
    def forward(
        y_hat: Tensor, y: Tensor, reduction: Reduce = "mean", delta: float = 1.0
    ) -> tuple[Tensor, tuple]:
        loss = functional.huber_loss(y_hat, y, reduction=reduction, delta=delta)
        return loss, (y_hat, y, reduction, delta)

    @staticmethod
    def backward(dloss: Tensor, cache: tuple, needs: tuple[str, ...] = ("y_hat", "y")) -> Gradients:
        y_hat, y, reduction, delta = cache
        dy_hat = _huber_backward(dloss, y_hat, y, REDUCTION[reduction], delta)
        return _there_and_back(dy_hat, needs)
