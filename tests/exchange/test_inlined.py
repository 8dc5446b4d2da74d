"""A layer that says nothing of how it is written is written by its own forward and backward."""

from collections.abc import Iterator
from typing import ClassVar

import pytest
import torch
from pydantic import Field
from torch import Tensor

import explorer
from explorer import Graph, layers
from explorer.exchange import pages
from explorer.exchange.page import CannotExpress, Way
from explorer.layers import Layer
from explorer.layers.base import _CATALOGUE
from tests.exchange.comparison import assert_computes_the_same, executed


def outside(x: Tensor) -> Tensor:
    return x.sin()


@pytest.fixture
def swish() -> Iterator[type[Layer]]:
    """A layer as somebody would write it, gone again after the test."""

    class Swish(Layer):
        """Multiplies each number by its own sigmoid."""

        family: ClassVar[str] = "Activation"
        steepness: float = Field(1.0, description="How steep")

        @staticmethod
        def forward(x: Tensor, steepness: float = 1.0) -> tuple[Tensor, tuple]:
            """The page does without this sentence."""
            return x * torch.sigmoid(steepness * x), (x, steepness)

        @staticmethod
        def backward(dout: Tensor, cache: tuple) -> Tensor:
            x, steepness = cache
            s = torch.sigmoid(steepness * x)
            return dout * (s + steepness * x * s * (1 - s))

    yield Swish
    _CATALOGUE.pop("Swish")
    vars(layers).pop("Swish", None)


@pytest.fixture
def dependent() -> Iterator[type[Layer]]:
    """A layer that calls what stands beside it in its file."""

    class Dependent(Layer):
        """Does what another function does."""

        family: ClassVar[str] = "Activation"

        @staticmethod
        def forward(x: Tensor) -> tuple[Tensor, tuple]:
            return outside(x), (x,)

        @staticmethod
        def backward(dout: Tensor, cache: tuple) -> Tensor:
            return dout * cache[0].cos()

    yield Dependent
    _CATALOGUE.pop("Dependent")
    vars(layers).pop("Dependent", None)


def net(layer: str, **settings: float) -> Graph:
    graph = Graph()
    graph.add("Data", id="data", samples=40)
    graph.add("Linear", id="fc1", out_features=1)
    graph.add(layer, id="own1", **settings)
    graph.add("MSELoss", id="loss")
    for wire in ("data.x fc1.x", "fc1.out own1.x", "own1.out loss.y_hat", "data.y loss.y"):
        graph.connect(*wire.split())
    return graph


@pytest.mark.parametrize("way", ["naive", "autograd", "module"])
def test_a_new_layer_is_written_in_every_way(swish: type[Layer], way: Way) -> None:
    page = assert_computes_the_same(net("Swish", steepness=2.0), way)

    assert "def swish_forward(x, steepness=1.0):" in page.text
    assert "swish_forward(fc1, steepness=2.0)" in page.text
    assert ("dfc1 = swish_backward(down1, own1_cache)" in page.text) == (way == "naive")
    assert "without this sentence" not in page.text
    namespace = executed(page)
    namespace["EPOCHS"] = 1
    namespace["train"](namespace["Net"]() if way == "module" else namespace["init"]())


def test_lines_still_belong_to_their_nodes(swish: type[Layer]) -> None:
    graph = net("Swish")
    page = pages.page(graph, explorer.compile(graph), "naive")
    lines = page.text.splitlines()

    assert [lines[n - 1].strip() for n in page.lines_of("own1", "backward")] == [
        "dfc1 = swish_backward(down1, own1_cache)"
    ]


def test_what_a_layer_needs_besides_torch_would_be_missing(dependent: type[Layer]) -> None:
    graph = net("Dependent")

    with pytest.raises(CannotExpress, match="^own1 cannot be written with torch's operations") as e:
        pages.page(graph, explorer.compile(graph), "autograd")

    assert e.value.node == "own1"
