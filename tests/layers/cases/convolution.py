"""Convolutions, with odd windows, edges and groups."""

import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.func import functional_call

from tests.layers.cases.inputs import ROWS, numbers

SIGNAL, IMAGE, VOLUME = numbers(ROWS, 2, 7), numbers(2, 4, 6, 7), numbers(2, 2, 4, 3, 4)


def _as_module(module: torch.nn.Module, x: Tensor, w: Tensor, b: Tensor | None) -> Tensor:
    weights = {"weight": w} if b is None else {"weight": w, "bias": b}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Using padding='same'")
        return functional_call(module, weights, (x,))


def _conv(kind: type[torch.nn.Module]) -> Callable[..., Tensor]:
    def run(
        x: Tensor, w: Tensor, b: Tensor | None = None, groups: int = 1, **settings: Any
    ) -> Tensor:
        sizes = (x.shape[1], len(w), tuple(w.shape[2:]))
        module = kind(*sizes, groups=groups, bias=b is not None, **settings)
        return _as_module(module, x, w, b)

    return run


def _transposed(kind: type[torch.nn.Module]) -> Callable[..., Tensor]:
    def run(
        x: Tensor, w: Tensor, b: Tensor | None = None, groups: int = 1, **settings: Any
    ) -> Tensor:
        sizes = (x.shape[1], w.shape[1] * groups, tuple(w.shape[2:]))
        module = kind(*sizes, groups=groups, bias=b is not None, **settings)
        return _as_module(module, x, w, b)

    return run


CASES = {
    "Conv1d": [
        ({"out_channels": 3}, {"x": SIGNAL}),
        ({"out_channels": 2, "kernel_size": 2, "stride": 2, "bias": False}, {"x": SIGNAL}),
        ({"out_channels": 2, "kernel_size": 4, "padding": "same", "groups": 2}, {"x": SIGNAL}),
        (
            {"out_channels": 2, "padding": 2, "dilation": 2, "padding_mode": "reflect"},
            {"x": SIGNAL},
        ),
    ],
    "Conv2d": [
        ({"out_channels": 3}, {"x": IMAGE}),
        ({"out_channels": 2, "kernel_size": (2, 3)}, {"x": numbers(ROWS, 1, 3, 4)}),
        ({"out_channels": 2, "stride": (2, 1), "padding": (1, 2), "bias": False}, {"x": IMAGE}),
        ({"out_channels": 6, "dilation": (1, 2), "groups": 2, "padding": 1}, {"x": IMAGE}),
        ({"out_channels": 4, "kernel_size": 1, "groups": 4}, {"x": IMAGE}),
        ({"out_channels": 2, "kernel_size": (2, 4), "padding": "same"}, {"x": IMAGE}),
        *(
            (
                {"out_channels": 2, "padding": (2, 1), "stride": (1, 2), "padding_mode": mode},
                {"x": IMAGE},
            )
            for mode in ("reflect", "replicate", "circular")
        ),
        (
            {
                "out_channels": 2,
                "kernel_size": (2, 4),
                "padding": "same",
                "padding_mode": "circular",
            },
            {"x": IMAGE},
        ),
    ],
    "Conv3d": [
        ({"out_channels": 2, "kernel_size": (2, 3, 1)}, {"x": VOLUME}),
        (
            {"out_channels": 2, "groups": 2, "padding": 1, "stride": 2, "padding_mode": "reflect"},
            {"x": VOLUME},
        ),
    ],
    "ConvTranspose1d": [
        ({"out_channels": 3}, {"x": SIGNAL}),
        (
            {"out_channels": 2, "groups": 2, "stride": 3, "padding": 1, "output_padding": 2},
            {"x": SIGNAL},
        ),
    ],
    "ConvTranspose2d": [
        ({"out_channels": 2, "kernel_size": (2, 3)}, {"x": numbers(ROWS, 2, 3, 4)}),
        (
            {
                "out_channels": 6,
                "groups": 2,
                "stride": (2, 1),
                "padding": (1, 2),
                "dilation": (1, 2),
                "output_padding": (1, 0),
                "bias": False,
            },
            {"x": numbers(2, 4, 3, 4)},
        ),
    ],
    "ConvTranspose3d": [
        ({"out_channels": 2, "kernel_size": 2, "stride": (2, 1, 1)}, {"x": numbers(2, 3, 2, 2, 3)}),
    ],
}
REFERENCES = {
    **{name: _conv(getattr(torch.nn, name)) for name in ("Conv1d", "Conv2d", "Conv3d")},
    **{
        name: _transposed(getattr(torch.nn, name))
        for name in ("ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d")
    },
}
