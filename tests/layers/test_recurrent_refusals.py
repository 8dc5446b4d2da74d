"""What recurrent layers do not take, and the sentence that says so."""

from typing import Any

import pytest
import torch

import explorer
from explorer import layers
from explorer.layers import Mismatch, SettingError, Spec

FLOAT = torch.float32


def refusal(layer: Any, *specs: Spec | None) -> tuple[str, str, str, str | None]:
    with pytest.raises(Mismatch) as caught:
        layer.check(*specs)
    found = caught.value
    return found.port, found.expects, found.hint, found.gets


@pytest.mark.parametrize("name", ["RNN", "GRU", "LSTM"])
@pytest.mark.parametrize(
    ("settings", "x", "expects", "hint"),
    [
        ({}, Spec(("N", 8), torch.int64), "(N, T, D)", "put an Embedding before it"),
        ({}, Spec(("N", 8), FLOAT), "(N, T, D), T steps of D numbers", "put an Unsqueeze before"),
        ({}, Spec(("N",), FLOAT), "(N, T, D), T steps of D numbers", "put an Unsqueeze before"),
        ({}, Spec(("N", 3, 8, 8), FLOAT), "(N, T, D), T steps of D", "put a Flatten before it"),
        ({"batch_first": False}, Spec(("N", 8), FLOAT), "(T, N, D), T steps", "Unsqueeze"),
        (
            {},
            Spec((8, "N", 3), FLOAT),
            "(N, T, D) with as many steps T for every batch",
            "set batch_first to False",
        ),
        (
            {"batch_first": False},
            Spec(("N", 8, 3), FLOAT),
            "(T, N, D) with as many steps T for every batch",
            "set batch_first to True",
        ),
        ({}, Spec(("N", "2N", 3), FLOAT), "(N, T, D) with as many", "keep the batch on an axis"),
        ({}, Spec(("N", 8, "N"), FLOAT), "(N, T, D) with a fixed D", "keep the batch on an axis"),
    ],
)
def test_a_sequence_that_it_cannot_read_is_told(
    name: str, settings: dict[str, Any], x: Spec, expects: str, hint: str
) -> None:
    layer = getattr(layers, name)(**settings)

    port, found_expects, found_hint, _ = refusal(layer, x)

    assert port == "x"
    assert found_expects.startswith(expects)
    assert hint in found_hint


X = Spec(("N", 8, 3), FLOAT)


@pytest.mark.parametrize(
    ("settings", "shape", "wanted"),
    [
        ({}, ("N", 64), "(1, N, 64)"),
        ({}, (1, "N", 32), "(1, N, 64)"),
        ({}, (1, 5, 64), "(1, N, 64)"),
        ({"num_layers": 2}, (1, "N", 64), "(2, N, 64)"),
        ({"num_layers": 2, "bidirectional": True}, (2, "N", 64), "(4, N, 64)"),
    ],
)
def test_a_state_of_another_shape_is_told(
    settings: dict[str, Any], shape: tuple[Any, ...], wanted: str
) -> None:
    right = Spec(tuple("N" if d == "N" else int(d) for d in wanted[1:-1].split(", ")), FLOAT)
    wrong = Spec(shape, FLOAT)
    hint = "wire the {}_n of a layer with the same settings to it, or nothing"
    expects = f"{wanted}, a state for each layer and direction"

    assert refusal(layers.GRU(**settings), X, wrong) == ("h0", expects, hint.format("h"), None)
    lstm = layers.LSTM(**settings)
    assert refusal(lstm, X, wrong, None) == ("h0", expects, hint.format("h"), None)
    assert refusal(lstm, X, right, wrong) == ("c0", expects, hint.format("c"), None)
    lstm.check(X, right, right)


def test_a_state_of_whole_numbers_is_told() -> None:
    port, expects, *_ = refusal(layers.RNN(), X, Spec((1, "N", 64), torch.int64))

    assert (port, expects) == ("h0", "numbers with a fraction (float)")


@pytest.mark.parametrize(
    ("dataset", "message", "hint"),
    [
        (
            {"dataset": "text", "length": 20},
            "lstm1 expects (N, T, D) with D numbers a step; it gets whole numbers, (N, 20)",
            "put an Embedding before it",
        ),
        (
            {"dataset": "moons"},
            "lstm1 expects (N, T, D), T steps of D numbers each; it gets (N, 2)",
            "put an Unsqueeze before it for steps of one number each; an Embedding for text",
        ),
    ],
)
def test_in_a_graph_it_reads_as_a_sentence(
    dataset: dict[str, Any], message: str, hint: str
) -> None:
    graph = explorer.Graph()
    graph.add("Data", id="data", **dataset)
    graph.add("LSTM", id="lstm1")
    graph.connect("data.x", "lstm1.x")

    (problem,) = [problem for problem in graph.problems() if problem.node == "lstm1"]

    assert (problem.message, problem.hint) == (message, hint)


@pytest.mark.parametrize("name", ["RNN", "GRU", "LSTM"])
@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"hidden_size": 0}, r"^hidden_size must be greater than or equal to 1; it is 0"),
        ({"num_layers": 5}, r"^num_layers must be less than or equal to 4; it is 5"),
        ({"w_init": "normal"}, r"^w_init must give normal 1 number; it is 'normal'"),
        ({"b_init": "orthogonal"}, r"^b_init must be one of default, zeros"),
        ({"dropout": 0.1}, r"has no setting dropout"),
    ],
)
def test_a_setting_out_of_range_is_told(name: str, settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingError, match=sentence):
        getattr(layers, name).parse(settings)


def test_an_unknown_nonlinearity_is_told() -> None:
    with pytest.raises(SettingError, match=r"^nonlinearity must be 'tanh' or 'relu'; it is 'gelu'"):
        layers.RNN.parse({"nonlinearity": "gelu"})
