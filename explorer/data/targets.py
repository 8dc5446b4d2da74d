"""The form that targets take: class indices, 0.0 and 1.0, or real numbers."""

from typing import Literal

import torch
from torch import Tensor

from explorer.data.dataset import DataError

Form = Literal["class", "binary", "real"]
LABELS = ("auto", "class", "binary", "real")


def check_labels(labels: str) -> None:
    if labels not in LABELS:
        raise DataError(f"Labels cannot be '{labels}': choose one of {', '.join(LABELS)}.")


def form_of(labels: str, classes: int, where: str) -> Form:
    """The form that `labels` asks for where the target has `classes` (0: it is a number).

    `where` names the target in the sentence of an error.
    """
    match labels:
        case "class" if not classes:
            raise DataError(f"{where} is a number, not a class: set labels to auto or real.")
        case "binary" if classes != 2:
            has = f"has {classes} classes" if classes else "is a number"
            raise DataError(
                f"{where} {has}, and binary labels need exactly two classes: "
                f"set labels to auto or {'class' if classes else 'real'}."
            )
        case "class" | "binary" | "real":
            return labels
    if classes:
        return "binary" if classes == 2 else "class"
    return "real"


def check_sequence(labels: str, where: str) -> None:
    """Refuse to make anything but class indices of a target that is a row of classes."""
    if labels in ("binary", "real"):
        raise DataError(
            f"{where} is a sequence of classes, which {labels} labels cannot give: "
            "set labels to auto or class."
        )


def y_shape(form: Form) -> tuple[int, ...]:
    return () if form == "class" else (1,)


def y_dtype(form: Form) -> torch.dtype:
    return torch.int64 if form == "class" else torch.float32


def encode(target: Tensor, form: Form) -> Tensor:
    """Target (N,), of class indices or numbers, to y: (N,) int64 or (N, 1) float32."""
    return target.reshape(-1, *y_shape(form)).to(y_dtype(form))
