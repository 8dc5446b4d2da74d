"""`--show`: values and watch expressions in full, where stepping has stopped."""

from collections.abc import Iterator, Sequence
from typing import Any

from torch import Tensor

from explorer.cli import lines, tables
from explorer.cli.statistics import as_json, in_words
from explorer.layers import shape_text
from explorer.program import Stepper
from explorer.program.explanation.places import bare, brackets, unravel
from explorer.program.viewing import Gallery, statistics
from explorer.program.watching import (
    Names,
    Scope,
    Value,
    WatchedTooEarlyError,
    WatchError,
    evaluate,
    in_full,
)

MOST, MOST_FOR_MACHINES = 1_000, 10_000
"""How many numbers of a tensor are printed."""

Shown = tuple[str, Value]
"""An expression and what it comes to."""


def evaluated(stepper: Stepper, expressions: Sequence[str]) -> list[Shown]:
    """What each comes to where the walk stands; WatchError says which does not, and why."""
    session = stepper.session
    gallery = Gallery()
    gallery.show(session, {})
    scope = Scope(gallery, Names(session.program, stepper.calls), stepper.current)
    try:
        return [(expression, evaluate(expression, scope)) for expression in expressions]
    except WatchedTooEarlyError as error:
        call = stepper.current
        where = f" behind {call.node} {call.phase}" if call else ""
        hint = "stop further on with --until, or add --backward"
        raise WatchError(f"{error.title} is not computed yet{where}: {hint}") from error


def show(expression: str, value: Value) -> None:
    """Print a value: a number on one line, a tensor in rows of its last axis."""
    if not isinstance(value, Tensor) or value.numel() == 1:
        lines.say_aligned(f"{expression} = {in_full(value)}")
        return
    shape = tuple(value.shape)
    lines.say_aligned(f"{expression} {shape_text(shape)}")
    lines.say_aligned(f"  {in_words(statistics(value))}")
    for line in _rows(value, tables.console().width):
        lines.say_aligned(line)
    if value.numel() > MOST:
        more = f"{value.numel() - MOST:,} more numbers"
        part = f"{bare(expression)}[{':, ' * (len(shape) - 1)}:5]"
        lines.say_aligned(f"  … and {more}: show a part, as in {part}")


def for_machines(expression: str, value: Value) -> dict[str, Any]:
    """A value as JSON has it; of a large tensor its first numbers."""
    if not isinstance(value, Tensor):
        return {"expression": expression, "value": value}
    return {
        "expression": expression,
        "shape": tuple(value.shape),
        "dtype": str(value.dtype).removeprefix("torch."),
        **as_json(statistics(value)),
        "count": value.numel(),
        "values": value.flatten()[:MOST_FOR_MACHINES].tolist(),
    }


def _rows(tensor: Tensor, width: int) -> Iterator[str]:
    """The first numbers in columns, each row of the last axis with its index before it."""
    shape = tuple(tensor.shape)
    numbers = [f"{number:.6g}" for number in tensor.flatten()[:MOST].tolist()]
    long = shape[-1]
    heads = [brackets(unravel(row, shape[:-1])) for row in range(-(-len(numbers) // long))]
    before = max(map(len, heads)) + 2
    column = max(map(len, numbers)) + 2
    at_once = max((width - before) // column, 1)
    for row, head in enumerate(heads):
        own = numbers[row * long : (row + 1) * long]
        for start in range(0, len(own), at_once):
            line = "".join(f"{number:>{column}}" for number in own[start : start + at_once])
            yield f"  {'' if start else head:{before - 2}}{line}"
