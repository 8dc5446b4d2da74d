"""Losses: compare a prediction y_hat with a target y and give one number."""

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.base import Layer, Mismatch, Spec, shape_text

Reduce = Literal["mean", "sum"]


class Loss(Layer):
    """What all losses share: ports y_hat and y, output loss, and a reduction."""

    inputs: ClassVar[tuple[str, ...]] = ("y_hat", "y")
    outputs: ClassVar[tuple[str, ...]] = ("loss",)
    is_loss: ClassVar[bool] = True
    stem: ClassVar[str] = "loss"

    reduction: Reduce = Field("mean", description="Average over all elements, or add them up")


class ElementwiseLoss(Loss):
    """A loss that compares y_hat and y element by element, so both have one shape."""

    differentiable: ClassVar[tuple[str, ...]] = ("y_hat", "y")

    def check(self, y_hat: Spec, y: Spec) -> None:
        if not y_hat.dtype.is_floating_point:
            raise Mismatch("y_hat", "a prediction (float)", "wire the net's output to y_hat")
        if not y.dtype.is_floating_point:
            hint = "choose a data set with numbers as targets, or use CrossEntropyLoss for classes"
            raise Mismatch("y", "numbers (float)", hint, "whole-number class labels")
        if y_hat.shape != y.shape:
            raise Mismatch("y_hat", f"the shape of y, {shape_text(y.shape)}", _same_shape(y_hat, y))


def _same_shape(y_hat: Spec, y: Spec) -> str:
    if len(y_hat.shape) > 2:
        return "put a Flatten before it"
    if len(y_hat.shape) == len(y.shape) and isinstance(y.shape[-1], int):
        return f"set out_features of the last Linear before it to {y.shape[-1]}"
    return "make y_hat and y agree, or each row would be compared with every other"


def _scale(dout: Tensor, count: int, reduction: Reduce) -> Tensor:
    return dout / count if reduction == "mean" else dout


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

    @staticmethod
    def forward(y_hat: Tensor, y: Tensor, reduction: Reduce = "mean") -> tuple[Tensor, tuple]:
        difference = y_hat - y
        square = difference * difference
        loss = square.mean() if reduction == "mean" else square.sum()
        return loss, (difference, reduction)

    @staticmethod
    def backward(
        dloss: Tensor, cache: tuple, needs: tuple[str, ...] = ("y_hat", "y")
    ) -> tuple[Tensor | None, Tensor | None]:
        difference, reduction = cache
        dy_hat = difference * _scale(2 * dloss, difference.numel(), reduction)
        return dy_hat if "y_hat" in needs else None, -dy_hat if "y" in needs else None


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

    @staticmethod
    def forward(y_hat: Tensor, y: Tensor, reduction: Reduce = "mean") -> tuple[Tensor, tuple]:
        log_yes, log_no = _held_logs(y_hat)
        terms = (y - 1) * log_no - y * log_yes
        loss = terms.mean() if reduction == "mean" else terms.sum()
        return loss, (y_hat, y, reduction)

    @staticmethod
    def backward(
        dloss: Tensor, cache: tuple, needs: tuple[str, ...] = ("y_hat", "y")
    ) -> tuple[Tensor | None, Tensor | None]:
        y_hat, y, reduction = cache
        dloss = _scale(dloss, y_hat.numel(), reduction)
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
    cache: ClassVar[tuple[str, ...]] = ("y_hat", "y", "reduction")
    synonyms: ClassVar[tuple[str, ...]] = ("binary cross entropy", "logistic loss", "sigmoid bce")
    equations: ClassVar[dict[str, str]] = {
        "loss": "loss = Σ ((1 − y) ŷ − ln σ(ŷ)) / n",
        "dy_hat": "dŷ = (σ(ŷ) − y) / n · dloss",
        "dy": "dy = −ŷ / n · dloss",
    }

    @staticmethod
    def forward(y_hat: Tensor, y: Tensor, reduction: Reduce = "mean") -> tuple[Tensor, tuple]:
        terms = (1 - y) * y_hat - torch.nn.functional.logsigmoid(y_hat)
        loss = terms.mean() if reduction == "mean" else terms.sum()
        return loss, (y_hat, y, reduction)

    @staticmethod
    def backward(
        dloss: Tensor, cache: tuple, needs: tuple[str, ...] = ("y_hat", "y")
    ) -> tuple[Tensor | None, Tensor | None]:
        y_hat, y, reduction = cache
        dloss = _scale(dloss, y_hat.numel(), reduction)
        return (
            dloss * (torch.sigmoid(y_hat) - y) if "y_hat" in needs else None,
            dloss * -y_hat if "y" in needs else None,
        )


class CrossEntropyLoss(Loss):
    """Softmax and negative log-likelihood in one, for one class out of C.

    Shapes: y_hat (N, C) or (N, C, *) logits, y (N,) or (N, *) class indices in [0, C), loss ().
    Source: torch.nn.CrossEntropyLoss; log-softmax subtracts the largest logit first.
    """

    family: ClassVar[str] = "Loss"
    differentiable: ClassVar[tuple[str, ...]] = ("y_hat",)
    cache: ClassVar[tuple[str, ...]] = ("ln softmax(y_hat)", "y", "reduction")
    synonyms: ClassVar[tuple[str, ...]] = ("softmax", "log loss", "nll", "negative log likelihood")
    equations: ClassVar[dict[str, str]] = {
        "loss": "loss = −Σₙ ln softmax(ŷₙ)[yₙ] / N",
        "dy_hat": "dŷ = (softmax(ŷ) − onehot(y)) / N · dloss",
    }

    @staticmethod
    def forward(y_hat: Tensor, y: Tensor, reduction: Reduce = "mean") -> tuple[Tensor, tuple]:
        log_p = torch.log_softmax(y_hat, 1)
        loss = torch.nn.functional.nll_loss(log_p, y, reduction=reduction)
        return loss, (log_p, y, reduction)

    @staticmethod
    def backward(dloss: Tensor, cache: tuple) -> Tensor:
        log_p, y, reduction = cache
        index = y.unsqueeze(1)
        dy_hat = torch.exp(log_p)
        dy_hat.scatter_add_(1, index, dy_hat.new_full((), -1.0).expand(index.shape))
        return dy_hat * _scale(dloss, y.numel(), reduction)

    def check(self, y_hat: Spec, y: Spec) -> None:
        if not y_hat.dtype.is_floating_point:
            raise Mismatch("y_hat", "one score per class (float)", "wire the net's output to y_hat")
        if y.dtype != torch.int64:
            raise Mismatch(
                "y",
                "class indices (whole numbers)",
                "choose a data set with classes or set its labels to class; "
                "for numbers use MSELoss, for 0/1 targets BCEWithLogitsLoss",
                f"numbers with a fraction, {shape_text(y.shape)}",
            )
        if len(y_hat.shape) < 2:
            raise Mismatch("y_hat", "(N, C), one score per class", "end the net in a Linear")
        if y_hat.shape[:1] + y_hat.shape[2:] != y.shape:
            wanted = shape_text((y.shape[0], "C", *y.shape[1:]))
            raise Mismatch("y_hat", wanted, "put a Flatten before the last Linear")
        classes = y_hat.shape[1]
        if y.classes is not None and isinstance(classes, int) and classes < y.classes:
            raise Mismatch(
                "y_hat",
                f"a score for each of the {y.classes} classes",
                f"set out_features of the last Linear before it to {y.classes}",
            )
