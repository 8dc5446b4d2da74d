"""Which keys start which command: those it came with, unless the person chose others.

Like the theme there is one table for the whole program, which tells when it changes.
"""

import json
from collections.abc import Sequence

from PySide6.QtCore import QSettings
from PySide6.QtGui import QKeySequence

from explorer.app.actions import COMMANDS
from explorer.app.command import Command
from explorer.app.listeners import Listeners

_SETTING = "shortcuts"
_COMMANDS = {command.name: command for command in COMMANDS}
_KEPT_FREE = ("Esc", "Space", "Return", "Enter", "Tab", "Shift+Tab", "Backspace")
"""What fields, lists and buttons need for themselves."""


changed = Listeners()
"""Told that commands have other keys now, so that what names them says so."""
_chosen: dict[str, tuple[str, ...]] = {}


def of(name: str) -> tuple[str, ...]:
    """A command's keys as portable names, such as "Ctrl+S"; () for none."""
    return _chosen.get(name, _COMMANDS[name].shortcuts)


def shown(name: str) -> str:
    """A command's first key as this system writes it, "" for none."""
    keys = of(name)
    return as_written(keys[0]) if keys else ""


def as_written(key: str) -> str:
    """A portable name of a key as this system writes it: "Ctrl+S" is "⌘S" on a Mac."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def named_in(text: str) -> str:
    """A text with commands' keys in it: "Press Train {train}" is "Press Train (F5)"."""
    for name in _COMMANDS:
        if f"{{{name}}}" in text:
            keys = shown(name)
            text = text.replace(f" {{{name}}}", f" ({keys})" if keys else "")
    return text


def are_chosen(name: str) -> bool:
    """Whether a command's keys are not those that it came with."""
    return name in _chosen


def choose(name: str, keys: Sequence[str]) -> None:
    """Give a command these keys in the place of those that it has."""
    if tuple(keys) == _COMMANDS[name].shortcuts:
        _chosen.pop(name, None)
    else:
        _chosen[name] = tuple(keys)
    changed.emit()


def take_away(name: str, key: str) -> None:
    """Let a command have that key no longer."""
    choose(name, [kept for kept in of(name) if kept != key])


def reset(name: str | None = None) -> None:
    """Give a command, or every one, the keys that it came with."""
    if name is None:
        _chosen.clear()
    else:
        _chosen.pop(name, None)
    changed.emit()


def holder(key: str, name: str) -> Command | None:
    """The other command that has that key and could be meant by it where `name` listens."""
    place = _COMMANDS[name].where
    for command in COMMANDS:
        meets = not place or not command.where or place == command.where
        if command.name != name and meets and key in of(command.name):
            return command
    return None


def why_not(key: str, name: str) -> str:
    """Why a command cannot have that key, in a sentence; "" if it can."""
    if key in _COMMANDS[name].shortcuts or key not in _KEPT_FREE:
        return ""
    return f"{as_written(key)} cannot be a shortcut: fields, lists and buttons need it themselves"


def restore(settings: QSettings) -> None:
    """Take up the keys that were chosen before; what cannot be read is passed over."""
    _chosen.clear()
    _chosen.update(_read(str(settings.value(_SETTING, "{}"))))
    changed.emit()


def store(settings: QSettings) -> None:
    """Keep the keys that were chosen for the next start."""
    settings.setValue(_SETTING, json.dumps(_chosen))


def _read(text: str) -> dict[str, tuple[str, ...]]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    known = ((n, k) for n, k in found.items() if n in _COMMANDS and isinstance(k, list))
    return {name: tuple(filter(_is_key, keys)) for name, keys in known}


def _is_key(key: object) -> bool:
    return isinstance(key, str) and not QKeySequence(key).isEmpty()
