"""What convolutions, and layers that resample, cannot take is told before anything runs."""

from typing import Any

import pytest
import torch

from explorer import Graph, layers
from explorer.layers import Shape
from tests.layers.sentences import setting_refusal, takes_images_from, told

ROW, IMAGE, SMALL = ("N", 64), ("N", 4, 8, 8), ("N", 4, 2, 9)
CONVOLUTIONS = [name for name, kind in layers.catalogue().items() if kind.family == "Convolution"]
OF_IMAGES = "an image (N, C, H, W)"


@pytest.mark.parametrize(
    ("name", "shape", "expects", "hint"),
    [
        ("Conv2d", ROW, OF_IMAGES, "put an Unflatten before it that makes (N, 1, 8, 8), or wire"),
        ("Conv2d", ("N", 6), OF_IMAGES, "put an Unflatten before it, or wire an image"),
        ("Conv2d", ("N", 8, 9), OF_IMAGES, "that makes (N, 1, 8, 9)"),
        ("Conv2d", (3, 8, 8), OF_IMAGES, "wire an image (N, C, H, W) to it"),
        ("Conv2d", ("N",), OF_IMAGES, "wire an image (N, C, H, W) to it"),
        ("Conv2d", (), OF_IMAGES, "wire an image (N, C, H, W) to it"),
        ("Conv2d", ("N", 1, 4, 8, 8), OF_IMAGES, "put a Flatten with start_dim 3 before it"),
        ("Conv2d", ("N", 1, "N", 8), f"{OF_IMAGES} with only N open", "keep the batch axis first"),
        ("Conv1d", ("N", 6), "a signal (N, C, L)", "that makes (N, 1, 6)"),
        ("Conv1d", IMAGE, "a signal (N, C, L)", "put a Flatten with start_dim 2 before it"),
        ("Conv3d", ("N", 27), "a volume (N, C, D, H, W)", "that makes (N, 1, 3, 3, 3)"),
        ("ConvTranspose2d", ROW, OF_IMAGES, "that makes (N, 1, 8, 8)"),
        ("PixelShuffle", ROW, OF_IMAGES, "that makes (N, 1, 8, 8)"),
        ("Unfold", ("N", 4, 8), OF_IMAGES, "that makes (N, 1, 4, 8)"),
        ("Upsample", ROW, OF_IMAGES, "that makes (N, 1, 8, 8)"),
    ],
)
def test_a_missing_axis_is_told(name: str, shape: Shape, expects: str, hint: str) -> None:
    sentence, mend = told(name, {}, shape)

    assert sentence == f"expects {expects}; it gets {layers.shape_text(shape)}"
    assert hint in mend


@pytest.mark.parametrize(
    ("name", "settings", "shape", "sentence", "hint"),
    [
        ("Conv2d", {}, SMALL, f"{OF_IMAGES} with H ≥ 3", "kernel_size smaller or padding larger"),
        ("Conv2d", {"kernel_size": 10, "padding": 1}, ("N", 1, 7, 7), "with H ≥ 8 and W ≥ 8", ""),
        ("Conv2d", {"dilation": (1, 5)}, ("N", 1, 7, 7), "with W ≥ 11", "kernel_size smaller"),
        ("Conv1d", {"kernel_size": 4}, ("N", 1, 3), "a signal (N, C, L) with L ≥ 4", ""),
        ("Conv3d", {}, ("N", 1, 2, 3, 3), "a volume (N, C, D, H, W) with D ≥ 3", ""),
        ("Conv2d", {"padding": 2, "padding_mode": "reflect"}, SMALL, "with H ≥ 3", "zeros"),
        ("Conv2d", {"padding": 3, "padding_mode": "circular"}, SMALL, "with H ≥ 3", "zeros"),
        (
            "Conv2d",
            {"kernel_size": 6, "padding": "same", "padding_mode": "reflect"},
            ("N", 1, 3, 9),
            "with H ≥ 4",
            "make padding smaller",
        ),
        ("ConvTranspose2d", {"padding": 3}, SMALL, "with H ≥ 5", "make padding smaller"),
        (
            "ConvTranspose1d",
            {"kernel_size": 1, "stride": 2, "padding": 1},
            ("N", 1, 1),
            "with L ≥ 2",
            "make padding smaller",
        ),
        ("Unfold", {"kernel_size": 4}, SMALL, "with H ≥ 4", "kernel_size smaller"),
        ("Upsample", {"scale_factor": 0.3}, SMALL, "with H ≥ 4", "make scale_factor larger"),
        ("Upsample", {"size": (3, 3)}, ("N", 2, 4), "as size has two numbers", "to one number"),
        ("Upsample", {"mode": "bilinear"}, ("N", 2, 4), OF_IMAGES, "that makes (N, 1, 2, 4)"),
        ("PixelShuffle", {}, ("N", 6, 2, 2), "a multiple of 4 channels", "out_channels of the"),
        ("PixelShuffle", {"upscale_factor": 3}, IMAGE, "a multiple of 9 channels", "it to 9"),
    ],
)
def test_an_image_that_is_too_small_is_told(
    name: str, settings: dict[str, Any], shape: Shape, sentence: str, hint: str
) -> None:
    found, mend = told(name, settings, shape)

    assert sentence in found
    assert hint in mend


