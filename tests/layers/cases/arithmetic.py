"""Arithmetic, with broadcasting, ties apart, and away from where a function has no slope."""

import torch
from torch import Tensor

from tests.layers.cases.inputs import ROWS, classes, numbers, shares

PAIRS = [
    ({}, {"a": numbers(ROWS, 6), "b": 2 * numbers(ROWS, 6)}),
    ({}, {"a": numbers(ROWS, 3), "b": shares(3)}),
    ({}, {"a": shares(3), "b": numbers(ROWS, 3)}),
    ({}, {"a": numbers(ROWS, 1, 3), "b": shares(ROWS, 4, 1)}),
    ({}, {"a": numbers(ROWS, 3), "b": numbers()}),
    ({}, {"a": numbers(), "b": numbers()}),
]
APART = [*PAIRS[:5], ({}, {"a": numbers(), "b": shares()})]
POWERS = [
    ({}, {"a": shares(ROWS, 6), "b": numbers(ROWS, 6)}),
    ({}, {"a": 1 + shares(ROWS, 3), "b": torch.tensor([2.0, 0.5, -1.0], dtype=torch.float64)}),
    ({}, {"a": shares(), "b": numbers(ROWS, 3)}),
    ({}, {"a": shares(ROWS, 3), "b": numbers()}),
    ({}, {"a": shares(ROWS, 1, 3), "b": shares(ROWS, 4, 1)}),
]
QUOTIENTS = [({}, {"a": row["a"], "b": shares(*row["b"].shape)}) for _, row in PAIRS]
CONDITIONS = [
    ({}, {"condition": numbers(ROWS, 3) > 0, "a": numbers(ROWS, 3), "b": shares(ROWS, 3)}),
    ({}, {"condition": classes(2, ROWS, 1), "a": numbers(ROWS, 3), "b": shares(3)}),
    ({}, {"condition": numbers(ROWS, 3).relu(), "a": numbers(), "b": numbers(ROWS, 3)}),
    ({}, {"condition": classes(3, 4, 1), "a": numbers(ROWS, 1, 3), "b": shares()}),
]

EVERYWHERE = [({}, {"x": numbers(ROWS, 2, 3)}), ({}, {"x": numbers()})]
ABOVE_ZERO = [({}, {"x": shares(ROWS, 2, 3)}), ({}, {"x": shares()})]
CLAMPED = [
    (bounds, {"x": numbers(ROWS, 2, 3)})
    for bounds in ({}, {"min": -0.5}, {"max": 0.25}, {"min": -0.5, "max": 0.25})
]

REDUCED = [
    ({"dim": dim, "keepdim": keep}, {"x": numbers(ROWS, 2, 3)})
    for dim in (None, 0, 1, -1, (0, 2), (-1, -2), (0, 1, 2))
    for keep in (False, True)
] + [({}, {"x": numbers()})]
SPREADS = [
    ({"correction": 0}, {"x": numbers()}),
    ({"dim": 0, "correction": 0}, {"x": numbers(ROWS, 2)}),
    ({"dim": -1, "correction": 2}, {"x": 3 + numbers(ROWS, 2, 4)}),
    ({}, {"x": numbers(ROWS, 2, 3)}),
    ({"keepdim": True}, {"x": numbers(ROWS, 2, 3)}),
    ({"dim": (0, 2)}, {"x": numbers(ROWS, 2, 3)}),
    ({"dim": (1, -1), "keepdim": True}, {"x": numbers(ROWS, 2, 3)}),
]
LENGTHS = [
    ({"p": p, **settings}, {"x": numbers(ROWS, 2, 3)})
    for p in ("1", "2", "inf")
    for settings in ({}, {"dim": 1}, {"dim": (0, -1), "keepdim": True})
] + [({}, {"x": numbers()})]

SUMMED = [
    ({}, {"x1": numbers(ROWS, 3), "x2": shares(ROWS, 3)}),
    ({"factors": (0.5, -2)}, {"x1": numbers(), "x2": shares()}),
    (
        {"count": 4, "factors": (1, 0.25, 0)},
        {"x1": numbers(3), "x2": numbers(ROWS, 3), "x3": shares(ROWS, 1), "x4": shares()},
    ),
]


def weighted_sum(*xs: Tensor, factors: tuple[float, ...]) -> Tensor:
    padded = (*factors, *(1.0,) * len(xs))
    return sum(factor * x for factor, x in zip(padded, xs, strict=False))


CASES = {
    **dict.fromkeys(("Add", "Subtract", "Multiply"), PAIRS),
    **dict.fromkeys(("Maximum", "Minimum"), APART),
    **dict.fromkeys(("Negative", "Exp", "Abs", "Sin", "Cos"), EVERYWHERE),
    **dict.fromkeys(("Log", "Sqrt"), ABOVE_ZERO),
    **dict.fromkeys(("Sum", "Mean", "Max"), REDUCED),
    "Divide": QUOTIENTS,
    "Power": POWERS,
    "Clamp": CLAMPED,
    "Var": SPREADS,
    "Norm": LENGTHS,
    "Where": CONDITIONS,
    "WeightedSum": SUMMED,
}
REFERENCES = {
    "Add": torch.add,
    "Subtract": torch.sub,
    "Multiply": torch.mul,
    "Divide": torch.div,
    "Power": torch.pow,
    "Maximum": torch.maximum,
    "Minimum": torch.minimum,
    "Negative": torch.neg,
    "Exp": torch.exp,
    "Log": torch.log,
    "Sqrt": torch.sqrt,
    "Abs": torch.abs,
    "Sin": torch.sin,
    "Cos": torch.cos,
    "Clamp": lambda x, min, max: x.clone() if min is max is None else torch.clamp(x, min, max),
    "Sum": lambda x, dim, keepdim: torch.sum(x, dim, keepdim=keepdim),
    "Mean": lambda x, dim, keepdim: torch.mean(x, dim, keepdim=keepdim),
    "Max": lambda x, dim, keepdim: torch.amax(x, () if dim is None else dim, keepdim=keepdim),
    "Var": torch.var,
    "Norm": lambda x, p, dim, keepdim: torch.linalg.vector_norm(x, float(p), dim, keepdim=keepdim),
    "Where": lambda condition, a, b: torch.where(condition != 0, a, b),
    "WeightedSum": weighted_sum,
}
