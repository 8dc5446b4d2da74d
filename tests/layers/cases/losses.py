"""Losses, on predictions and targets of the kinds that they take."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from tests.layers.cases.inputs import ROWS, classes, numbers, shares

SIGNS = torch.tensor([1, -1, -1, 1, -1])
"""1 for alike and −1 for not, one for each of the ROWS."""
PAIR = {"y_hat": numbers(ROWS, 3), "y": 2 * numbers(ROWS, 3)[:, [2, 0, 1]]}
COUNTS = numbers(ROWS, 3).abs().mul(3).round() + 0.25
"""About as many as counts are, below 1 and above, and nowhere at the kink of Stirling's formula."""
SOME_LABELS = torch.tensor([[0, 3], [1, -100], [2, 2], [-100, 1], [3, 0]])
ROUNDS = 6
"""Time steps of CTC, whose batch is its second axis."""
SPOKEN = torch.tensor([[1, 2, 2], [3, 1, 0], [2, 0, 0]])


def probabilities(*shape: int) -> Tensor:
    """Positive numbers that add up to 1 over axis 1."""
    return numbers(*shape).softmax(1)


def embeddings(**settings: Any) -> tuple[dict[str, Any], dict[str, Tensor]]:
    names = ("anchor", "positive", "negative")
    tensors = (numbers(ROWS, 4), shares(ROWS, 4), numbers(ROWS, 4, 1)[..., 0].flip(0))
    return settings, dict(zip(names, tensors, strict=True))


CASES = {
    "MSELoss": [
        ({}, {"y_hat": numbers(ROWS, 6), "y": 2 * numbers(ROWS, 6)}),
        ({"reduction": "sum"}, {"y_hat": numbers(ROWS, 3), "y": numbers(ROWS, 3)[:, [2, 0, 1]]}),
        ({}, {"y_hat": numbers(ROWS, 2, 3), "y": shares(ROWS, 2, 3)}),
    ],
    "L1Loss": [
        ({}, PAIR),
        ({"reduction": "sum"}, {"y_hat": numbers(ROWS, 2, 3), "y": shares(ROWS, 2, 3)}),
    ],
    "SmoothL1Loss": [
        ({}, PAIR),
        ({"beta": 0.3, "reduction": "sum"}, PAIR),
        ({"beta": 0.0}, PAIR),
    ],
    "HuberLoss": [({}, PAIR), ({"delta": 0.3, "reduction": "sum"}, PAIR)],
    "BCELoss": [
        ({}, {"y_hat": shares(ROWS, 3), "y": shares(1, ROWS, 3)[0]}),
        ({"reduction": "sum"}, {"y_hat": shares(ROWS, 1), "y": shares(ROWS, 1).round()}),
    ],
    "BCEWithLogitsLoss": [
        ({}, {"y_hat": numbers(ROWS, 3), "y": shares(ROWS, 3)}),
        ({"reduction": "sum"}, {"y_hat": numbers(ROWS, 1), "y": shares(ROWS, 1)}),
        ({"pos_weight": 3.0}, {"y_hat": numbers(ROWS, 3), "y": shares(ROWS, 3)}),
        (
            {"pos_weight": (0.5, 2.0, 0.0), "reduction": "sum"},
            {"y_hat": numbers(ROWS, 2, 3), "y": shares(ROWS, 2, 3)},
        ),
    ],
    "CrossEntropyLoss": [
        ({}, {"y_hat": numbers(ROWS, 4), "y": classes(4, ROWS)}),
        ({"reduction": "sum"}, {"y_hat": numbers(ROWS, 4), "y": classes(4, ROWS)}),
        ({}, {"y_hat": numbers(ROWS, 4, 3), "y": classes(4, ROWS, 3)}),
        ({"reduction": "sum"}, {"y_hat": numbers(ROWS, 4, 2, 3), "y": classes(4, ROWS, 2, 3)}),
        ({}, {"y_hat": numbers(ROWS, 4, 2), "y": SOME_LABELS}),
        (
            {"weight": (1.0, 0.5, 2.0, 0.0), "ignore_index": 1, "label_smoothing": 0.2},
            {"y_hat": numbers(ROWS, 4), "y": classes(4, ROWS)},
        ),
        (
            {"weight": (1.0, 0.5, 2.0, 3.0), "label_smoothing": 0.1, "reduction": "sum"},
            {"y_hat": numbers(ROWS, 4, 2), "y": SOME_LABELS},
        ),
        ({"label_smoothing": 0.3}, {"y_hat": numbers(ROWS, 4, 2), "y": SOME_LABELS}),
        (
            {"targets": "probabilities"},
            {"y_hat": numbers(ROWS, 4), "y": probabilities(ROWS, 4).flip(1)},
        ),
        (
            {
                "targets": "probabilities",
                "weight": (1.0, 0.5, 2.0),
                "label_smoothing": 0.2,
                "reduction": "sum",
            },
            {"y_hat": numbers(ROWS, 3, 2), "y": probabilities(ROWS, 3, 2)},
        ),
    ],
    "NLLLoss": [
        ({}, {"y_hat": numbers(ROWS, 4).log_softmax(1), "y": classes(4, ROWS)}),
        ({"weight": (1.0, 0.5, 2.0, 3.0)}, {"y_hat": numbers(ROWS, 4, 2), "y": SOME_LABELS}),
        (
            {"ignore_index": 2, "reduction": "sum"},
            {"y_hat": numbers(ROWS, 3, 2, 2), "y": classes(3, ROWS, 2, 2)},
        ),
    ],
    "KLDivLoss": [
        ({}, {"y_hat": numbers(ROWS, 3).log_softmax(1), "y": probabilities(ROWS, 3)}),
        ({"reduction": "batchmean"}, {"y_hat": numbers(ROWS, 3), "y": shares(ROWS, 3)}),
        (
            {"reduction": "sum", "log_target": True},
            {"y_hat": numbers(ROWS, 2, 3), "y": shares(ROWS, 2, 3).log()},
        ),
    ],
    "PoissonNLLLoss": [
        ({}, {"y_hat": numbers(ROWS, 3), "y": COUNTS}),
        ({"full": True, "reduction": "sum"}, {"y_hat": numbers(ROWS, 3), "y": COUNTS}),
        (
            {"log_input": False, "full": True, "eps": 0.01},
            {"y_hat": 3 * shares(ROWS, 3), "y": COUNTS},
        ),
    ],
    "GaussianNLLLoss": [
        ({}, PAIR | {"var": shares(ROWS, 3)}),
        ({"full": True, "reduction": "sum"}, PAIR | {"var": shares(ROWS, 1)}),
    ],
    "HingeEmbeddingLoss": [
        ({}, {"y_hat": 2 * shares(ROWS), "y": SIGNS}),
        (
            {"margin": 0.4, "reduction": "sum"},
            {"y_hat": shares(ROWS, 2), "y": SIGNS.double().outer(torch.ones(2).double())},
        ),
    ],
    "CosineEmbeddingLoss": [
        ({}, {"x1": numbers(ROWS, 3), "x2": numbers(ROWS, 3, 1)[..., 0].flip(0), "y": SIGNS}),
        (
            {"margin": -0.5, "reduction": "sum"},
            {"x1": numbers(ROWS, 4), "x2": shares(ROWS, 4), "y": SIGNS.double()},
        ),
    ],
    "TripletMarginLoss": [
        embeddings(),
        embeddings(margin=2.5, p=1.0, reduction="sum"),
        embeddings(p=3.0, eps=0.0),
    ],
    "CTCLoss": [
        ({}, {"y_hat": numbers(ROUNDS, 3, 4).log_softmax(2), "y": SPOKEN}),
        (
            {"blank": 3, "reduction": "sum"},
            {
                "y_hat": numbers(ROUNDS, 3, 4).log_softmax(2),
                "y": torch.tensor([[0, 2, 2], [2, 1, 3], [0, 3, 3]]),
            },
        ),
        (
            {"zero_infinity": True},
            {
                "y_hat": numbers(ROUNDS, 3, 4).log_softmax(2),
                "y": SPOKEN,
                # The first target needs a step more than its input has.
                "input_lengths": torch.tensor([3, ROUNDS, 4]),
                "target_lengths": torch.tensor([3, 2, 0]),
            },
        ),
    ],
}


