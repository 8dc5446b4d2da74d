"""What a watch has found, summed up so that it can cross threads: no live tensors."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.layers import shape_text
from explorer.program.inspection import beginning
from explorer.program.viewing import Address, Statistics, statistics
from explorer.program.watching.arithmetic import Value
from explorer.program.watching.errors import WatchError
from explorer.program.watching.evaluator import address_of, evaluate
from explorer.program.watching.names import Scope

FIRST = 8
"""How many of a tensor's numbers are told."""


@dataclass(frozen=True, eq=False)
class Reading:
    """One watch where the walk stands.

    Attributes:
        expression: as it was written.
        text: a single number or truth in full, or a shape; "" for a tensor of several numbers.
        error: why there is no value; "" where there is one.
        address: where the tensor is found that the expression names; None for what is computed.
        shape, dtype, statistics, first: of a tensor of any size, with its first numbers.
    """

    expression: str
    text: str = ""
    error: str = ""
    address: Address | None = None
    shape: tuple[int, ...] | None = None
    dtype: str = ""
    statistics: Statistics | None = None
    first: tuple[float, ...] = ()

    def is_like(self, other: "Reading") -> bool:
        """Whether both have found the same; NaN is like NaN."""
        return _facts(self) == _facts(other)


def _facts(reading: Reading) -> str:
    found = reading.error, reading.text, reading.shape, reading.dtype, reading.first
    return repr((*found, reading.statistics))


def read(expression: str, scope: Scope) -> Reading:
    """What an expression comes to now, or why it comes to nothing."""
    try:
        value = evaluate(expression, scope)
        if not isinstance(value, Tensor):
            return Reading(expression, in_full(value))
        return Reading(
            expression,
            in_full(value) if value.numel() == 1 else "",
            address=address_of(expression, scope),
            shape=tuple(value.shape),
            dtype=str(value.dtype).removeprefix("torch."),
            statistics=statistics(value),
            first=tuple(beginning(value).flatten()[:FIRST].cpu().tolist()),
        )
    except (WatchError, RuntimeError) as error:
        # A RuntimeError is the device's: out of memory, or gone.
        return Reading(expression, error=str(error).partition("\n")[0])


def in_full(value: Value) -> str:
    """A number with every digit that its kind of numbers has, a truth, or a shape."""
    if isinstance(value, tuple):
        return shape_text(value)
    if not isinstance(value, Tensor):
        return str(value) if isinstance(value, int) else repr(np.float64(value).item())
    if value.dtype == torch.bfloat16:
        # numpy has no such numbers; three digits tell them apart.
        return f"{value.item():.3g}"
    return str(value.cpu().reshape(1).numpy()[0])
