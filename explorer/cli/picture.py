"""`show`: a graph as a picture."""

from pathlib import Path

from explorer.cli import faults, files, lines
from explorer.cli.parts import Parts, why_without_qt


def draw_picture(file: str, out: Path, parts: Parts, json: bool) -> int:
    """Write a graph as .png, .svg or .pdf, by what the name of `out` ends in."""
    graph = files.read(file).graph
    try:
        parts.draw(graph, out)
    except ImportError as error:
        if (why := why_without_qt(error)) is None:
            raise
        lines.complain(f"pictures need Qt, which cannot be loaded here: {why}")
        return faults.FAILED
    if json:
        lines.print_json({"file": file, "picture": str(out)})
    else:
        lines.say(f"Wrote {out}")
    return 0
