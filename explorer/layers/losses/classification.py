"""Losses for one class out of C."""

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import torch
from pydantic import Field, ValidationInfo, field_validator
from torch import Tensor

from explorer.layers.base import Mismatch, Spec, packed, shape_text
from explorer.layers.losses.regression import REDUCTION, Loss, Reduce, averaged, constants, share
from explorer.layers.written import Code, Lines, Unwritable, Written

_aten = torch.ops.aten
_nll = _aten.nll_loss_forward.default
_nll_backward = _aten.nll_loss_backward.default
_nll_in_space = _aten.nll_loss2d_forward.default
_nll_in_space_backward = _aten.nll_loss2d_backward.default
_log_softmax_backward = _aten._log_softmax_backward_data.default

Weight = tuple[float, ...] | None
IGNORED = -100
"""The class index that marks a row without a label, as in torch.nn."""


class ClassLoss(Loss):
    """What losses for one class out of C share: weights of classes, and rows left out."""

    differentiable: ClassVar[tuple[str, ...]] = ("y_hat",)

    weight: Weight = Field(
        None, description="How much each class counts: one number per class; empty: all alike"
    )
    ignore_index: int = Field(
        IGNORED,
        ge=-1_000_000,
        le=1_000_000,
        description="Rows with this class index count for nothing",
    )

    @field_validator("weight")
    @classmethod
    def _at_least_zero(cls, weight: Weight) -> Weight:
        if weight is not None and (
            not weight or not all(math.isfinite(w) and w >= 0 for w in weight)
        ):
            raise ValueError("must be numbers of at least 0, one per class")
        return weight

    def _check_scores(self, y_hat: Spec, what: str, hint: str) -> None:
        """Raise Mismatch where y_hat does not have a number for each class."""
        if not y_hat.dtype.is_floating_point:
            raise Mismatch("y_hat", f"one {what} per class (float)", hint)
        if len(y_hat.shape) < 2:
            raise Mismatch("y_hat", f"(N, C), one {what} per class", "end the net in a Linear")
        if self.weight is not None and len(self.weight) != y_hat.shape[1]:
            count = len(self.weight)
            raise Mismatch(
                "y_hat",
                f"{count} classes, as many as weight has numbers",
                f"give weight one number for each of the {y_hat.shape[1]} classes",
            )

    def _check_labels(self, y_hat: Spec, y: Spec, what: str, otherwise: str) -> None:
        """Raise Mismatch where y is not a class index for each row of y_hat."""
        if y.dtype != torch.int64:
            floats = y.dtype.is_floating_point
            kind = "numbers with a fraction" if floats else str(y.dtype).removeprefix("torch.")
            hint = f"choose a data set with classes or set its labels to class; {otherwise}"
            gets = f"{kind}, {shape_text(y.shape)}"
            raise Mismatch("y", "class indices (whole numbers)", hint, gets)
        if y_hat.shape[:1] + y_hat.shape[2:] != y.shape:
            wanted = shape_text((*y.shape[:1], "C", *y.shape[1:]))
            raise Mismatch("y_hat", wanted, "put a Flatten before the last Linear")
        classes = y_hat.shape[1]
        if y.classes is not None and isinstance(classes, int) and classes < y.classes:
            raise Mismatch(
                "y_hat",
                f"a {what} for each of the {y.classes} classes",
                f"set out_features of the last Linear before it to {y.classes}",
            )

    def nn_settings(self, y_hat: Spec, y: Spec) -> dict[str, Any]:
        return {} if self.weight is None else {"weight": Code(f"torch.tensor({self.weight})")}

    def _torch_call(self, function: str, *settings: str) -> Lines:
        """A call of one of torch's functions with these settings and the weights of the classes."""
        told = [f"{name}={name}" for name in settings]
        if self.weight is not None:
            told.append(f"weight=torch.tensor({self.weight}, dtype=y_hat.dtype)")
        return {"loss": f"{function}(y_hat, y, {', '.join(told)})"}

    def _refuse_by_hand(self) -> None:
        """Raise Unwritable for settings that leave no short formula."""
        if self.weight is not None or self.ignore_index != IGNORED:
            hint = "leave weight empty and ignore_index at its default, or look at Autograd's page"
            raise Unwritable("weighs its classes, or leaves rows out", hint)


