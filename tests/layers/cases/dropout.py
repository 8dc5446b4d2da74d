"""Layers that drop numbers; in torch the same, with what was dropped taken from the cache."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from explorer import layers
from tests.layers.cases.inputs import ROWS, numbers

SELU_LOWEST = float(torch.selu(torch.tensor(-1e3, dtype=torch.float64)))

SHARES = [{"p": p} for p in (0.0, 0.1, 0.5, 0.75, 0.999)]
ANY = [(settings, {"x": numbers(ROWS, 2, 3)}) for settings in SHARES] + [({}, {"x": numbers()})]

CASES = {
    "Dropout": ANY,
    "Dropout2d": [
        ({}, {"x": numbers(ROWS, 4, 2)}),
        ({"p": 0.0}, {"x": numbers(ROWS, 4, 2)}),
        ({"p": 0.3}, {"x": numbers(ROWS, 4, 2, 3)}),
        ({"p": 0.5}, {"x": numbers(ROWS, 3, 1, 1)}),
    ],
    "AlphaDropout": ANY,
}


def with_the_mask_of(name: str, formula: Callable[[Tensor, Tensor, float], Tensor]) -> Any:
    """The formula of x, which numbers are kept and p; in evaluation x itself."""

    def reference(x: Tensor, p: float, training: bool, seed: int) -> Tensor:
        told = {"p": p, "training": training, "seed": seed}
        _, (kept, _) = layers.find(name).forward(x.detach(), **told)
        return x * 1 if kept is None else formula(x, kept.to(x), p)

    return reference


def alpha_dropout(x: Tensor, kept: Tensor, p: float) -> Tensor:
    a = ((1 - p) * (1 + p * SELU_LOWEST**2)) ** -0.5
    return a * (x * kept + SELU_LOWEST * (1 - kept)) - a * p * SELU_LOWEST


REFERENCES = {
    "Dropout": with_the_mask_of("Dropout", lambda x, kept, p: x * kept / (1 - p)),
    "Dropout2d": with_the_mask_of("Dropout2d", lambda x, kept, p: x * kept / (1 - p)),
    "AlphaDropout": with_the_mask_of("AlphaDropout", alpha_dropout),
}
