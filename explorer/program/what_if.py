"""What if a number were another: edits of single numbers while one steps, and putting them back.

An edit is made where its number comes to be: behind the call that gave it, or before the first
call that reads it. What is computed from there on is computed with it. To the call that gave the
number the edit is like a constant that is added: its own derivative stays that of what it read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor

from explorer.layers import shape_text
from explorer.program.program import Program


class EditError(ValueError):
    """An edit that cannot be made; the message says why, and what can be edited."""


@dataclass(frozen=True)
class WhatIf:
    """A number that was edited: in which variable, where in it, what it is and what it was.

    `place` is the position in the walk from which on it holds.
    """

    variable: str
    index: tuple[int, ...]
    value: float
    before: float
    place: int

    def __str__(self) -> str:
        at = f"[{', '.join(map(str, self.index))}]" if self.index else ""
        return f"{self.variable}{at} = {self.value:.6g} (was {self.before:.6g})"


def place_of(program: Program, variable: str) -> int:
    """From which position on an edit of a variable holds. EditError for what cannot be edited."""
    for call in program.calls:
        for operand in call.writes:
            if operand.variable == variable:
                if operand.role == "cache":
                    raise EditError(
                        f"{variable} is kept for the backward pass as it was computed: "
                        "edit what it was computed from"
                    )
                return call.index + 1
    if variable == program.gradients[program.loss]:
        return len(program.forward_calls)
    if variable in program.parameters.values():
        readers = (call.index for call in program.calls if variable in call.inputs)
        return next(readers, 0)
    raise EditError(f"{variable} cannot be edited: values, weights and their gradients can")


def number_at(tensor: Tensor, index: tuple[int, ...], variable: str) -> float:
    """The number at a place. EditError where there is no such place."""
    fits = len(index) == tensor.dim() and all(
        0 <= at < size for at, size in zip(index, tensor.shape, strict=True)
    )
    if not fits:
        shape = shape_text(tuple(tensor.shape))
        raise EditError(f"{variable} has no place {list(index)}: its shape is {shape}")
    return float(tensor[index])


def apply(edits: Iterable[WhatIf], namespace: dict[str, Any]) -> None:
    """Put edited copies in the place of the variables that are there."""
    for edit in edits:
        tensor = namespace.get(edit.variable)
        if isinstance(tensor, Tensor):
            namespace[edit.variable] = edited(tensor, edit)


def edited(tensor: Tensor, edit: WhatIf) -> Tensor:
    """A copy with one other number."""
    copy = tensor.clone()
    copy[edit.index] = edit.value
    return copy


class Edits:
    """The edits that hold in a walk, one for each number, in the order of their places."""

    def __init__(self, made: Iterable[WhatIf] = ()):
        self._made = {(edit.variable, edit.index): edit for edit in made}

    def __bool__(self) -> bool:
        return bool(self._made)

    @property
    def all(self) -> tuple[WhatIf, ...]:
        return tuple(sorted(self._made.values(), key=lambda edit: edit.place))

    def of(self, *variables: str) -> list[WhatIf]:
        """Those of these variables."""
        return [edit for edit in self._made.values() if edit.variable in variables]

    def with_one(self, edit: WhatIf) -> "Edits":
        """These and another, which takes the place of one of the same number."""
        earlier = self._made.get((edit.variable, edit.index))
        before = edit.before if earlier is None else earlier.before
        return Edits([*self._made.values(), replace(edit, before=before)])

    def up_to(self, position: int) -> "Edits":
        """Those that hold where so many calls have run; none before the first."""
        return Edits(edit for edit in self._made.values() if position and edit.place <= position)
