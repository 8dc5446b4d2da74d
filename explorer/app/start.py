"""Starting the program with a window."""

import gc
import os
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from explorer.app.main_window import MainWindow
from explorer.app.menus import use_theme
from explorer.app.worker import has_left_behind
from explorer.graph import examples


def start(path: Path | None = None) -> int:
    """Open the window with a file or the first starter graph; the exit code when it closes."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    QCoreApplication.setOrganizationName("Backprop Explorer")
    QCoreApplication.setApplicationName("Backprop Explorer")
    settings = QSettings()
    use_theme(str(settings.value("theme", "auto")))
    window = open_window(settings, path)
    window.show()
    gc.freeze()  # what is there now stays, so that collecting the rest takes no time
    _let_ctrl_c_close(window)
    code = app.exec()
    if has_left_behind():
        os._exit(code)
    return code


def open_window(settings: QSettings, path: Path | None = None) -> MainWindow:
    """A window with that file open, or the first starter graph."""
    window = MainWindow(settings)
    window.files.open_example(examples.FIRST)
    if path is not None:
        window.files.open(path)
    return window


def _let_ctrl_c_close(window: MainWindow) -> None:
    """Python runs its signal handlers only between Python code, so some must run now and then."""
    signal.signal(signal.SIGINT, lambda *_: window.close())
    timer = QTimer(window)
    timer.timeout.connect(lambda: None)
    timer.start(250)
