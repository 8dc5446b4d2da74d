"""The real window as a first start shows it, and a person before it."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication

from explorer.app import theme
from explorer.app.main_window import MainWindow
from explorer.app.start import open_window
from explorer.graph import Graph
from tests import nets

from .person import Person
from .tinkerer import Tinkerer

_EPOCHS = 100_000
NO_FAULT = ("This plugin does not support",)
"""What the offscreen platform says of itself."""


@pytest.fixture(scope="session", autouse=True)
def in_daylight(qapp) -> None:
    """The light theme, put on once: it takes a while."""
    theme.apply(qapp, theme.LIGHT)


@pytest.fixture
def settings(tmp_path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def open_it(qtbot, settings) -> Iterator[Callable[..., MainWindow]]:
    """Opens windows, which close at the end without a question."""
    opened: list[MainWindow] = []

    def open_it(path=None) -> MainWindow:
        window = open_window(settings, path)
        opened.append(window)
        window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
        window.view.setFocus()
        if path is None:
            _last(window)
        return window

    yield open_it
    for window in opened:
        _close(window)


def _last(window: MainWindow) -> None:
    """Let a run of the first starter graph go on until a test ends it, however slow the window."""
    graph = window.document.graph
    graph.train_with(epochs=_EPOCHS)
    graph.history.clear()
    graph.history.mark_saved()
    window.show_document()


def _close(window: MainWindow) -> None:
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    window.document.graph.history.mark_saved()
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(open_it) -> MainWindow:
    return open_it()


@pytest.fixture
def person(window, qtbot, monkeypatch) -> Person:
    return Person(window, qtbot, monkeypatch)


@pytest.fixture
def tinkerer(person) -> Tinkerer:
    return Tinkerer(person)


@pytest.fixture(autouse=True)
def no_complaints(qtlog, caplog) -> Iterator[None]:
    """No journey may make Qt warn, or the program log an error."""
    yield
    warnings = [r.message for r in qtlog.records if not r.message.startswith(NO_FAULT)]
    assert warnings == []
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


@pytest.fixture
def no_folder(tmp_path) -> Path:
    """A folder that nothing can be written to, whoever runs the tests: it is a file."""
    path = tmp_path / "no_folder"
    path.write_text("a file", encoding="utf-8")
    return path


@pytest.fixture
def residual() -> Graph:
    """A net with a skip connection: relu1 is read twice, so its gradients are added up."""
    graph = nets.residual()
    graph.train_with(epochs=5)
    graph.history.clear()
    return graph
