"""From nothing to the first window, against a bare `import torch`."""

import os
import subprocess
import sys
from statistics import median
from time import perf_counter

import pytest

ROUNDS = 5
TORCH = "import os, torch; os._exit(0)"
SPLASH = """
import os
from explorer.app.splash import show_splash
splash = show_splash()
os._exit(0)
"""
WINDOW = """
import os
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from explorer.app.splash import show_splash
splash = show_splash()
from explorer.app.start import {show}
window = {show}(QSettings("/nowhere/settings.ini", QSettings.Format.IniFormat))
splash.close()
QApplication.processEvents()
os._exit(0)
"""
BYTECODE = "PYTHONDONTWRITEBYTECODE"
"""Where it is set, each start compiles every file anew, which no installed program does."""


def seconds(code: str) -> float:
    start = perf_counter()
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    environment.pop(BYTECODE, None)
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, capture_output=True)
    return perf_counter() - start


@pytest.mark.benchmark_row
@pytest.mark.parametrize(
    "code, what",
    [
        (SPLASH, "first sight of the program, s, against import torch (<= 0.5x)"),
        (WINDOW.format(show="show_window"), "first window, s, against import torch (<= 1.5x)"),
        (
            WINDOW.format(show="open_window"),
            "first window with the digits net in it, s, against import torch",
        ),
    ],
)
def test_starting(row, code, what):
    seconds(code)
    pairs = [(seconds(code), seconds(TORCH)) for _ in range(ROUNDS)]
    ours, peer = (median(column) for column in zip(*pairs, strict=True))
    row(what, f"{ours:.2f}", f"{peer:.2f}", f"{ours / peer:.2f}x")
