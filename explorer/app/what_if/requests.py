"""What the window asks where a number is to be another, and what it is told. No live tensors."""

from dataclasses import dataclass

from explorer.app.panels.numbers import short
from explorer.program import Program
from explorer.program.nudging import Nudged
from explorer.program.what_if import WhatIf, name_of, node_of


@dataclass(frozen=True)
class EditNumber:
    """Let a number of the walk be another."""

    variable: str
    index: tuple[int, ...]
    value: float


@dataclass(frozen=True)
class PutBack:
    """Let a number be again what the net computes; None for every one that was edited."""

    edit: WhatIf | None = None


@dataclass(frozen=True)
class Nudge:
    """Nudge a number up and down; of a gradient what it is the gradient of."""

    variable: str
    index: tuple[int, ...]
    epsilon: float


@dataclass(frozen=True)
class StopNudging:
    """Leave the nudge that is at work."""


NudgeRequest = Nudge | StopNudging


@dataclass(frozen=True)
class Edited:
    """An edit that holds in the walk.

    `name` is what its tensor is called, "fc1.w" or "gradient of fc1.out", `node` whose it is.
    """

    name: str
    node: str
    edit: WhatIf

    @classmethod
    def of(cls, program: Program, edit: WhatIf) -> "Edited":
        return cls(name_of(program, edit.variable), node_of(program, edit.variable), edit)

    @property
    def place(self) -> str:
        """Which number it is: "fc1.w[3, 5]"."""
        return self.name + in_brackets(self.edit.index)

    def __str__(self) -> str:
        before, value = short(self.edit.before), short(self.edit.value)
        if before == value:
            before, value = f"{self.edit.before:.9g}", f"{self.edit.value:.9g}"
        return f"{self.place} {before} → {value}"


def in_brackets(index: tuple[int, ...]) -> str:
    """An index as Python writes it; "" for a single number, which needs none."""
    return f"[{', '.join(map(str, index))}]" if index else ""


@dataclass(frozen=True)
class NudgeAnswered:
    """What came of a Nudge; None with a sentence that says why there is nothing."""

    request: Nudge
    nudged: Nudged | None
    sentence: str = ""


@dataclass(frozen=True)
class Nudging:
    """How far a Nudge is: so many calls of so many have run."""

    request: Nudge
    done: int
    total: int


NudgeMessage = Nudging | NudgeAnswered
