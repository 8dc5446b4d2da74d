"""Layers that multiply by a weight matrix."""

import torch

from tests.layers.cases.inputs import ROWS, numbers

CASES = {
    "Linear": [
        ({}, {"x": numbers(ROWS, 6)}),
        ({"out_features": 3}, {"x": numbers(ROWS, 4)}),
        ({"out_features": 3, "bias": False}, {"x": numbers(ROWS, 4)}),
        ({"out_features": 3}, {"x": numbers(ROWS, 2, 4)}),
        ({"out_features": 1, "bias": False}, {"x": numbers(ROWS, 2, 4)}),
    ],
}
REFERENCES = {
    "Linear": lambda x, w, b=None: torch.nn.functional.linear(x, w.t(), b),
    "Parameter": lambda value: value.clone(),
}
