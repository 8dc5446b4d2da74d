"""What a user cannot do is refused, saying where and how to mend; the graph stays as it was."""

from collections.abc import Callable
from typing import Any

import pytest

from explorer import Graph, GraphError

Act = Callable[[Graph], Any]

REFUSED: dict[str, tuple[Act, str, str, str | None]] = {
    "a self loop": (
        lambda g: (g.disconnect("relu1.x"), g.connect("relu1.out", "relu1.x")),
        *("would close a cycle", "wire forwards", "relu1"),
    ),
    "a cycle": (
        lambda g: (g.disconnect("fc1.x"), g.connect("fc2.out", "fc1.x")),
        *("a wire from fc2.out to fc1.x would close a cycle", "fc2 already depends on fc1", "fc1"),
    ),
    "two wires into one port": (
        lambda g: g.connect("data.x", "relu1.x"),
        *("relu1.x already has a wire, from fc1.out", "join the two with Add", "relu1"),
    ),
    "output to output": (
        lambda g: g.connect("data.x", "fc1.out"),
        *("data.x and fc1.out are both outputs", "end it at an input, such as fc1.x", "fc1"),
    ),
    "output to a source's output": (
        lambda g: g.connect("fc1.out", "data.x"),
        *("fc1.out and data.x are both outputs", "(data has none)", "data"),
    ),
    "input to input": (
        lambda g: g.connect("fc1.x", "fc2.x"),
        *("fc1.x and fc2.x are both inputs", "start it at an output, such as fc1.out", "fc2"),
    ),
    "a wire drawn backwards": (
        lambda g: g.connect("fc2.x", "relu1.out"),
        *("fc2.x is an input and relu1.out an output", "swap the two", "relu1"),
    ),
    "an unknown node": (
        lambda g: g.connect("fc1.out", "fc3.x"),
        *("there is no node fc3", "did you mean fc", "fc3"),
    ),
    "an unknown output": (
        lambda g: g.connect("fc1.output", "fc2.x"),
        *("there is no output fc1.output", "did you mean fc1.out?", "fc1"),
    ),
    "an unknown input": (
        lambda g: g.connect("fc1.out", "loss.target"),
        *("there is no input loss.target", "loss.y", "loss"),
    ),
    "a wire without ports": (
        lambda g: g.connect("fc1", "fc2"),
        *("there is no output fc1", "did you mean fc1.out?", "fc1"),
    ),
    "an unknown layer": (
        lambda g: g.add("Lineer", id="fc3"),
        *("there is no layer Lineer", "did you mean Linear?", "fc3"),
    ),
    "a layer like no other": (
        lambda g: g.add("Qwertz"),
        *("there is no layer Qwertz", "layers lists them all", None),
    ),
    "an unknown setting": (
        lambda g: g.set("fc1", out_feature=3),
        *("fc1: Linear has no setting out_feature", "did you mean out_features?", "fc1"),
    ),
    "an unknown setting of a layer without any": (
        lambda g: g.add("ReLU", id="r", slope=0.1),
        *("r: ReLU has no setting slope", "it has none", "r"),
    ),
    "a duplicate id": (
        lambda g: g.add("ReLU", id="fc1"),
        *("there is a node fc1 already", "choose another id, such as relu2", "fc1"),
    ),
    "a bad id": (
        lambda g: g.add("ReLU", id="my node"),
        *("'my node' cannot be a node's id", "letters, digits and _", None),
    ),
    "an id that starts with a digit": (
        lambda g: g.add("ReLU", id="1st"),
        *("'1st' cannot be a node's id", "starting with a letter", None),
    ),
    "an unknown data set": (
        lambda g: g.set("data", dataset="mnist"),
        *("data: dataset must be one of", "choose", "data"),
    ),
    "removing a wire that is not there": (
        lambda g: g.disconnect("fc1.y"),
        *("no wire ends in fc1.y", "check the port's name", None),
    ),
    "a place that is no number": (
        lambda g: g.move({"fc1": (float("nan"), 0)}),
        *("fc1 cannot stand at", "keep it within", "fc1"),
    ),
    "a layer changed under its wires": (
        lambda g: g.do(_swap_layer(g)),
        *("Data has no port y_hat", "remove the wire at loss.y_hat first", "loss"),
    ),
}


