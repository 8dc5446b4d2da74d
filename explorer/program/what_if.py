"""What if a number were another: edits of single numbers while one steps, and putting them back.

An edit is made where its number comes to be: behind the call that gave it, or before the first
call that reads it. What is computed from there on is computed with it. To the call that gave the
number the edit is like a constant that is added: its own derivative stays that of what it read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

import torch
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


def number_at(tensor: Tensor, index: tuple[int, ...], name: str) -> float:
    """The number at a place. EditError where there is no such place."""
    fits = len(index) == tensor.dim() and all(
        0 <= at < size for at, size in zip(index, tensor.shape, strict=True)
    )
    if not fits:
        shape = shape_text(tuple(tensor.shape))
        raise EditError(f"{name} has no place {list(index)}: its shape is {shape}")
    return float(tensor[index])


def check_number(tensor: Tensor, value: float, name: str) -> None:
    """EditError for a number that a tensor of that kind cannot hold."""
    kind = str(tensor.dtype).removeprefix("torch.")
    if tensor.dtype == torch.bool:
        raise EditError(f"{name} holds truths, no numbers: edit what it was computed from")
    if not tensor.is_floating_point():
        if not (isfinite(value) and value == int(value)):
            raise EditError(f"{name} holds whole numbers ({kind}), and {value:g} is none")
        largest = float(torch.iinfo(tensor.dtype).max)
    else:
        largest = torch.finfo(tensor.dtype).max
    if isfinite(value) and abs(value) > largest:
        raise EditError(f"{value:g} is too large for {name}: {kind} ends at {largest:.4g}")


def name_of(program: Program, variable: str) -> str:
    """What a variable's tensor is called: "fc1.w", "gradient of fc1.out", or as the variable."""
    path = path_of(program, variable)
    return f"gradient of {path}" if variable in program.gradients.values() else path or variable


def path_of(program: Program, variable: str) -> str:
    """The path, "fc1.w" or "fc1.out", of what a variable is, or is the gradient of; "" for none."""
    for paths in (program.parameters, program.values, program.gradients):
        for path, each in paths.items():
            if each == variable:
                return path
    return ""


def node_of(program: Program, variable: str) -> str:
    """The node that an edit of a variable belongs to; "" where it belongs to none."""
    if path := path_of(program, variable):
        return path.partition(".")[0]
    return next((call.node for call in program.calls if variable in call.outputs), "")


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
    """The edits that hold in a walk, one for each number."""

    def __init__(self, made: Iterable[WhatIf] = ()):
        self._made = {(edit.variable, edit.index): edit for edit in made}

    def __bool__(self) -> bool:
        return bool(self._made)

    @property
    def all(self) -> tuple[WhatIf, ...]:
        """In the order of their places."""
        return tuple(sorted(self._made.values(), key=lambda edit: edit.place))

    @property
    def as_made(self) -> tuple[WhatIf, ...]:
        """In the order in which they were made: the latest last."""
        return tuple(self._made.values())

    def of(self, *variables: str) -> list[WhatIf]:
        """Those of these variables."""
        return [edit for edit in self._made.values() if edit.variable in variables]

    def with_one(self, edit: WhatIf) -> "Edits":
        """These and another, which takes the place of one of the same number.

        One that makes a number what it was before all edits is none.
        """
        earlier = self._made.get((edit.variable, edit.index))
        before = edit.before if earlier is None else earlier.before
        others = self.without(edit)
        if edit.value == before:
            return others
        return Edits([*others.as_made, replace(edit, before=before)])

    def without(self, gone: WhatIf) -> "Edits":
        """These but for the one of that number."""
        number = gone.variable, gone.index
        return Edits(edit for at, edit in self._made.items() if at != number)

    def up_to(self, position: int, given: "Edits") -> "Edits":
        """Those that hold where so many calls have run, and those that are given before the first.

        No other holds before the first.
        """
        held = given.all
        return Edits(e for e in self._made.values() if e in held or max(e.place, 1) <= position)
