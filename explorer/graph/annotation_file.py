"""Groups, notes, frames and bookmarks in a graph's file; frames stand among the notes.

An entry that is none of these, or that does not fit the graph, is kept as it is and not used.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from explorer.graph.annotations import Annotation, Bookmark, Frame, Group, Note
from explorer.graph.errors import FileError, GraphError
from explorer.graph.names import check_id
from explorer.graph.points import read_point, write_point

if TYPE_CHECKING:
    from explorer.graph.graph import Graph

Entry = dict[str, Any]
_UNFIT = (GraphError, FileError, KeyError, TypeError, ValueError, AttributeError)
"""What reading an entry raises that is something else, or does not fit the graph."""


def read_annotations(graph: "Graph", key: str, entries: list[Any]) -> None:
    """Put what a file lists under "groups", "notes" or "bookmarks" into the graph."""
    if key == "groups":
        left = _read_groups(graph, entries)
    else:
        left = [entry for entry in entries if not _read(graph, key, entry)]
    graph.unknown_annotations[key] = left


def write_annotations(graph: "Graph") -> dict[str, list[Any]]:
    """What the file holds of them, by its keys; "bookmarks" only where there are some."""
    kept = graph.unknown_annotations
    members: dict[str, list[str]] = {id: [] for id in graph.groups}
    for node in graph.nodes.values():
        if node.group:
            members[node.group].append(node.id)
    groups = [_group_entry(group, members[group.id]) for group in graph.groups.values()]
    notes = [_note_entry(note) for note in graph.notes.values()]
    notes += [_note_entry(frame) for frame in graph.frames.values()]
    bookmarks = [_bookmark_entry(bookmark) for bookmark in graph.bookmarks.values()]
    found = {
        "groups": [*kept.get("groups", []), *groups],
        "notes": [*kept.get("notes", []), *notes],
    }
    if both := [*kept.get("bookmarks", []), *bookmarks]:
        found["bookmarks"] = both
    return found


def _read(graph: "Graph", key: str, entry: Any) -> bool:
    """Put one entry into the graph; whether it could be."""
    if not isinstance(entry, dict):
        return False
    try:
        kind = "bookmark" if key == "bookmarks" else entry.get("kind", "note")
        graph.shelf.put(_MAKERS[kind](entry))
    except _UNFIT:
        return False
    return True


def _read_groups(graph: "Graph", entries: list[Any]) -> list[Any]:
    """Put groups into the graph, in their order in the file; those that do not fit it."""
    found: dict[str, tuple[Group, list[str]]] = {}
    written: dict[str, Any] = {}
    left, taken = [], set(graph.nodes)
    for entry in entries:
        try:
            group, members = _read_group(entry)
            if group.id in found or group.id in graph.nodes or not taken.issuperset(members):
                raise ValueError("an id is taken, or a node is in another group")
        except _UNFIT:
            left.append(entry)
            continue
        taken -= set(members)
        found[group.id], written[group.id] = (group, members), entry
    for id in [id for id in found if not _is_sound(id, found)]:
        found.pop(id)
        left.append(written[id])
    for group, _ in found.values():
        # A group may come before the one that it is in.
        graph.shelf.put(replace(group, group=""))
    for group, members in found.values():
        graph.shelf.put(group)
        for id in members:
            graph.swap(replace(graph.nodes[id], group=group.id))
    return left


def _is_sound(id: str, found: Mapping[str, tuple[Group, list[str]]]) -> bool:
    """Whether all that a group is in is there, and it is not inside of itself."""
    seen = set()
    while id:
        if id in seen or id not in found:
            return False
        seen.add(id)
        id = found[id][0].group
    return True


def _read_group(entry: Entry) -> tuple[Group, list[str]]:
    members = [_text(id) for id in entry["nodes"]]
    if len(set(members)) != len(members):
        raise ValueError("a node is listed twice")
    check_id(entry["id"])
    bundles = tuple(tuple(map(_text, bundle)) for bundle in entry.get("bundles", []))
    common = _common(entry, "nodes", "title", "bundles")
    return Group(**common, title=_title(entry), bundles=bundles), members


def _read_note(entry: Entry) -> Note:
    text, size = _text(entry.get("text", "")), _size(entry, Note)
    return Note(**_common(entry, "text", "size", "kind"), text=text, size=size)


def _read_frame(entry: Entry) -> Frame:
    common = _common(entry, "title", "size", "kind")
    return Frame(**common, title=_title(entry), size=_size(entry, Frame))


def _read_bookmark(entry: Entry) -> Bookmark:
    scale = float(entry.get("scale", 1.0))
    if not 0 < scale < 100:
        raise ValueError("a scale is a positive number")
    return Bookmark(**_common(entry, "title", "scale"), title=_title(entry), scale=scale)


_MAKERS: dict[str, Callable[[Entry], Annotation]] = {
    "note": _read_note,
    "frame": _read_frame,
    "bookmark": _read_bookmark,
}


def _common(entry: Entry, *own: str) -> dict[str, Any]:
    known = {"id", "position", "group", *own}
    return {
        "id": entry["id"],
        "position": read_point("position", entry["position"]),
        "group": _text(entry.get("group", "")),
        "unknown": {key: value for key, value in entry.items() if key not in known},
    }


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is wanted")
    return value


def _title(entry: Entry) -> str:
    return _text(entry.get("title", ""))


def _size(entry: Entry, kind: type[Note] | type[Frame]) -> tuple[float, float]:
    if "size" not in entry:
        return kind.size
    width, height = read_point("size", entry["size"])
    if min(width, height) <= 0:
        raise ValueError("a size is positive")
    return width, height


def _group_entry(group: Group, members: list[str]) -> Entry:
    bundles = {"bundles": [list(bundle) for bundle in group.bundles]} if group.bundles else {}
    return {**_head(group), **_titled(group), "nodes": members, **bundles, **group.unknown}


def _note_entry(note: Note | Frame) -> Entry:
    size = {} if note.size == type(note).size else {"size": write_point(note.size)}
    if isinstance(note, Frame):
        return {**_head(note), "kind": "frame", **_titled(note), **size, **note.unknown}
    return {**_head(note), "text": note.text, **size, **note.unknown}


def _bookmark_entry(bookmark: Bookmark) -> Entry:
    scale = {} if bookmark.scale == Bookmark.scale else {"scale": round(bookmark.scale, 4)}
    return {**_head(bookmark), **_titled(bookmark), **scale, **bookmark.unknown}


def _head(annotation: Annotation) -> Entry:
    inside = {"group": annotation.group} if annotation.group else {}
    return {"id": annotation.id, "position": write_point(annotation.position), **inside}


def _titled(annotation: Group | Frame | Bookmark) -> Entry:
    return {"title": annotation.title} if annotation.title else {}
