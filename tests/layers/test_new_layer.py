"""Adding a layer is adding one class: everything else finds it."""

from collections.abc import Iterator
from typing import ClassVar

import pytest
import torch
from torch import Tensor

import explorer
from explorer import layers
from explorer.layers import Layer
from explorer.layers.base import _CATALOGUE


@pytest.fixture
def swish() -> Iterator[type[Layer]]:
    """A layer as somebody would write it, gone again after the test."""

    class Swish(Layer):
        """Multiplies each number by its own sigmoid.

        Shapes: x any, out as x.
        """

        family: ClassVar[str] = "Activation"
        cache: ClassVar[tuple[str, ...]] = ("x",)
        equations: ClassVar[dict[str, str]] = {"out": "x · σ(x)", "dx": "dout · …"}

        @staticmethod
        def forward(x: Tensor) -> tuple[Tensor, tuple]:
            return x * torch.sigmoid(x), (x,)

        @staticmethod
        def backward(dout: Tensor, cache: tuple) -> Tensor:
            (x,) = cache
            s = torch.sigmoid(x)
            return dout * (s + x * s * (1 - s))

    yield Swish
    _CATALOGUE.pop("Swish")
    vars(layers).pop("Swish", None)


def test_a_new_layer_is_found_without_another_edit(swish: type[Layer]) -> None:
    assert layers.catalogue()["Swish"] is swish
    assert "Swish" in dir(layers)
    assert layers.Swish is swish


def test_a_new_layer_has_shapes_compiles_and_verifies(swish: type[Layer]) -> None:
    graph = explorer.Graph()
    graph.add("Data", id="data")
    graph.add("Linear", id="fc1", out_features=1)
    graph.add("Swish", id="swish1")
    graph.add("MSELoss", id="loss")
    for wire in ("data.x fc1.x", "fc1.out swish1.x", "swish1.out loss.y_hat", "data.y loss.y"):
        graph.connect(*wire.split())

    assert graph.problems() == []
    assert graph.shapes()["swish1.out"] == ("N", 1)
    assert "layers.Swish.forward(fc1)" in explorer.compile(graph).source
    assert explorer.verify(graph).ok


def test_a_layer_defined_anew_takes_the_place_of_the_old_one(swish: type[Layer]) -> None:
    assert layers.Swish is swish

    again = type("Swish", (swish,), {"__module__": __name__})

    assert layers.Swish is again


def test_it_is_gone_after_the_test() -> None:
    assert "Swish" not in layers.catalogue()
    with pytest.raises(AttributeError, match="no layer Swish"):
        _ = layers.Swish
