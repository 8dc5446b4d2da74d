"""What the window asks of the call that ran last, and what it is told. Numbers come as copies."""

from dataclasses import dataclass

from explorer.program.explanation import Explanation


@dataclass(frozen=True)
class Explain:
    """Explain an element of what the call that ran last wrote.

    Attributes:
        ticket: the answer carries the same number.
        position: where the stepper stood when it was asked; elsewhere nothing is explained.
        name: which of what the call wrote, "dw"; the first where None.
        index: which element; the largest where None.
    """

    ticket: int
    position: int
    name: str | None = None
    index: tuple[int, ...] | None = None


@dataclass(frozen=True, eq=False)
class Explained:
    """The answer; None where there is nothing to explain, and then `sentence` may say why."""

    ticket: int
    explanation: Explanation | None
    sentence: str = ""
