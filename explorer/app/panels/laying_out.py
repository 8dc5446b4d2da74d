"""Many changes of a panel, and one layout of it behind them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QWidget


@contextmanager
def laid_out_once(widgets: Iterable[QWidget]) -> Iterator[None]:
    """Their own layouts wait: Qt goes through all of them for each child that comes or goes."""
    layouts = [layout for widget in widgets if (layout := widget.layout()) is not None]
    for layout in layouts:
        layout.setEnabled(False)
    try:
        yield
    finally:
        for layout in layouts:
            layout.setEnabled(True)