@pytest.mark.parametrize(
    ("settings", "sentence", "hint"),
    [
        ({"groups": 3}, "channels that split into 3 groups; it gets (N, 4, 8, 8)", "such as 4"),
        (
            {"groups": 4, "out_channels": 6},
            "out_channels that split into 4 groups; it gets out_channels 6",
            "choose groups that divide both 4 and 6, such as 2",
        ),
        ({"groups": 2, "out_channels": 9}, "out_channels that split into 2", "set groups to 1"),
    ],
)
@pytest.mark.parametrize("name", ["Conv2d", "ConvTranspose2d"])
def test_groups_that_do_not_split_the_channels_are_told(
    name: str, settings: dict[str, Any], sentence: str, hint: str
) -> None:
    found, mend = told(name, settings, IMAGE)

    assert found.startswith(f"expects {sentence}")
    assert hint in mend


@pytest.mark.parametrize("name", [*CONVOLUTIONS, "Unfold", "PixelShuffle", "Upsample"])
def test_labels_are_refused(name: str) -> None:
    sentence, hint = told(name, {}, IMAGE, dtype=torch.int64)

    assert "numbers with a fraction" in sentence
    assert hint == "wire features to it, not labels"


@pytest.mark.parametrize(
    ("name", "settings", "least"),
    [
        ("Conv2d", {"kernel_size": 4, "padding": 1}, 2),
        ("Conv2d", {"kernel_size": 3, "dilation": 2, "stride": 3}, 5),
        ("Conv2d", {"kernel_size": 4, "padding": "same"}, 1),
        ("Conv2d", {"padding": 2, "padding_mode": "reflect"}, 3),
        ("Conv2d", {"padding": 2, "padding_mode": "circular"}, 2),
        ("Conv2d", {"padding": 2, "padding_mode": "replicate"}, 1),
        ("ConvTranspose2d", {"padding": 3, "stride": 2, "kernel_size": 2}, 4),
        ("ConvTranspose2d", {"padding": 3, "stride": 2, "output_padding": 1}, 3),
        ("Unfold", {"kernel_size": 5, "padding": 1}, 3),
        ("Upsample", {"scale_factor": 0.2}, 5),
        ("Upsample", {"scale_factor": 1 / 3}, 3),
    ],
)
def test_the_smallest_image_that_is_taken_runs(
    name: str, settings: dict[str, Any], least: int
) -> None:
    assert takes_images_from(name, settings, least)


