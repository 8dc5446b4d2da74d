"""A loss for sequences that are labelled without saying where each label is."""

from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.base import Mismatch, Spec, shape_text
from explorer.layers.losses.regression import Loss, Reduce, reduced, require_prediction
from explorer.layers.written import Lines

_ctc = torch.ops.aten._ctc_loss.default
_ctc_backward = torch.ops.aten._ctc_loss_backward.default

_ARGUMENTS = (
    "F.log_softmax(y_hat, 2), y, "
    "torch.full((len(y),), len(y_hat)) if input_lengths is None else input_lengths, "
    "(y != blank).sum(1) if target_lengths is None else target_lengths"
)


class CTCLoss(Loss):
    """Scores a sequence of labels by all the ways to spread it over a longer sequence.

    Shapes: y_hat (T, N, C) log-probabilities, y (N, S) class indices filled up at the end with
    the blank, input_lengths (N,) or else T, target_lengths (N,) or else those of y without its
    blanks at the end, loss (). A mean divides by each target's length, then averages over N.
    Source: Graves et al. 2006, "Connectionist temporal classification"; torch.nn.CTCLoss.
    y_hat that are no log-probabilities are made so, as by LogSoftmax; those that are stay.
    """

    family: ClassVar[str] = "Loss"
    inputs: ClassVar[tuple[str, ...]] = ("y_hat", "y", "input_lengths", "target_lengths")
    optional: ClassVar[tuple[str, ...]] = ("input_lengths", "target_lengths")
    differentiable: ClassVar[tuple[str, ...]] = ("y_hat",)
    reads_back: ClassVar[bool] = True
    cache: ClassVar[tuple[str, ...]] = (
        *("ln p", "y", "input_lengths", "target_lengths"),
        *("−ln p of each target", "ln α", "divisor of each", "blank", "zero_infinity"),
    )
    synonyms: ClassVar[tuple[str, ...]] = (
        "connectionist temporal classification",
        *("sequence", "alignment", "speech", "handwriting"),
    )
    equations: ClassVar[dict[str, str]] = {
        "loss": "loss = −Σₙ ln Σ p(π) / Sₙ / N, over all paths π that spell yₙ",
        "dy_hat": "dŷ = (p − share of the paths through each class) / Sₙ / N · dloss",
    }
    zeros: ClassVar[dict[str, str]] = {
        "y_hat": "this step lies behind the end of its row, or its target fits no path",
    }
    in_nn: ClassVar[Lines] = {"loss": f"module({_ARGUMENTS})"}

    blank: int = Field(0, ge=0, le=1_000_000, description="The class that stands for no label")
    zero_infinity: bool = Field(
        False, description="Let targets that are too long for their input count for nothing"
    )

    @staticmethod
    def forward(
        y_hat: Tensor,
        y: Tensor,
        input_lengths: Tensor | None = None,
        target_lengths: Tensor | None = None,
        reduction: Reduce = "mean",
        blank: int = 0,
        zero_infinity: bool = False,
    ) -> tuple[Tensor, tuple]:
        if y_hat.is_meta:
            return y_hat.new_empty(()), ()
        log_p = _normalized(y_hat)
        if target_lengths is None:
            target_lengths = (y != blank).sum(1)
        _refuse_bad_labels(y, target_lengths, y_hat.shape[2], blank)
        frames = [len(y_hat)] * len(y) if input_lengths is None else input_lengths.tolist()
        counts = target_lengths.tolist()
        each, log_alpha = _ctc(log_p, y, frames, counts, blank, zero_infinity)
        terms = torch.where(each == torch.inf, 0, each) if zero_infinity else each
        divisor = None
        if reduction == "mean":
            divisor = target_lengths.clamp_min(1)
            terms = terms / divisor
        cache = (log_p, y, frames, counts, each, log_alpha, divisor, blank, zero_infinity)
        return reduced(terms, reduction).to(y_hat.dtype), cache

    @staticmethod
    def backward(dloss: Tensor, cache: tuple) -> Tensor:
        log_p, y, frames, counts, each, log_alpha, divisor, blank, zero_infinity = cache
        dloss_each = dloss.to(each.dtype)
        if divisor is None:
            dloss_each = dloss_each.expand_as(each)
        else:
            dloss_each = dloss_each / len(each) / divisor
        # The kernel's gradient is that of the scores before they were normalized.
        return _ctc_backward(
            dloss_each, log_p, y, frames, counts, each, log_alpha, blank, zero_infinity
        ).to(dloss.dtype)

    def check(
        self,
        y_hat: Spec,
        y: Spec,
        input_lengths: Spec | None = None,
        target_lengths: Spec | None = None,
    ) -> None:
        require_prediction(y_hat)
        if len(y_hat.shape) != 3:
            hint = "put time first, then the batch, then one score per class"
            raise Mismatch("y_hat", "(T, N, C)", hint)
        if y.dtype != torch.int64 or len(y.shape) != 2:
            hint = "wire sequences of class indices to it, such as those of digit strips"
            raise Mismatch("y", "(N, S) class indices (whole numbers)", hint)
        frames, rows, classes = y_hat.shape
        if rows != y.shape[0]:
            hint = "put time first and the batch second: a Permute with dims (1, 0, 2) swaps them"
            wanted = f"(T, {y.shape[0]}, C), with as many columns as y has rows"
            raise Mismatch("y_hat", wanted, hint)
        self._check_classes(classes, y)
        longest = y.shape[1]
        if isinstance(frames, int) and isinstance(longest, int) and longest > frames:
            hint = "shorten the targets, or let less pooling and smaller strides keep more of time"
            gets = f"targets longer than CTC's input: {longest} labels for {frames} steps"
            raise Mismatch("y", f"at most {frames} labels, one per step of y_hat", hint, gets)
        for port, spec in (("input_lengths", input_lengths), ("target_lengths", target_lengths)):
            if spec is not None and (spec.dtype != torch.int64 or spec.shape != y.shape[:1]):
                wanted = f"{shape_text(y.shape[:1])} whole numbers"
                raise Mismatch(port, wanted, "give each row its length, or leave it unconnected")

    def _check_classes(self, classes: int | str, y: Spec) -> None:
        if not isinstance(classes, int):
            raise Mismatch("y_hat", "(T, N, C) with a fixed C", "put the classes last")
        if self.blank >= classes:
            hint = f"choose blank between 0 and {classes - 1}, or give it more scores"
            raise Mismatch("y_hat", f"a score for the blank, class {self.blank}", hint)
        if y.classes is not None and y.classes > classes:
            hint = f"let the net give {y.classes} scores at each step"
            raise Mismatch("y_hat", f"a score for each of the {y.classes} classes", hint)

    def torch_lines(self, *inputs: Spec | None) -> Lines:
        settings = "blank=blank, reduction=reduction, zero_infinity=zero_infinity"
        return {"loss": f"F.ctc_loss({_ARGUMENTS}, {settings})"}


def _normalized(y_hat: Tensor) -> Tensor:
    """Log-probabilities, in float32 at least: the kernel knows no half precision."""
    if y_hat.dtype in (torch.bfloat16, torch.float16):
        y_hat = y_hat.float()
    # Several times as fast as log_softmax where there are less than 16 classes.
    return y_hat - torch.logsumexp(y_hat, 2, keepdim=True)


def _refuse_bad_labels(y: Tensor, lengths: Tensor, classes: int, blank: int) -> None:
    """Raise IndexError for a label that is no class; the kernel would read beyond its memory."""
    labels = y[torch.arange(y.shape[1], device=y.device) < lengths.unsqueeze(1)]
    wrong = labels[(labels < 0) | (labels >= classes) | (labels == blank)]
    if len(wrong):
        raise IndexError(
            f"label {int(wrong[0])} is out of bounds: labels are from 0 to {classes - 1}, "
            f"without the blank {blank}"
        )
