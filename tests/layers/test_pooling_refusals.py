"""What pooling cannot take is told before anything runs."""

from itertools import product
from math import prod
from typing import Any

import pytest
import torch

from explorer import layers
from explorer.layers import Shape
from tests.layers.sentences import setting_refusal, takes_images_from, told

ROW, IMAGE = ("N", 64), ("N", 4, 8, 8)
POOLS = [name for name, kind in layers.catalogue().items() if kind.family == "Pooling"]


@pytest.mark.parametrize("name", POOLS)
def test_a_missing_axis_is_told(name: str) -> None:
    sentence, hint = told(name, {}, ROW)

    assert sentence.startswith("expects a") and sentence.endswith("; it gets (N, 64)")
    assert hint.startswith("put an Unflatten before it that makes (N, 1, ")


@pytest.mark.parametrize("name", POOLS)
def test_labels_are_refused(name: str) -> None:
    sentence, hint = told(name, {}, IMAGE, dtype=torch.int64)

    assert "numbers with a fraction" in sentence
    assert hint == "wire features to it, not labels"


@pytest.mark.parametrize(
    ("name", "settings", "shape", "sentence", "hint"),
    [
        ("MaxPool2d", {}, ("N", 4, 1, 8), "an image (N, C, H, W) with H ≥ 2", "kernel_size"),
        ("MaxPool2d", {"kernel_size": (3, 9)}, IMAGE, "with W ≥ 9", "make kernel_size smaller"),
        ("MaxPool1d", {"dilation": 9}, ("N", 4, 8), "a signal (N, C, L) with L ≥ 10", ""),
        ("AvgPool3d", {}, ("N", 1, 1, 2, 1), "with D ≥ 2 and W ≥ 2", "make kernel_size smaller"),
        ("AvgPool3d", {"ceil_mode": True}, ("N", 1, 1, 4, 4), "with D ≥ 2", "make kernel_size"),
        (
            "AvgPool3d",
            {"kernel_size": 3, "padding": 1},
            ("N", 1, 4, 2, 2),
            "with H ≥ 3 and W ≥ 3; it gets (N, 1, 4, 2, 2)",
            "make kernel_size smaller",
        ),
        ("LPPool2d", {"kernel_size": 9}, IMAGE, "with H ≥ 9 and W ≥ 9", "kernel_size smaller"),
        (
            "MaxPool2d",
            {"padding": (1, 2)},
            IMAGE,
            "padding of at most half of kernel_size, (1, 1); it gets padding (1, 2)",
            "make padding smaller or kernel_size larger",
        ),
        (
            "AvgPool1d",
            {"padding": 2, "kernel_size": 3},
            ("N", 4, 8),
            "padding of at most half of kernel_size, (1,); it gets padding (2,)",
            "make padding smaller or kernel_size larger",
        ),
    ],
)
def test_a_window_that_does_not_fit_is_told(
    name: str, settings: dict[str, Any], shape: Shape, sentence: str, hint: str
) -> None:
    found, mend = told(name, settings, shape)

    assert sentence in found
    assert hint in mend


@pytest.mark.parametrize("name", ["MaxPool1d", "AvgPool1d", "AvgPool3d"])
def test_a_window_that_is_taken_holds_something_of_x(name: str) -> None:
    """torch does not refuse a window with nothing but padding in it, and its backward breaks."""
    windows = product((1, 2, 3, 5), (1, 2, 3), (0, 1, 2), (1, 2, 4) if "Max" in name else (1,))
    taken = 0
    for (kernel, stride, padding, dilation), ceil, size in product(
        windows, (False, True), (1, 2, 4)
    ):
        settings = {"kernel_size": kernel, "stride": stride, "padding": padding, "ceil_mode": ceil}
        if "Max" in name:
            settings["dilation"] = dilation
        pool = layers.find(name)
        sizes = (size,) * pool.axes
        if told(name, settings, ("N", 1, *sizes)) != ("", ""):
            continue
        taken += 1
        x = torch.arange(1.0, prod(sizes) + 1).reshape(1, 1, *sizes)
        out, cache = pool.forward(x, **pool.parse(settings).keywords)
        dx = pool.backward(torch.ones_like(out), cache)
        assert out.numel() and torch.isfinite(out).all()
        if "Max" in name:
            assert dx.sum() == out.numel(), settings
    assert taken > 50


@pytest.mark.parametrize(
    ("name", "settings", "least"),
    [
        ("MaxPool2d", {"kernel_size": 3, "stride": 2}, 3),
        ("MaxPool2d", {"kernel_size": 3, "stride": 2, "ceil_mode": True}, 2),
        ("MaxPool2d", {"kernel_size": 3, "padding": 1}, 1),
        ("MaxPool2d", {"padding": 1, "dilation": 3, "stride": 1}, 3),
        ("AvgPool2d", {"kernel_size": 5, "padding": 1}, 3),
        ("AvgPool2d", {"kernel_size": 4, "ceil_mode": True}, 1),
        ("LPPool2d", {"kernel_size": 4, "stride": 2, "ceil_mode": True}, 3),
        ("AdaptiveAvgPool2d", {"output_size": 3}, 1),
    ],
)
def test_the_smallest_image_that_is_taken_runs(
    name: str, settings: dict[str, Any], least: int
) -> None:
    assert takes_images_from(name, settings, least)


@pytest.mark.parametrize(
    ("name", "settings", "sentence"),
    [
        ("MaxPool2d", {"kernel_size": 0}, "kernel_size must be between 1 and 4,096; it is 0"),
        ("MaxPool2d", {"stride": 0}, "stride must be between 1 and 4,096; it is 0"),
        ("MaxPool2d", {"stride": (1, 2, 3)}, "stride must be a whole number, or 2 of them"),
        ("MaxPool2d", {"padding": "same"}, "padding must be a whole number, or 2 of them"),
        ("MaxPool1d", {"kernel_size": (2, 2)}, "kernel_size must be a whole number; it is (2, 2)"),
        ("AvgPool2d", {"dilation": 2}, "AvgPool2d has no setting dilation"),
        ("LPPool2d", {"norm_type": 0}, "norm_type must be greater than or equal to 1; it is 0"),
        ("LPPool2d", {"norm_type": 1.5}, "norm_type must be a whole number"),
        ("AdaptiveAvgPool2d", {"output_size": 0}, "output_size must be between 1 and 4,096"),
        ("AdaptiveAvgPool2d", {"output_size": None}, "output_size must be a whole number"),
        ("AdaptiveMaxPool1d", {"output_size": -1}, "output_size must be between 1 and 4,096"),
    ],
)
def test_a_setting_that_makes_no_sense_is_told(
    name: str, settings: dict[str, Any], sentence: str
) -> None:
    assert setting_refusal(name, settings).startswith(sentence)
