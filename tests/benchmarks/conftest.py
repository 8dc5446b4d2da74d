"""Rows of the performance table: printed as they are measured, kept nowhere.

`pytest tests/benchmarks -m benchmark_row` prints the table. Without a screen it needs none.
"""

import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
import torch
from PySide6.QtCore import QSettings

if TYPE_CHECKING:
    from explorer.app.main_window import MainWindow

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

Row = Callable[[str, str, str, str], None]
_NAME, _FIGURE = 68, 12
"""Characters for what was measured, and for each figure."""


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Ours and its peer on as many threads: the one that nets as small as these are worth."""
    usual = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(usual)


@pytest.fixture
def window(qapp, qtbot, tmp_path) -> Iterator["MainWindow"]:
    """The program's window, with settings of its own."""
    from explorer.app import theme
    from explorer.app.start import open_window

    theme.apply(qapp, theme.LIGHT)
    window = open_window(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    qtbot.waitExposed(window)
    yield window
    window.document.graph.history.mark_saved()
    window.close()


@pytest.fixture
def row(capsys: pytest.CaptureFixture[str]) -> Row:
    """`row(name, ours, peer, ratio)` prints one row of the table, past pytest's capture."""

    def show(name: str, ours: str, peer: str, ratio: str) -> None:
        figures = "".join(f"{figure:>{_FIGURE}}" for figure in (ours, peer, ratio))
        with capsys.disabled():
            sys.stdout.write(f"\n{name:<{_NAME}}{figures}")

    return show
