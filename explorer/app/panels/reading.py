"""Settings as people type them: "3, 3" for a pair, nothing for none; by the setting's type.

What cannot be read as the type is handed on as it was typed: the model says what is wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from explorer.layers.base import literal


@dataclass(frozen=True)
class Reading:
    """How a value is read from text, and written as text; `words` are texts that it may be."""

    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    words: tuple[str, ...] = ()
    may_be_none: bool = False


def reading_of(kind: Any) -> Reading:
    """How to read and write settings of a type."""
    members = [member for member in _members(kind) if member is not NoneType]
    may_be_none = len(members) < len(_members(kind))
    words = tuple(w for m in members if get_origin(m) is Literal for w in map(str, get_args(m)))
    others = [member for member in members if get_origin(member) is not Literal]
    if len(others) == 1 and not may_be_none and others[0] in (int, float, str):
        only = others[0]
        return Reading(_READERS.get(only, str), _plain, words)
    several = _sequence(others[0]) if len(others) == 1 else None
    read, write = partial(_read, may_be_none, words, several), partial(_write, several)
    return Reading(read, write, words, may_be_none)


def choices_of(kind: Any) -> list[Any]:
    """Every value that a setting may have, where its type lists them; else none."""
    members = _members(kind)
    if not all(member is NoneType or get_origin(member) is Literal for member in members):
        return []
    return [value for m in members for value in ([None] if m is NoneType else get_args(m))]


def _members(kind: Any) -> list[Any]:
    """What a value may be: the members of a union, without what they are annotated with."""
    if get_origin(kind) is Annotated:
        return _members(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return [member for part in get_args(kind) for member in _members(part)]
    return [kind]


def _whole_number(text: str) -> Any:
    try:
        return int(text.replace(",", ""))
    except ValueError:
        return text


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


_READERS: dict[Any, Callable[[str], Any]] = {int: _whole_number, float: _number}


@dataclass(frozen=True)
class _Sequence:
    """A tuple or list of plain values: `count` of them, or any number where that is None."""

    make: Callable[[Any], Any]
    count: int | None

    def read(self, value: Any) -> Any:
        """One value stands for all of them."""
        is_one = not isinstance(value, (tuple, list))
        return self.make([value] * (self.count or 1) if is_one else value)


def _sequence(kind: Any) -> _Sequence | None:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is tuple:
        return _Sequence(tuple, None if Ellipsis in parts else len(parts))
    if origin is list and parts[0] in (int, float, str):
        return _Sequence(list, None)
    return None


def _read(may_be_none: bool, words: tuple[str, ...], several: _Sequence | None, text: str) -> Any:
    if may_be_none and text.lower() in ("", "none"):
        return None
    if text in words:
        return text
    if several and not text:
        return several.make(())
    try:
        value = literal(text)
    except ValueError:
        return text
    return several.read(value) if several else value


def _write(several: _Sequence | None, value: Any) -> str:
    if value is None:
        return ""
    if several and isinstance(value, (tuple, list)):
        return ", ".join(map(_plain, value))
    if isinstance(value, tuple) and value:
        return ", ".join(map(_plain, value)) + ("," if len(value) == 1 else "")
    return str(value)


def _plain(value: Any) -> str:
    """A value, a number without digits that say nothing."""
    short = f"{value:g}" if isinstance(value, float) else ""
    return short if short and float(short) == value else str(value)
