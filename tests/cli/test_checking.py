"""`check`: problems, shapes, and every gradient verified."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from torch import Tensor

from explorer import Graph, layers
from explorer.layers import Layer
from explorer.layers.base import _CATALOGUE
from tests.cli.conftest import Call, small


@pytest.fixture
def wrong_net(tmp_path: Path) -> Iterator[Path]:
    """A net with a layer whose backward forgets a factor of 2."""

    class Doubled(Layer):
        """Doubles each number."""

        family: ClassVar[str] = "Arithmetic"

        @staticmethod
        def forward(x: Tensor) -> tuple[Tensor, tuple]:
            return 2 * x, ()

        @staticmethod
        def backward(dout: Tensor, cache: tuple) -> Tensor:
            return dout

    graph = Graph()
    graph.add("Data", id="data", samples=100)
    graph.add("Linear", id="fc1", out_features=1)
    graph.add("Doubled", id="twice")
    graph.add("BCEWithLogitsLoss", id="loss")
    wires = ("data.x fc1.x", "fc1.out twice.x", "twice.out loss.y_hat", "data.y loss.y")
    for wire in wires:
        graph.connect(*wire.split())
    path = tmp_path / "wrong.json"
    graph.save(path)
    yield path
    _CATALOGUE.pop("Doubled")
    vars(layers).pop("Doubled", None)


def test_a_sound_graph_is_checked_gradient_by_gradient(call: Call, net: Path) -> None:
    found = call("check", net)

    assert found.code == 0
    assert found.err == ""
    assert found.out.startswith("No problems\n")
    assert "fc1.out     Linear              (N, 1)" in found.out
    assert "\n3 parameters, 2 MACs a row, " in found.out
    results = {line.split()[0]: line.split()[-1] for line in found.out.splitlines() if line}
    assert {results[path] for path in ("loss.loss", "fc1.out", "fc1.w", "fc1.b")} == {"ok"}
    assert found.out.endswith("4 gradients verified: all ok\n")


def test_a_wrong_gradient_is_named_in_words(call: Call, wrong_net: Path) -> None:
    found = call("check", wrong_net)

    results = {line.split()[0]: line.split()[-1] for line in found.out.splitlines() if line}
    assert found.code == 1
    assert results["twice.out"] == "ok"
    assert results["fc1.out"] == results["fc1.w"] == results["fc1.b"] == "WRONG"
    assert found.err.startswith("error: the backward of twice (Doubled) is the first that is wrong")
    assert found.err.count("\n") == 1


def test_a_machine_is_told_which_gradient_is_wrong_first(call: Call, wrong_net: Path) -> None:
    found = call("check", wrong_net, "--json")

    document = found.document
    wrong = [each["path"] for each in document["gradients"] if not each["ok"]]
    assert found.code == 1
    assert found.err.count("\n") == 1
    assert not document["ok"]
    assert document["first_wrong"] == "fc1.out"
    assert wrong == ["fc1.out", "fc1.w", "fc1.b"]
    assert document["gradients"][-1]["against_autograd"] == pytest.approx(0.5)


def test_problems_come_first_and_fail_the_check(call: Call, tmp_path: Path) -> None:
    graph = small()
    graph.set("fc1", out_features=3)
    graph.add("ReLU", id="spare")
    graph.save(tmp_path / "net.json")

    found = call("check", tmp_path / "net.json")
    document = call("check", tmp_path / "net.json", "--json").document

    assert found.code == 1
    assert found.out.startswith("error: loss expects ")
    assert "warning: spare.x is not connected" in found.out
    assert "fc1.out   Linear   (N, 3)" in found.out
    assert "Gradient" not in found.out
    assert found.err.startswith("error: the graph cannot run: loss expects ")
    assert [problem["severity"] for problem in document["problems"]][0] == "error"
    assert document["problems"][0]["node"] == "loss"
    assert document["gradients"] == []
    assert not document["ok"]


def test_a_warning_does_not_fail_the_check(call: Call, tmp_path: Path) -> None:
    graph = small()
    graph.add("ReLU", id="spare")
    graph.connect("data.x", "spare.x")
    graph.save(tmp_path / "net.json")

    found = call("check", tmp_path / "net.json")

    assert found.code == 0
    assert found.out.startswith("warning: spare does not reach loss.loss")


def test_an_empty_graph_has_a_problem(call: Call, tmp_path: Path) -> None:
    Graph().save(tmp_path / "empty.json")

    found = call("check", tmp_path / "empty.json")

    assert found.code == 1
    assert found.out.startswith("error: the graph is empty")


def test_a_layer_from_elsewhere_cannot_steer_the_terminal(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    small().save(path)
    text = path.read_text(encoding="utf-8").replace('"Linear"', r'"Lin\u001b[2J[bold]ear"')
    path.write_text(text, encoding="utf-8")

    found = call("check", path)

    assert found.code == 1
    assert "\x1b" not in found.out + found.err
    assert "[bold]" in found.out


def test_json_tells_what_the_net_adds_up_to(call: Call, net: Path) -> None:
    found = json.loads(call("check", net, "--json").out)["totals"]

    assert found["parameters"] == 3
    assert found["multiplications"] == 2
    assert found["weight_bytes"] == found["gradient_bytes"] == 12


def test_linear_layers_in_a_row_are_noted_and_no_problem(call: Call) -> None:
    found = call("check", "regression_mlp")
    document = call("check", "regression_mlp", "--json").document

    assert found.code == 0
    assert "No problems\nnote: fc1, fc2, fc3 and fc4 follow each other" in found.out
    assert document["problems"] == []
    assert len(document["notes"]) == 1
    assert call("check", "autograd_scalar", "--json").document["notes"] == []
