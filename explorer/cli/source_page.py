"""`code`: a graph as a page of Python."""

import re
import sys
from pathlib import Path

from rich.syntax import Syntax

from explorer.cli import files, lines, tables
from explorer.cli.forms import Form
from explorer.exchange import pages
from explorer.exchange.page import TITLES, CannotExpress
from explorer.graph.file import write_atomically
from explorer.program import compile


def print_code(file: str, form: Form, out: Path | None, json: bool) -> int:
    """Print a graph's page, or write it: highlighted on a terminal, ready to run elsewhere."""
    source = files.read(file)
    program = compile(source.graph, name=source.name)
    try:
        page = pages.page(source.graph, program, form.value).text
    except CannotExpress as error:
        raise CannotExpress(_by_option(str(error)), error.node) from error
    if out is not None:
        write_atomically(out, page.encode())
    if json:
        told = {"page": str(out)} if out is not None else {"source": page}
        lines.print_json({"file": file, "as": form.value, **told})
    elif out is not None:
        lines.say(f"{source.name} is written to {out}")
    else:
        _show(page)
    return 0


def _by_option(sentence: str) -> str:
    """A sentence in which ways to write a net are called as one asks for them here."""
    for way, title in TITLES.items():
        sentence = re.sub(rf"\b{re.escape(title)}\b", f"--as {way}", sentence)
    return sentence


def _show(page: str) -> None:
    if not sys.stdout.isatty():
        sys.stdout.write(page)
        return
    # Lines stay as long as they are: whoever copies them off the screen can run them.
    text = Syntax("", "python", theme="ansi_dark").highlight(page)
    tables.console().print(text, soft_wrap=True, end="")
