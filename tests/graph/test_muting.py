"""A muted node is passed over: its first input goes on as its output."""

import pytest
import torch

from explorer.graph import Graph, GraphError
from explorer.graph.file import from_text, to_text
from explorer.graph.grouping import grouping
from explorer.graph.muting import muting
from explorer.program import compile


@pytest.fixture
def net() -> Graph:
    graph = Graph()
    graph.add("Input", id="x", shape=(4,))
    graph.add("Linear", id="fc1", out_features=4)
    graph.add("ReLU", id="relu1")
    graph.add("Linear", id="fc2", out_features=1)
    graph.add("Mean", id="loss")
    for wire in ("x.out fc1.x", "fc1.out relu1.x", "relu1.out fc2.x", "fc2.out loss.x"):
        graph.connect(*wire.split())
    return graph


def test_a_muted_node_is_not_in_the_program_and_its_reader_reads_what_it_read(net: Graph) -> None:
    net.do(muting(net, ["relu1"]))

    program = compile(net)

    assert "relu1" not in {call.node for call in program.calls}
    session = program.start(seed=0)
    x = torch.randn(3, 4)
    found = session.forward({"x.out": x})
    hidden = x @ session.parameters["fc1.w"] + session.parameters["fc1.b"]
    wanted = (hidden @ session.parameters["fc2.w"] + session.parameters["fc2.b"]).mean()
    assert torch.allclose(found, wanted)


def test_shapes_pass_through_a_muted_node(net: Graph) -> None:
    net.do(muting(net, ["fc1"]))

    assert net.shapes()["fc1.out"] == ("N", 4)
    assert net.analysis.parameter_count() == 5


def test_several_in_a_row_can_be_muted_and_come_back_with_the_same_key(net: Graph) -> None:
    before = to_text(net)
    net.do(muting(net, ["fc1", "relu1"]))
    assert {call.node for call in compile(net).forward_calls} == {"x", "fc2", "loss"}

    net.do(muting(net, ["fc1", "relu1"]))

    assert to_text(net) == before


def test_a_node_in_a_group_is_muted_like_any_other(net: Graph) -> None:
    edit, inner = grouping(net, ["relu1"])
    net.do(edit)
    net.do(grouping(net, [inner, "fc2"])[0])

    net.do(muting(net, ["relu1"]))

    assert net.nodes["relu1"].is_muted
    assert net.nodes["relu1"].group == inner


def test_muting_survives_a_save_and_undo_names_it(net: Graph) -> None:
    net.do(muting(net, ["relu1"]))

    assert from_text(to_text(net)).nodes["relu1"].is_muted
    assert net.undo() == "Mute relu1"
    assert not net.nodes["relu1"].is_muted


@pytest.mark.parametrize(
    ("id", "why"),
    [
        ("x", "no input"),
        ("fc2", "leaves a shape that does not fit"),
    ],
)
def test_what_cannot_be_muted_is_told_and_left_alone(net: Graph, id: str, why: str) -> None:
    net.add("MSELoss", id="mse")
    net.add("Input", id="y", shape=(1,))
    net.disconnect("loss.x")
    net.connect("fc2.out", "mse.y_hat")
    net.connect("y.out", "mse.y")
    before = to_text(net)

    with pytest.raises(GraphError, match=why):
        net.do(muting(net, [id]))

    assert to_text(net) == before


def test_the_loss_cannot_be_muted() -> None:
    graph = Graph()
    graph.add("Data", id="data", dataset="moons")
    graph.add("Linear", id="fc1", out_features=1)
    graph.add("BCEWithLogitsLoss", id="loss")
    for wire in ("data.x fc1.x", "fc1.out loss.y_hat", "data.y loss.y"):
        graph.connect(*wire.split())

    with pytest.raises(GraphError, match="no loss"):
        graph.do(muting(graph, ["loss"]))


@pytest.fixture
def two_losses(net: Graph) -> Graph:
    """The mean of the net's answers and that of their exponentials, added up."""
    net.add("Exp", id="exp")
    net.add("Mean", id="other")
    net.add("Add", id="sum")
    for wire in ("fc2.out exp.x", "exp.out other.x", "loss.out sum.a", "other.out sum.b"):
        net.connect(*wire.split())
    return net


@pytest.mark.parametrize("named", ["", "sum.out"])
def test_muting_the_sum_of_two_losses_minimises_the_first(two_losses: Graph, named: str) -> None:
    two_losses.train_with(loss=named)
    two_losses.do(muting(two_losses, ["sum"]))

    program = compile(two_losses)

    assert program.loss == "loss.out"
    assert program.left_out == ("exp", "other")


def test_what_a_muted_node_does_not_pass_on_keeps_nothing_from_running(two_losses: Graph) -> None:
    two_losses.disconnect("exp.x")
    two_losses.do(muting(two_losses, ["sum"]))

    assert {problem.severity for problem in two_losses.problems()} == {"warning"}
    assert "exp" not in {call.node for call in compile(two_losses).calls}


def test_a_muted_node_that_nothing_feeds_is_left_out_with_its_readers(net: Graph) -> None:
    before = compile(net).source
    net.add("ReLU", id="relu2")
    net.add("Linear", id="fc3")
    net.connect("relu2.out", "fc3.x")
    net.do(muting(net, ["relu2"]))

    assert compile(net).source == before


def test_an_output_that_a_muted_node_does_not_give_cannot_be_read(net: Graph) -> None:
    net.add("Input", id="sequence", shape=(5, 4))
    net.add("LSTM", id="lstm", hidden_size=4)
    net.connect("sequence.out", "lstm.x")
    net.do(muting(net, ["lstm"]))
    net.disconnect("fc1.x")
    net.connect("lstm.last", "fc1.x")

    told = [problem.message for problem in net.problems() if problem.severity == "error"]

    assert told == ["lstm cannot be muted: lstm.last is read, and only out would go on"]


def test_a_file_that_mutes_what_passes_nothing_on_is_told_of(net: Graph) -> None:
    text = to_text(net).replace('"id": "x",', '"id": "x", "muted": true,')

    told = [problem.message for problem in from_text(text).problems()]

    assert "x cannot be muted: it has no input that could go on in its place" in told


def test_a_muted_layer_that_is_not_known_survives_a_save_beside_a_net_that_runs(net: Graph) -> None:
    before = compile(net).source
    net.add("ReLU", id="relu2")
    net.add("Linear", id="fc3")
    net.connect("relu2.out", "fc3.x")
    net.do(muting(net, ["relu2"]))
    newer = to_text(net).replace('"relu2", "layer": "ReLU"', '"relu2", "layer": "Newer"')

    found = from_text(newer)

    assert compile(found).source == before
    assert to_text(found) == newer


def test_the_weights_that_a_muted_node_wants_are_no_matter(net: Graph) -> None:
    net.set("fc1", weights_from="nobody")
    net.do(muting(net, ["fc1"]))

    assert net.problems() == []


def test_who_uses_the_weights_of_a_muted_node_is_told(net: Graph) -> None:
    net.add("Linear", id="fc3", out_features=4, weights_from="fc1")
    net.connect("relu1.out", "fc3.x")
    net.disconnect("fc2.x")
    net.connect("fc3.out", "fc2.x")
    net.do(muting(net, ["fc1"]))

    assert any("which is muted" in str(problem) for problem in net.problems())
