"""What the axes of a program's tensors are called, as the layers' docstrings name them."""

import re
from collections.abc import Iterator
from functools import cache

from explorer.layers import Shape, find
from explorer.program.program import Call, Program

Axes = tuple[str, ...]
"""A name for each axis, "" where none is known."""

_PORT = re.compile(r"((?:\w+(?:, | and ))*\w+) \(")
_AXIS = re.compile(r"([A-Za-z_]\w*'?)(?: / \w+)?$")
_ANY = ("*", "...")
"""How docstrings write any number of axes."""


def axes(program: Program) -> dict[str, Axes]:
    """The axes' names of each value, weight and buffer, and of its gradient, by variable."""
    return _Reader(program).found


class _Reader:
    """Goes through a program from its inputs to its loss, and hands names on on the way."""

    def __init__(self, program: Program):
        paths = {variable: path for path, variable in program.values.items()}
        self._shapes = {variable: program.shapes[path] for variable, path in paths.items()}
        self.found: dict[str, Axes] = {}
        for call in program.forward_calls:
            self._read(call)
        for path, gradient in program.gradients.items():
            variable = program.values.get(path) or program.parameters[path]
            if variable in self.found:
                self.found[gradient] = self.found[variable]

    def _read(self, call: Call) -> None:
        declared = _declared(call.layer)
        for operand in (*call.reads, *call.writes):
            if operand.role in ("input", "output"):
                shape = self._shapes[operand.variable]
                self._name(operand.variable, _fitted(declared.get(operand.label, ()), shape))
            elif operand.role in ("parameter", "buffer") and operand.label in declared:
                self.found[operand.variable] = declared[operand.label]
        inputs = [operand.variable for operand in call.reads if operand.role == "input"]
        for operand in call.writes:
            if operand.role == "output":
                for source in inputs:
                    if self._shapes[source] == self._shapes[operand.variable]:
                        self._name(operand.variable, self.found[source])

    def _name(self, variable: str, names: Axes) -> None:
        """Take names over for the axes that have none yet."""
        known = self.found.get(variable, ("",) * len(names))
        self.found[variable] = tuple(a or b for a, b in zip(known, names, strict=True))


@cache
def _declared(layer: str) -> dict[str, Axes]:
    """What a layer's docstring says of its ports and weights: {"x": ("N", "C", "H", "W"), …}."""
    text = " ".join((getattr(find(layer), "__doc__", "") or "").split())
    _, _, shapes = text.partition("Shapes: ")
    found: dict[str, Axes] = {}
    for match in _PORT.finditer(shapes):
        names = tuple(_axis(part) for part in _parts(shapes, match.end()))
        for port in re.split(", | and ", match[1]):
            found.setdefault(port, names)
    return found


def _parts(text: str, start: int) -> Iterator[str]:
    """What stands between the commas of a bracket that has opened just before `start`."""
    depth, part = 1, start
    for place in range(start, len(text)):
        depth += (text[place] in "([") - (text[place] in ")]")
        if not depth or (depth == 1 and text[place] == ","):
            if text[part:place].strip():
                yield text[part:place].strip()
            part = place + 1
        if not depth:
            return


def _axis(text: str) -> str:
    match = _AXIS.fullmatch(text)
    return match[1] if match else text if text in _ANY else ""


def _fitted(names: Axes, shape: Shape) -> Axes:
    """Names for as many axes as there are; the batch's own where nothing else is known."""
    for any_number in set(names).intersection(_ANY):
        at = names.index(any_number)
        more = ("",) * max(len(shape) - len(names) + 1, 0)
        names = (*names[:at], *more, *names[at + 1 :])
    if len(names) != len(shape):
        names = ("",) * len(shape)
    return tuple(
        name or ("N" if size == "N" else "") for name, size in zip(names, shape, strict=True)
    )
