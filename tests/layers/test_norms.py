"""Norms in half precision, and of images whose channels come last in memory."""

from itertools import chain, combinations
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.testing import assert_close

from explorer import layers
from tests.layers.cases.inputs import numbers

IMAGES = numbers(3, 4, 2, 5)
OF_CHANNELS, OF_COLUMNS = (numbers(4), numbers(4) + 1), (numbers(5), numbers(5) + 1)
NORMS: dict[str, tuple[tuple[Tensor, ...], dict[str, Any]]] = {
    "BatchNorm2d": (OF_CHANNELS, {}),
    "GroupNorm": (OF_CHANNELS, {"num_groups": 2}),
    "InstanceNorm2d": (OF_CHANNELS, {}),
    "LayerNorm": (OF_COLUMNS, {}),
    "RMSNorm": (OF_COLUMNS[:1], {}),
    "LocalResponseNorm": ((), {"size": 3}),
}


def subsets(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    return list(chain.from_iterable(combinations(names, n + 1) for n in range(len(names))))


@pytest.mark.parametrize("name", NORMS)
def test_channels_that_come_last_change_nothing(name: str) -> None:
    norm = layers.catalogue()[name]
    weights, settings = NORMS[name]
    last = {"memory_format": torch.channels_last}
    dout = IMAGES.flip(0, 2)
    expected, cache = norm.forward(IMAGES, *weights, **settings)

    out, cache_last = norm.forward(IMAGES.contiguous(**last), *weights, **settings)

    assert_close(out, expected)
    for needs in subsets(norm.differentiable):
        asked = {"needs": needs} if len(norm.differentiable) > 1 else {}
        found = norm.backward(dout.contiguous(**last), cache_last, **asked)
        assert_close(found, norm.backward(dout, cache, **asked))


@pytest.mark.parametrize("is_scaled", [True, False])
@pytest.mark.parametrize("name", ["BatchNorm2d", "GroupNorm", "InstanceNorm2d", "LayerNorm"])
def test_a_mean_far_from_0_costs_half_precision_nothing(name: str, is_scaled: bool) -> None:
    norm = layers.catalogue()[name]
    weights, settings = NORMS[name]
    half = [t.bfloat16() for t in (IMAGES + 50, IMAGES.flip(0, 2), *(weights * is_scaled))]
    x, dout, *scale = half
    wide_x, wide_dout, *wide_scale = (t.double() for t in half)

    out, cache = norm.forward(x, *scale, **settings)
    found = norm.backward(dout, cache)

    expected, wide_cache = norm.forward(wide_x, *wide_scale, **settings)
    assert_close(out.double(), expected, rtol=0.01, atol=0.01)
    for gradient, right in zip(found, norm.backward(wide_dout, wide_cache), strict=True):
        if right is not None:
            assert gradient.dtype == torch.bfloat16
            assert_close(gradient.double(), right, rtol=0.01, atol=0.01 * float(right.abs().max()))


@pytest.mark.parametrize(
    ("name", "settings", "shape"),
    [
        ("BatchNorm1d", {}, (6,)),
        ("BatchNorm3d", {}, (6, 1, 2, 2)),
        ("GroupNorm", {"num_groups": 3}, (6, 2, 2)),
        ("InstanceNorm2d", {"affine": True}, (6, 2, 2)),
        ("LayerNorm", {"axes": 2}, (3, 6)),
        ("RMSNorm", {}, (3, 6)),
    ],
)
def test_it_starts_as_in_torch(name: str, settings: dict[str, Any], shape: tuple[int, ...]) -> None:
    layer = layers.catalogue()[name].parse(settings)

    specs = layer.parameters(layers.Spec(("N", *shape), torch.float32))

    assert tuple(specs) == layer.weights
    for weight, spec in specs.items():
        expected = torch.full(spec.shape, 1.0 if weight == "gamma" else 0.0)
        assert torch.equal(spec.init(torch.Generator()), expected)