@pytest.mark.parametrize(
    ("name", "settings", "sentence"),
    [
        ("Conv2d", {"kernel_size": 0}, "kernel_size must be between 1 and 4,096; it is 0"),
        ("Conv2d", {"kernel_size": [3, -1]}, "kernel_size must be between 1 and 4,096"),
        ("Conv2d", {"kernel_size": 5000}, "kernel_size must be between 1 and 4,096; it is 5000"),
        (
            "Conv2d",
            {"kernel_size": (3, 3, 3)},
            "kernel_size must be a whole number, or 2 of them such as 3, 3; it is (3, 3, 3)",
        ),
        ("Conv2d", {"stride": "wide"}, "stride must be a whole number, or 2 of them"),
        ("Conv2d", {"stride": True}, "stride must be a whole number, or 2 of them"),
        ("Conv2d", {"dilation": None}, "dilation must be a whole number, or 2 of them"),
        ("Conv2d", {"dilation": 1.5}, "dilation must be a whole number, or 2 of them"),
        (
            "Conv2d",
            {"padding": "sane"},
            "padding must be a whole number, or 2 of them such as 3, 3, or same; it is 'sane'",
        ),
        (
            "Conv2d",
            {"padding": "same", "stride": (1, 2)},
            "padding must be in numbers where stride is over 1; it is 'same'",
        ),
        ("Conv1d", {"padding": "same", "stride": 2}, "padding must be in numbers"),
        ("Conv1d", {"kernel_size": (3, 3)}, "kernel_size must be a whole number; it is (3, 3)"),
        ("Conv1d", {"padding": -1}, "padding must be between 0 and 4,096; it is -1"),
        ("Conv3d", {"padding": (1, 1)}, "padding must be a whole number, or 3 of them"),
        ("Conv2d", {"padding_mode": "mirror"}, "padding_mode must be 'zeros', 'reflect'"),
        ("Conv2d", {"groups": 0}, "groups must be greater than or equal to 1"),
        ("Conv2d", {"out_channels": 0}, "out_channels must be greater than or equal to 1"),
        ("Conv2d", {"in_channels": 3}, "Conv2d has no setting in_channels"),
        ("Conv2d", {"w_init": "nonsense"}, "w_init must be one of default"),
        (
            "ConvTranspose2d",
            {"stride": (1, 2), "output_padding": 1},
            "output_padding must be smaller than stride or dilation; it is 1",
        ),
        ("ConvTranspose2d", {"padding": "same"}, "padding must be a whole number, or 2 of them"),
        ("Upsample", {"size": 0}, "size must be between 1 and 4,096; it is 0"),
        ("Upsample", {"size": (4, 4, 4)}, "size must be a whole number, or 2 of them"),
        ("Upsample", {"scale_factor": 0}, "scale_factor must be greater than 0"),
        ("Upsample", {"scale_factor": float("inf")}, "scale_factor must be "),
        ("Upsample", {"mode": "cubic"}, "mode must be 'nearest' or 'bilinear'"),
        ("PixelShuffle", {"upscale_factor": 0}, "upscale_factor must be greater than"),
        ("Unfold", {"kernel_size": "a"}, "kernel_size must be a whole number, or 2 of them"),
    ],
)
def test_a_setting_that_makes_no_sense_is_told(
    name: str, settings: dict[str, Any], sentence: str
) -> None:
    assert setting_refusal(name, settings).startswith(sentence)


@pytest.mark.parametrize("name", ["Conv3d", "ConvTranspose3d"])
def test_weights_that_no_machine_could_hold_are_told(name: str) -> None:
    graph = Graph()
    graph.add("Input", id="x", shape=(4, 8, 8, 8))
    graph.add(name, id="conv1", kernel_size=4096, out_channels=65536)
    if name == "Conv3d":
        graph.set("conv1", padding="same")
    graph.connect("x.out", "conv1.x")

    (problem,) = [found for found in graph.problems() if found.node == "conv1"]

    assert "would hold 18,014,398,509,481,984 numbers, which is more than 70,3" in problem.message


def test_weights_are_bounded_whatever_the_layer() -> None:
    row = layers.Spec(("N", 2**31), torch.float32)

    with pytest.raises(layers.SettingError, match=r"a weight \(2147483648, 65536\) would hold"):
        layers.Linear(out_features=65536).parameters(row)
