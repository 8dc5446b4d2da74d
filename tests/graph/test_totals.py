"""What a net adds up to: weights, multiplications for a row, memory of a training step."""

from dataclasses import replace

import pytest

from explorer import Graph, compile
from explorer.graph.edits import ReplaceNode
from explorer.graph.totals import totals

ROWS, FLOAT, INDEX = 32, 4, 8


@pytest.fixture
def digits() -> Graph:
    """Data (N, 64) and classes, Linear to 8, ReLU, Linear to 10, loss."""
    graph = Graph()
    graph.add("Data", id="data", dataset="digits")
    graph.add("Flatten", id="flatten")
    graph.add("Linear", id="fc1", out_features=8)
    graph.add("ReLU", id="relu")
    graph.add("Linear", id="fc2", out_features=10)
    graph.add("CrossEntropyLoss", id="loss")
    for wire in (
        *("data.x flatten.x", "flatten.out fc1.x", "fc1.out relu.x"),
        *("relu.out fc2.x", "fc2.out loss.y_hat", "data.y loss.y"),
    ):
        graph.connect(*wire.split())
    graph.train_with(batch_size=ROWS)
    return graph


def test_a_net_of_two_linear_layers(digits: Graph) -> None:
    found = totals(digits)

    assert found.nodes == 6
    assert found.parameters == 64 * 8 + 8 + 8 * 10 + 10
    assert found.multiplications == 64 * 8 + 8 * 10
    assert found.weight_bytes == found.gradient_bytes == FLOAT * found.parameters
    assert found.unknown == 0


def test_what_several_layers_keep_counts_once(digits: Graph) -> None:
    fc1 = totals(digits, ["fc1"]).kept_bytes
    both = totals(digits, ["fc1", "flatten"]).kept_bytes

    assert fc1 == both == ROWS * 64 * FLOAT
    assert totals(digits, ["relu", "fc2"]).kept_bytes == ROWS * 8 * FLOAT


def test_the_program_takes_as_many_multiplications_as_the_net(digits: Graph) -> None:
    assert compile(digits).multiplications == totals(digits).multiplications


def test_a_larger_batch_keeps_more_and_takes_as_much_for_each_row(digits: Graph) -> None:
    before = totals(digits)

    digits.train_with(batch_size=10 * ROWS)

    after = totals(digits)
    assert after.multiplications == before.multiplications
    assert after.weight_bytes == before.weight_bytes
    assert after.kept_bytes == pytest.approx(10 * before.kept_bytes, rel=0.001)


@pytest.mark.parametrize(("precision", "weight", "value"), [("float64", 8, 8), ("mixed", 6, 2)])
def test_the_precision_of_the_training_decides_how_long_numbers_are(
    digits: Graph, precision: str, weight: int, value: int
) -> None:
    digits.train_with(precision=precision)

    assert totals(digits).weight_bytes == weight * totals(digits).parameters
    assert totals(digits, ["fc2"]).kept_bytes == ROWS * 8 * value


def test_frozen_weights_have_no_gradients_and_what_is_before_all_learning_keeps_nothing(
    digits: Graph,
) -> None:
    digits.set("fc1", frozen=True)

    found = totals(digits)

    assert found.gradient_bytes == FLOAT * (8 * 10 + 10)
    assert totals(digits, ["fc1", "relu"]).kept_bytes == 0


def test_shared_weights_count_once_and_multiply_twice(digits: Graph) -> None:
    once = totals(digits)
    digits.add("Linear", id="again", out_features=8, weights_from="fc1")
    digits.connect("flatten.out", "again.x")

    twice = totals(digits)

    assert twice.parameters == once.parameters
    assert twice.multiplications == once.multiplications + 64 * 8


def test_a_muted_node_costs_nothing_and_keeps_nothing(digits: Graph) -> None:
    digits.set("fc1", out_features=64)
    muted = replace(digits.nodes["fc1"], is_muted=True)
    digits.do(ReplaceNode(muted, "Mute fc1"))

    found = totals(digits)

    assert found.parameters == 64 * 10 + 10
    assert found.multiplications == 64 * 10
    assert totals(digits, ["fc1"]).kept_bytes == 0


def test_behind_weights_that_are_muted_nothing_is_kept_for_them(digits: Graph) -> None:
    digits.do(ReplaceNode(replace(digits.nodes["fc1"], is_muted=True), "Mute fc1"))

    assert totals(digits, ["relu"]).kept_bytes == 0


def test_what_cannot_be_counted_is_told(digits: Graph) -> None:
    digits.disconnect("flatten.x")

    found = totals(digits)

    assert found.unknown == 5
    assert found.parameters == 0


def test_nothing_adds_up_to_nothing() -> None:
    found = totals(Graph())

    assert (found.nodes, found.parameters, found.multiplications, found.bytes) == (0, 0, 0, 0)
