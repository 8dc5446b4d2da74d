"""Why a gradient is 0: said in the words of the layer that made it so."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from explorer import Graph
from explorer.program.explanation import explain
from tests.layers.cases.inputs import numbers
from tests.program.conftest import build

F64 = torch.float64


def fed_through(layer: str, x: torch.Tensor, **settings: Any) -> tuple[Graph, dict[str, Any]]:
    """x through one layer, and all that comes of it added up."""
    graph = Graph()
    graph.add("Input", id="x", shape=tuple(x.shape[1:]))
    graph.add(layer, id="node", **settings)
    graph.add("Sum", id="sum")
    graph.connect("x.out", "node.x")
    graph.connect("node.out", "sum.x")
    return graph, {"x.out": x}


ROW = torch.tensor([[-2.0, 0.5, 3.0, 40.0]], dtype=F64)
IMAGE = torch.arange(25, dtype=F64).reshape(1, 1, 5, 5)

SAID = {
    "ReLU": ({}, ROW, (0, 0), "the ReLU is closed, since x is not above 0. Here x[0, 0] = −2."),
    "ReLU6": ({}, ROW, (0, 3), "x is not between 0 and 6. Here x[0, 3] = 40."),
    "LeakyReLU": ({"negative_slope": 0.0}, ROW, (0, 0), "where the slope is negative_slope"),
    "Hardsigmoid": ({}, ROW, (0, 3), "the sigmoid is saturated"),
    "Hardtanh": ({}, ROW, (0, 3), "x is not between min_val and max_val"),
    "Hardswish": ({}, ROW - 8, (0, 0), "from −3 downwards"),
    "Clamp": ({"max": 10.0}, ROW, (0, 3), "x is outside of min to max"),
    "Abs": ({}, ROW * 0, (0, 1), "x is exactly 0"),
    "Tanh": ({}, ROW, (0, 3), "the tanh is saturated"),
    "Sigmoid": ({}, ROW * 20, (0, 3), "the sigmoid is saturated"),
    "Exp": ({}, ROW * -20, (0, 3), "eˣ is 0 to the last digit"),
    "Max": ({}, ROW, (0, 1), "another number was the largest"),
    "Dropout": ({"p": 0.999}, ROW, (0, 1), "it was dropped in this batch"),
    "Dropout2d": ({"p": 0.999}, IMAGE, (0, 0, 1, 1), "its channel was dropped"),
    "AlphaDropout": ({"p": 0.999}, ROW, (0, 1), "it was dropped in this batch"),
    "MaxPool2d": ({"kernel_size": 2}, IMAGE, (0, 0, 0, 0), "x was not the largest number of any"),
    "AdaptiveMaxPool2d": ({"output_size": 2}, IMAGE, (0, 0, 0, 0), "x was not the largest"),
    "AvgPool2d": ({"kernel_size": 2}, IMAGE, (0, 0, 4, 4), "no window reads this place"),
    "Conv2d": ({"kernel_size": 2, "stride": 3}, IMAGE, (0, 0, 2, 2), "no window reads this place"),
    "Select": ({"dim": 1, "index": 2}, ROW, (0, 0), "another place was selected"),
    "Slice": ({"dim": 1, "start": 1}, ROW, (0, 0), "it was cut away"),
    "Pad": ({"padding": [-1, 0]}, ROW, (0, 0), "it was cut away"),
    "PReLU": ({"w_init": "zeros"}, ROW, (0, 0), "the slope w there is 0"),
    "Norm": ({}, ROW * 0, (0, 0), "x is 0 itself"),
    "Var": ({}, ROW * 0 + 1, (0, 0), "x is the mean itself"),
}


@pytest.mark.parametrize("layer", SAID)
def test_a_layer_says_why_nothing_passes(layer: str, walk: Callable) -> None:
    settings, x, index, words = SAID[layer]
    graph, batch = fed_through(layer, x, **settings)

    zero = walk(graph, batch).explain("node", "dx", *index).zero

    assert words in zero.sentences[0]
    assert zero.leads_to is None


def test_a_saturated_unit_lets_nearly_nothing_pass(walk: Callable) -> None:
    graph, batch = fed_through("Sigmoid", ROW / 3)

    zero = walk(graph, batch).explain("node", "dx", 0, 3).zero

    assert zero.sentences[0].startswith("The slope is only 1.6")
    assert "saturated" in zero.sentences[0]


def test_what_is_not_zero_needs_no_reason(walk: Callable) -> None:
    graph, batch = fed_through("ReLU", ROW)

    zero = walk(graph, batch).explain("node", "dx", 0, 1).zero

    assert zero.sentences == ()
    assert zero.share == 0.25


def test_a_zero_is_followed_to_where_it_began(walk: Callable) -> None:
    graph = build(
        {
            "x": ("Input", {"shape": (4,)}),
            "scale": ("Tanh", {}),
            "relu": ("ReLU", {}),
            "flat": ("Identity", {}),
            "sum": ("Sum", {}),
        },
        *("x.out scale.x", "scale.out relu.x", "relu.out flat.x", "flat.out sum.x"),
    )
    steps = walk(graph, {"x.out": ROW})

    zero = steps.explain("scale", "dx", 0, 0).zero

    assert zero.sentences[0] == "dx[0, 0] is 0: nothing arrives, since dout is 0 there."
    assert zero.sentences[1].startswith("It began in relu: dx[0, 0] is 0: the ReLU is closed")
    assert steps.program.calls[zero.leads_to].text.startswith("dscale = layers.ReLU.backward")


def test_a_weight_whose_inputs_are_all_zero_is_told(walk: Callable) -> None:
    graph = build(
        {
            "x": ("Input", {"shape": (2,)}),
            "fc": ("Linear", {"out_features": 2}),
            "sum": ("Sum", {}),
        },
        *("x.out fc.x", "fc.out sum.x"),
    )
    x = torch.tensor([[0.0, 1.0], [0.0, 2.0]], dtype=F64)

    page = walk(graph, {"x.out": x}).explain("fc", "dw", 0, 1)

    assert page.zero.sentences == ("dw[0, 1] is 0: every x that its terms are made with is 0.",)
    assert page.total.count == page.total.idle == 2
    assert page.total.pattern == "Σₙ x[n, 0] · dout[n, 1]"


def test_terms_that_cancel_are_told(walk: Callable) -> None:
    graph = build(
        {
            "x": ("Input", {"shape": (1,)}),
            "fc": ("Linear", {"out_features": 1}),
            "sum": ("Sum", {}),
        },
        *("x.out fc.x", "fc.out sum.x"),
    )
    x = torch.tensor([[1.0], [-1.0]], dtype=F64)

    zero = walk(graph, {"x.out": x}).explain("fc", "dw", 0, 0).zero

    assert zero.sentences == ("dw[0, 0] is 0: its terms cancel each other.",)


def test_a_vector_that_no_index_picks_is_told(walk: Callable) -> None:
    graph = build(
        {
            "data": ("Data", {"dataset": "text"}),
            "emb": ("Embedding", {"num_embeddings": 66, "embedding_dim": 2}),
            "sum": ("Sum", {}),
        },
        *("data.x emb.x", "emb.out sum.x"),
    )
    zeros = torch.zeros((1, 64), dtype=torch.int64)
    steps = walk(graph, {"data.x": zeros, "data.y": zeros})

    assert "no index in this batch picks" in steps.explain("emb", "dw", 5, 1).zero.sentences[0]
    assert steps.explain("emb", "dw", 0, 1).zero.sentences == ()


def test_a_masked_key_is_told(walk: Callable) -> None:
    graph = build(
        {
            "x": ("Input", {"shape": (3, 4)}),
            "memory": ("Input", {"shape": (5, 4)}),
            "attn": ("MultiheadAttention", {"num_heads": 2, "causal": True}),
            "sum": ("Sum", {}),
        },
        *("x.out attn.query", "memory.out attn.key", "attn.out sum.x"),
    )
    batch = {"x.out": numbers(2, 3, 4), "memory.out": numbers(2, 5, 4)}

    page = walk(graph, batch).explain("attn", "dkey", 1, 4, 2)

    assert "no query may look at it: it is masked" in page.zero.sentences[0]


def test_a_row_that_the_loss_ignores_is_told(walk: Callable) -> None:
    graph = build(
        {
            "data": ("Data", {"dataset": "iris"}),
            "fc": ("Linear", {"out_features": 3}),
            "loss": ("CrossEntropyLoss", {"ignore_index": 1}),
        },
        *("data.x fc.x", "fc.out loss.y_hat", "data.y loss.y"),
    )
    batch = {"data.x": numbers(2, 4), "data.y": torch.tensor([1, 2])}

    page = walk(graph, batch).explain("loss", "dy_hat", 0, 2)

    assert "the target of this row is ignore_index" in page.zero.sentences[0]


def test_what_gets_no_gradient_is_told_with_the_reason(walk: Callable) -> None:
    graph = build(
        {
            "data": ("Data", {}),
            "fc1": ("Linear", {"out_features": 3, "frozen": True}),
            "fc2": ("Linear", {"out_features": 1}),
            "loss": ("BCEWithLogitsLoss", {}),
        },
        *("data.x fc1.x", "fc1.out fc2.x", "fc2.out loss.y_hat", "data.y loss.y"),
    )
    steps = walk(graph, {"data.x": numbers(2, 2), "data.y": torch.ones(2, 1, dtype=F64)})

    first = explain(steps.stepper.session, steps.to("fc1", "forward"))
    second = explain(steps.stepper.session, steps.to("fc2", "backward"))

    assert first.chain is None
    assert "w gets no gradient: none arrives at fc1." in first.without
    assert second.without == ("x gets no gradient: nothing that learns lies behind fc1.out.",)
