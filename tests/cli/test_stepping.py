"""`step`: every call with its numbers."""

from pathlib import Path
from typing import Any

import pytest

from explorer import Graph, Trainer, load
from tests.cli.conftest import Call, assert_refused, fed_by_hand


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


def test_until_stops_behind_the_call_of_a_node(call: Call) -> None:
    forward = call("step", "digits_mlp", "--until", "fc1", "--json").document
    backward = call("step", "digits_mlp", "--backward", "--until", "fc1", "--json").document
    by_phase = call("step", "digits_mlp", "--until", "fc2.backward", "--json").document
    back_to = call("step", "digits_mlp", "--backward", "--until", "fc1.forward", "--json").document

    assert last(forward) == last(back_to) == ("fc1", "forward")
    assert forward["loss"] is None
    assert last(backward) == ("fc1", "backward")
    assert last(by_phase) == ("fc2", "backward"), "a phase says by itself how far to go"
    assert by_phase["loss"] == backward["loss"] > 0


def last(document: dict[str, Any]) -> tuple[str, str]:
    made = document["calls"][-1]
    return made["node"], made["phase"]


def test_show_prints_values_of_the_last_call_in_full(call: Call, net: Path) -> None:
    found = call("step", net, "--backward", "--until", "fc1", "--show", "dw", "--show", "w.shape")
    *_, header, numbers, first, second, shape, loss = found.out.splitlines()
    document = call("step", net, "--backward", "--until", "fc1", "--show", "dw", "--json").document

    (shown,) = document["shown"]
    assert header == "dw (2, 1)"
    assert numbers.split()[:2] == ["mean", f"{shown['mean']:.4g}"]
    assert (shown["shape"], shown["count"], len(shown["values"])) == ([2, 1], 2, 2)
    assert first.split() == ["[0]", f"{shown['values'][0]:.6g}"]
    assert second.split() == ["[1]", f"{shown['values'][1]:.6g}"]
    assert shape == "w.shape = (2, 1)"
    assert loss.startswith("loss.loss is ")


def test_show_computes_what_is_watched(call: Call) -> None:
    words = ("step", "autograd_scalar", "--backward", "--show", "a.dout * b.dout", "--json")
    assert call(*words).document["shown"] == [
        {
            "expression": "a.dout * b.dout",
            "shape": [],
            "dtype": "float32",
            **dict.fromkeys(("mean", "min", "max", "norm"), 15),
            "std": 0,
            "bad": 0,
            "count": 1,
            "values": [15],
        }
    ]
    assert "a.dout * b.dout = 15.0" in call(*words[:-1]).out


def test_a_large_value_is_cut_with_a_note_and_wrapped(call: Call) -> None:
    found = call("step", "digits_mlp", "--show", "fc1.w", "--show", "fc1.w * 2")

    lines = found.out.splitlines()
    rows = lines[lines.index("fc1.w (64, 64)") + 2 :]
    assert rows[0].startswith("  [0] ")
    assert rows[1].startswith("      ")
    assert max(map(len, rows)) <= 80
    assert "  … and 3,096 more numbers: show a part, as in fc1.w[:, :5]" in rows
    assert "  … and 3,096 more numbers: show a part, as in (fc1.w * 2)[:, :5]" in rows


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--until fc", "there is no node fc: did you mean fc"),
        ("--until fc1.w", "fc1.w is no place to stop at: write fc1, fc1.forward or fc1.backward"),
        ("--until data.backward", "data has no backward call: it only has forward"),
        ("--until", "Option '--until' requires an argument"),
        ("--show fc3.w", "there is no fc3 here: did you mean fc2 or fc1?"),
        ("--show fc1.q", "fc1 has no q: it has x, w, b, out"),
        ("--show dw", "the last call, loss forward, has no dw, but y_hat, y, loss"),
        (
            "--until fc1 --show fc2.out",
            "fc2.out is not computed yet behind fc1 forward: stop",
        ),
        ("--until fc1 --show dw", "gradient of fc1.w is not computed yet behind fc1 forward"),
        ("--backward --until fc2 --show foo", "the last call, fc2 backward, has dout, dx, dw, db"),
        ("--show fc1.w@fc1.b[:3]", "the shapes (64, 64) and (3,) do not fit @"),
        ("--show fc1.w.nrom()", "there is no function nrom here: did you mean norm?"),
        ("--show __import__('os')", "is not understood here"),
    ],
)
def test_a_place_or_a_value_that_is_not_there_is_told_in_one_line(
    call: Call, words: str, says: str
) -> None:
    assert_refused(call, ["step", "digits_mlp", *words.split()], says)
