"""The forward pass in torch's operations, node by node."""

from collections.abc import Mapping

from explorer.exchange.draft import Draft
from explorer.exchange.nodes import Statement, Subject, needed, statements, written
from explorer.layers import shape_text
from explorer.layers.written import Lines
from explorer.program import Program
from explorer.program.names import RESERVED, Names


class Forward:
    """Writes what each node computes. `read` says which outputs anybody reads."""

    def __init__(self, draft: Draft, program: Program):
        self._draft, self._program = draft, program
        self.names = names_beside(program)
        self.read = read_variables(program)

    def write(self, one: Subject, lines: Lines, labels: Mapping[str, str]) -> None:
        """Write the outputs that are read, with the variables that the labels stand for."""
        known = dict(labels)
        wanted = [port for port in one.layer.gives if one.names[port] in self.read]
        for statement in needed(statements(lines, one.known), wanted):
            for label in sorted(statement.targets - known.keys()):
                known[label] = self.names.new(f"{one.id}_{label}")
            shape = shape_of(self._program, one.id, statement)
            self._draft.of((one.id,), written(statement, known), "forward", shape)


def names_beside(program: Program) -> Names:
    """Names that no variable of a program has."""
    calls = program.calls
    taken = {name for call in calls for name in (*call.inputs, *call.outputs)}
    return Names({*RESERVED, *taken})


def read_variables(program: Program) -> set[str]:
    """The variables that some call reads, and the loss."""
    read = {name for call in program.calls for name in call.inputs}
    return read | {program.values[program.loss]}


def shape_of(program: Program, id: str, statement: Statement) -> str:
    """The shape of the output that a statement computes, to stand behind it."""
    if len(statement.targets) > 1:
        return ""
    (label,) = statement.targets
    shape = program.shapes.get(f"{id}.{label}")
    return shape_text(shape) if shape else ""
