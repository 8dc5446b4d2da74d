"""`train --out`: what a run leaves in a folder."""

import csv
from pathlib import Path

import pytest

from explorer import Trainer, load
from explorer.training import load_weights
from tests.cli.conftest import Call


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_run_leaves_graph_weights_and_history(call: Call, net: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"

    found = call("train", net, "--device", "cpu", "--epochs", 2, "--out", out)

    names = {"net.json", "net.safetensors", "history.csv", "epochs.csv"}
    assert found.code == 0
    assert {path.name for path in out.iterdir()} == names
    assert all(name in found.out.splitlines()[-1] for name in names)
    trainer = Trainer(load(net), epochs=2)
    expected = trainer.run()
    weights = load_weights(out / "net.safetensors")
    assert all(weights[path].equal(tensor) for path, tensor in trainer.weights.items())
    history = rows(out / "history.csv")
    assert [float(row["loss"]) for row in history] == expected.losses
    assert [float(row["accuracy"]) for row in history] == expected.accuracies
    assert [row["epoch"] for row in history] == ["1", "1", "1", "2", "2", "2"]
    assert [row["step"] for row in history] == ["0", "1", "2", "3", "4", "5"]
    assert [row["steps"] for row in rows(out / "epochs.csv")] == ["3", "6"]


def test_the_graph_that_is_left_trains_to_the_same_end(
    call: Call, net: Path, tmp_path: Path
) -> None:
    first = call("train", net, "--epochs", 2, "--seed", 5, "--out", tmp_path / "a", "--json")
    again = call("train", tmp_path / "a" / "net.json", "--json")

    assert again.document["losses"] == first.document["losses"]


def test_a_machine_is_told_the_files(call: Call, net: Path, tmp_path: Path) -> None:
    found = call("train", net, "--out", tmp_path / "a", "--json")

    files = [Path(file) for file in found.document["files"]]
    assert set(files) == set((tmp_path / "a").iterdir())


def test_the_file_that_is_trained_is_left_as_it_is(call: Call, net: Path) -> None:
    before = net.read_bytes()

    found = call("train", net, "--epochs", 1, "--out", net.parent)

    assert found.code == 0
    assert net.read_bytes() == before
    assert (net.parent / "net.safetensors").exists()
    assert "net.json" not in found.out


def test_a_regression_leaves_the_accuracy_empty(call: Call, tmp_path: Path) -> None:
    call("train", "regression_mlp", "--epochs", 1, "--out", tmp_path)

    assert {row["accuracy"] for row in rows(tmp_path / "history.csv")} == {""}
    assert rows(tmp_path / "epochs.csv")[0]["validation_loss"] == ""


def test_a_run_that_diverged_leaves_its_history(call: Call, tmp_path: Path) -> None:
    words = ("train", "regression_mlp", "--learning-rate", 1000)

    found = call(*words, "--out", tmp_path)

    assert found.code == 1
    assert rows(tmp_path / "history.csv")[-1]["loss"] == "nan"
    assert load(tmp_path / "regression_mlp.json").training.learning_rate == pytest.approx(1000)
