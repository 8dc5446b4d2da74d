"""Plain arithmetic, with broadcasting."""

import torch

from tests.layers.cases.inputs import ROWS, numbers, shares

PAIRS = [
    ({}, {"a": numbers(ROWS, 6), "b": 2 * numbers(ROWS, 6)}),
    ({}, {"a": numbers(ROWS, 3), "b": shares(3)}),
    ({}, {"a": shares(3), "b": numbers(ROWS, 3)}),
    ({}, {"a": numbers(ROWS, 1, 3), "b": shares(ROWS, 4, 1)}),
    ({}, {"a": numbers(ROWS, 3), "b": numbers()}),
    ({}, {"a": numbers(), "b": numbers()}),
]
REDUCED = [
    ({"dim": dim, "keepdim": keep}, {"x": numbers(ROWS, 2, 3)})
    for dim in (None, 0, 1, -1, (0, 2), (-1, -2), (0, 1, 2))
    for keep in (False, True)
] + [({}, {"x": numbers()})]

CASES = {"Add": PAIRS, "Multiply": PAIRS, "Sum": REDUCED, "Mean": REDUCED}
REFERENCES = {
    "Add": torch.add,
    "Multiply": torch.mul,
    "Sum": lambda x, dim, keepdim: torch.sum(x, dim, keepdim=keepdim),
    "Mean": lambda x, dim, keepdim: torch.mean(x, dim, keepdim=keepdim),
}
