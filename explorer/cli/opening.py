"""No command: the window, or, where there can be none, training in the terminal."""

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

from explorer.cli import lines
from explorer.cli.parts import Parts, why_without_qt


def open_window(file: str | None, parts: Parts) -> int:
    """Open the window, with a graph if one is named. Without a display, train it right here."""
    path = None if file is None else _readable(file)
    why = why_without_display()
    if why is None:
        try:
            return parts.open_window(path)
        except ImportError as error:
            if (why := why_without_qt(error)) is None:
                raise
    from explorer.cli.training import train_graph
    from explorer.graph import examples

    name = file or examples.FIRST
    lines.say(f"The window cannot open ({why}); {name} is trained here in the terminal instead.")
    return train_graph(name)


def _readable(file: str) -> Path:
    """The path of a file that can be opened; FileError says why one cannot."""
    from explorer.cli import files

    return files.read(file).path


def why_without_display() -> str | None:
    """Why no window can be shown, or None where one can."""
    if sys.platform in ("win32", "darwin"):
        return None
    if any(os.environ.get(name) for name in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        return None
    if display := os.environ.get("DISPLAY"):
        return None if _answers(display) else f"no X server answers at DISPLAY={display}"
    return "there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set"


def _answers(display: str) -> bool:
    """Whether an X server of this machine answers; another machine's is left to Qt to find."""
    host, _, screen = display.rpartition(":")
    if host not in ("", "unix"):
        return True
    path = f"/tmp/.X11-unix/X{screen.partition('.')[0]}"
    for address in (f"\0{path}", path):
        with socket.socket(socket.AF_UNIX) as connection, suppress(OSError):
            connection.connect(address)
            return True
    return False
