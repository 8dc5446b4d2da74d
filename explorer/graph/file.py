"""The JSON file: one node per line, keys in a fixed order, defaults left out.

A file is data: reading one runs no code from it. What this version does not know (keys, layers,
settings) is told in a sentence where it matters and survives a save untouched.
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import ValidationError

from explorer.graph.annotation_file import read_annotations, write_annotations
from explorer.graph.arrange import unpile
from explorer.graph.errors import FileError, GraphError, shown
from explorer.graph.graph import Graph, Node, Unusable, Wire
from explorer.graph.making import make_layer
from explorer.graph.points import read_point, write_point
from explorer.graph.settings import TrainingSettings
from explorer.layers.base import explain

FORMAT = "backprop-explorer"
VERSION = 1
_NODE_KEYS = ("id", "layer", "settings", "position", "title", "muted", "collapsed")
_TOP_KEYS = (
    *("format", "version", "nodes", "wires", "bends", "groups", "notes", "bookmarks", "training"),
)


def load(path: str | Path) -> Graph:
    """Read a graph, laid out where the file does not say what stands where.

    FileError says what is wrong with the file, where, and how to mend it.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise FileError(f"{path}: there is no such file; check the name") from None
    except IsADirectoryError:
        raise FileError(f"{path} is a folder; name a .json file in it") from None
    except UnicodeDecodeError as error:
        raise FileError(f"{path} is not text (byte {error.start}); open a .json graph") from None
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        reason = getattr(error, "strerror", None) or error
        raise FileError(f"{path} cannot be read: {reason}") from None
    try:
        graph = from_text(text)
    except FileError as error:
        raise FileError(f"{path}: {error}") from None
    unpile(graph)
    return graph


def from_text(text: str) -> Graph:
    """A graph from the text of a file. FileError says what is wrong with it."""
    try:
        content = json.loads(text, parse_constant=_refuse_constant)
    except FileError:
        raise
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise FileError(f"not valid JSON at {where}: {error.msg}; restore a copy") from None
    except (RecursionError, ValueError):
        raise FileError("the JSON cannot be read: nested too deep or a number too long") from None
    return from_content(content)


def _refuse_constant(name: str) -> None:
    raise FileError(f"not valid JSON: it has no {name}; put a number there")


def from_content(content: Any) -> Graph:
    """A graph from a file's parsed JSON. FileError says what is wrong with it."""
    _check_header(content)
    graph = Graph()
    for number, entry in enumerate(_list(content, "nodes"), 1):
        _read_node(graph, number, entry)
    for number, entry in enumerate(_list(content, "wires"), 1):
        _read_wire(graph, number, entry)
    _read_training(graph, content.get("training", {}))
    _read_bends(graph, content.get("bends", {}))
    for key in ("groups", "notes", "bookmarks"):
        read_annotations(graph, key, _list(content, key))
    graph.unknown = {key: value for key, value in content.items() if key not in _TOP_KEYS}
    return graph


def to_content(graph: Graph) -> dict[str, Any]:
    """What a file of this graph holds, as JSON values."""
    training = graph.training.model_dump(mode="json", exclude_defaults=True)
    return {
        "format": FORMAT,
        "version": VERSION,
        "nodes": [_node_entry(node) for node in graph.nodes.values()],
        "wires": [[wire.source, wire.target] for wire in graph.wires.values()],
        **({"bends": bends} if (bends := _bends(graph)) else {}),
        **write_annotations(graph),
        "training": training | graph.unknown_training,
        **graph.unknown,
    }


def to_text(graph: Graph) -> str:
    """The text of a file of this graph."""
    lines = []
    for key, value in to_content(graph).items():
        head = f"  {json.dumps(key)}: "
        if key in ("nodes", "wires", "groups", "notes", "bookmarks") and value:
            rows = ",\n".join(f"    {_dump(row)}" for row in value)
            lines.append(f"{head}[\n{rows}\n  ]")
        else:
            lines.append(head + _dump(value))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def save(graph: Graph, path: str | Path) -> None:
    """Write a graph. FileError says what went wrong; a file that was there is then untouched."""
    write_atomically(Path(path), to_text(graph).encode("utf-8"))


def write_atomically(path: Path, content: bytes) -> None:
    """Write all of a file or none of it. FileError says why it cannot be written."""
    with writing(path) as file:
        file.write(content)


