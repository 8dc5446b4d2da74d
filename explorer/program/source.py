"""A program as a page of Python, and that page as functions.

The page is the very text that training executes and that the stepper executes line by line.
"""

import linecache
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2s
from types import CodeType
from typing import TYPE_CHECKING, Any

from explorer import layers
from explorer.layers.base import MODES
from explorer.program.wrapping import WIDTH, wrapped

if TYPE_CHECKING:
    from explorer.program.program import Call


@dataclass(frozen=True)
class Functions:
    """The page's two functions.

    forward(batch, *parameters, *buffers, training=True, seed=0) -> loss, (y_hat, y) or (), cache
    backward(dloss, cache) -> {"fc1.w": gradient, …}; it empties the cache as it goes

    `training` and `seed` are there where some layer wants them.
    """

    forward: Callable[..., Any]
    backward: Callable[..., Any]


def page(
    name: str,
    calls: Sequence["Call"],
    parameters: dict[str, str],
    buffers: dict[str, str],
    modes: Sequence[str],
    gradients: dict[str, str],
    loss: str,
    dloss: str,
    compared: Sequence[str],
) -> tuple[str, tuple["Call", ...]]:
    """The source text of a program, and its calls with the lines they got."""
    writer = _Writer()
    writer.add(
        f'"""{one_line(name)}: one forward call per node, then one backward call in reverse."""'
    )
    writer.add("", "from explorer import layers", "", "")
    caches = _kept_caches(calls)
    chosen = [f"{mode}={MODES[mode]!r}" for mode in modes]
    arguments = ["batch", *parameters.values(), *buffers.values(), *chosen]
    writer.wrapped("def forward(", arguments, "):")
    forward = [call for call in calls if call.phase == "forward"]
    backward = [call for call in calls if call.phase == "backward"]
    # What is fed stays alive in the batch anyway.
    fed = [name for call in forward if not call.reads for name in call.outputs]
    told = {loss, *compared, *caches, *fed, *parameters.values(), *buffers.values()}
    numbered = writer.calls(forward, 0, told)
    pair = f"({', '.join(compared)})"
    writer.wrapped(f"    return {loss}, {pair}, [", caches, "]")
    writer.add("", "", f"def backward({dloss}, cache):")
    if caches:
        writer.wrapped("    [", caches, "] = cache")
    writer.add("    cache.clear()")
    returned = {gradients[path] for path in parameters if path in gradients}
    numbered += writer.calls(backward, len(forward), returned)
    pairs = [f'"{path}": {gradients[path]}' for path in parameters if path in gradients]
    writer.wrapped("    return {", pairs, "}")
    return "\n".join(writer.lines) + "\n", tuple(numbered)


def _read_last(calls: Sequence["Call"], kept: set[str]) -> list[list[str]]:
    """For each call the variables that nothing after it reads, so that their memory is freed."""
    seen: set[str] = set(kept)
    found: list[list[str]] = []
    for call in reversed(calls):
        names = dict.fromkeys((*call.inputs, *call.outputs))
        last = [name for name in names if name not in seen]
        seen.update(last)
        found.append(last)
    return found[::-1]


def _kept_caches(calls: Sequence["Call"]) -> list[str]:
    read = {name for call in calls if call.phase == "backward" for name in call.inputs}
    return [
        operand.variable
        for call in calls
        if call.phase == "forward"
        for operand in call.writes
        if operand.role == "cache" and operand.variable in read
    ]


def split_arguments(arguments: str) -> list[str]:
    """Arguments at the commas between them, not those within one."""
    found, depth = [""], 0
    for character in arguments:
        depth += (character in "([") - (character in ")]")
        if character == "," and not depth:
            found.append("")
        else:
            found[-1] += character
    return [argument.strip() for argument in found]


class _Writer:
    """Lines of the page so far."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, *lines: str) -> None:
        self.lines.extend(lines)

    def wrapped(self, head: str, items: Sequence[str], tail: str) -> None:
        """`head item, item, … tail` on one line, or its items on lines of their own."""
        self.add(*wrapped(head, items, tail))

    def calls(self, calls: Sequence["Call"], first: int, kept: set[str]) -> list["Call"]:
        """A line for each call, and behind it one that lets go of what nothing reads any more."""
        numbered = []
        for index, (call, freed) in enumerate(zip(calls, _read_last(calls, kept), strict=True)):
            numbered.append(self.call(call, first + index))
            if freed:
                self.add(f"    del {', '.join(freed)}")
        return numbered

    def call(self, call: "Call", index: int) -> "Call":
        self.add(f"    # {call.comment}")
        first = len(self.lines) + 1
        head, opening, arguments = call.text.partition(".forward(")
        if opening and len(call.text) + 4 > WIDTH:
            self.wrapped(f"    {head}{opening}", split_arguments(arguments[:-1]), ")")
        else:
            self.add(f"    {call.text}")
        return replace(call, line=first, last_line=len(self.lines), index=index)


def one_line(text: str) -> str:
    """What a person typed, safe in a comment or a docstring: it can end neither."""
    shown = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(shown.replace("\\", "/").replace('"', "'").split())


def filename(name: str, text: str) -> str:
    """A name for the page that no other page has."""
    return f"<{one_line(name)} {blake2s(text.encode(), digest_size=4).hexdigest()}>"


def show_in_tracebacks(text: str, name: str, owner: object) -> None:
    """Let tracebacks and debuggers quote the page's lines for as long as its owner lives."""
    weakref.finalize(owner, linecache.cache.pop, name, None)
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)


def functions(text: str, name: str) -> Functions:
    """The page executed: its `forward` and `backward`."""
    namespace: dict[str, Any] = {}
    exec(compile(text, name, "exec"), namespace)
    return Functions(namespace["forward"], namespace["backward"])


def compile_line(text: str, name: str, line: int) -> CodeType:
    """One line of the page, compiled so that tracebacks point to where it stands there."""
    return compile("\n" * (line - 1) + text, name, "exec")


def fresh_namespace() -> dict[str, Any]:
    """The names that a line of the page finds besides its own variables."""
    return {"layers": layers}
