"""Datasets made up on the spot: random numbers, and the classic two-class toys in the plane."""

import math
from collections.abc import Callable

import torch
from torch import Generator, Tensor

from explorer.data import targets
from explorer.data.dataset import DataError, Dataset

MOST_SAMPLES = 10_000_000
RANDOM_FEATURES = 16
CLASS_NAMES = ("0", "1")


def check(samples: int, noise: float, seed: int, most: int = MOST_SAMPLES) -> None:
    if not 2 <= samples <= most:
        raise DataError(f"Cannot make {samples} samples: set samples between 2 and {most:,}.")
    if not 0 <= noise < math.inf:
        raise DataError(f"Noise cannot be {noise}: set a standard deviation of 0 or more.")
    if not -(2**63) <= seed < 2**63:
        raise DataError(f"Seed {seed} does not fit in 64 bits: set a smaller one.")


def generate(name: str, form: targets.Form, samples: int, noise: float, seed: int) -> Dataset:
    """`samples` rows, the same for the same seed: x (N, 16) of random, (N, 2) of the toys."""
    generator = Generator().manual_seed(seed)
    if name == "random":
        x, target = _random(form, samples, generator)
        feature_names = tuple(f"x{i}" for i in range(RANDOM_FEATURES))
    else:
        x, target = two_classes(SHAPES[name], samples, noise, generator)
        feature_names = ("x0", "x1")
    return Dataset(
        name=name,
        x=x,
        y=targets.encode(target, form),
        classes=len(CLASS_NAMES) if form == "class" else None,
        class_names=() if form == "real" else CLASS_NAMES,
        feature_names=feature_names,
    )


def _random(form: targets.Form, samples: int, generator: Generator) -> tuple[Tensor, Tensor]:
    x = torch.rand(samples, RANDOM_FEATURES, generator=generator)
    draw = torch.rand(samples, generator=generator)
    return x, draw if form == "real" else draw > 0.5


Shape = Callable[[int, int, Generator], Tensor]
"""(count, side, generator) to the noise-free points (count, 2) of class `side`, 0 or 1."""


def two_classes(
    shape: Shape, samples: int, noise: float, generator: Generator
) -> tuple[Tensor, Tensor]:
    counts = (samples - samples // 2, samples // 2)
    points = torch.cat([shape(count, side, generator) for side, count in enumerate(counts)])
    points += noise * torch.randn(samples, 2, generator=generator)
    order = torch.randperm(samples, generator=generator)
    return points[order], (order >= counts[0]).long()


def _moons(count: int, side: int, generator: Generator) -> Tensor:
    angle = torch.linspace(0, math.pi, count)
    if side == 0:
        return torch.stack([angle.cos(), angle.sin()], dim=1)
    return torch.stack([1 - angle.cos(), 0.5 - angle.sin()], dim=1)


def _circles(count: int, side: int, generator: Generator) -> Tensor:
    angle = torch.arange(count) * (2 * math.pi / count)
    radius = 1.0 if side == 0 else 0.5
    return radius * torch.stack([angle.cos(), angle.sin()], dim=1)


def _spiral(count: int, side: int, generator: Generator) -> Tensor:
    radius = torch.arange(1, count + 1) / count
    angle = 1.75 * 2 * math.pi * radius + math.pi * side
    return radius.unsqueeze(1) * torch.stack([angle.sin(), angle.cos()], dim=1)


def _xor(count: int, side: int, generator: Generator) -> Tensor:
    # The gap along the axes keeps the classes apart until noise closes it.
    size = 0.06 + 0.94 * torch.rand(count, 2, generator=generator)
    sign = 1 - 2 * (torch.arange(count) % 2)
    return size * torch.stack([sign, sign * (1 - 2 * side)], dim=1)


def _gaussians(count: int, side: int, generator: Generator) -> Tensor:
    return 0.7 * (1 - 2 * side) + 0.2 * torch.randn(count, 2, generator=generator)


SHAPES: dict[str, Shape] = {
    "moons": _moons,
    "circles": _circles,
    "spiral": _spiral,
    "xor": _xor,
    "gaussians": _gaussians,
}
