"""Pooling, with windows that overlap, leave gaps and reach beyond the edge."""

import torch

from tests.layers.cases.inputs import ROWS, numbers, shares

SIGNAL, IMAGE, VOLUME = numbers(ROWS, 2, 7), numbers(2, 3, 6, 7), numbers(2, 2, 4, 3, 5)
OVERLAPPING = {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}

CASES = {
    "MaxPool1d": [
        ({}, {"x": SIGNAL}),
        (OVERLAPPING, {"x": SIGNAL}),
        ({"stride": 1, "dilation": 3}, {"x": SIGNAL}),
    ],
    "MaxPool2d": [
        ({}, {"x": numbers(ROWS, 1, 4, 5)}),
        (OVERLAPPING, {"x": IMAGE}),
        (
            {"kernel_size": (2, 3), "stride": (1, 2), "padding": (0, 1), "dilation": (2, 1)},
            {"x": IMAGE},
        ),
        ({"kernel_size": 8, "stride": 3, "ceil_mode": True}, {"x": IMAGE}),
    ],
    "MaxPool3d": [({}, {"x": VOLUME}), (OVERLAPPING, {"x": VOLUME})],
    "AvgPool1d": [
        ({}, {"x": SIGNAL}),
        ({**OVERLAPPING, "count_include_pad": False}, {"x": SIGNAL}),
    ],
    "AvgPool2d": [
        ({}, {"x": numbers(ROWS, 1, 4, 5)}),
        (OVERLAPPING, {"x": IMAGE}),
        (
            {"kernel_size": (2, 3), "stride": (1, 2), "padding": 1, "count_include_pad": False},
            {"x": IMAGE},
        ),
    ],
    "AvgPool3d": [
        ({}, {"x": VOLUME}),
        ({**OVERLAPPING, "count_include_pad": False}, {"x": VOLUME}),
    ],
    "AdaptiveAvgPool1d": [({}, {"x": SIGNAL}), ({"output_size": 3}, {"x": SIGNAL})],
    "AdaptiveAvgPool2d": [
        ({}, {"x": IMAGE}),
        ({"output_size": (4, 2)}, {"x": IMAGE}),
        ({"output_size": 8}, {"x": numbers(ROWS, 1, 3, 4)}),
    ],
    "AdaptiveMaxPool1d": [({}, {"x": SIGNAL}), ({"output_size": 3}, {"x": SIGNAL})],
    "AdaptiveMaxPool2d": [
        ({}, {"x": numbers(ROWS, 1, 3, 4)}),
        ({"output_size": (4, 2)}, {"x": IMAGE}),
    ],
    "LPPool2d": [
        ({}, {"x": numbers(ROWS, 1, 4, 5)}),
        ({"norm_type": 1, "kernel_size": 3, "stride": 2}, {"x": shares(2, 3, 5, 6)}),
        (
            {"norm_type": 3, "kernel_size": (3, 2), "stride": (1, 2), "ceil_mode": True},
            {"x": shares(2, 2, 4, 5)},
        ),
    ],
}
REFERENCES = {
    "LPPool2d": lambda x, **settings: torch.nn.LPPool2d(**settings)(x),
}
