"""What is wrong, where, in the user's words, and how to mend it."""

from dataclasses import dataclass
from typing import Literal

from explorer.data import DataError

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. `message` says what and where, `hint` how to mend it."""

    severity: Severity
    node: str | None
    port: str | None
    message: str
    hint: str

    @classmethod
    def error(
        cls, message: str, hint: str, node: str | None = None, port: str | None = None
    ) -> "Problem":
        """A problem that keeps the graph from running."""
        return cls("error", node, port, message, hint)

    @classmethod
    def warning(
        cls, message: str, hint: str, node: str | None = None, port: str | None = None
    ) -> "Problem":
        """Something to know that keeps nothing from running."""
        return cls("warning", node, port, message, hint)

    @classmethod
    def in_data(cls, node: str, error: DataError) -> "Problem":
        """Data that a node names and that cannot be used."""
        what, _, mend = str(error).rpartition(": ")
        return cls.error(f"{node}: {what}", mend, node)

    def __str__(self) -> str:
        return f"{self.message}: {self.hint}" if self.hint else self.message


class GraphError(ValueError):
    """A graph, or a change to one, that cannot be; `problems` says why, one by one."""

    def __init__(self, *problems: Problem):
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class FileError(ValueError):
    """A file that cannot be read or written; the message says what, where and how to mend it."""


def shown(value: object) -> str:
    """A value as a sentence shows it, not longer than it takes to know it again."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
