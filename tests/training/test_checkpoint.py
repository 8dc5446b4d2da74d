"""Weights saved beside a graph come back bit for bit; a file that is no good says why."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from explorer import FileError, Graph, Trainer
from explorer.program import WeightsError
from explorer.training import load_weights, save_weights
from explorer.training.checkpoint import weights_path


def test_weights_live_beside_the_graph() -> None:
    assert weights_path("nets/mine.json") == Path("nets/mine.safetensors")


def test_weights_come_back_bit_for_bit(net: Graph, tmp_path: Path) -> None:
    trainer = Trainer(net)
    trainer.run()

    save_weights(tmp_path / "net.safetensors", trainer.weights)
    found = load_weights(tmp_path / "net.safetensors")

    assert found.keys() == trainer.weights.keys()
    assert all(torch.equal(found[path], weight) for path, weight in trainer.weights.items())
    assert Trainer(net, weights=found).session.forward(trainer.batch) == (
        trainer.session.forward(trainer.batch)
    )


def test_live_parameters_may_be_saved_as_they_are(net: Graph, tmp_path: Path) -> None:
    session = Trainer(net).session

    save_weights(tmp_path / "net.safetensors", session.parameters)
    kept = load_weights(tmp_path / "net.safetensors")
    session.parameters["fc1.w"].zero_()

    assert kept["fc1.w"].any()


@pytest.mark.parametrize(
    "weight",
    [torch.arange(6.0).reshape(2, 3).t(), torch.tensor(3.0), torch.ones(2, dtype=torch.bfloat16)],
)
def test_any_weight_can_be_saved(tmp_path: Path, weight: torch.Tensor) -> None:
    save_weights(tmp_path / "net.safetensors", {"a.value": weight})

    found = load_weights(tmp_path / "net.safetensors")["a.value"]

    assert torch.equal(found, weight) and found.dtype == weight.dtype


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "first" / "net.safetensors"

    save_weights(path, {"a.value": torch.ones(2)})

    assert torch.equal(load_weights(path)["a.value"], torch.ones(2))


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="none.safetensors: there is no such file; check the name"):
        load_weights(tmp_path / "none.safetensors")
    with pytest.raises(FileError, match="cannot be read: Is a directory"):
        load_weights(tmp_path)


def test_a_file_cut_short_is_told_wherever_it_was_cut(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    save_weights(path, {"fc1.w": torch.ones(4, 8), "fc1.b": torch.ones(8)})
    whole = path.read_bytes()

    for length in (0, 1, 7, 8, 9, 50, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(FileError, match="holds no weights in the safetensors format") as told:
            load_weights(path)
        assert str(path) in str(told.value) and "\n" not in str(told.value)


@pytest.mark.parametrize(
    "content", [b"\xff" * 64, b'{"format": "backprop-explorer"}\n', b"a,b\n1,2\n"]
)
def test_a_file_of_another_kind_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "net.safetensors"
    path.write_bytes(content)

    with pytest.raises(FileError, match="choose another file"):
        load_weights(path)


def test_weights_of_another_net_are_told(net: Graph, tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    save_weights(path, Trainer(net).weights)
    net.set("fc1", out_features=9)

    with pytest.raises(WeightsError, match=r"fc1.w is \(4, 8\) in these weights and \(4, 9\) in"):
        Trainer(net, weights=load_weights(path))


def test_a_save_onto_a_folder_or_into_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "net.safetensors").mkdir()
    (tmp_path / "file").write_text("not a folder")

    for path in (tmp_path / "net.safetensors", tmp_path / "file" / "net.safetensors"):
        with pytest.raises(FileError, match="cannot be written"):
            save_weights(path, {"a.value": torch.ones(2)})

    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file", "net.safetensors"]
    assert not list((tmp_path / "net.safetensors").iterdir())


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_save_that_fails_leaves_the_old_weights_and_no_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    path = tmp_path / "net.safetensors"
    save_weights(path, {"a.value": torch.ones(2)})

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    owner: Callable[..., Any] | Any = {"fsync": os, "replace": Path}[failing]
    with monkeypatch.context() as patched:
        patched.setattr(owner, failing, full)
        with pytest.raises(FileError, match="cannot be written: No space left on device"):
            save_weights(path, {"a.value": torch.zeros(2)})

    assert torch.equal(load_weights(path)["a.value"], torch.ones(2))
    assert [entry.name for entry in tmp_path.iterdir()] == ["net.safetensors"]
