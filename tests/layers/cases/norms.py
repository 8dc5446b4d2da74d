"""Norms, on batches that are normalized over each of the axes there are."""

from typing import Any

from torch import Tensor
from torch.nn import functional

from tests.layers.cases.inputs import ROWS, numbers

IMAGES = numbers(ROWS, 6, 2, 3)
SEQUENCES = numbers(ROWS, 2, 6)


def batch_norm(
    x: Tensor,
    gamma: Tensor | None = None,
    beta: Tensor | None = None,
    mean: Tensor | None = None,
    var: Tensor | None = None,
    training: bool = True,
    **settings: Any,
) -> Tensor:
    running = [None if statistic is None else statistic.clone() for statistic in (mean, var)]
    training = training or mean is None
    return functional.batch_norm(x, *running, gamma, beta, training, **settings)


def layer_norm(
    x: Tensor, gamma: Tensor | None = None, beta: Tensor | None = None, *, axes: int, eps: float
) -> Tensor:
    return functional.layer_norm(x, x.shape[-axes:], gamma, beta, eps)


def rms_norm(x: Tensor, gamma: Tensor | None = None, *, axes: int, eps: float | None) -> Tensor:
    return functional.rms_norm(x, x.shape[-axes:], gamma, eps)


CASES = {
    "BatchNorm1d": [
        ({}, {"x": numbers(ROWS, 3)}),
        ({"momentum": 0.5, "eps": 0.1}, {"x": 3 * SEQUENCES + 1}),
        ({"affine": False, "track_running_stats": False}, {"x": numbers(ROWS, 3)}),
    ],
    "BatchNorm2d": [
        ({}, {"x": IMAGES}),
        ({"affine": False}, {"x": numbers(ROWS, 2, 1, 1)}),
        ({"track_running_stats": False}, {"x": numbers(ROWS, 1, 2, 2)}),
    ],
    "BatchNorm3d": [({}, {"x": numbers(ROWS, 2, 2, 1, 2)})],
    "LayerNorm": [
        ({}, {"x": numbers(ROWS, 6)}),
        ({"axes": 2, "eps": 0.1}, {"x": 3 * SEQUENCES + 1}),
        ({"bias": False}, {"x": SEQUENCES}),
        ({"axes": 3, "elementwise_affine": False}, {"x": numbers(ROWS, 2, 2, 3)}),
    ],
    "RMSNorm": [
        ({}, {"x": numbers(ROWS, 6)}),
        ({"axes": 2, "eps": 0.1}, {"x": 3 * SEQUENCES + 1}),
        ({"elementwise_affine": False}, {"x": SEQUENCES}),
    ],
    "GroupNorm": [
        ({"num_groups": 3}, {"x": IMAGES}),
        ({"num_groups": 2, "affine": False, "eps": 0.1}, {"x": numbers(ROWS, 4, 2)}),
        ({"num_groups": 1}, {"x": numbers(ROWS, 6)}),
    ],
    "InstanceNorm2d": [
        ({}, {"x": numbers(ROWS, 2, 2, 3)}),
        ({"affine": True, "eps": 0.1}, {"x": 3 * numbers(ROWS, 2, 1, 4) + 1}),
    ],
    "LocalResponseNorm": [
        ({}, {"x": IMAGES}),
        ({"size": 2, "alpha": 2.0, "beta": 1.5, "k": 0.5}, {"x": numbers(ROWS, 4, 2)}),
        ({"size": 4, "alpha": 1.0}, {"x": numbers(ROWS, 3, 1, 2, 1)}),
        ({"size": 9, "alpha": 1.0}, {"x": numbers(ROWS, 3, 2)}),
    ],
}
REFERENCES = {
    "BatchNorm1d": batch_norm,
    "BatchNorm2d": batch_norm,
    "BatchNorm3d": batch_norm,
    "LayerNorm": layer_norm,
    "RMSNorm": rms_norm,
    "GroupNorm": lambda x, gamma=None, beta=None, *, num_groups, eps: functional.group_norm(
        x, num_groups, gamma, beta, eps
    ),
    "InstanceNorm2d": lambda x, gamma=None, beta=None, *, eps: functional.instance_norm(
        x, weight=gamma, bias=beta, eps=eps
    ),
}
