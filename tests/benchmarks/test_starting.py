"""From nothing to the first window, against a bare `import torch`."""

import os
import subprocess
import sys
from statistics import median
from time import perf_counter

import pytest

ROUNDS = 5
TORCH = "import os, torch; os._exit(0)"
WINDOW = """
import os
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from explorer.app.start import {show}
app = QApplication([])
window = {show}(QSettings("/nowhere/settings.ini", QSettings.Format.IniFormat))
app.processEvents()
os._exit(0)
"""


def seconds(code: str) -> float:
    start = perf_counter()
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, capture_output=True)
    return perf_counter() - start


@pytest.mark.benchmark_row
@pytest.mark.parametrize(
    "show, what",
    [
        ("show_window", "first window, s, against import torch (<= 1.5x)"),
        ("open_window", "first window with the digits net in it, s, against import torch"),
    ],
)
def test_the_first_window(row, show, what):
    code = WINDOW.format(show=show)
    pairs = [
        (seconds(code), seconds("import torch; import os; os._exit(0)")) for _ in range(ROUNDS)
    ]
    ours, peer = (median(column) for column in zip(*pairs, strict=True))
    row(what, f"{ours:.2f}", f"{peer:.2f}", f"{ours / peer:.2f}x")
