"""The share of a batch that a net gets right, where the loss says what right means."""

from collections.abc import Callable

from torch import Tensor

from explorer.program import Program

Metric = Callable[[Tensor, Tensor], Tensor]


def correct_classes(y_hat: Tensor, y: Tensor) -> Tensor:
    """The share of rows whose largest score (N, C, …) is at the class index (N, …)."""
    return (y_hat.argmax(1) == y).mean(dtype=y_hat.dtype)


def correct_probabilities(y_hat: Tensor, y: Tensor) -> Tensor:
    """The share of probabilities on the same side of 0.5 as their target."""
    return ((y_hat > 0.5) == (y > 0.5)).mean(dtype=y_hat.dtype)


def correct_logits(y_hat: Tensor, y: Tensor) -> Tensor:
    """The share of logits on the same side of 0 as their target is of 0.5."""
    return ((y_hat > 0) == (y > 0.5)).mean(dtype=y_hat.dtype)


_BY_LOSS: dict[str, Metric] = {
    "CrossEntropyLoss": correct_classes,
    "BCELoss": correct_probabilities,
    "BCEWithLogitsLoss": correct_logits,
}


def metric(program: Program) -> Metric | None:
    """What counts correct answers under a program's loss; None for regression and bare scalars."""
    return _BY_LOSS.get(program.loss_kind) if program.compared else None
