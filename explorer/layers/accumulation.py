"""Sums of many numbers, in a type that is fine enough for them."""

import torch
from torch import Tensor

HALF = (torch.bfloat16, torch.float16)


def accumulator(x: Tensor) -> torch.dtype:
    """The type to add up many numbers of x in: float32 where its own is too coarse."""
    return torch.float32 if x.dtype in HALF else x.dtype
