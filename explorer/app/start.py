"""Starting the program with a window."""

import gc
import os
import signal
from pathlib import Path

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from explorer.app.main_window import MainWindow
from explorer.app.mistakes import tell_of_mistakes
from explorer.app.overrides import guard_overrides
from explorer.app.worker import has_left_behind
from explorer.graph import examples


def start(splash: QWidget, path: Path | None = None) -> int:
    """Open the window with a file or the first starter graph; the exit code when it closes."""
    window = show_window(QSettings())
    tell_of_mistakes(window.toast)
    splash.close()
    QTimer.singleShot(0, window, lambda: _fill(window, path))
    _let_ctrl_c_close(window)
    code = QApplication.exec()
    if has_left_behind():
        os._exit(code)
    return code


def show_window(settings: QSettings) -> MainWindow:
    """A window, in view, that a graph is about to be opened in."""
    guard_overrides()
    window = MainWindow(settings)
    window.view.expect_graph()
    window.show()
    return window


def open_window(settings: QSettings, path: Path | None = None) -> MainWindow:
    """A window, in view, with that file open, or the first starter graph."""
    window = show_window(settings)
    _open_first(window, path)
    return window


def _open_first(window: MainWindow, path: Path | None) -> None:
    if path is None:
        window.files.open_example(examples.FIRST)
        if window.middle.is_wanted_at_start:
            window.toast.hide()
            window.middle.show_start()
    elif window.files.open(path):
        window.toast.hide()
    else:
        window.files.open(examples.FOLDER / f"{examples.FIRST}.json")  # and the toast says why


def open_in_view(window: MainWindow, path: Path | None) -> None:
    """Open the file, or the first starter graph, in a window that is seen before that.

    torch takes a second to get ready for its first shapes.
    """
    if path is not None:
        window.toast.tell(f"Opening {path.name} …")
    QApplication.processEvents()
    _open_first(window, path)


def _fill(window: MainWindow, path: Path | None) -> None:
    open_in_view(window, path)
    gc.freeze()  # what is there now stays, so that collecting the rest takes no time


def _let_ctrl_c_close(window: MainWindow) -> None:
    """Python runs its signal handlers only between Python code, so some must run now and then."""
    signal.signal(signal.SIGINT, lambda *_: window.close())
    timer = QTimer(window)
    timer.timeout.connect(lambda: None)
    timer.start(250)
