"""Another layer in the place of a node: what fits of its wires and settings stays."""

import pytest

from explorer.graph import Graph, GraphError, bends
from explorer.graph.file import to_text
from explorer.graph.replacement import replacement


@pytest.fixture
def graph() -> Graph:
    graph = Graph()
    graph.add("Input", id="x", shape=(4,))
    graph.add("Linear", id="fc1", out_features=8, bias=False, title="First", position=(100, 50))
    graph.add("ReLU", id="relu1")
    graph.add("Add", id="add1")
    for wire in ("x.out fc1.x", "fc1.out relu1.x", "relu1.out add1.a", "fc1.out add1.b"):
        graph.connect(*wire.split())
    return graph


def replace(graph: Graph, id: str, kind: str) -> tuple[str, list[str]]:
    edit, new, dropped = replacement(graph, id, kind)
    graph.do(edit)
    return new, [f"{wire.source} {wire.target}" for wire in dropped]


def test_an_activation_for_another_keeps_its_wires(graph: Graph) -> None:
    new, dropped = replace(graph, "relu1", "GELU")

    assert new == "gelu1" and not dropped
    assert graph.wires["gelu1.x"].source == "fc1.out"
    assert graph.wires["add1.a"].source == "gelu1.out"
    assert graph.history.undo_label == "Replace relu1 with GELU"


def test_settings_of_the_same_name_stay_where_they_are_taken(graph: Graph) -> None:
    new, _ = replace(graph, "fc1", "Bilinear")

    layer = graph.nodes[new].layer
    assert (layer.out_features, layer.bias) == (8, False)


def test_title_and_place_stay_and_the_order_in_the_file_too(graph: Graph) -> None:
    new, _ = replace(graph, "fc1", "Identity")

    node = graph.nodes[new]
    assert (node.title, node.position) == ("First", (100, 50))
    assert list(graph.nodes) == ["x", new, "relu1", "add1"]


def test_wires_without_a_port_are_dropped_and_told(graph: Graph) -> None:
    new, dropped = replace(graph, "add1", "Tanh")

    assert dropped == ["fc1.out add1.b"]
    assert graph.wires[f"{new}.x"].source == "relu1.out"


def test_weights_of_another_are_not_asked_of_a_layer_of_another_kind(graph: Graph) -> None:
    graph.add("Linear", id="fc2", out_features=8, bias=False, weights_from="fc1")
    new, _ = replace(graph, "fc2", "Bilinear")

    assert graph.nodes[new].layer.weights_from == ""
    assert graph.nodes[new].layer.out_features == 8


def test_what_is_minimised_is_named_anew(graph: Graph) -> None:
    graph.train_with(loss="add1.out")
    new, _ = replace(graph, "add1", "Multiply")

    assert graph.training.loss == f"{new}.out"
    graph.undo()
    assert graph.training.loss == "add1.out"


def test_bends_of_the_wires_that_stay_stay_too(graph: Graph) -> None:
    graph.do(bends.adding(graph.wires["relu1.x"], 0, (10.0, 20.0)))
    new, _ = replace(graph, "relu1", "GELU")

    assert graph.wires[f"{new}.x"].bends == ((10.0, 20.0),)


def test_undo_brings_all_back(graph: Graph) -> None:
    before = to_text(graph)
    replace(graph, "add1", "Tanh")
    graph.undo()
    assert to_text(graph) == before


def test_a_layer_that_there_is_not_is_refused(graph: Graph) -> None:
    with pytest.raises(GraphError, match="there is no layer"):
        replacement(graph, "fc1", "Lineal")
