"""Layers that rearrange numbers."""

from tests.layers.cases.inputs import ROWS, numbers

CASES = {
    "Flatten": [
        ({}, {"x": numbers(ROWS, 2, 3, 4)}),
        ({"start_dim": 0}, {"x": numbers(ROWS, 2, 3)}),
        ({"start_dim": 1, "end_dim": 2}, {"x": numbers(ROWS, 2, 3, 4)}),
        ({"start_dim": 2, "end_dim": -1}, {"x": numbers(ROWS, 2, 3, 4)}),
    ],
}
