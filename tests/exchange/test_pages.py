"""Four ways of one net: each page runs by itself and computes what the program computes."""

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.testing import assert_close

import explorer
from explorer import Graph, Trainer
from explorer.exchange import module, pages
from explorer.exchange.page import TITLES, CannotExpress, Page, Way
from explorer.graph import examples
from explorer.graph.examples import load_example
from explorer.graph.muting import muting
from explorer.program import Program
from tests.exchange.comparison import assert_computes_the_same, executed

NAMES = examples.names()
WAYS: tuple[Way, ...] = ("naive", "autograd", "module")
BY_HAND = (
    "lstm cannot be written by hand, since it has no short formula: look at how Modular writes it"
)
REFUSED = {("char_lstm", "naive"): BY_HAND, ("ctc_digit_strips", "naive"): BY_HAND}
"""What cannot be written in some way, and why."""

expressible = pytest.mark.parametrize(
    ("name", "way"), [(n, w) for n in NAMES for w in WAYS if (n, w) not in REFUSED]
)


@cache
def compiled(name: str) -> tuple[Graph, Program]:
    graph = load_example(name)
    return graph, explorer.compile(graph, name=name)


@cache
def written(name: str, way: Way) -> Page:
    return pages.page(*compiled(name), way)


# Each computes the same


@expressible
def test_loss_and_gradients_are_those_of_the_program(name: str, way: Way) -> None:
    graph, program = compiled(name)

    assert_computes_the_same(graph, way, program, written(name, way))


@pytest.mark.parametrize(("name", "way"), REFUSED)
def test_what_cannot_be_written_is_told_with_its_node(name: str, way: Way) -> None:
    with pytest.raises(CannotExpress) as refused:
        pages.page(*compiled(name), way)

    assert str(refused.value) == REFUSED[name, way]
    assert refused.value.node in compiled(name)[0].nodes


# Each is a script of its own


@expressible
def test_only_data_that_cannot_be_made_on_the_spot_is_read_by_this_program(
    name: str, way: Way
) -> None:
    text = written(name, way).text

    needs_us = {s.dataset for s in _sources(name)} & {"text", "digit_strips", "csv"}
    assert ("explorer" in text) == bool(needs_us)


def _sources(name: str) -> list[Any]:
    from explorer.layers.sources import Data

    return [n.layer for n in compiled(name)[0].nodes.values() if isinstance(n.layer, Data)]


@pytest.mark.parametrize("way", ["naive", "autograd"])
@pytest.mark.parametrize("name", NAMES)
def test_it_starts_with_the_very_numbers_that_training_starts_with(name: str, way: Way) -> None:
    if (name, way) in REFUSED:
        return
    _, program = compiled(name)

    found = executed(written(name, way))["init"](5)

    ours = program.start(seed=5).parameters
    assert list(found) == list(ours)
    assert all(torch.equal(found[path], ours[path]) for path in ours)


TRAINED = ("digits_mlp", "naive_two_layer", "regression_mlp", "spiral", "autograd_scalar")