class CrossEntropyLoss(ClassLoss):
    """Softmax and negative log-likelihood in one, for one class out of C.

    Shapes: y_hat (N, C) or (N, C, *) logits, y (N,) or (N, *) class indices in [0, C), loss ();
    with targets set to probabilities y is as y_hat, floats that add up to 1 over the classes.
    Source: torch.nn.CrossEntropyLoss; log-softmax subtracts the largest logit first.
    """

    family: ClassVar[str] = "Loss"
    differentiable: ClassVar[tuple[str, ...]] = ("y_hat", "y")
    cache: ClassVar[tuple[str, ...]] = (
        "ln softmax(y_hat)",
        "y",
        "weight",
        "reduction",
        "label_smoothing",
        "ignore_index",
        "Σₙ weight[yₙ]",
    )
    synonyms: ClassVar[tuple[str, ...]] = ("softmax", "log loss", "nll", "negative log likelihood")
    equations: ClassVar[dict[str, str]] = {
        "loss": "loss = −Σₙ ln softmax(ŷₙ)[yₙ] / N",
        "dy_hat": "dŷ = (softmax(ŷ) − onehot(y)) / N · dloss",
        "dy": "dy = −ln softmax(ŷ) / N · dloss, of class probabilities y",
    }
    zeros: ClassVar[dict[str, str]] = {
        "y_hat": "the target of this row is ignore_index or weighs 0, or its share is right",
    }

    label_smoothing: float = Field(
        0.0, ge=0, le=1, description="Share of the target that is spread evenly over all classes"
    )
    targets: Literal["classes", "probabilities"] = Field(
        "classes", description="What y holds: a class index, or a probability for each class"
    )

    @field_validator("targets")
    @classmethod
    def _can_be_ignored(cls, targets: str, info: ValidationInfo) -> str:
        if targets == "probabilities" and info.data.get("ignore_index", IGNORED) != IGNORED:
            raise ValueError(f"must be classes, or ignore_index {IGNORED}: it is for class indices")
        return targets

    @classmethod
    def single(
        cls, name: str, index: tuple[int, ...], tensors: Mapping[str, Any]
    ) -> tuple[str, dict[str, float]] | None:
        y = tensors["y"]
        if y.is_floating_point() or name not in ("loss", "dy_hat"):
            return None
        if name == "loss":
            picked = torch.log_softmax(tensors["y_hat"], 1).gather(1, y.clamp_min(0).unsqueeze(1))
            return averaged(-picked, tensors["reduction"])
        row, column = index[:1] + index[2:], index[1]
        return "(p − t) / N · dloss", {
            "p": float(tensors["ln softmax(y_hat)"][index].exp()),
            "t": float(y[row] == column),
            "N": float(y.numel()),
            "dloss": float(tensors["dloss"]),
        }

    @property
    def learns(self) -> tuple[str, ...]:
        return ("y_hat", "y") if self.targets == "probabilities" else ("y_hat",)

    @staticmethod
    def forward(
        y_hat: Tensor,
        y: Tensor,
        reduction: Reduce = "mean",
        weight: Weight = None,
        label_smoothing: float = 0.0,
        ignore_index: int = IGNORED,
    ) -> tuple[Tensor, tuple]:
        log_p = torch.log_softmax(y_hat, 1)
        w = _as_tensor(weight, log_p)
        settings = (reduction, label_smoothing, ignore_index)
        if y.is_floating_point():
            terms = _smoothed(y, label_smoothing) * _per_class(log_p, w)
            loss = -terms.sum() / (_rows(log_p) if reduction == "mean" else 1)
            return loss, (log_p, y, w, *settings, None)
        loss, total = nll(log_p, y, w, reduction, ignore_index)
        if label_smoothing:
            even = -_per_class(log_p, w).sum(1).masked_fill(y == ignore_index, 0).sum()
            even = even / total if reduction == "mean" else even
            loss = (1 - label_smoothing) * loss + label_smoothing / log_p.shape[1] * even
        return loss, (log_p, y, w, *settings, total)

    @staticmethod
    def backward(
        dloss: Tensor, cache: tuple, needs: tuple[str, ...] = ("y_hat", "y")
    ) -> Tensor | tuple[Tensor | None, Tensor | None]:
        """dy_hat alone for class indices, which have no gradient."""
        log_p, y, w, reduction, label_smoothing, ignore_index, total = cache
        if y.is_floating_point():
            return _soft_backward(dloss, cache, needs)
        hard = dloss * (1 - label_smoothing) if label_smoothing else dloss
        dlog_p = nll_backward(hard, log_p, y, w, reduction, ignore_index, total)
        if label_smoothing:
            even = dloss * (-label_smoothing / log_p.shape[1])
            even = even / total if reduction == "mean" else even
            counts = (y != ignore_index).unsqueeze(1)
            dlog_p = dlog_p + (counts * even if w is None else counts * even * _along(w, log_p))
        return _log_softmax_backward(dlog_p, log_p, 1, log_p.dtype)

    def check(self, y_hat: Spec, y: Spec) -> None:
        self._check_scores(y_hat, "score", "wire the net's output to y_hat")
        if self.targets == "classes":
            if y.dtype.is_floating_point and y.shape == y_hat.shape:
                hint = "set targets to probabilities, or wire class indices to it"
                gets = f"numbers with a fraction, {shape_text(y.shape)}"
                raise Mismatch("y", "class indices (whole numbers)", hint, gets)
            otherwise = "for numbers use MSELoss, for 0/1 targets BCEWithLogitsLoss"
            self._check_labels(y_hat, y, "score", otherwise)
        elif not y.dtype.is_floating_point:
            hint = "set targets to classes, or wire probabilities to it"
            raise Mismatch("y", "a probability per class (float)", hint)
        elif y.shape != y_hat.shape:
            wanted = f"the shape of y_hat, {shape_text(y_hat.shape)}"
            raise Mismatch("y", wanted, "make both have one number for each class")

    def torch_lines(self, y_hat: Spec, y: Spec) -> Lines:
        return self._torch_call("F.cross_entropy", "reduction", "label_smoothing", "ignore_index")

    def hand_lines(self, y_hat: Spec, y: Spec) -> Lines:
        self._refuse_by_hand()
        rows = "(y_hat.numel() // y_hat.shape[1])" if len(y_hat.shape) > 2 else "len(y_hat)"
        share = f" / {rows}" if self.reduction == "mean" else ""
        lines = {"log_p": "y_hat - y_hat.logsumexp(1, keepdim=True)"}
        if self.targets == "classes":
            lines["target"] = _onehot(y_hat)
        target = "y" if self.targets == "probabilities" else "target"
        if self.label_smoothing:
            even = f"{self.label_smoothing} / y_hat.shape[1]"
            lines["soft"] = f"(1 - {self.label_smoothing}) * {target} + {even}"
            target = "soft"
        mean = f"-({target} * log_p).sum(){share}"
        picked = target == "target" and len(y_hat.shape) == 2
        return {
            **lines,
            "loss": "-reduced(log_p[range(len(y)), y])" if picked else mean,
            "dy_hat": f"dloss * (torch.exp(log_p) - {target}){share}",
            "dy": f"dloss * (1 - {self.label_smoothing}) * -log_p{share}",
        }


