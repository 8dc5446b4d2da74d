"""Tables for people: colour on a terminal, clean text anywhere else."""

import os

from rich import box
from rich.console import Console
from rich.table import Table


class _Console(Console):
    def on_broken_pipe(self) -> None:
        # Called while the BrokenPipeError is handled; rich would end the program by itself.
        raise


def console(stderr: bool = False) -> Console:
    """A console that takes [brackets] and :colons: for what they are, and heeds NO_COLOR."""
    return _Console(
        stderr=stderr,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        markup=False,
        highlight=False,
        emoji=False,
    )


def table(*headings: str, numbers: tuple[str, ...] = ()) -> Table:
    """An empty table; the columns of `numbers` are set right."""
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for heading in headings:
        made.add_column(heading, justify="right" if heading in numbers else "left")
    return made


def show(made: Table) -> None:
    console().print(made)
