"""Recurrent layers: short sequences, with and without a state to start from.

The batch axis of h0 is its second, so where there is one the batch has other than ROWS rows.
"""

from typing import Any

import torch
from torch import Tensor

from tests.layers.cases.inputs import ROWS, numbers

torch_way = torch._VF  # type: ignore[attr-defined]


def state(count: int) -> Tensor:
    return numbers(count, 3, 2)


def sequence_last(kind: str, x: Tensor, hx: Any, weights: tuple, settings: dict) -> tuple:
    """torch's own layer of that kind, and what its top layer ends in."""
    there = [weight for weight in weights if weight is not None]
    layers, both = settings["num_layers"], settings["bidirectional"]
    lanes = layers * (1 + both)
    biased = len(there) == 4 * lanes
    out, *finals = getattr(torch_way, kind)(
        x, hx, there, biased, layers, 0.0, True, both, settings["batch_first"]
    )
    return out, *finals, torch.cat(list(finals[0][lanes - 1 - both :]), -1)


def zeros(x: Tensor, weights: tuple, settings: dict) -> Tensor:
    lanes = settings["num_layers"] * (1 + settings["bidirectional"])
    return x.new_zeros(lanes, x.shape[0 if settings["batch_first"] else 1], weights[1].shape[1])


def rnn(x: Tensor, h0: Tensor | None, *weights: Tensor, nonlinearity: str, **how: Any) -> tuple:
    h0 = zeros(x, weights, how) if h0 is None else h0
    return sequence_last(f"rnn_{nonlinearity}", x, h0, weights, how)


def gru(x: Tensor, h0: Tensor | None, *weights: Tensor, **how: Any) -> tuple:
    h0 = zeros(x, weights, how) if h0 is None else h0
    return sequence_last("gru", x, h0, weights, how)


def lstm(x: Tensor, h0: Tensor | None, c0: Tensor | None, *weights: Tensor, **how: Any) -> tuple:
    hx = [zeros(x, weights, how) if given is None else given for given in (h0, c0)]
    return sequence_last("lstm", x, hx, weights, how)


SMALL = {"hidden_size": 2}
UNBIASED = SMALL | {"bias": False}
TURNED = UNBIASED | {"bidirectional": True, "batch_first": False}
DEEP = UNBIASED | {"num_layers": 2}

CASES = {
    "RNN": [
        ({"hidden_size": 3}, {"x": numbers(ROWS, 4, 2)}),
        ({"hidden_size": 3, "nonlinearity": "relu"}, {"x": numbers(ROWS, 1, 2)}),
        (SMALL, {"x": numbers(3, 4, 2), "h0": state(1)}),
        (TURNED, {"x": numbers(4, 3, 2), "h0": state(2)}),
        (DEEP | {"nonlinearity": "relu"}, {"x": numbers(ROWS, 3, 3)}),
    ],
    "GRU": [
        ({"hidden_size": 3}, {"x": numbers(ROWS, 4, 2)}),
        (SMALL, {"x": numbers(3, 2, 2), "h0": state(1)}),
        (TURNED, {"x": numbers(4, 3, 2), "h0": state(2)}),
        (DEEP, {"x": numbers(ROWS, 3, 3)}),
    ],
    "LSTM": [
        ({"hidden_size": 3}, {"x": numbers(ROWS, 4, 2)}),
        (SMALL, {"x": numbers(3, 1, 2), "h0": state(1), "c0": 1 - state(1)}),
        (UNBIASED, {"x": numbers(3, 2, 3), "c0": state(1)}),
        (TURNED, {"x": numbers(4, 3, 2), "h0": state(2), "c0": 1 - state(2)}),
        (DEEP, {"x": numbers(ROWS, 3, 3)}),
    ],
}
REFERENCES = {"RNN": rnn, "GRU": gru, "LSTM": lstm}
