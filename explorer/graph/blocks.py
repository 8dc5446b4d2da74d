"""Blocks: several layers, wired, that are put into a graph together.

Some come with the program; others are groups that the person kept, each a file in a folder of
their own.
"""

import logging
from functools import cache
from pathlib import Path

import platformdirs

from explorer.graph.errors import FileError, GraphError, Problem
from explorer.graph.examples import about
from explorer.graph.file import load, save
from explorer.graph.fragments import fragment
from explorer.graph.graph import Graph
from explorer.graph.inserting import insertion
from explorer.graph.names import ID
from explorer.layers import find

FAMILY = "Block"
FOLDER = Path(__file__).resolve().parents[2] / "resources" / "blocks"
_LOG = logging.getLogger(__name__)


def own_folder() -> Path:
    """Where the person's own blocks are kept."""
    return platformdirs.user_data_path("backprop-explorer") / "blocks"


def names() -> tuple[str, ...]:
    """The blocks' names, in alphabetical order; one that cannot be read is left out, and logged."""
    own = (path.stem for path in own_folder().glob("*.json") if _is_readable(path))
    return tuple(sorted({*_with_the_program(), *own}))


def is_own(name: str) -> bool:
    """Whether the person kept it."""
    return name not in _with_the_program() and name in names()


def block(name: str) -> Graph:
    """A block as a graph of its own; not to be changed."""
    folder = FOLDER if name in _with_the_program() else own_folder()
    path = folder / f"{name}.json"
    return _read(path, _written(path))


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


def keep(graph: Graph, group: str, name: str, text: str = "") -> Path:
    """Keep a group as a block under a name; `text` says what it is.

    GraphError for a name that cannot be one or that a layer or a block of the program has;
    FileError where it cannot be written. One that was kept under that name is replaced.
    """
    if not ID.fullmatch(name):
        hint = "use letters, digits and _, starting with a letter"
        raise GraphError(Problem.error(f"{name!r} cannot be a block's name", hint))
    if find(name) is not None or name in _with_the_program():
        text = f"{name} is the name of a layer or block of the program"
        raise GraphError(Problem.error(text, "choose another name"))
    part = fragment(graph, [group])
    part.rename(group, name)
    if text:
        part.unknown_annotations["notes"] = [{"text": text}]
    path = own_folder() / f"{name}.json"
    save(part, path)
    return path


def forget(name: str) -> None:
    """Delete one of the person's own blocks. FileError where that cannot be done."""
    path = own_folder() / f"{name}.json"
    try:
        path.unlink()
    except OSError as error:
        raise FileError(f"{path} cannot be deleted: {error.strerror or error}") from None


@cache
def _with_the_program() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def _is_readable(path: Path) -> bool:
    try:
        _read(path, _written(path))
    except FileError as error:
        _tell_once(str(error))
        return False
    return True


@cache
def _tell_once(fault: str) -> None:
    _LOG.warning("a block is left out: %s", fault)


def _written(path: Path) -> int:
    """When a file was last written, in nanoseconds; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@cache
def _read(path: Path, written: int) -> Graph:
    return load(path)