def _onehot(y_hat: Spec) -> str:
    """Python for 1 at the class of each row, with the classes where y_hat has them."""
    turned = "" if len(y_hat.shape) == 2 else ".movedim(-1, 1)"
    return f"F.one_hot(y, y_hat.shape[1]){turned}"


def _soft_backward(
    dloss: Tensor, cache: tuple, needs: tuple[str, ...]
) -> tuple[Tensor | None, Tensor | None]:
    """The gradients of cross-entropy with class probabilities as targets."""
    log_p, y, w, reduction, label_smoothing, *_ = cache
    down = -share(dloss, _rows(log_p), reduction)
    dy_hat = dy = None
    if "y_hat" in needs:
        dlog_p = _per_class(_smoothed(y, label_smoothing) * down, w)
        dy_hat = _log_softmax_backward(dlog_p, log_p, 1, log_p.dtype)
    if "y" in needs:
        dy = _per_class(log_p, w) * (down * (1 - label_smoothing))
    return dy_hat, dy


class NLLLoss(ClassLoss):
    """Negative log-likelihood of one class out of C, from log-probabilities.

    Shapes: y_hat (N, C) or (N, C, *) log-probabilities, y (N,) or (N, *) class indices in [0, C),
    loss (). Source: torch.nn.NLLLoss; after LogSoftmax it is CrossEntropyLoss.
    """

    family: ClassVar[str] = "Loss"
    cache: ClassVar[tuple[str, ...]] = (
        "y_hat",
        "y",
        "weight",
        "reduction",
        "ignore_index",
        "Σₙ weight[yₙ]",
    )
    synonyms: ClassVar[tuple[str, ...]] = ("negative log likelihood", "log loss", "cross entropy")
    equations: ClassVar[dict[str, str]] = {
        "loss": "loss = −Σₙ ŷₙ[yₙ] / N",
        "dy_hat": "dŷ = −onehot(y) / N · dloss",
    }
    zeros: ClassVar[dict[str, str]] = {
        "y_hat": "it is not the target of its row, or that is ignore_index or weighs 0",
    }
    merged: ClassVar[Mapping[str, str]] = {
        "LogSoftmax": "share(dloss * (torch.exp(y_hat) - onehot), y)"
    }

    @staticmethod
    def forward(
        y_hat: Tensor,
        y: Tensor,
        reduction: Reduce = "mean",
        weight: Weight = None,
        ignore_index: int = IGNORED,
    ) -> tuple[Tensor, tuple]:
        w = _as_tensor(weight, y_hat)
        loss, total = nll(y_hat, y, w, reduction, ignore_index)
        return loss, (y_hat, y, w, reduction, ignore_index, total)

    @staticmethod
    def backward(dloss: Tensor, cache: tuple) -> Tensor:
        return nll_backward(dloss, *cache)

    def check(self, y_hat: Spec, y: Spec) -> None:
        self._check_scores(y_hat, "log-probability", "put a LogSoftmax before it")
        otherwise = "for numbers use MSELoss, for 0/1 targets BCEWithLogitsLoss"
        self._check_labels(y_hat, y, "log-probability", otherwise)

    def torch_lines(self, y_hat: Spec, y: Spec) -> Lines:
        return self._torch_call("F.nll_loss", "reduction", "ignore_index")

    def merged_with(self, before: Written, *inputs: Spec) -> str:
        """With a LogSoftmax along the classes, its gradient is the difference of two shares."""
        found = super().merged_with(before, *inputs)
        dim = getattr(before, "dim", 1)
        return found if dim % len(inputs[0].shape) == 1 else ""

    def hand_lines(self, y_hat: Spec, y: Spec) -> Lines:
        self._refuse_by_hand()
        return {
            "onehot": _onehot(y_hat),
            "loss": "share(-(onehot * y_hat).sum(), y)",
            "dy_hat": "share(dloss * -onehot, y)",
        }


