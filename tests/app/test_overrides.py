"""A mistake in an override of a Qt method ends no process: it is told."""

import subprocess
import sys

import pytest

PROGRAM = """
import os, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from explorer.app.mistakes import tell_of_mistakes
from explorer.app.overrides import guard_overrides

class Wrong(QWidget):
    def moveEvent(self, event):
        [].pop()
    def resizeEvent(self, event):
        int("words")

class Toast:
    told = []
    def tell(self, sentence, refused):
        self.told.append(sentence)

app = QApplication([])
guard_overrides()
guard_overrides()
toast = Toast()
tell_of_mistakes(toast)
widget = Wrong()
widget.show()
QTimer.singleShot(20, lambda: widget.move(7, 7))
QTimer.singleShot(40, lambda: widget.resize(70, 70))
QTimer.singleShot(200, app.quit)
app.exec()
sys.stdout.write("\\n".join(toast.told))
sys.stdout.flush()
os._exit(0)
"""


@pytest.fixture(scope="module")
def told() -> str:
    found = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    return found.stdout


@pytest.mark.parametrize(
    "mistake", ["IndexError: ", "ValueError: "], ids=["raised by a list", "raised by a number"]
)
def test_the_window_goes_on_and_says_what_to_do(told, mistake):
    assert f"the program made a mistake ({mistake}" in told
    assert "save, then start anew" in told