@contextlib.contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """A file to write to that takes its place at `path` at the end, if all went well.

    Until then it stands beside it. FileError says why it cannot be written.
    """
    temporary = None
    try:
        path = path.resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
        temporary = None
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"{path} cannot be written: {reason}; save it somewhere else") from None
    finally:
        if temporary is not None:
            with contextlib.suppress(FileNotFoundError):
                Path(temporary).unlink()


def _umask() -> int:
    """What new files are kept from; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _dump(value: Any) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:
        raise FileError("JSON has no NaN or infinity: take it out of the notes first") from None
    return text if _encodable(text) else json.dumps(value)


def _encodable(text: str) -> bool:
    """Whether UTF-8 has it: half a surrogate pair, which JSON can spell, is not in there."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _check_header(content: Any) -> None:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise FileError(f'this is no Backprop Explorer graph: "format" is not "{FORMAT}"')
    version = content.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise FileError(f'"version" must be a whole number from 1; it is {version!r}')
    if version > VERSION:
        raise FileError(
            f"it was written by a newer program (format {version}, this one reads {VERSION}): "
            "update Backprop Explorer to open it"
        )


def _list(content: Mapping[str, Any], key: str) -> list[Any]:
    value = content.get(key, [])
    if not isinstance(value, list):
        raise FileError(f'"{key}" must be a list; it is {shown(value)}')
    return value


def _read_node(graph: Graph, number: int, entry: Any) -> None:
    where = f"node {number}"
    if not isinstance(entry, dict):
        raise FileError(f"{where} must be an object; it is {shown(entry)}")
    for key, kind in (("id", str), ("layer", str), ("settings", dict), ("title", str)):
        value = entry.get(key, kind())
        if not isinstance(value, kind) or (key in ("id", "layer") and not value):
            raise FileError(f'{where}: "{key}" is missing or wrong: {shown(entry.get(key))}')
    node = Node(
        entry["id"],
        _read_layer(entry["id"], entry["layer"], entry.get("settings", {})),
        read_point(f'{where}: "position"', entry.get("position", [0, 0])),
        entry.get("title", ""),
        {key: value for key, value in entry.items() if key not in _NODE_KEYS},
        is_muted=entry.get("muted") is True,
        is_collapsed=entry.get("collapsed") is True,
    )
    try:
        graph.put(node)
    except GraphError as error:
        raise FileError(f"{where}: {error}") from None


def _read_layer(id: str, kind: str, settings: dict[str, Any]) -> Any:
    try:
        return make_layer(kind, settings, id)
    except GraphError as error:
        problem = error.problems[0]
        return Unusable(kind, settings, problem.message.removeprefix(f"{id}: "), problem.hint)


def _read_wire(graph: Graph, number: int, entry: Any) -> None:
    where = f"wire {number}"
    if not (isinstance(entry, list) and len(entry) == 2 and all(isinstance(e, str) for e in entry)):
        raise FileError(f"{where} must be two ports; it is {shown(entry)}")
    try:
        graph.link(Wire(*entry))
    except GraphError as error:
        raise FileError(f"{where}: {error}") from None


def _read_bends(graph: Graph, value: Any) -> None:
    if not isinstance(value, dict):
        raise FileError(f'"bends" must be an object; it is {shown(value)}')
    for target, places in value.items():
        where = f'"bends" of {target}'
        if target not in graph.wires or not isinstance(places, list):
            raise FileError(f"{where}: there is no such wire, or no list of places")
        bends = tuple(read_point(where, place) for place in places)
        graph.bend(replace(graph.wires[target], bends=bends))


def _bends(graph: Graph) -> dict[str, list[list[float]]]:
    return {
        wire.target: [write_point(place) for place in wire.bends]
        for wire in graph.wires.values()
        if wire.bends
    }


def _read_training(graph: Graph, value: Any) -> None:
    if not isinstance(value, dict):
        raise FileError(f'"training" must be an object; it is {shown(value)}')
    known = {key: item for key, item in value.items() if key in TrainingSettings.model_fields}
    graph.unknown_training = {key: item for key, item in value.items() if key not in known}
    try:
        graph.training = TrainingSettings.model_validate(known)
    except ValidationError as error:
        found = explain("training", TrainingSettings, error)
        raise FileError(f'"training": {found}; {found.hint}') from None


def _node_entry(node: Node) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": node.id, "layer": node.kind}
    if settings := dict(node.layer.settings):
        entry["settings"] = settings
    position = write_point(node.position)
    if position != [0, 0]:
        entry["position"] = position
    if node.title:
        entry["title"] = node.title
    if node.is_muted:
        entry["muted"] = True
    if node.is_collapsed:
        entry["collapsed"] = True
    return entry | dict(node.unknown)
