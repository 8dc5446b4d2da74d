"""What an id may be, where things may stand, and what to say of names that are not known."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from explorer.graph.errors import GraphError, Problem

ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
FARTHEST = 1e7


def check_id(id: str) -> None:
    """GraphError where it cannot be an id."""
    if not ID.fullmatch(id):
        hint = "use letters, digits and _, starting with a letter"
        raise GraphError(Problem.error(f"{id!r} cannot be a node's id", hint))


def check_position(id: str, position: tuple[float, float]) -> None:
    """GraphError where nothing can stand."""
    if not all(abs(value) < FARTHEST for value in position):
        hint = f"keep it within {FARTHEST:,.0f} of the origin"
        raise GraphError(Problem.error(f"{id} cannot stand at {position}", hint, id))


def unknown(what: str, name: str, known: Iterable[str]) -> Problem:
    """There is no such thing, and what may have been meant."""
    names = list(known)
    close = get_close_matches(name, names, n=1)
    if close:
        hint = f"did you mean {close[0]}?"
    else:
        hint = f"there is {', '.join(names[:8])}" if names else "there is none"
    return Problem.error(f"there is no {what} {name}", hint, name.partition(".")[0])


def as_id(text: str) -> str:
    """The nearest to a text that can be an id: "2 skips" is "_2_skips"."""
    found = re.sub(r"[^A-Za-z0-9_]+", "_", text.strip()).strip("_") or "block"
    return f"_{found}" if found[0].isdigit() else found
