"""How many CPU threads a step is worth: for a small net more than one only wait for each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import prod

import torch

from explorer.program import Program

WORTH_SHARING = 10_000_000
"""Multiplications in a forward pass from which on a second thread pays."""


def multiplications(program: Program, rows: int) -> int:
    """About how many a forward pass takes: each weight once for every place where it is used."""
    total = 0
    for call in program.forward_calls:
        weights = [spec.shape for path, spec in program.specs.items() if _is_of(path, call.node)]
        sizes = program.shapes[f"{call.node}.{call.writes[0].label}"][1:]
        for shape in weights:
            features = next((size for size in sizes if size in shape), 1)
            places = prod(size for size in sizes if isinstance(size, int)) // int(features)
            total += rows * prod(shape) * places
    return total


def _is_of(path: str, node: str) -> bool:
    return path.partition(".")[0] == node


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
