"""Layers that multiply by a matrix: a weight, or what comes by wire."""

import torch

from tests.layers.cases.inputs import ROWS, numbers, shares

CASES = {
    "Linear": [
        ({}, {"x": numbers(ROWS, 6)}),
        ({"out_features": 3}, {"x": numbers(ROWS, 4)}),
        ({"out_features": 3, "bias": False}, {"x": numbers(ROWS, 4)}),
        ({"out_features": 3}, {"x": numbers(ROWS, 2, 4)}),
        ({"out_features": 1, "bias": False}, {"x": numbers(ROWS, 2, 4)}),
    ],
    "Bilinear": [
        ({"out_features": 3}, {"x1": numbers(ROWS, 4), "x2": shares(ROWS, 2)}),
        ({"out_features": 1, "bias": False}, {"x1": numbers(ROWS, 2), "x2": shares(ROWS, 2)}),
        ({"out_features": 2}, {"x1": numbers(ROWS, 2, 1), "x2": shares(ROWS, 2, 3)}),
    ],
    "MatMul": [
        ({}, {"a": numbers(ROWS, 3), "b": numbers(3, 4)}),
        ({}, {"a": numbers(ROWS, 2, 3), "b": shares(ROWS, 3, 4)}),
        ({}, {"a": numbers(ROWS, 2, 3), "b": numbers(3, 4)}),
        ({}, {"a": numbers(2, 3), "b": numbers(ROWS, 3, 4)}),
        ({}, {"a": numbers(ROWS, 1, 2, 3), "b": numbers(4, 3, 2)}),
        ({}, {"a": numbers(ROWS, 2, 3), "b": numbers(3)}),
        ({}, {"a": numbers(3), "b": numbers(ROWS, 3, 2)}),
        ({}, {"a": numbers(3), "b": shares(3)}),
    ],
}
REFERENCES = {
    "Linear": lambda x, w, b=None: torch.nn.functional.linear(x, w.t(), b),
    "Bilinear": torch.nn.functional.bilinear,
    "MatMul": torch.matmul,
    "Parameter": lambda value: value.clone(),
}
