"""`step`: every call with its numbers."""

from pathlib import Path

import pytest

from explorer import Graph, Trainer, load
from tests.cli.conftest import Call, fed_by_hand


def test_stepping_shows_every_forward_call_with_its_numbers(call: Call, net: Path) -> None:
    found = call("step", net)

    program = Trainer(load(net)).job.program
    assert found.code == 0
    for made in program.forward_calls:
        assert made.text in found.out
    assert not any(made.text in found.out for made in program.backward_calls)
    assert "fc1 (32, 1)" in found.out
    assert "mean" in found.out
    assert "norm" in found.out
    assert found.out.splitlines()[-1].startswith("loss.loss is 0.")


def test_stepping_backward_goes_on_to_the_gradients(call: Call) -> None:
    found = call("step", "autograd_scalar", "--backward")

    lines = [" ".join(line.split()) for line in found.out.splitlines()]
    assert "upstream dc () 1" in lines
    assert "gradient da () 5" in lines
    assert "gradient db () 3" in lines
    assert lines[-1] == "c.out is 15"


def test_the_batch_is_the_first_of_training(call: Call, net: Path) -> None:
    stepped = call("step", net, "--json").document

    assert stepped["loss"] == pytest.approx(Trainer(load(net)).run().losses[0])


def test_a_machine_gets_the_numbers_of_each_call(call: Call, net: Path) -> None:
    stepped = call("step", net, "--backward", "--json").document

    phases = [made["phase"] for made in stepped["calls"]]
    assert phases == sorted(phases, reverse=True)
    last = stepped["calls"][-1]
    assert last["node"] == "fc1"
    upstream, weights, bias = last["tensors"]
    assert (upstream["role"], upstream["variable"]) == ("upstream", "dfc1")
    assert (weights["label"], weights["shape"], bias["shape"]) == ("dw", [2, 1], [1])
    assert weights["min"] <= weights["mean"] <= weights["max"]
    assert weights["norm"] == pytest.approx(sum(v * v for v in weights["values"]) ** 0.5)
    assert bias["values"] == pytest.approx([bias["mean"]])


def test_inputs_are_stepped_with_random_rows(call: Call, tmp_path: Path) -> None:
    fed_by_hand().save(tmp_path / "by_hand.json")

    found = call("step", tmp_path / "by_hand.json", "--backward")

    assert found.code == 0
    assert "fc1 (8, 2)" in found.out
    assert "dx (8, 3)" in found.out


def test_a_graph_with_nothing_to_learn_can_be_stepped(call: Call, tmp_path: Path) -> None:
    graph = fed_by_hand()
    graph.remove("fc1")
    graph.connect("x.out", "mean.x")
    graph.save(tmp_path / "plain.json")

    assert call("step", tmp_path / "plain.json").code == 0


def test_numbers_that_are_none_are_counted(call: Call, tmp_path: Path) -> None:
    graph = Graph()
    graph.add("Parameter", id="a", value=[1e30, 1.0])
    graph.add("Multiply", id="square")
    graph.add("Sum", id="sum")
    for wire in ("a.out square.a", "a.out square.b", "square.out sum.x"):
        graph.connect(*wire.split())
    graph.save(tmp_path / "huge.json")

    found = call("step", tmp_path / "huge.json")
    document = call("step", tmp_path / "huge.json", "--json").document

    assert "square (2,)  inf  1" in found.out
    assert "NaN or infinite: 1" in found.out
    assert document["loss"] is None
