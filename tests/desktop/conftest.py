"""The real window on a real X server, with a hand that xdotool moves.

Uses the screen that DISPLAY names, or starts Xvfb. Nothing here skips: without Xvfb or xdotool
these tests fail and say what to install.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator

import pytest

SCREEN = (1600, 1000)


def pytest_configure(config: pytest.Config) -> None:
    """Qt reads these when the application starts, which is before any fixture runs."""
    if config.getoption("markexpr") != "desktop":
        return
    if not os.environ.get("DISPLAY"):
        os.environ["DISPLAY"] = _start_screen()
    os.environ["QT_QPA_PLATFORM"] = "xcb"


def _start_screen() -> str:
    for tool in ("Xvfb", "xdotool"):
        if shutil.which(tool) is None:
            raise pytest.UsageError(f"{tool} is missing: apt-get install xvfb xdotool")
    size = "x".join(map(str, (*SCREEN, 24)))
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    return f":{server.stdout.readline().strip()}"


class Hand:
    """Moves the real pointer and presses real keys; the window lives on meanwhile."""

    def __init__(self, qtbot):
        self._qtbot = qtbot

    def do(self, *words: object) -> None:
        """One xdotool command line, to its end, with the window's events going on."""
        process = subprocess.Popen(["xdotool", *map(str, words)])
        self._qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
        assert process.returncode == 0, f"xdotool {words} failed"
        self._qtbot.wait(60)

    def move(self, to) -> None:
        self.do("mousemove", to.x(), to.y())

    def click(self, at, times: int = 1) -> None:
        self.do("mousemove", at.x(), at.y(), "sleep", 0.05, "click", "--repeat", times, 1)

    def drag(self, start, end) -> None:
        """Press, move in small steps as a hand does, and release."""
        words: list[object] = ["mousemove", start.x(), start.y(), "sleep", 0.05, "mousedown", 1]
        for share in (0.02, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1, 1):
            at = start + (end - start) * share
            words += ["sleep", 0.03, "mousemove", at.x(), at.y()]
        self.do(*words, "sleep", 0.08, "mouseup", 1)

    def key(self, *keys: str) -> None:
        self.do("key", *keys)

    def type(self, text: str) -> None:
        self.do("type", text)


@pytest.fixture
def hand(qtbot) -> Hand:
    return Hand(qtbot)


@pytest.fixture
def window(qapp, qtbot, tmp_path) -> Iterator:
    """The window as a first start shows it, with the keyboard's focus."""
    from PySide6.QtCore import QSettings

    from explorer.app import theme
    from explorer.app.start import open_window

    theme.apply(qapp, theme.LIGHT)
    window = open_window(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    qtbot.waitExposed(window)
    subprocess.run(["xdotool", "windowfocus", str(int(window.winId()))], check=True)
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    window.document.graph.history.mark_saved()
    window.close()


@pytest.fixture
def picture(tmp_path_factory) -> Callable[[str], None]:
    """Keeps a screenshot where a person can look at it: SCREENSHOTS names the folder."""
    from PySide6.QtGui import QGuiApplication

    folder = os.environ.get("SCREENSHOTS")

    def take(name: str) -> None:
        if folder:
            QGuiApplication.primaryScreen().grabWindow(0).save(f"{folder}/{name}.png")

    return take
