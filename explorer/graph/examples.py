"""The starter graphs that come with the program."""

from pathlib import Path

from explorer.graph.errors import FileError
from explorer.graph.file import load
from explorer.graph.graph import Graph

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "examples"
FIRST = "digits_mlp"
"""The one that a first start opens with."""


def names() -> list[str]:
    """The starter graphs' names; the first start's first, the others in alphabetical order."""
    found = sorted(path.stem for path in FOLDER.glob("*.json"))
    return sorted(found, key=lambda name: name != FIRST)


def path(name: str) -> Path:
    """The file of a starter graph. FileError, with the names there are, for an unknown one."""
    if name not in names():
        known = ", ".join(names()) or f"none; {FOLDER} is missing"
        raise FileError(f"there is no example {name}; there are {known}")
    return FOLDER / f"{name}.json"


def load_example(name: str) -> Graph:
    """A starter graph, ready to train."""
    return load(path(name))


def about(graph: Graph) -> str:
    """What a graph's first note without a place on the canvas says of it, or nothing."""
    first: object = next(iter(graph.unknown_annotations.get("notes", [])), {})
    return str(first.get("text", "")) if isinstance(first, dict) else ""