def _swap_layer(graph: Graph) -> Any:
    from dataclasses import replace

    from explorer.graph.edits import ReplaceNode

    return ReplaceNode(replace(graph.node("loss"), layer=graph.node("data").layer), "Swap")


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_with_a_mend(net: Graph, name: str) -> None:
    act, message, hint, node = REFUSED[name]

    with pytest.raises(GraphError) as refused:
        act(net)

    (problem,) = refused.value.problems
    assert message in problem.message
    assert hint in problem.hint
    assert problem.node == node
    assert str(refused.value) == f"{problem.message}: {problem.hint}"


OUT_OF_RANGE: list[tuple[str, dict[str, Any]]] = [
    *(("fc1", {"out_features": value}) for value in (0, -1, 65537, 1.5, "many", None, [])),
    *(("fc1", {"bias": value}) for value in (2, "maybe", None)),
    *(("fc1", {"w_init": value}) for value in (0.1, "noise", "uniform(1)")),
    ("fc1", {"b_init": "xavier_uniform"}),
    *(("data", {"samples": value}) for value in (1, 10**8, -3)),
    *(("data", {"noise": value}) for value in (-0.1, 11, float("nan"), float("inf"))),
    *(("data", {"seed": value}) for value in (-1, 2**32)),
    ("data", {"labels": "text"}),
    ("data", {"standardize": "perhaps"}),
    ("data", {"path": 3}),
    ("loss", {"reduction": "none"}),
    *(("flat", {"start_dim": value}) for value in (-1, 17)),
    *(("flat", {"end_dim": value}) for value in (-17, 17)),
    *(("sum", {"dim": value}) for value in ("x", 1.5, [0.5])),
    ("sum", {"keepdim": "x"}),
    *(("in", {"shape": value}) for value in ([0], [-1], ["a"], 3, None)),
    *(("p", {"value": value}) for value in ("x", [], [[1], [1, 2]], float("nan"), [float("inf")])),
]


@pytest.mark.parametrize(("id", "chosen"), OUT_OF_RANGE, ids=str)
def test_a_setting_out_of_range_is_refused(net: Graph, id: str, chosen: dict[str, Any]) -> None:
    for layer, other in (("Flatten", "flat"), ("Sum", "sum"), ("Input", "in"), ("Parameter", "p")):
        net.add(layer, id=other)

    with pytest.raises(GraphError) as refused:
        net.set(id, **chosen)

    (problem,) = refused.value.problems
    (name,) = chosen
    assert problem.message.startswith(f"{id}: {name} ")
    assert "must" in problem.message and "; it is " in problem.message
    assert problem.hint and problem.node == id


@pytest.mark.parametrize(
    "chosen",
    [
        *({"epochs": 0}, {"epochs": 1.5}, {"epochs": 10**7}, {"batch_size": 0}),
        *({"batch_size": -1}, {"optimizer": "Magic"}, {"learning_rate": 0.0}),
        *({"learning_rate": float("nan")}, {"learning_rate": float("inf")}),
        *({"learning_rate": 1001}, {"momentum": 1.0}, {"momentum": float("nan")}),
        *({"momentum": -0.1}, {"validation": 1.0}, {"validation": -0.1}, {"shuffle": "x"}),
        *({"seed": -1}, {"seed": 2**32}, {"loss": 3}),
    ],
    ids=str,
)
def test_a_training_setting_out_of_range_is_refused(net: Graph, chosen: dict[str, Any]) -> None:
    before = net.training

    with pytest.raises(GraphError) as refused:
        net.train_with(**chosen)

    (problem,) = refused.value.problems
    (name,) = chosen
    assert problem.message.startswith(f"training: {name} must be ")
    assert problem.hint
    assert net.training == before


def test_an_unknown_training_setting_is_refused(net: Graph) -> None:
    with pytest.raises(GraphError, match="training has no setting epoch: did you mean epochs"):
        net.train_with(epoch=3)
