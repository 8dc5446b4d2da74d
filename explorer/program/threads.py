"""How many CPU threads a step is worth: for a small net more than one only wait for each other."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

WORTH_SHARING = 10_000_000
"""Multiplications in a forward pass from which on a second thread pays."""


@contextmanager
def suited_to(multiplications: int) -> Iterator[None]:
    """Run on one thread what is too small to share; afterwards all is as it was."""
    usual = torch.get_num_threads()
    if multiplications >= WORTH_SHARING or usual == 1:
        yield
        return
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(usual)
