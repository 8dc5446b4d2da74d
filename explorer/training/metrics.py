"""The share of a batch that a net gets right, where the loss says what right means."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from explorer.program import Program

Metric = Callable[[Tensor, Tensor], Tensor]


def correct_classes(y_hat: Tensor, y: Tensor, ignore_index: int = -100) -> Tensor:
    """The share of rows whose largest score (N, C, …) is at the class.

    y is a class index (N, …), with `ignore_index` where none is asked for, or the probability
    of each class (N, C, …), of which the largest counts.
    """
    if y.dtype.is_floating_point:
        y = y.argmax(1)
    right, asked = y_hat.argmax(1) == y, y != ignore_index
    return (right & asked).sum(dtype=y_hat.dtype) / asked.sum().clamp_min(1)


def correct_probabilities(y_hat: Tensor, y: Tensor) -> Tensor:
    """The share of probabilities on the same side of 0.5 as their target."""
    return ((y_hat > 0.5) == (y > 0.5)).mean(dtype=y_hat.dtype)


def correct_logits(y_hat: Tensor, y: Tensor) -> Tensor:
    """The share of logits on the same side of 0 as their target is of 0.5."""
    return ((y_hat > 0) == (y > 0.5)).mean(dtype=y_hat.dtype)


def correct_characters(y_hat: Tensor, y: Tensor, blank: int = 0) -> Tensor:
    """1 − the character error rate of the likeliest path: edits to get y, over the length of y.

    y_hat (T, N, C) scores, y (N, S) with `blank` behind its end. At least 0. Levenshtein
    distance, a row of the table for each time, all samples at once.
    """
    path = y_hat.argmax(2)
    before = torch.cat([path.new_full((1, path.shape[1]), blank), path[:-1]])
    is_read = (path != blank) & (path != before)
    count = torch.arange(y.shape[1] + 1, device=y.device)
    distance = count.expand(len(y), -1)
    for character, counts in zip(path, is_read, strict=True):
        replaced = distance[:, :-1] + (y != character[:, None])
        row = torch.cat([distance[:, :1] + 1, torch.minimum(replaced, distance[:, 1:] + 1)], 1)
        # Insertions run along the row: each costs 1 more than the best entry to its left.
        row = (row - count).cummin(1).values + count
        distance = torch.where(counts[:, None], row, distance)
    lengths = (y != blank).sum(1)
    errors = distance.gather(1, lengths[:, None]).sum()
    return (1 - errors / lengths.sum().clamp_min(1)).clamp_min(0).to(y_hat.dtype)


_BY_LOSS: dict[str, tuple[Callable[..., Tensor], tuple[str, ...]]] = {
    "CrossEntropyLoss": (correct_classes, ("ignore_index",)),
    "NLLLoss": (correct_classes, ("ignore_index",)),
    "BCELoss": (correct_probabilities, ()),
    "BCEWithLogitsLoss": (correct_logits, ()),
    "CTCLoss": (correct_characters, ("blank",)),
}
"""What counts, and the settings of the loss that it needs to know."""


def metric(program: Program) -> Metric | None:
    """What counts correct answers under a program's loss; None for regression and bare scalars."""
    if not program.compared or program.loss_kind not in _BY_LOSS:
        return None
    count, names = _BY_LOSS[program.loss_kind]
    told: dict[str, Any] = {n: v for n, v in program.loss_settings.items() if n in names}
    return lambda y_hat, y: count(y_hat, y, **told)
