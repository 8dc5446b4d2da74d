"""Where a function has no slope, its gradient is what torch takes for it."""

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.testing import assert_close

from explorer import layers
from tests.layers.cases import REFERENCES

INF, NAN = float("inf"), float("nan")
PLACES = torch.tensor([-2.0, -1.0, 0.0, -0.0, 0.5, 1.0, 2.0, INF, -INF])

POWERS = [
    ([0.0, 0.0, 0.0, 0.0, 0.0], [3.0, 1.0, 0.5, 0.0, -1.0]),
    ([2.0, -2.0, -2.0, -2.0], [0.0, 0.0, 2.0, -1.0]),
    ([-2.0, -0.5], [0.5, 1.5]),
    *(([0.0, 2.0, -2.0], exponent) for exponent in (2.0, 1.0, 0.5, 0.0, -1.0)),
]
QUOTIENTS = [([1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 2.0]), ([1e-30, 1.0], [1e-30, 1e30])]
TIES = [
    ([1.0, 2.0, 3.0, 0.0, INF, INF], [1.0, 3.0, 2.0, -0.0, INF, -INF]),
    ([NAN, 1.0, NAN], [1.0, NAN, NAN]),
]


def both(layer: str, *values: Any, **settings: Any) -> None:
    """Compare a layer's values and gradients with those of torch at these places."""
    leaves = [torch.tensor(value, requires_grad=True) for value in values]
    theirs = REFERENCES[layer](*leaves, **settings)
    douts = torch.linspace(1, 2, theirs.numel()).reshape(theirs.shape)
    expected = torch.autograd.grad(theirs, leaves, douts)

    out, cache = layers.find(layer).forward(*(leaf.detach() for leaf in leaves), **settings)
    found = layers.find(layer).backward(douts, cache)

    assert_close(out, theirs.detach(), equal_nan=True)
    pairs = zip(found if isinstance(found, tuple) else (found,), expected, strict=True)
    for mine, torch_gradient in pairs:
        assert_close(mine, torch_gradient, equal_nan=True)


@pytest.mark.parametrize(("a", "b"), POWERS)
def test_power_at_zero_and_below(a: list[float], b: list[float] | float) -> None:
    both("Power", a, b)


@pytest.mark.parametrize(("a", "b"), QUOTIENTS)
def test_division_by_zero_and_by_what_squares_to_zero(a: list[float], b: list[float]) -> None:
    both("Divide", a, b)


@pytest.mark.parametrize(("a", "b"), TIES)
@pytest.mark.parametrize("layer", ["Maximum", "Minimum"])
def test_equal_numbers_share_the_gradient(layer: str, a: list[float], b: list[float]) -> None:
    both(layer, a, b)


@pytest.mark.parametrize("layer", ["Exp", "Log", "Sqrt", "Abs"])
def test_functions_at_the_end_of_their_range(layer: str) -> None:
    both(layer, PLACES.tolist())


@pytest.mark.parametrize("bounds", [(-1.0, 1.0), (0.0, None), (None, 0.5), (1.0, 1.0)])
def test_clamp_at_its_bounds(bounds: tuple[float | None, float | None]) -> None:
    both("Clamp", PLACES[:-2].tolist(), min=bounds[0], max=bounds[1])


@pytest.mark.parametrize("dim", [None, 0, 1])
def test_the_largest_of_equals_share_the_gradient(dim: int | None) -> None:
    both("Max", [[1.0, 3.0, 3.0], [3.0, 0.0, 3.0]], dim=dim, keepdim=False)


@pytest.mark.parametrize("p", ["1", "2", "inf"])
@pytest.mark.parametrize("dim", [None, 1])
def test_the_norm_of_zeros_and_of_equals(p: str, dim: int | None) -> None:
    both("Norm", [[0.0, 0.0, 0.0], [2.0, -2.0, 0.0]], p=p, dim=dim, keepdim=False)


def test_a_choice_keeps_the_other_side_out_of_the_gradient() -> None:
    """sqrt on one side of a Where has an infinite slope at 0, which its other side hides."""
    x = torch.tensor([0.0, 4.0])
    root, of_root = layers.Sqrt.forward(x)
    _, cache = layers.Where.forward(x > 0, root, x)

    droot, dx = layers.Where.backward(torch.ones(2), cache)

    assert droot.tolist() == [0, 1] and dx.tolist() == [1, 0]
    assert layers.Sqrt.backward(droot, of_root)[1] == 0.25


def test_losses_add_up_by_their_weights() -> None:
    losses: list[Tensor] = [torch.tensor(v) for v in (1.0, 10.0, 100.0)]

    out, cache = layers.WeightedSum.forward(*losses, factors=(0.5, 2.0))
    dlosses = layers.WeightedSum.backward(torch.tensor(3.0), cache)

    assert out == 0.5 * 1 + 2 * 10 + 100
    assert [float(d) for d in dlosses] == [1.5, 6.0, 3.0]
