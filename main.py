"""Starts the app, or a command; nothing else."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.cli.parts import Parts
from explorer.cli.run import run

if TYPE_CHECKING:
    from explorer.graph import Graph


def open_window(path: Path | None) -> int:
    from explorer.app.splash import show_splash

    splash = show_splash()
    from explorer.app.start import start

    return start(splash, path)


def draw(graph: "Graph", path: Path) -> None:
    from explorer.app.picture import render

    render(graph, path)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], Parts(open_window, draw)))
