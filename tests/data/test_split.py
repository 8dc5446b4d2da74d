"""Holding rows back: nothing lost, nothing doubled, classes shared out, scales from training."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from explorer.data import DataError, Dataset, load, split


def numbered(classes: list[int]) -> Dataset:
    """Rows whose only feature is their number, of the given classes."""
    rows = len(classes)
    return Dataset(
        name="numbered",
        x=torch.arange(rows, dtype=torch.float32).unsqueeze(1),
        y=torch.tensor(classes),
        classes=max(classes) + 1,
        class_names=tuple(map(str, range(max(classes) + 1))),
        feature_names=("row",),
    )


@given(
    classes=st.lists(st.integers(0, 4), min_size=2, max_size=60),
    validation=st.floats(0, 1, exclude_min=True, exclude_max=True),
    seed=st.integers(0, 2**32),
)
def test_every_row_lands_on_exactly_one_side(
    classes: list[int], validation: float, seed: int
) -> None:
    dataset = numbered(classes)

    train, held = split(dataset, validation, seed)

    assert held is not None
    assert len(train) >= 1 and len(held) >= 1
    assert len(held) == min(max(round(validation * len(dataset)), 1), len(dataset) - 1)
    rows = torch.cat([train.x, held.x]).flatten().long()
    assert sorted(rows.tolist()) == list(range(len(dataset)))
    assert torch.equal(torch.cat([train.y, held.y]), dataset.y[rows]), "rows lost their targets"


@given(seed=st.integers(0, 2**32), validation=st.sampled_from([0.1, 0.2, 0.25, 0.5]))
def test_each_class_is_shared_out_in_proportion(seed: int, validation: float) -> None:
    sizes = (100, 40, 20)
    dataset = numbered([each for each, size in enumerate(sizes) for _ in range(size)])

    _, held = split(dataset, validation, seed)

    assert held is not None
    assert held.y.bincount().tolist() == [round(validation * size) for size in sizes]


def test_zeros_and_ones_are_classes_too() -> None:
    _, held = split(load("moons", samples=100), 0.2, seed=0)
    assert held is not None
    assert held.y.sum().item() == 10


def test_classes_of_a_single_row_are_split_by_chance() -> None:
    dataset = numbered(list(range(10)))
    chosen = set()
    for seed in range(30):
        _, held = split(dataset, 0.2, seed)
        assert held is not None
        chosen.update(held.y.tolist())
    assert chosen == set(range(10))


def test_rows_come_shuffled_by_the_seed_alone() -> None:
    dataset = load("iris")
    state = torch.get_rng_state()

    (first, first_held), (again, again_held), (other, _) = (
        split(dataset, 0.2, seed) for seed in (1, 1, 2)
    )

    assert first_held is not None and again_held is not None
    assert torch.equal(first.x, again.x) and torch.equal(first_held.x, again_held.x)
    assert not torch.equal(first.x, other.x)
    assert len(first.y[:30].unique()) == 3, "training rows are still in the order of the file"
    assert torch.equal(torch.get_rng_state(), state)


def test_holding_nothing_back_leaves_the_dataset_alone() -> None:
    dataset = load("iris")
    assert split(dataset, 0, seed=3) == (dataset, None)


def test_standardizing_learns_its_scale_from_the_training_rows_only() -> None:
    dataset = load("wine")
    plain, plain_held = split(dataset, 0.3, seed=5)

    train, held = split(dataset, 0.3, seed=5, standardize=True)

    assert held is not None and plain_held is not None
    assert torch.allclose(train.x.mean(0), torch.zeros(13), atol=1e-5)
    assert torch.allclose(train.x.std(0, correction=0), torch.ones(13), atol=1e-5)
    expected = (plain_held.x - plain.x.mean(0)) / plain.x.std(0, correction=0)
    assert torch.allclose(held.x, expected, atol=1e-3)
    assert held.x.mean(0).abs().max() > 1e-3, "the validation rows were centred by themselves"
    assert torch.equal(train.y, plain.y)
    assert train.x.dtype == torch.float32


def test_standardizing_without_a_split_keeps_the_rows_in_order() -> None:
    dataset = load("iris")
    train, held = split(dataset, 0, seed=0, standardize=True)
    assert held is None
    assert torch.equal(train.y, dataset.y)
    assert torch.allclose(train.x.mean(0), torch.zeros(4), atol=1e-5)


def test_standardizing_images_keeps_their_shape_and_their_dark_corners_finite() -> None:
    train, held = split(load("digits"), 0.2, seed=0, standardize=True)
    assert held is not None
    assert train.x.shape[1:] == (1, 8, 8)
    assert train.x.isfinite().all() and held.x.isfinite().all()
    assert train.x[:, 0, 0, 0].abs().max() == 0


@pytest.mark.parametrize("name", ["text", "digit_strips"])
def test_rows_of_classes_are_split_with_their_targets(name: str) -> None:
    dataset = load(name, samples=50)

    train, held = split(dataset, 0.2, seed=0)

    assert held is not None
    assert len(held) == round(0.2 * len(dataset))
    assert train.signature == held.signature == dataset.signature
    pairs = [(x.flatten().tolist(), y.tolist()) for part in (train, held) for x, y in rows(part)]
    assert sorted(pairs) == sorted((x.flatten().tolist(), y.tolist()) for x, y in rows(dataset))


def rows(dataset: Dataset) -> Iterator[tuple[Tensor, Tensor]]:
    return zip(dataset.x, dataset.y, strict=True)


def test_characters_have_no_scale_to_standardize() -> None:
    text = load("text")
    plain, plain_held = split(text, 0.2, seed=0)

    train, held = split(text, 0.2, seed=0, standardize=True)

    assert held is not None and plain_held is not None
    assert train.x.dtype == torch.int64
    assert torch.equal(train.x, plain.x) and torch.equal(held.x, plain_held.x)


@given(value=st.floats(width=32, allow_nan=False, allow_infinity=False), rows=st.integers(2, 50))
def test_a_constant_feature_becomes_zero_and_not_rounding_noise(value: float, rows: int) -> None:
    dataset = numbered([0, 1] * rows)
    constant = replace(dataset, x=torch.full_like(dataset.x, value))

    train, _ = split(constant, 0, seed=0, standardize=True)

    assert not train.x.any()


@pytest.mark.parametrize("validation", [-0.1, 1.0, 1.5, float("nan")])
def test_a_share_that_cannot_be_is_told_in_a_sentence(validation: float) -> None:
    with pytest.raises(DataError, match="The validation share cannot be"):
        split(load("iris"), validation, seed=0)


def test_a_single_row_cannot_be_split() -> None:
    with pytest.raises(DataError, match="too few rows to hold any back"):
        split(numbered([0]), 0.5, seed=0)
