"""What the commands need of rooms that they may not enter."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from explorer.graph import Graph


@dataclass(frozen=True)
class Parts:
    """Handed in by main.py; each imports Qt when called, and not before.

    open_window(path, or None for the starter graph) -> the exit code, once it is closed
    draw(graph, path) writes a .png, .svg or .pdf; FileError says why it could not
    """

    open_window: Callable[[Path | None], int]
    draw: "Callable[[Graph, Path], None]"


def why_without_qt(error: ImportError) -> str | None:
    """Why Qt cannot be imported: it, or a system library of its, is missing. None otherwise."""
    package = (error.name or "").partition(".")[0]
    return str(error) if package in ("PySide6", "shiboken6", "pyqtgraph") else None
