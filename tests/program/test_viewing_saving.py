"""A tensor saved for other programs is read back number by number."""

import resource
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer.graph import FileError
from explorer.program.viewing import Subject, save

TENSORS = {
    "matrix": torch.randn(7, 5),
    "turned": torch.randn(7, 5).T,
    "images": torch.randn(3, 2, 4, 5),
    "vector": torch.randn(40_000),
    "long row": torch.randn(1, 40_000),
    "scalar": torch.tensor(0.1),
    "float64": torch.randn(3, 4, dtype=torch.float64),
    "classes": torch.randint(0, 10, (8,)),
    "mask": torch.tensor([[True, False], [False, True]]),
    "bad": torch.tensor([[float("nan"), float("inf")], [-float("inf"), -0.0]]),
    "bfloat16": torch.randn(6, 2).to(torch.bfloat16),
    "empty": torch.empty(0, 3),
}


def written(tensor: Tensor, path: Path) -> list[float]:
    return list(save(Subject(tensor), path))


def plain(tensor: Tensor) -> np.ndarray:
    return (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy()


@pytest.mark.parametrize("tensor", TENSORS.values(), ids=TENSORS.keys())
def test_npy_holds_the_tensor_as_it_is(tensor: Tensor, tmp_path: Path) -> None:
    written(tensor, tmp_path / "t.npy")
    found = np.load(tmp_path / "t.npy")

    assert found.dtype == plain(tensor).dtype
    np.testing.assert_array_equal(found, plain(tensor))


@pytest.mark.parametrize("name", sorted(TENSORS.keys() - {"empty"}))
def test_csv_gives_the_very_same_numbers(name: str, tmp_path: Path) -> None:
    tensor = TENSORS[name]
    written(tensor, tmp_path / "t.csv")
    found = np.loadtxt(tmp_path / "t.csv", delimiter=",").reshape(tensor.shape)

    np.testing.assert_array_equal(found.astype(plain(tensor).dtype), plain(tensor))
    if tensor.dim() > 1:
        assert len((tmp_path / "t.csv").read_text().splitlines()) == len(tensor)


def test_a_difference_is_saved_as_numbers(tmp_path: Path) -> None:
    one, other = torch.randn(3, 4), torch.randn(3, 4)
    list(save(Subject(one, other), tmp_path / "t.npy"))

    np.testing.assert_array_equal(np.load(tmp_path / "t.npy"), (one - other).numpy())


@pytest.mark.parametrize("ending", ["npy", "csv"])
def test_it_goes_on_in_small_pieces_and_keeps_what_it_began_with(ending, tmp_path: Path) -> None:
    tensor = torch.randn(3000, 2000)
    before = tensor.clone()
    path = tmp_path / f"t.{ending}"
    writer = save(Subject(tensor), path)
    shares = [next(writer)]
    tensor.zero_()
    if ending == "csv":
        writer.close()
        return
    shares += writer

    assert len(shares) > 2 and shares == sorted(shares) and shares[-1] == 1
    np.testing.assert_array_equal(np.load(path), before.numpy())


def test_a_writer_that_is_stopped_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("mine")
    writer = save(Subject(torch.randn(1000, 1000)), path)
    next(writer)
    writer.close()

    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="cannot be written: "):
        written(torch.ones(2), tmp_path / "file" / "t.npy")
    with pytest.raises(FileError, match=r"t.xls has an unknown ending: end it in .npy or .csv"):
        written(torch.ones(2), tmp_path / "t.xls")


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        with pytest.raises(FileError, match="t.npy cannot be written: File too large"):
            written(torch.ones(2_000_000), tmp_path / "t.npy")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.iterdir())
