"""Resampling, to sizes and by factors that are whole and not."""

import torch

from tests.layers.cases.inputs import ROWS, numbers

SIGNAL, IMAGE = numbers(ROWS, 2, 4), numbers(2, 2, 3, 4)

CASES = {
    "Upsample": [
        ({}, {"x": SIGNAL}),
        ({"size": 7}, {"x": SIGNAL}),
        ({}, {"x": IMAGE}),
        ({"scale_factor": 1.7}, {"x": IMAGE}),
        ({"scale_factor": 0.6}, {"x": IMAGE}),
        ({"size": (2, 7)}, {"x": IMAGE}),
        *(
            ({"mode": "bilinear", "align_corners": aligned, **settings}, {"x": IMAGE})
            for aligned in (False, True)
            for settings in ({}, {"scale_factor": 1.7}, {"size": 6})
        ),
    ],
    "PixelShuffle": [
        ({}, {"x": numbers(ROWS, 8, 2, 3)}),
        ({"upscale_factor": 3}, {"x": numbers(2, 9, 1, 2)}),
    ],
    "Unfold": [
        ({}, {"x": numbers(ROWS, 1, 4, 5)}),
        (
            {"kernel_size": (2, 3), "dilation": (2, 1), "padding": (1, 2), "stride": (1, 2)},
            {"x": IMAGE},
        ),
    ],
}


def _upsample(
    x: torch.Tensor,
    size: int | tuple[int, int] | None,
    scale_factor: float,
    mode: str,
    align_corners: bool,
) -> torch.Tensor:
    return torch.nn.Upsample(
        size,
        scale_factor if size is None else None,
        mode,
        align_corners if mode == "bilinear" else None,
    )(x)


REFERENCES = {"Upsample": _upsample}