def nll(
    log_p: Tensor, y: Tensor, w: Tensor | None, reduction: str, ignore_index: int
) -> tuple[Tensor, Tensor]:
    """−Σ w[y] log_p[y], over Σ w[y] for a mean; and Σ w[y]. IndexError for y beyond [0, C)."""
    how = REDUCTION[reduction]
    try:
        if log_p.dim() == 2:
            return _nll(log_p, y, w, how, ignore_index)
        return _nll_in_space(*_in_space(log_p, y), w, how, ignore_index)
    except IndexError as error:
        kernel_says = str(error).rstrip(".")
        raise IndexError(f"{kernel_says}: classes are 0 to {log_p.shape[1] - 1}") from error


def nll_backward(
    dloss: Tensor,
    log_p: Tensor,
    y: Tensor,
    w: Tensor | None,
    reduction: str,
    ignore_index: int,
    total: Tensor,
) -> Tensor:
    """The gradient of `nll` by log_p."""
    how = REDUCTION[reduction]
    if log_p.dim() == 2:
        return _nll_backward(dloss, log_p, y, w, how, ignore_index, total)
    # The kernel lays its result out as log_p lies, and then wants that contiguous.
    flat = _in_space(packed(log_p), y)
    found = _nll_in_space_backward(dloss, *flat, w, how, ignore_index, total)
    return found.reshape(log_p.shape)


def _in_space(log_p: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """(N, C, *) and (N, *) as (N, C, H, W) and (N, H, W), which the kernels want."""
    if log_p.dim() == 4:
        return log_p, y
    return log_p.flatten(2).unsqueeze(2), y.flatten(1).unsqueeze(1)


def _as_tensor(weight: Weight, like: Tensor) -> Tensor | None:
    return None if weight is None else constants(tuple(weight), like.dtype, like.device)


def _along(w: Tensor, like: Tensor) -> Tensor:
    """Weights of classes (C,), laid along the class axis of (N, C, *)."""
    return w.reshape(-1, *(1,) * (like.dim() - 2))


def _per_class(values: Tensor, w: Tensor | None) -> Tensor:
    return values if w is None else values * _along(w, values)


def _smoothed(y: Tensor, label_smoothing: float) -> Tensor:
    """Class probabilities with a share of them spread evenly over all classes."""
    if not label_smoothing:
        return y
    return y * (1 - label_smoothing) + label_smoothing / y.shape[1]


def _rows(log_p: Tensor) -> int:
    return log_p.numel() // log_p.shape[1]
