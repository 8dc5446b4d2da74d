"""Strips of digits: each is made of real digits, in the order that its classes say."""

import pytest
import torch
from torch import Tensor

from explorer.data import Dataset, load


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load("digits")


@pytest.fixture(scope="module")
def strips() -> Dataset:
    return load("digit_strips", samples=200, seed=1)


def classes_in(strip: Tensor, digits: Dataset) -> list[int]:
    """The classes of the real digits found in a strip (8, 48), from left to right."""
    found, column = [], 0
    while strip[:, column:].any():
        for gap in range(3):
            piece = strip[:, column + gap : column + gap + 8]
            same = (digits.x[:, 0] == piece).all(dim=(1, 2)) if piece.shape[1] == 8 else None
            if same is not None and same.any():
                found.append(int(digits.y[same][0]) + 1)
                column += gap + 8
                break
        else:
            pytest.fail(f"no real digit within two columns of column {column}")
    return found


def test_a_strip_holds_the_real_digits_that_its_classes_say(
    strips: Dataset, digits: Dataset
) -> None:
    for x, y in zip(strips.x, strips.y, strict=True):
        assert classes_in(x[0], digits) == y[y > 0].tolist()


def test_a_strip_starts_with_its_first_digit(strips: Dataset, digits: Dataset) -> None:
    for x, y in zip(strips.x, strips.y, strict=True):
        of_class = digits.x[digits.y == y[0] - 1, 0]
        assert (of_class == x[0, :, :8]).all(dim=(1, 2)).any()


def test_a_strip_has_three_to_five_digits_and_ends_in_blanks(strips: Dataset) -> None:
    assert strips.x.shape == (200, 1, 8, 48)
    assert strips.y.shape == (200, 5) and strips.y.dtype == torch.int64
    counts = (strips.y > 0).sum(1)
    assert set(counts.tolist()) == {3, 4, 5}
    assert torch.equal(strips.y > 0, torch.arange(5) < counts.unsqueeze(1))


def test_class_zero_is_the_blank_and_digits_come_after_it(strips: Dataset) -> None:
    assert strips.classes == 11
    assert strips.class_names == ("blank", *"0123456789")
    assert set(strips.y.flatten().tolist()) == set(range(11))


def test_strips_are_as_bright_as_the_digits(strips: Dataset) -> None:
    assert (strips.x.min().item(), strips.x.max().item()) == (0.0, 1.0)
