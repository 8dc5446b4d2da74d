"""Random masks that a seed decides: equal seeds draw equal masks on a device of one kind."""

from math import prod

import torch
from torch import Size, Tensor

_INTEGERS = {8: torch.int8, 16: torch.int16, 32: torch.int32}


def draw_kept(shape: tuple[int, ...] | Size, p: float, seed: int, device: torch.device) -> Tensor:
    """Which numbers stay where each is dropped with probability p: bool, of `shape`."""
    if device.type == "meta":
        return torch.empty(shape, dtype=torch.bool, device=device)
    generator = torch.Generator(device).manual_seed(seed)
    if device.type == "cpu":
        return _draw_kept_from_bits(shape, p, generator)
    kept = torch.empty(shape, dtype=torch.bool, device=device)
    return kept.bernoulli_(1 - p, generator=generator)


def _draw_kept_from_bits(
    shape: tuple[int, ...] | Size, p: float, generator: torch.Generator
) -> Tensor:
    """Draw bits in bulk and compare whole numbers made of them, of 8 bits if these tell p exactly.

    On a CPU this takes half the time of bernoulli_, and a tenth where p is 0.5. With 32 bits p
    is met to within 2⁻³³. To compare into bytes is several times as fast as into bools.
    """
    width = next((w for w in (8, 16) if (p * 2**w).is_integer()), 32)
    dropped = min(round(p * 2**width), 2**width - 1)
    count = prod(shape)
    bits = torch.empty((count * width + 63) // 64, dtype=torch.int64)
    bits.random_(-(2**63), None, generator=generator)
    numbers = bits.view(_INTEGERS[width])[:count].view(shape)
    kept = torch.empty(shape, dtype=torch.uint8)
    torch.ge(numbers, dropped - 2 ** (width - 1), out=kept)
    return kept.view(torch.bool)


def keep(x: Tensor, kept: Tensor, scale: float) -> Tensor:
    """x · scale where it is kept, else 0; `kept` is as large as x, or broadcasts to it."""
    if kept.shape != x.shape:
        return kept.to(x.dtype).mul_(scale) * x
    if x.is_cuda:
        return torch.ops.aten.native_dropout_backward(x, kept, scale)
    # Bytes become floats several times as fast as bools do.
    return kept.view(torch.uint8).to(x.dtype).mul_(x).mul_(scale)
