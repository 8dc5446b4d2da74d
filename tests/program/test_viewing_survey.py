"""Statistics and histograms count every number, in pieces, whatever the tensor."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from torch import Tensor

from explorer.program.viewing import Cut, Subject, statistics, survey


def last(tensor: Tensor):
    *_, found = survey(Subject(tensor))
    return found


@given(arrays(np.float32, array_shapes(min_dims=0, max_dims=3), elements=st.floats(width=32)))
def test_every_number_is_counted_once(numbers: np.ndarray) -> None:
    found = last(torch.from_numpy(np.ascontiguousarray(numbers)))

    known = found.statistics
    assert found.is_complete and known.is_complete
    assert known.nans == np.isnan(numbers).sum()
    assert known.infinities == np.isinf(numbers).sum()
    assert known.zeros == (numbers == 0).sum()
    assert found.histogram is not None
    assert found.histogram.counts.sum() + known.bad == numbers.size


@given(arrays(np.int64, array_shapes(max_dims=2), elements=st.integers(-50, 50)))
def test_few_whole_numbers_have_a_bin_each(numbers: np.ndarray) -> None:
    histogram = last(torch.from_numpy(np.ascontiguousarray(numbers))).histogram

    assert histogram is not None
    if np.ptp(numbers) < 64:
        middles = (histogram.edges[:-1] + histogram.edges[1:]) / 2
        shown = {int(m): int(n) for m, n in zip(middles, histogram.counts, strict=True) if n}
        values, counts = np.unique(numbers, return_counts=True)
        assert shown == dict(zip(values.tolist(), counts.tolist(), strict=True))


@given(arrays(np.float32, st.integers(1, 50), elements=st.floats(-1e6, 1e6, width=32)))
def test_a_histogram_is_numpys(numbers: np.ndarray) -> None:
    histogram = last(torch.from_numpy(numbers)).histogram

    assert histogram is not None
    counts, _ = np.histogram(numbers.astype(np.float64), histogram.edges)
    assert np.abs(counts - histogram.counts).sum() <= 2  # one on an edge may fall to either side


@pytest.mark.parametrize(
    "make",
    [
        lambda: torch.randn(700, 900),
        lambda: torch.randn(900, 700).T,
        lambda: torch.randn(64, 50, 30, 9).to(memory_format=torch.channels_last),
        lambda: torch.randn(1000, 1800)[:, ::3],
        lambda: torch.tensor(3.5).expand(800, 700),
        lambda: torch.randn(600_000, dtype=torch.float64) * 1e-3 + 1e6,
        lambda: torch.randn(1000, 500).to(torch.float16),
        lambda: torch.randint(-9, 9, (800, 600)),
        lambda: torch.randn(800, 600) > 1,
    ],
)
def test_the_statistics_of_large_tensors_are_torchs(make) -> None:
    tensor = make()
    found, wide = statistics(tensor), tensor.to(torch.float64)

    assert found.count == found.seen == tensor.numel()
    assert found.mean == pytest.approx(wide.mean().item(), rel=1e-9, abs=1e-12)
    assert found.std == pytest.approx(wide.std(correction=0).item(), rel=1e-6, abs=1e-12)
    assert found.norm == pytest.approx(wide.norm().item(), rel=1e-9)
    assert (found.minimum, found.maximum) == (wide.min().item(), wide.max().item())
    assert found.zeros == int((wide == 0).sum())


def test_a_difference_has_statistics_of_its_own() -> None:
    one = torch.randn(500, 600).T
    other = torch.randn(600, 500)
    *_, found = survey(Subject(one, other))

    apart = (one - other).double()
    assert found.statistics.mean == pytest.approx(apart.mean().item(), abs=1e-9)
    assert found.statistics.norm == pytest.approx(apart.norm().item(), rel=1e-6)
    assert found.histogram.counts.sum() == apart.numel()


def test_a_plane_can_be_surveyed_by_itself() -> None:
    tensor = torch.randn(3, 4, 5)

    *_, found = survey(Subject(tensor).plane(Cut(("rows", 2, "columns"))))
    assert found.statistics.mean == pytest.approx(tensor[:, 2].mean().item(), abs=1e-6)
    *_, found = survey(Subject(tensor).plane(Cut(("norm", 2, "columns"))))
    assert found.statistics.maximum == pytest.approx(tensor[:, 2].norm(dim=0).max().item())


def test_what_is_known_grows_step_by_step() -> None:
    tensor = torch.randn(3_000_000)
    steps = list(survey(Subject(tensor)))

    seen = [step.statistics.seen for step in steps]
    assert seen == sorted(seen) and 0 < seen[0] < seen[-1] == 3_000_000
    assert [step.is_complete for step in steps] == [False] * (len(steps) - 1) + [True]
    counted = [int(step.histogram.counts.sum()) for step in steps if step.histogram]
    assert counted == sorted(counted) and counted[-1] == 3_000_000


def test_of_a_large_tensor_a_sample_from_all_over_it_comes_first() -> None:
    tensor = torch.arange(4_000_000.0).reshape(2_000, 2_000)
    first, *others = survey(Subject(tensor))

    assert first.is_sample and not first.is_complete
    known = first.statistics
    assert known.count == 4_000_000 and 10_000 < known.seen < 100_000
    assert known.mean == pytest.approx(2_000_000, rel=0.02)
    assert known.minimum < 4_000 and known.maximum > 3_996_000
    assert first.histogram.counts.sum() == known.seen
    assert not any(step.is_sample for step in others)
    assert others[-1].statistics.seen == 4_000_000
    assert next(survey(Subject(tensor), histogram=False)).histogram is None


def test_a_sample_of_a_difference_is_of_the_same_places_of_both() -> None:
    one = torch.arange(3_000_000.0).reshape(1_500, 2_000)
    first = next(survey(Subject(one, one - 7)))
    assert first.is_sample
    assert first.statistics.minimum == first.statistics.maximum == 7

    turned = (one - 7).T.contiguous().T
    assert not next(survey(Subject(one, turned))).is_sample, "places are not found by one number"


def test_a_sample_is_taken_of_what_lies_together_and_may_be_of_nothing_but_nan() -> None:
    assert not next(survey(Subject(torch.randn(6_000, 1_000)[:, ::2]))).is_sample
    assert next(survey(Subject(torch.randn(1_000, 3_000).T))).is_sample
    found = next(survey(Subject(torch.full((3_000_000,), math.nan))))
    assert found.is_sample and found.statistics.nans == found.statistics.seen


def test_nothing_but_nan_or_nothing_at_all() -> None:
    for tensor in (torch.full((2, 2), math.nan), torch.empty(0, 3)):
        found = last(tensor)
        assert math.isnan(found.statistics.mean) and math.isnan(found.statistics.maximum)
        assert found.statistics.bad == tensor.numel()
        assert found.histogram.counts.sum() == 0


def test_the_largest_numbers_there_are() -> None:
    histogram = last(torch.tensor([-1.7e308, 0.0, 1.7e308], dtype=torch.float64)).histogram

    assert histogram is not None and histogram.counts.sum() == 3


@pytest.mark.parametrize("value", [-1e200, 1e306])
def test_numbers_whose_squares_are_beyond_all_numbers(value: float) -> None:
    known = statistics(torch.full((3, 4), value, dtype=torch.float64))

    assert (known.mean, known.minimum, known.maximum, known.std) == (value, value, value, 0)
    assert known.norm == pytest.approx(abs(value) * math.sqrt(12))
