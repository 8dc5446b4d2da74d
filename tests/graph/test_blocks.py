"""Blocks are put into a graph as plain nodes and wires, in one action."""

import pytest

import explorer
from explorer import Graph
from explorer.graph import blocks
from explorer.graph.inserting import insertion

every_block = pytest.mark.parametrize("name", blocks.names())
INPUTS = {"TransformerEncoderLayer": (9, 64), "ResidualBlock": (16, 8, 8)}


def test_the_blocks_are_there() -> None:
    assert set(blocks.names()) >= {"TransformerEncoderLayer", "ResidualBlock"}
    assert all(blocks.summary(name).endswith(".") for name in blocks.names())


@every_block
def test_a_block_on_an_input_that_fits_has_right_gradients(name: str) -> None:
    graph = Graph()
    graph.add("Input", id="x", shape=INPUTS[name])
    ids = blocks.add_block(graph, name)
    graph.connect("x.out", f"{ids['enter']}.x")
    graph.add("Mean", id="mean")
    last = next(id for id in reversed(graph.nodes) if not graph.wires_out_of(id) and id != "mean")
    graph.connect(f"{last}.out", "mean.x")

    assert graph.problems() == []
    assert explorer.verify(graph, samples=4).ok


@every_block
def test_a_block_is_added_and_taken_back_in_one_action(name: str) -> None:
    graph = Graph()

    blocks.add_block(graph, name, at=(100.0, 50.0))

    assert min(node.position for node in graph.nodes.values())[0] == 100.0
    assert graph.undo() == f"Add {name}"
    assert not graph.nodes and not graph.wires


@every_block
def test_the_same_block_twice_gets_ids_of_its_own(name: str) -> None:
    graph = Graph()

    first, second = (blocks.add_block(graph, name) for _ in range(2))

    assert not set(first.values()) & set(second.values())
    assert len(graph.nodes) == 2 * len(blocks.block(name).nodes)
    assert len(graph.wires) == 2 * len(blocks.block(name).wires)


def test_shared_weights_stay_shared_within_what_is_inserted() -> None:
    fragment = Graph()
    fragment.add("Linear", id="fc1")
    fragment.add("Linear", id="fc2", weights_from="fc1")
    fragment.add("Linear", id="fc3", weights_from="elsewhere")
    graph = Graph()
    graph.add("Linear", id="fc1")

    edit, ids = insertion(graph, fragment, (0.0, 0.0), "Insert")
    graph.do(edit)

    assert graph.nodes[ids["fc2"]].layer.weights_from == ids["fc1"] == "fc2"
    assert graph.nodes[ids["fc3"]].layer.weights_from == "elsewhere"
