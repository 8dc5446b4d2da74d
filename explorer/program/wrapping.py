"""Python lines that go on in further lines where their items are too many for one."""

from collections.abc import Sequence

WIDTH = 96
"""Characters that a page of generated code is wide at most."""


def wrapped(head: str, items: Sequence[str], tail: str) -> list[str]:
    """`head item, item, … tail` on one line, or its items on lines of their own."""
    line = f"{head}{', '.join(items)}{tail}"
    if len(line) <= WIDTH:
        return [line]
    indent = " " * (len(head) - len(head.lstrip()))
    lines = [head]
    row = f"{indent}   "
    for item in items:
        if row.strip() and len(row) + len(item) + 2 > WIDTH:
            lines.append(row)
            row = f"{indent}   "
        row += f" {item},"
    return [*lines, row, indent + tail]
