"""What is seen first of a tensor: its first numbers, and statistics that say how exact they are."""

import numpy as np
import pytest
import torch
from hypothesis import given
from torch import Tensor

from explorer.program.viewing import Glimpse, Subject, first_cut, statistics

from .test_viewing_planes import tensors


def glimpsed(tensor: Tensor, rows: int = 8, columns: int = 5):
    return Glimpse((rows, columns)).of(Subject(tensor))


@given(tensors())
def test_it_begins_with_the_corner_of_the_first_plane(tensor: Tensor) -> None:
    found = glimpsed(tensor)

    assert found.window.cut == first_cut(tuple(tensor.shape))
    plane = tensor[(0,) * (tensor.dim() - 2)] if tensor.numel() else tensor.new_zeros((0, 0))
    corner = torch.atleast_2d(plane)[:8, :5]
    assert np.array_equal(found.numbers, corner.double().numpy(), equal_nan=True)


@given(tensors())
def test_of_few_numbers_the_statistics_are_exact_at_once(tensor: Tensor) -> None:
    found = glimpsed(tensor).survey

    assert found.is_complete and not found.is_sample
    assert repr(found.statistics) == repr(statistics(tensor))


def test_of_many_numbers_it_says_how_few_its_statistics_are_of() -> None:
    found = glimpsed(torch.randn(3000, 1000)).survey

    assert not found.is_complete
    assert 0 < found.statistics.seen < found.statistics.count == 3_000_000
    assert found.statistics.mean == pytest.approx(0, abs=0.1)


def test_it_keeps_nothing_of_the_tensor() -> None:
    tensor = torch.zeros(4, 4)
    found = glimpsed(tensor)
    tensor.fill_(1)

    assert not found.numbers.any()
