"""Arithmetic tells in a sentence what it cannot compute, before anything runs."""

from typing import Any

import pytest
import torch

from explorer import layers
from explorer.layers import Mismatch, Spec
from tests.layers.sentences import refusal, setting_refusal

BINARY = ("Add", "Subtract", "Multiply", "Divide", "Power", "Maximum", "Minimum")
N = "N"


@pytest.mark.parametrize("layer", BINARY)
def test_a_row_against_a_column_is_no_broadcast_that_anybody_meant(layer: str) -> None:
    told = refusal(layer, {}, (N, 1), (N,))

    assert told == (
        "expects a and b with as many axes as each other (a is (N, 1)); it gets (N,): otherwise "
        "each row meets every other row: Unsqueeze the shorter one or Flatten the longer"
    )


@pytest.mark.parametrize("layer", BINARY)
def test_features_that_differ_do_not_go_together(layer: str) -> None:
    told = refusal(layer, {}, (N, 3), (N, 4))

    assert "expects a and b of one shape" in told
    assert "(a is (N, 3)); it gets (N, 4): make both paths end in the same number" in told


@pytest.mark.parametrize("layer", BINARY)
@pytest.mark.parametrize(
    "shapes",
    [((N, 3), (N, 3)), ((N, 3), (3,)), ((N, 3), ()), ((N, 3), (N, 1)), ((), (N,)), ((2, 1), (3,))],
    ids=str,
)
def test_shapes_that_are_meant_to_broadcast_do(layer: str, shapes: Any) -> None:
    assert refusal(layer, {}, *shapes) == ""


SHAPES: list[tuple[str, dict, tuple, str]] = [
    ("Where", {}, ((N,), (N, 3), (N, 3)), "condition and a of one shape"),
    ("Where", {}, ((N,), (N, 1), (N, 1)), "condition and a with as many axes as each other"),
    ("Where", {}, ((N, 1), (N, 3), (N, 4)), "a and b of one shape"),
    ("WeightedSum", {}, ((N, 1), (N,)), "x1 and x2 with as many axes as each other"),
    ("WeightedSum", {"count": 3}, ((), (N, 3), (N, 2)), "x2 and x3 of one shape"),
    ("Sum", {"dim": (0, 5)}, ((N, 3),), "an axis 5; it gets (N, 3): choose dim between -2 and 1"),
    ("Max", {"dim": 2}, ((N, 3),), "an axis 2; it gets (N, 3): choose dim between -2 and 1"),
    ("Max", {"dim": 0}, ((),), "at least one axis; it gets (): it is one number"),
    ("Norm", {"dim": (1, -1)}, ((N, 3),), "each axis named once in dim"),
    ("Var", {"dim": -3}, ((N, 3),), "an axis -3"),
    ("Var", {"dim": 1}, ((N, 1),), "more than 1 number to take a variance of; it gets (N, 1)"),
    ("Var", {"dim": 1, "correction": 3}, ((N, 3),), "more than 3 numbers"),
    ("Var", {}, ((),), "more than 1 number"),
]


@pytest.mark.parametrize(
    ("layer", "settings", "shapes", "told"), SHAPES, ids=lambda part: str(part)[:40]
)
def test_what_cannot_be_computed_is_told(
    layer: str, settings: dict, shapes: tuple, told: str
) -> None:
    assert f"expects {told}" in refusal(layer, settings, *shapes)


@pytest.mark.parametrize(
    ("layer", "settings", "shapes"),
    [
        ("Where", {}, ((N, 1), (N, 3), ())),
        ("WeightedSum", {"factors": (0.5, 2)}, ((), ())),
        ("WeightedSum", {"count": 3}, ((N, 3), (3,), ())),
        ("Var", {"correction": 0}, ((),)),
        ("Var", {"dim": 0}, ((N, 3),)),
        ("Norm", {"p": "inf"}, ((N, 3),)),
    ],
)
def test_what_can_be_computed_is_taken(layer: str, settings: dict, shapes: tuple) -> None:
    assert refusal(layer, settings, *shapes) == ""


@pytest.mark.parametrize(
    "layer",
    [*BINARY, "WeightedSum", "Negative", "Exp", "Log", "Sqrt", "Abs", "Sin", "Cos", "Clamp"]
    + ["Sum", "Mean", "Max", "Var", "Norm"],
)
def test_labels_are_not_numbers_to_compute_with(layer: str) -> None:
    shapes = ((N,),) * len(layers.find(layer).inputs)

    assert "not labels" in refusal(layer, {}, *shapes, dtype=torch.int64)


def test_a_condition_may_be_labels_and_what_it_picks_from_may_not() -> None:
    labels, number = Spec((N,), torch.int64), Spec((N,), torch.float32)

    layers.Where().check(labels, number, number)
    with pytest.raises(Mismatch, match="numbers with a fraction"):
        layers.Where().check(number, number, labels)


@pytest.mark.parametrize(
    ("layer", "settings", "told"),
    [
        ("Clamp", {"min": 2, "max": 1}, "max must not be below min, which is 2; it is 1"),
        ("Clamp", {"min": float("nan")}, "min must be a finite number"),
        ("Norm", {"p": 3}, "p must be '1', '2' or 'inf'; it is"),
        ("Var", {"correction": -1}, "correction must be greater than or equal to 0"),
        ("WeightedSum", {"count": 1}, "count must be greater than or equal to 2"),
        ("WeightedSum", {"count": 17}, "count must be less than or equal to 16"),
        ("WeightedSum", {"factors": (1, 2, 3)}, "factors must be at most 2 numbers, one for each"),
        ("WeightedSum", {"factors": (1, float("inf"))}, "factors must be finite numbers"),
    ],
)
def test_a_setting_out_of_range_is_told(layer: str, settings: dict, told: str) -> None:
    assert setting_refusal(layer, settings).startswith(told)


@pytest.mark.parametrize("p", [2, 2.0, "2"])
def test_a_norm_may_be_given_as_a_number(p: Any) -> None:
    assert layers.Norm(p=p) == layers.Norm()
