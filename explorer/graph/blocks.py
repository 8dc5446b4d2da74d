"""Blocks: several layers, wired, that are put into a graph together and stay in plain view."""

from functools import cache
from pathlib import Path

from explorer.graph.examples import about
from explorer.graph.file import load
from explorer.graph.graph import Graph
from explorer.graph.inserting import insertion

FAMILY = "Block"
FOLDER = Path(__file__).resolve().parents[2] / "resources" / "blocks"


@cache
def names() -> tuple[str, ...]:
    """The blocks' names, in alphabetical order; the folder is read once."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


@cache
def block(name: str) -> Graph:
    """A block as a graph of its own; not to be changed."""
    return load(FOLDER / f"{name}.json")


def summary(name: str) -> str:
    """What a block is, in a sentence."""
    return about(block(name))


def kinds(name: str) -> tuple[str, ...]:
    """The layers that a block is made of, each once."""
    return tuple(dict.fromkeys(node.kind for node in block(name).nodes.values()))


def add_block(graph: Graph, name: str, at: tuple[float, float] = (0.0, 0.0)) -> dict[str, str]:
    """Put a block into a graph, its top left corner at `at`; its nodes' ids by those it had."""
    edit, ids = insertion(graph, block(name), at, f"Add {name}")
    graph.do(edit)
    return ids
