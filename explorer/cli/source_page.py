"""`code`: a graph as a page of Python."""

import sys
from collections.abc import Callable

from rich.syntax import Syntax

from explorer.cli import files, lines, tables
from explorer.cli.files import Source
from explorer.cli.forms import Form
from explorer.program import compile


def print_code(file: str, form: Form, json: bool) -> int:
    """Print a graph's page: highlighted on a terminal, ready to run where it is piped."""
    page = _WRITERS[form](files.read(file))
    if json:
        lines.print_json({"file": file, "as": form.value, "source": page})
    else:
        _show(page)
    return 0


def _show(page: str) -> None:
    if not sys.stdout.isatty():
        sys.stdout.write(page)
        return
    # Lines stay as long as they are: whoever copies them off the screen can run them.
    text = Syntax("", "python", theme="ansi_dark").highlight(page)
    tables.console().print(text, soft_wrap=True, end="")


def _program(source: Source) -> str:
    return compile(source.graph, name=source.name).source


_WRITERS: dict[Form, Callable[[Source], str]] = {Form.PROGRAM: _program}
