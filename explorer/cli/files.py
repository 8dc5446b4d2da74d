"""FILE on the command line: a graph's file, or the name of a starter graph."""

from dataclasses import dataclass
from pathlib import Path

from explorer.graph import FileError, Graph, examples, load


@dataclass(frozen=True)
class Source:
    """A graph with where it came from; `name` is what its program and its outputs are called."""

    graph: Graph
    path: Path

    @property
    def name(self) -> str:
        return self.path.stem


def read(file: str) -> Source:
    """The graph of a FILE argument. FileError says what is wrong with it."""
    path = find(file)
    return Source(load(path), path)


def find(file: str) -> Path:
    """The path that a FILE argument means. FileError where there is neither file nor example."""
    path = Path(file)
    if _may_be_there(path):
        return path
    if file in examples.names():
        return examples.path(file)
    known = ", ".join(examples.names())
    raise FileError(f"{file}: there is no such file and no starter graph of that name ({known})")


def _may_be_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return True
