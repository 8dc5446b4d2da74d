"""What is told of a value: enough to show it, and whether it has changed."""

import pytest
import torch

from explorer.program.watching import in_full

from .conftest import Watcher


def test_a_tensor_is_summed_up(watcher: Watcher) -> None:
    found, dw = watcher.read("fc1.dw"), watcher.value("fc1.dw")
    assert (found.shape, found.dtype, found.text) == ((2, 8), "float32", "")
    assert found.statistics.norm == pytest.approx(float(dw.norm()))
    assert found.first == tuple(dw.flatten()[:8].tolist())


def test_a_single_number_is_told_in_full(watcher: Watcher) -> None:
    found = watcher.read("loss.loss")
    assert found.text == str(watcher.value("loss.loss").numpy())
    assert found.shape == ()
    assert watcher.read("w.shape").text == "(2, 8)"
    assert watcher.read("0.1 + 0.2").text == "0.30000000000000004"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (torch.tensor(0.1), "0.1"),
        (torch.tensor(0.1, dtype=torch.float64), "0.1"),
        (torch.tensor(0.1, dtype=torch.bfloat16), "0.1"),
        (torch.tensor([[7]]), "7"),
        (torch.tensor(True), "True"),
        (torch.tensor(float("nan")), "nan"),
        (torch.tensor(float("-inf")), "-inf"),
        (1e300, "1e+300"),
        (3, "3"),
    ],
)
def test_numbers_in_full(value: object, text: str) -> None:
    assert in_full(value) == text


def test_a_reading_is_like_another_until_a_number_changes(watcher: Watcher) -> None:
    before = watcher.read("fc1.dw")
    assert before.is_like(watcher.read("fc1.dw"))
    nothing = watcher.read("0 * log(0)")
    assert nothing.is_like(watcher.read("0 * log(0)")), "NaN is like NaN"
    watcher.stepper.edit("dfc1_w", (1, 7), 0.25)
    assert not before.is_like(watcher.read("fc1.dw"))
    watcher.stepper.run_to("fc1", "forward")
    assert not before.is_like(watcher.read("fc1.dw"))
