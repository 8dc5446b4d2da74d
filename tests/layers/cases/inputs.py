"""Tensors to feed to layers: repeatable, and different everywhere."""

import torch
from torch import Tensor

ROWS = 5


def numbers(*shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(sum(shape))
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def shares(*shape: int) -> Tensor:
    """Numbers well inside (0, 1), unlike those of `numbers`."""
    return torch.sigmoid(1 - 2 * numbers(*shape, 1).squeeze(-1))


def classes(count: int, *shape: int) -> Tensor:
    """Whole numbers in [0, count)."""
    return (torch.arange(torch.Size(shape).numel()) % count).reshape(shape)
