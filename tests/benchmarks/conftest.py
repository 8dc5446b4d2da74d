"""Rows of the performance table: printed as they are measured, kept nowhere.

`pytest tests/benchmarks -m benchmark_row` prints the table. Without a screen it needs none.
"""

import os
import sys
from collections.abc import Callable, Iterator

import pytest
import torch

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
def row(capsys: pytest.CaptureFixture[str]) -> Row:
    """`row(name, ours, peer, ratio)` prints one row of the table, past pytest's capture."""

    def show(name: str, ours: str, peer: str, ratio: str) -> None:
        figures = "".join(f"{figure:>{_FIGURE}}" for figure in (ours, peer, ratio))
        with capsys.disabled():
            sys.stdout.write(f"\n{name:<{_NAME}}{figures}")

    return show
