"""What cannot run is reported, with where it is and how to mend it, and never refused."""

from collections.abc import Callable
from typing import Any

import pytest

from explorer import Graph, Problem

Act = Callable[[Graph], Any]


def _images(g: Graph) -> None:
    g.add("Input", id="pool", shape=(6, 6, 16))
    g.add("Linear", id="fc2", out_features=10)
    g.add("Sum", id="sum")
    g.connect("pool.out", "fc2.x")
    g.connect("fc2.out", "sum.x")


def _loss(kind: str, y_hat: tuple[int, ...], data: dict[str, Any]) -> Act:
    def build(g: Graph) -> None:
        g.add("Input", id="net", shape=y_hat)
        g.add("Data", id="data", **data)
        g.add(kind, id="loss")
        g.connect("net.out", "loss.y_hat")
        g.connect("data.y", "loss.y")

    return build


def _pair(kind: str, a: tuple[int, ...], b: tuple[int, ...]) -> Act:
    def build(g: Graph) -> None:
        g.add("Input", id="p", shape=a)
        g.add("Input", id="q", shape=b)
        g.add(kind, id="op")
        g.add("Sum", id="sum")
        g.connect("p.out", f"op.{'a' if kind != 'MSELoss' else 'y_hat'}")
        g.connect("q.out", f"op.{'b' if kind != 'MSELoss' else 'y'}")
        if kind != "MSELoss":
            g.connect("op.out", "sum.x")

    return build


def _one(kind: str, shape: tuple[int, ...], **settings: Any) -> Act:
    def build(g: Graph) -> None:
        g.add("Input", id="in", shape=shape)
        g.add(kind, id="op", **settings)
        g.add("Sum", id="sum")
        g.connect("in.out", "op.x")
        g.connect("op.out", "sum.x")

    return build


def _labels_into(kind: str) -> Act:
    def build(g: Graph) -> None:
        g.add("Data", id="data", dataset="iris")
        g.add(kind, id="op")
        g.connect("data.y", "op.x")

    return build


def _training_for(loss: str) -> Act:
    def build(g: Graph) -> None:
        _images(g)
        g.disconnect("fc2.x")
        g.set("pool", shape=(16,))
        g.connect("pool.out", "fc2.x")
        g.train_with(loss=loss)

    return build


