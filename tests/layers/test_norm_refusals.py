"""Norms tell in a sentence what they cannot take, before anything runs."""

from typing import Any

import pytest
import torch

from explorer import layers
from explorer.layers import Shape
from tests.layers.sentences import refusal, setting_refusal

N = "N"
NORMS = [
    *("BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "GroupNorm", "InstanceNorm2d", "LayerNorm"),
    *("RMSNorm", "LocalResponseNorm"),
]


@pytest.mark.parametrize(
    ("norm", "settings", "shape", "expects", "hint"),
    [
        ("BatchNorm1d", {}, (N,), "(N, C) or (N, C, L)", "an axis is missing"),
        ("BatchNorm1d", {}, (N, 3, 8, 8), "(N, C) or (N, C, L)", "use BatchNorm2d"),
        ("BatchNorm1d", {}, (4, N), "(N, C) or (N, C, L) with a fixed C", "keep the batch axis"),
        ("BatchNorm2d", {}, (N, 64), "(N, C, H, W)", "use BatchNorm1d for these axes"),
        ("BatchNorm2d", {}, (), "(N, C, H, W)", "an axis is missing"),
        ("BatchNorm3d", {}, (N, 3, 8, 8), "(N, C, D, H, W)", "use BatchNorm2d for these axes"),
        ("BatchNorm3d", {}, (N, 3, 2, 2, 2, 2), "(N, C, D, H, W)", "a Flatten with start_dim 4"),
        ("GroupNorm", {}, (N, 12, 4), "channels that split into 8 groups", "set num_groups to 6, "),
        ("GroupNorm", {}, (N, 3), "channels that split into 8 groups", "or the channels before it"),
        ("GroupNorm", {}, (N,), "(N, C, …)", "an axis is missing"),
        ("InstanceNorm2d", {}, (N, 64), "an image (N, C, H, W)", "wire an image"),
        ("InstanceNorm2d", {}, (N, 8, 1, 1), "images of more than one pixel", "before the pooling"),
        ("LayerNorm", {}, (N,), "(N, …) with at least two axes", "an axis is missing"),
        ("LayerNorm", {"axes": 3}, (N, 4, 5), "the batch axis and 3 more", "set axes to at most 2"),
        ("LayerNorm", {}, (3, N), "fixed sizes of the axes", "keep the batch axis first"),
        ("RMSNorm", {"axes": 2}, (N, 5), "the batch axis and 2 more", "set axes to at most 1"),
        ("LocalResponseNorm", {}, (N, 5), "(N, C, …) with at least three", "an axis is missing"),
    ],
)
def test_a_shape_that_does_not_fit_is_told(
    norm: str, settings: dict[str, Any], shape: Shape, expects: str, hint: str
) -> None:
    told = refusal(norm, settings, shape)

    assert told.startswith(f"expects {expects}")
    assert "; it gets " in told
    assert hint in told.rpartition("it gets")[2]


@pytest.mark.parametrize("norm", NORMS)
def test_labels_are_no_features(norm: str) -> None:
    told = refusal(norm, {}, (N, 8, 8, 8), dtype=torch.int64)

    assert told.startswith("expects numbers with a fraction (float); ")


@pytest.mark.parametrize(
    ("norm", "settings", "shape"),
    [
        ("BatchNorm1d", {}, (N, 1)),
        ("BatchNorm1d", {}, (N, 1, 1)),
        ("BatchNorm2d", {}, (N, 3, 1, 1)),
        ("BatchNorm3d", {}, (N, 3, 1, 1, 1)),
        ("GroupNorm", {"num_groups": 3}, (N, 3)),
        ("GroupNorm", {"num_groups": 3}, (N, 6, 2, 1, 2, 1)),
        ("InstanceNorm2d", {}, (N, 1, 1, 2)),
        ("LayerNorm", {"axes": 3}, (N, 1, 2, 2)),
        ("RMSNorm", {}, (N, 1)),
        ("LocalResponseNorm", {"size": 99}, (N, 1, 1)),
    ],
)
def test_what_it_can_take_it_takes(norm: str, settings: dict[str, Any], shape: Shape) -> None:
    assert refusal(norm, settings, shape) == ""


@pytest.mark.parametrize(
    ("norm", "settings", "sentence"),
    [
        ("BatchNorm1d", {"momentum": 1.1}, "momentum must be less than or equal to 1; it is 1.1"),
        ("BatchNorm1d", {"momentum": None}, "momentum must be a number"),
        ("BatchNorm2d", {"eps": 0}, "eps must be greater than 0; it is 0"),
        ("BatchNorm2d", {"num_features": 3}, "BatchNorm2d has no setting num_features"),
        ("BatchNorm2d", {"gamma_init": "orthogonal"}, "gamma_init must be one of default, zeros"),
        ("GroupNorm", {"num_groups": 0}, "num_groups must be greater than or equal to 1; it is 0"),
        ("LayerNorm", {"axes": 0}, "axes must be greater than or equal to 1; it is 0"),
        ("LayerNorm", {"normalized_shape": 8}, "LayerNorm has no setting normalized_shape"),
        ("RMSNorm", {"eps": float("nan")}, "eps must be less than or equal to 1; it is nan"),
        ("RMSNorm", {"beta_init": "ones"}, "RMSNorm has no setting beta_init"),
        ("LocalResponseNorm", {"size": 0}, "size must be greater than or equal to 1; it is 0"),
        ("LocalResponseNorm", {"k": 0}, "k must be greater than 0; it is 0"),
        ("LocalResponseNorm", {"alpha": -1}, "alpha must be greater than or equal to 0; it is -1"),
    ],
)
def test_a_setting_out_of_range_is_told(norm: str, settings: dict, sentence: str) -> None:
    assert setting_refusal(norm, settings).startswith(sentence)


def test_every_norm_is_among_these() -> None:
    of_family = (k for k, v in layers.catalogue().items() if v.family == "Normalization")
    assert sorted(of_family) == sorted(NORMS)
