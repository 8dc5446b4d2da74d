"""From nothing to the first window, against a bare `import torch`."""

import os
import subprocess
import sys
from statistics import median
from time import perf_counter

import pytest

ROUNDS = 5
FIRST_WINDOW = """
from pathlib import Path
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication
from explorer.app.start import open_window
app = QApplication([])
window = open_window(QSettings("/nowhere/settings.ini", QSettings.Format.IniFormat))
window.show()
QTimer.singleShot(0, app.quit)
app.exec()
window.close()
"""


def seconds(code: str) -> float:
    start = perf_counter()
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, capture_output=True)
    return perf_counter() - start


@pytest.mark.benchmark_row
def test_the_first_window(row):
    pairs = [(seconds(FIRST_WINDOW), seconds("import torch")) for _ in range(ROUNDS)]
    ours, peer = (median(column) for column in zip(*pairs, strict=True))
    row(
        "first window, s, against import torch (<= 1.5x)",
        f"{ours:.2f}",
        f"{peer:.2f}",
        f"{ours / peer:.2f}x",
    )
