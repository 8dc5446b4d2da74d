"""What is on the canvas is found by its name, its layer, its shape or what is wrong with it."""

import pytest

from explorer.graph import Graph
from explorer.graph.annotations import Frame, Note
from explorer.graph.edits import Annotate
from explorer.graph.finding import find
from explorer.graph.grouping import grouping


@pytest.fixture
def graph() -> Graph:
    graph = Graph()
    graph.add("Data", id="data", dataset="moons")
    graph.add("Linear", id="fc1", out_features=64)
    graph.add("ReLU", id="relu1", title="Gate")
    graph.add("Linear", id="fc2", out_features=10)
    graph.add("Conv2d", id="conv1")
    for wire in ("data.x fc1.x", "fc1.out relu1.x", "relu1.out fc2.x", "fc2.out conv1.x"):
        graph.connect(*wire.split())
    graph.do(Annotate(Note("note1", "Why **64** units"), "Add"))
    graph.do(Annotate(Frame("frame1", "Encoder"), "Add"))
    return graph


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("fc", ["fc1", "fc2"]),
        ("FC1", ["fc1"]),
        ("gate", ["relu1"]),
        ("relu", ["relu1"]),
        ("linear", ["fc1", "fc2"]),
        ("dense", ["fc1", "fc2"]),
        ("activation", ["relu1"]),
        ("(N, 64)", ["fc1", "relu1"]),
        ("n x 10", ["fc2"]),
        ("Nx64", ["fc1", "relu1"]),
        ("2n+1, 4", []),
        ("error", ["conv1"]),
        ("problem", ["conv1"]),
        ("units", ["note1"]),
        ("encoder", ["frame1"]),
        ("linear 10", ["fc2"]),
        ("", []),
        ("   ", []),
        ("nowhere", []),
    ],
)
def test_a_query_finds(graph: Graph, query: str, ids: list[str]) -> None:
    assert [hit.id for hit in find(graph, query)] == ids


@pytest.mark.parametrize("query", ["maxpo", "max pool", "mixer", "(x"])
def test_a_word_with_an_x_in_it_is_no_shape(graph: Graph, query: str) -> None:
    graph.add("MaxPool2d", id="maxpool1", title="Mixer (x)", kernel_size=2)

    assert [hit.id for hit in find(graph, query)] == ["maxpool1"]


def test_a_hit_says_what_it_was_found_by(graph: Graph) -> None:
    (hit, other) = find(graph, "(N, 64)")
    assert (hit.label, hit.why) == ("fc1", "(N, 64)")
    assert other.label == "Gate"
    (fault,) = find(graph, "error")
    assert "conv1" in fault.why


def test_groups_and_what_is_in_them_are_found(graph: Graph) -> None:
    edit, id = grouping(graph, ["fc1", "relu1"], "Stem")
    graph.do(edit)

    assert [hit.id for hit in find(graph, "stem")] == [id]
    assert [hit.id for hit in find(graph, "fc1")] == ["fc1"]
