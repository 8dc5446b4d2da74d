"""What is special to convolutions: how they start, how they are set, and what they compute."""

from typing import Any

import pytest
import torch
from torch.testing import assert_close

import explorer
from explorer import layers
from explorer.layers import Spec

RGB = Spec(("N", 12, 9, 9), torch.float32)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("groups", [1, 4])
@pytest.mark.parametrize("name", ["Conv2d", "ConvTranspose2d"])
def test_weights_start_as_in_torch(name: str, groups: int, bias: bool) -> None:
    settings = {"out_channels": 32, "kernel_size": (3, 5), "groups": groups, "bias": bias}
    torch.manual_seed(0)
    module = getattr(torch.nn, name)(12, **settings)
    specs = layers.find(name).parse(settings).parameters(RGB)
    theirs = {"w": module.weight, "b": module.bias}

    assert list(specs) == (["w", "b"] if bias else ["w"])
    for weight, spec in specs.items():
        drawn = torch.stack([spec.init(torch.Generator().manual_seed(i)) for i in range(20)])
        assert drawn[0].shape == theirs[weight].shape
        bound = float(specs["w"].init(torch.Generator().manual_seed(0)).abs().max())
        assert float(drawn.abs().max()) == pytest.approx(bound, rel=0.05)
        assert float(drawn.std()) == pytest.approx(bound / 3**0.5, rel=0.05)
        assert float(theirs[weight].detach().abs().max()) == pytest.approx(bound, rel=0.15)


@pytest.mark.parametrize(
    ("init", "std"),
    # A window of 3 · 3 reads 6 of the 12 channels; each number reaches 9 places of 48 channels.
    [("kaiming_normal", (2 / (6 * 9)) ** 0.5), ("xavier_normal", (2 / (6 * 9 + 48 * 9)) ** 0.5)],
)
def test_weights_start_by_what_a_window_reads(init: str, std: float) -> None:
    layer = layers.Conv2d(out_channels=48, groups=2, w_init=init)

    w = layer.parameters(RGB)["w"].init(torch.Generator().manual_seed(0))

    assert float(w.std()) == pytest.approx(std, rel=0.05)


def test_it_can_be_called_by_hand_as_the_tutorial_does() -> None:
    x, w, b = torch.randn(2, 1, 8, 8), torch.randn(6, 1, 3, 3), torch.randn(6)

    out, cache = layers.Conv2d.forward(
        x, w, b, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1
    )
    dx, dw, db = layers.Conv2d.backward(torch.ones_like(out), cache)

    assert out.shape == (2, 6, 6, 6)
    assert (dx.shape, dw.shape, db.shape) == (x.shape, w.shape, b.shape)
    assert_close(out, layers.Conv2d.forward(x, w, b)[0])
    assert_close(layers.Conv2d.forward(x, w, stride=2)[0], torch.conv2d(x, w, stride=2))


def test_depthwise_sees_each_channel_alone() -> None:
    x = torch.randn(2, 4, 5, 5)
    w = torch.randn(4, 1, 3, 3)

    out, _ = layers.Conv2d.forward(x, w, groups=4)
    x[:, 1:] = 0

    assert_close(layers.Conv2d.forward(x, w, groups=4)[0][:, 0], out[:, 0])


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
@pytest.mark.parametrize("kernel", [1, 2, 5, (3, 4)])
def test_same_padding_keeps_the_size(kernel: Any, mode: str) -> None:
    graph = explorer.Graph()
    graph.add("Input", id="x", shape=(3, 7, 9))
    settings = {"kernel_size": kernel, "padding": "same", "padding_mode": mode}
    graph.add("Conv2d", id="conv", out_channels=2, **settings)
    graph.connect("x.out", "conv.x")

    assert graph.shapes()["conv.out"] == ("N", 2, 7, 9)


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("Conv1d", 5, 5),
        ("Conv1d", (5,), 5),
        ("Conv2d", 5, [5, 5]),
        ("Conv2d", (5, 3), [5, 3]),
        ("Conv2d", [5, 3], [5, 3]),
        ("Conv3d", 5, [5, 5, 5]),
        ("MaxPool2d", 5, [5, 5]),
    ],
)
def test_one_number_stands_for_every_axis(name: str, typed: Any, kept: Any) -> None:
    layer = layers.find(name).parse({"kernel_size": typed})

    assert layer.settings == {"kernel_size": kept}
    assert layer == layers.find(name).parse(layer.settings)


def test_typing_the_default_as_one_number_is_still_the_default() -> None:
    settings = {"kernel_size": 3, "stride": 1, "padding": 0, "dilation": 1}

    assert layers.Conv2d.parse(settings).settings == {}


@pytest.mark.parametrize("name", ["Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_channels_last_in_memory_give_the_same(name: str, dtype: torch.dtype) -> None:
    layer = layers.find(name)
    x = torch.randn(4, 8, 6, 6, dtype=dtype)
    weights = [torch.randn(8, 8, 3, 3, dtype=dtype)] if layer.weights else []
    out, cache = layer.forward(x, *weights)
    dout = torch.randn_like(out)
    expected = layer.backward(dout, cache)

    last, cache = layer.forward(x.to(memory_format=torch.channels_last), *weights)
    found = layer.backward(dout.to(memory_format=torch.channels_last), cache)

    tolerance = {"rtol": 1e-4, "atol": 1e-4} if dtype == torch.float32 else {}
    assert_close(last, out, **tolerance)
    assert_close(found, expected, **tolerance)


def test_a_window_that_sums_to_nothing_has_a_finite_norm_and_gradient() -> None:
    x = torch.tensor([[[[0.0, 0.0, 1.0, -1.0], [0.0, 0.0, -1.0, 1.0]]]])

    for norm_type in (1, 2, 3):
        out, cache = layers.LPPool2d.forward(x, norm_type=norm_type)
        dx = layers.LPPool2d.backward(torch.ones_like(out), cache)

        assert torch.isfinite(out).all() and torch.isfinite(dx).all()


def test_what_pooling_keeps_is_smaller_than_its_input() -> None:
    x = torch.randn(2, 3, 8, 8)

    for name in ("AvgPool2d", "AdaptiveAvgPool2d"):
        _, cache = layers.find(name).forward(x)
        assert not any(isinstance(kept, torch.Tensor) for kept in cache)
    _, (index, *_) = layers.MaxPool2d.forward(x)
    assert index.shape == (2, 3, 4, 4)
