"""`train`: what is said, what a machine gets, and how it ends."""

from pathlib import Path

import pytest

from explorer import Trainer, load
from tests.cli.conftest import Call, small


def test_training_says_what_it_trains_and_how_it_went(call: Call, net: Path) -> None:
    found = call("train", net)

    first, *_, last = found.out.splitlines()
    assert found.code == 0
    assert found.err == ""
    assert first.startswith("net: 3 nodes, 3 parameters, 80 rows to train on, 20 to validate, on ")
    assert last.startswith("Done in ")
    assert "9 steps" in last
    assert "validation accuracy" in last
    assert [line.split()[0] for line in found.out.splitlines()[4:7]] == ["1", "2", "3"]


def test_a_long_run_is_told_in_twelve_epochs(call: Call, net: Path) -> None:
    found = call("train", net, "--epochs", 200)

    rows = [line.split()[0] for line in found.out.splitlines()[4:-2]]
    assert len(rows) == 12
    assert rows[0] == "1"
    assert rows[-1] == "200"


def test_a_starter_graph_goes_by_its_name(call: Call) -> None:
    found = call("train", "modular_two_layer", "--epochs", 1)

    assert found.code == 0
    assert found.out.startswith("modular_two_layer: 6 nodes")


def test_a_file_goes_before_a_starter_graph_of_its_name(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small().save(tmp_path / "spiral")
    monkeypatch.chdir(tmp_path)

    assert call("train", "spiral").out.startswith("spiral: 3 nodes")


def test_a_regression_is_told_without_accuracy(call: Call) -> None:
    found = call("train", "regression_mlp", "--epochs", 1)

    assert found.code == 0
    assert "accuracy" not in found.out.lower()


def test_a_machine_gets_the_whole_run_as_one_document(call: Call, net: Path) -> None:
    found = call("train", net, "--device", "cpu", "--epochs", 2, "--seed", 7, "--json")

    run = found.document
    expected = Trainer(load(net), epochs=2, seed=7).run()
    assert found.code == 0
    assert found.err == ""
    assert (run["device"], run["state"], run["message"]) == ("cpu", "done", "")
    assert run["losses"] == expected.losses
    assert run["accuracies"] == expected.accuracies
    assert [row["epoch"] for row in run["epochs"]] == [1, 2]
    assert run["epochs"][1]["validation_loss"] == expected.epochs[1].validation_loss
    assert run["settings"]["seed"] == 7
    assert run["steps_per_second"] > 0
    assert run["seconds"] > 0
    assert run["files"] == []


def test_settings_typed_go_before_the_files_own(call: Call, net: Path) -> None:
    options = ("--epochs", 2, "--batch-size", 40, "--learning-rate", 0.5, "--seed", 3)

    run = call("train", net, *options, "--json").document

    chosen = {"epochs": 2, "batch_size": 40, "learning_rate": 0.5, "seed": 3}
    assert run["settings"].items() >= chosen.items()
    assert len(run["losses"]) == 4


def test_a_run_that_diverges_fails_with_a_sentence(call: Call, tmp_path: Path) -> None:
    graph = small()
    graph.remove("loss")
    graph.add("MSELoss", id="loss")
    graph.connect("fc1.out", "loss.y_hat")
    graph.connect("data.y", "loss.y")
    graph.save(tmp_path / "wild.json")
    words = ("train", tmp_path / "wild.json", "--learning-rate", 1000, "--epochs", 50)

    for_people, for_machines = call(*words), call(*words, "--json")

    for found in (for_people, for_machines):
        assert found.code == 1
        assert found.err.startswith("error: the loss is no longer a number since step ")
        assert found.err.count("\n") == 1
    assert "Diverged in" in for_people.out
    run = for_machines.document
    assert run["state"] == "diverged"
    assert run["message"] in for_machines.err
    assert run["losses"][-1] is None


def test_a_warning_comes_first(call: Call, tmp_path: Path) -> None:
    graph = small()
    graph.add("ReLU", id="spare")
    graph.connect("data.x", "spare.x")
    graph.save(tmp_path / "net.json")

    found = call("train", tmp_path / "net.json")

    assert found.code == 0
    assert found.err.startswith("warning: spare does not reach loss.loss, so it is left out")