REPORTED: dict[str, tuple[Act, str, str, str | None]] = {
    "an image into Linear": (
        _images,
        *("fc2 expects (N, D); it gets (N, 6, 6, 16)", "put a Flatten before it", "fc2"),
    ),
    "a lone number into Linear": (
        _one("Linear", ()),
        *("op expects (N, D); it gets (N,)", "an axis is missing", "op"),
    ),
    "one column against a row": (
        _pair("MSELoss", (1,), ()),
        *("op expects the shape of y, (N,); it gets (N, 1)", "make y_hat and y agree", "op"),
    ),
    "too few outputs for MSE": (
        _pair("MSELoss", (3,), (5,)),
        *("op expects the shape of y, (N, 5); it gets (N, 3)", "to 5", "op"),
    ),
    "an image into MSE": (
        _pair("MSELoss", (4, 4), (5,)),
        *("it gets (N, 4, 4)", "put a Flatten before it", "op"),
    ),
    "class indices into MSE": (
        _loss("MSELoss", (3,), {"dataset": "iris"}),
        *(
            "loss expects numbers (float); it gets whole-number class labels",
            "CrossEntropy",
            "loss",
        ),
    ),
    "class indices into BCE": (
        _loss("BCELoss", (3,), {"dataset": "digits"}),
        *(
            "loss expects numbers (float); it gets whole-number class labels",
            "CrossEntropy",
            "loss",
        ),
    ),
    "class indices into BCE with logits": (
        _loss("BCEWithLogitsLoss", (3,), {"dataset": "iris"}),
        *("whole-number class labels", "CrossEntropy", "loss"),
    ),
    "numbers into cross-entropy": (
        _loss("CrossEntropyLoss", (3,), {"dataset": "diabetes"}),
        *("loss expects class indices (whole numbers); it gets numbers with", "MSELoss", "loss"),
    ),
    "0 and 1 into cross-entropy": (
        _loss("CrossEntropyLoss", (2,), {"dataset": "moons"}),
        *("loss expects class indices", "set its labels to class", "loss"),
    ),
    "too few classes": (
        _loss("CrossEntropyLoss", (2,), {"dataset": "iris"}),
        *("loss expects a score for each of the 3 classes; it gets (N, 2)", "to 3", "loss"),
    ),
    "an image into cross-entropy": (
        _loss("CrossEntropyLoss", (3, 4), {"dataset": "iris"}),
        *("loss expects (N, C); it gets (N, 3, 4)", "Flatten", "loss"),
    ),
    "a row of numbers into cross-entropy": (
        _loss("CrossEntropyLoss", (), {"dataset": "iris"}),
        *("loss expects (N, C), one score per class; it gets (N,)", "Linear", "loss"),
    ),
    "features that do not broadcast": (
        _pair("Add", (3,), (4,)),
        *("op expects a and b of one shape", "same number of features", "op"),
    ),
    "a row against a column": (
        _pair("Multiply", (1,), ()),
        *("op expects a and b with as many axes as each other", "Flatten", "op"),
    ),
    "an axis that is not there": (
        _one("Sum", (3,), dim=2),
        *("op expects an axis 2; it gets (N, 3)", "choose dim between -2 and 1", "op"),
    ),
    "an axis twice": (
        _one("Mean", (3,), dim=(1, -1)),
        *("op expects each axis named once in dim", "remove the repeated", "op"),
    ),
    "nothing to flatten": (
        _one("Flatten", ()),
        *("op expects (N, …) with at least two axes", "nothing to flatten", "op"),
    ),
    "flatten past the end": (
        _one("Flatten", (3,), start_dim=2),
        *("op expects axes 2 to -1", "between 0 and 1", "op"),
    ),
    "labels into a layer of numbers": (
        _labels_into("Tanh"),
        *("op expects numbers with a fraction (float)", "not labels", "op"),
    ),
    "a CSV without a path": (
        lambda g: g.add("Data", id="data", dataset="csv"),
        *("data: ", "", "data"),
    ),
    "a CSV that is not there": (
        lambda g: g.add("Data", id="data", dataset="csv", path="nowhere.csv"),
        *("nowhere.csv", "", "data"),
    ),
    "binary labels for three classes": (
        lambda g: g.add("Data", id="data", dataset="iris", labels="binary"),
        *("data: ", "set labels", "data"),
    ),
    "an empty graph": (
        lambda g: None,
        *("the graph is empty", "drag a layer onto the canvas", None),
    ),
    "an input without a wire": (
        lambda g: g.add("MSELoss", id="loss"),
        *("loss.y_hat is not connected", "wire an output to loss.y_hat", "loss"),
    ),
    "a loss that is not there": (
        _training_for("total.out"),
        *("total.out is to be minimised, but there is no such output", "choose another", None),
    ),
    "a loss that is no number": (
        _training_for("fc2.out"),
        *("fc2.out is to be minimised, but it is (N, 10)", "end in a loss, Sum or Mean", "fc2"),
    ),
}


@pytest.mark.parametrize("name", REPORTED)
def test_what_cannot_run_is_reported_with_a_mend(name: str) -> None:
    act, message, hint, node = REPORTED[name]
    graph = Graph()
    act(graph)

    told = [p for p in graph.problems() if p.severity == "error"]

    matching = [p for p in told if message in p.message and hint in p.hint]
    assert matching, [str(p) for p in told]
    assert matching[0].node == node
    assert all(p.hint and "\n" not in p.message for p in graph.problems())


def test_a_graph_without_a_loss_says_so(net: Graph) -> None:
    net.remove("loss")

    (problem,) = net.problems()

    assert problem.message == "there is no loss: fc2.out is (N, 1), not one number"
    assert "add a loss" in problem.hint
    assert problem.node == "fc2"


def test_two_losses_are_a_question(net: Graph) -> None:
    net.add("MSELoss", id="other")
    net.connect("fc2.out", "other.y_hat")
    net.connect("data.y", "other.y")

    (problem,) = net.problems()
    assert problem.message == "several outputs could be the loss: loss.loss and other.loss"
    assert problem.hint == "join them with Add, or say which one to minimise"
    net.train_with(loss="other.loss")
    (left_out,) = net.problems()
    assert left_out == Problem.warning(
        "loss does not reach other.loss, so it is left out",
        "wire it towards the loss, or delete it",
        "loss",
    )


def test_a_node_aside_is_a_warning_and_its_faults_too(net: Graph) -> None:
    net.add("Flatten", id="aside")

    told = net.problems()

    assert {problem.severity for problem in told} == {"warning"}
    assert [problem.message for problem in told] == [
        "aside.x is not connected",
        "aside does not reach loss.loss, so it is left out",
    ]


def test_a_missing_link_is_told_at_its_two_ends_and_at_no_card_before(net: Graph) -> None:
    net.disconnect("fc2.x")

    assert [problem.message for problem in net.problems()] == [
        "fc2.x is not connected",
        "relu1 does not reach loss.loss, so it is left out with 1 node before it",
    ]


def test_one_mistake_is_told_once(net: Graph) -> None:
    net.disconnect("fc1.x")

    assert [problem.message for problem in net.problems()] == ["fc1.x is not connected"]
