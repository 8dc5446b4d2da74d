"""A page as it is written, line by line."""

import re
from collections.abc import Sequence

from explorer.exchange.page import Page, Span, Way
from explorer.program.program import Phase
from explorer.program.source import split_arguments
from explorer.program.wrapping import WIDTH, wrapped

_IMPORTS = {
    "math": "import math",
    "torch": "import torch",
    "F": "import torch.nn.functional as F",
    "nn": "from torch import nn",
}
"""By the name that a page uses it by."""


class Draft:
    """Lines so far, and whose they are. `indent` is that of the function being written."""

    def __init__(self) -> None:
        self.indent = " " * 4
        self.lines: list[str] = []
        self.definitions: dict[str, None] = {}
        self.spans: list[Span] = []

    def define(self, *functions: str) -> None:
        """Functions that the page needs, each once, ahead of everything else."""
        self.definitions |= dict.fromkeys(functions)

    def add(self, *lines: str) -> None:
        """Lines that belong to no node."""
        for line in lines:
            self.lines.extend(line.split("\n"))

    def of(
        self, nodes: Sequence[str], text: str, phase: Phase | None = None, comment: str = ""
    ) -> None:
        """A statement of these nodes; a short comment may stand behind it."""
        first = len(self.lines) + 1
        for line in text.split("\n"):
            self._wrapped(f"{self.indent}{line}")
        if comment and len(self.lines) == first and len(self.lines[-1]) + len(comment) + 4 <= WIDTH:
            self.lines[-1] += f"  # {comment}"
        last = len(self.lines)
        self.spans += [Span(first, last, node, phase) for node in nodes]

    def items(self, head: str, items: Sequence[str], tail: str) -> None:
        """`head item, item, … tail`, on as many lines as it takes."""
        self.add(*wrapped(head, items, tail))

    def page(self, way: Way, name: str, summary: str) -> Page:
        """The page: what it is, the imports that it needs, and the lines."""
        body = "\n".join([*self.definitions, *self.lines])
        used = [text for name, text in _IMPORTS.items() if re.search(rf"\b{name}\b[.(]", body)]
        plain = [text for text in used if text == "import math"]
        head = [f'"""{summary}"""', "", *plain, *[""] * bool(plain)]
        head += [text for text in used if text not in plain]
        for function in self.definitions:
            head += ["", "", *function.split("\n")]
        head += [""] * bool(self.definitions)
        text = "\n".join([*head, "", *self.lines]).rstrip("\n") + "\n"
        down = len(head) + 1
        spans = (Span(s.first + down, s.last + down, s.node, s.phase) for s in self.spans)
        return Page(way, name, text, tuple(spans))

    def _wrapped(self, line: str) -> None:
        """A line, on several where it is too long: its right side, or the arguments of a call."""
        call = _LAST_CALL.fullmatch(line)
        if len(line) <= WIDTH or call is None or _MARKS_IN_STRINGS.search(line):
            self.lines.append(line)
            return
        head, equals, value = line.partition(" = ")
        indent = " " * (len(line) - len(line.lstrip()))
        if equals and len(value) + len(indent) + 4 <= WIDTH:
            self.add(f"{head} = (", f"{indent}    {value}", f"{indent})")
            return
        bare, tail = call.groups()
        opening = _last_opening(bare)
        self.items(bare[: opening + 1], split_arguments(bare[opening + 1 : -1]), f"){tail}")


_LAST_CALL = re.compile(r"(.*[^(]\))((?:\.\w+\(\))*,?)")
"""A line up to the end of its last call with arguments, and what is behind that."""
_MARKS_IN_STRINGS = re.compile(r"""\\|"[^"]*[][(),'][^"]*"|'[^']*[][(),"][^']*'""")
"""Strings in which what looks like brackets and commas is none: such lines stay long."""


def _last_opening(line: str) -> int:
    """Where the parenthesis opens that closes at the line's end."""
    depth = 0
    for place in range(len(line) - 1, -1, -1):
        depth += (line[place] in ")]}") - (line[place] in "([{")
        if not depth:
            return place
    return 0
