"""However an image lies in memory, the same comes out.

Where an axis has length 1, strides do not tell the layout. ATen's kernels guess it then, some
differently from others: they raise, or sum up the wrong numbers without a word.
"""

from collections.abc import Iterator
from itertools import permutations, product
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.testing import assert_close

from explorer import layers

CHANNELS = 4
SHAPES = tuple(product((1, 2), (1, CHANNELS), (1, 3), (1, 3)))
ORDERS = tuple(permutations(range(4)))
LAYERS: dict[str, dict[str, Any]] = {
    "BatchNorm2d": {},
    "GroupNorm": {"num_groups": 1},
    "InstanceNorm2d": {"affine": True},
    "LocalResponseNorm": {},
    "Conv2d": {"kernel_size": 1, "out_channels": CHANNELS},
    "ConvTranspose2d": {"kernel_size": 1, "out_channels": CHANNELS},
    "AvgPool2d": {"kernel_size": 1},
    "MaxPool2d": {"kernel_size": 1},
}


def laid(tensor: Tensor, order: tuple[int, ...]) -> Tensor:
    """The same numbers, with the axes in that order in memory, the outermost first."""
    back = tuple(order.index(axis) for axis in range(4))
    return tensor.permute(order).contiguous().permute(back)


def layouts(tensor: Tensor) -> Iterator[Tensor]:
    for order in ORDERS:
        found = laid(tensor, order)
        yield found
        if len(tensor) == 1:
            # As a row is, that was cut out of a larger tensor.
            yield found.as_strided(found.shape, (1, *found.stride()[1:]))


@pytest.mark.parametrize("name", LAYERS)
def test_it_does_not_matter_how_an_image_lies_in_memory(name: str) -> None:
    layer = layers.find(name).parse(LAYERS[name])
    random = torch.Generator().manual_seed(0)

    def drawn(shape: tuple[int, ...]) -> Tensor:
        return torch.randn(shape, generator=random, dtype=torch.float64)

    for shape in SHAPES:
        if name == "InstanceNorm2d" and shape[2:] == (1, 1):
            continue
        x, spec = drawn(shape), layers.Spec(("N", *shape[1:]), torch.float64)
        weights = [drawn(made.shape) for made in layer.parameters(spec).values()]
        out, cache = layer.forward(x, *weights, **layer.keywords)
        dout = drawn(out.shape)
        expected = layer.backward(dout, cache)
        for index, other in enumerate(layouts(x)):
            found, cache = layer.forward(other, *weights, **layer.keywords)
            assert_close(found, out)
            for order in ORDERS[index % 5 :: 5]:
                gradients = layer.backward(laid(dout, order), cache)
                assert_close(gradients, expected)