def ctc(
    y_hat: Tensor,
    y: Tensor,
    input_lengths: Tensor | None = None,
    target_lengths: Tensor | None = None,
    blank: int = 0,
    **settings: Any,
) -> Tensor:
    if input_lengths is None:
        input_lengths = torch.full((len(y),), len(y_hat))
    if target_lengths is None:
        target_lengths = (y != blank).sum(1)
    return functional.ctc_loss(y_hat, y, input_lengths, target_lengths, blank, **settings)


def kl_div(y_hat: Tensor, y: Tensor, reduction: str = "mean", log_target: bool = False) -> Tensor:
    terms = functional.kl_div(y_hat, y, reduction="none", log_target=log_target)
    return (
        terms.mean()
        if reduction == "mean"
        else terms.sum() / (len(terms) if reduction == "batchmean" else 1)
    )


def cross_entropy(y_hat: Tensor, y: Tensor, weight: Any = None, **settings: Any) -> Tensor:
    weight = None if weight is None else y_hat.new_tensor(weight)
    return functional.cross_entropy(y_hat, y, weight, **settings)


def nll(y_hat: Tensor, y: Tensor, weight: Any = None, **settings: Any) -> Tensor:
    weight = None if weight is None else y_hat.new_tensor(weight)
    return functional.nll_loss(y_hat, y, weight, **settings)


def bce_with_logits(y_hat: Tensor, y: Tensor, pos_weight: Any = None, **settings: Any) -> Tensor:
    pos_weight = None if pos_weight is None else y_hat.new_tensor(pos_weight)
    return functional.binary_cross_entropy_with_logits(y_hat, y, pos_weight=pos_weight, **settings)


REFERENCES = {
    "BCEWithLogitsLoss": bce_with_logits,
    "CrossEntropyLoss": cross_entropy,
    "NLLLoss": nll,
    "KLDivLoss": kl_div,
    "CTCLoss": ctc,
}