def with_running_statistics() -> Graph:
    """A net that keeps something from batch to batch, on features that are standardized."""
    graph = Graph()
    graph.add("Data", id="data", dataset="wine", standardize=True)
    graph.add("Linear", id="fc1", out_features=5, frozen=True)
    graph.add("BatchNorm1d", id="bn1", momentum=0.3)
    graph.add("Linear", id="fc2", out_features=3)
    graph.add("CrossEntropyLoss", id="loss", label_smoothing=0.1)
    for wire in ("data.x fc1.x", "fc1.out bn1.x", "bn1.out fc2.x", "fc2.out loss.y_hat"):
        graph.connect(*wire.split())
    graph.connect("data.y", "loss.y")
    return graph


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", [*TRAINED, "running statistics"])
def test_it_trains_to_where_training_here_gets(
    name: str, way: Way, capsys: pytest.CaptureFixture[str]
) -> None:
    graph = load_example(name) if name in TRAINED else with_running_statistics()
    # In float32 the last bits of a sum grow with each step, and differ from kernel to kernel.
    graph.train_with(precision="float64", epochs=2)
    program, epochs = explorer.compile(graph), graph.training.epochs
    trainer = Trainer(graph)
    page = executed(pages.page(graph, program, way))
    start = page["Net"]().double() if way == "module" else page["init"]()
    if way == "module":
        start.load_state_dict(module.state_dict(graph, program, trainer.session.state))

    found = page["train"](start)
    result = trainer.run()

    ours, theirs = {path: trainer.weights[path] for path in program.parameters}, found
    if way == "module":
        ours = module.state_dict(graph, program, trainer.weights)
        theirs = found.state_dict()
    for path, weights in ours.items():
        assert_close(theirs[path].detach(), weights, rtol=1e-6, atol=1e-8)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == epochs
    row = result.epochs[-1]
    told = f"epoch {epochs}: loss {row.loss:.4f}"
    if graph.training.validation:
        told += f", held back {row.validation_loss:.4f}"
    assert lines[-1] == told


@pytest.mark.parametrize("way", WAYS)
def test_it_runs_as_a_file(way: Way, tmp_path: Path) -> None:
    file = tmp_path / "page.py"
    file.write_text(written("autograd_scalar", way).text, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-I", file], capture_output=True, text=True, timeout=100, cwd=tmp_path
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "epoch 1: loss 15.0000"


def test_a_net_with_data_runs_as_a_file(tmp_path: Path) -> None:
    file = tmp_path / "page.py"
    text = written("naive_two_layer", "naive").text
    file.write_text(text, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-I", file], capture_output=True, text=True, timeout=100, cwd=tmp_path
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("epoch 20: loss 0.69")


def test_a_muted_node_is_not_written() -> None:
    graph = load_example("digits_mlp")
    graph.do(muting(graph, ["relu1"]))

    page = pages.page(graph, explorer.compile(graph), "naive")

    assert "relu1" not in page.text
    assert "fc2 = fc1 @ fc2_w + fc2_b" in page.text


# Nodes and lines


@expressible
def test_every_node_has_lines_and_its_lines_lead_back_to_it(name: str, way: Way) -> None:
    graph, page = compiled(name)[0], written(name, way)

    for node in graph.nodes:
        lines = page.lines_of(node)
        assert lines, f"{node} has no lines"
        assert all(node in page.nodes_at(line) for line in lines)
    assert max(span.last for span in page.spans) <= page.text.count("\n")


def test_lines_are_where_the_node_is_written() -> None:
    page = written("digits_mlp", "naive")
    lines = page.text.splitlines()

    forward = page.lines_of("fc1", "forward")
    backward = page.lines_of("fc1", "backward")

    assert {*forward, *backward} < set(page.lines_of("fc1"))
    assert [lines[n - 1].split("  #")[0].strip() for n in forward] == [
        "fc1 = flatten @ fc1_w + fc1_b"
    ]
    assert [lines[n - 1].strip() for n in backward] == [
        "dfc1_w = flatten.T @ dfc1",
        "dfc1_b = dfc1.sum(0)",
    ]


def test_sigmoid_and_cross_entropy_cancel_by_hand() -> None:
    page = written("naive_two_layer", "naive")

    line = next(n for n, text in enumerate(page.text.splitlines(), 1) if "dfc2 = " in text)

    assert page.text.splitlines()[line - 1].strip() == "dfc2 = (y_hat - data_y) / y_hat.numel()"
    assert set(page.nodes_at(line)) == {"y_hat", "loss"}


def test_the_modular_page_is_the_program_itself() -> None:
    _, program = compiled("digits_mlp")

    page = written("digits_mlp", "program")

    assert page.text == program.source
    for call in program.calls:
        assert set(range(call.line, call.last_line + 1)) <= set(
            page.lines_of(call.node, call.phase)
        )


def test_the_ways_have_titles_in_the_order_in_which_they_are_taught() -> None:
    assert list(TITLES.values()) == ["Naive", "Modular", "Autograd", "torch.nn"]
