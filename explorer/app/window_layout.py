"""How large the window is and where its panels stand: at first, and as it was left."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDockWidget

if TYPE_CHECKING:
    from explorer.app.main_window import MainWindow

_SIZE = QSize(1440, 900)
_OF_THE_SCREEN = 0.94
_ENOUGH, _SHARE = QSize(760, 340), 0.45
"""How large a panel is that is made room for, and which share of the window's height."""
_LEFT, _RIGHT, _RIGHT_SHARE, _NARROWEST_RIGHT = 190, 340, 0.27, 290
_BOTTOM, _BOTTOM_SHARE, _LOWEST_BOTTOM = 290, 0.33, 150


def restore(window: "MainWindow") -> None:
    """Lay the window out as it was left, or as it is at first."""
    geometry, panels = window.settings.value("geometry"), window.settings.value("panels")
    if layout := window.layout():
        layout.activate()  # or the window stays as wide as it was before it had tabs
    if isinstance(geometry, QByteArray):
        window.restoreGeometry(geometry)
    else:
        _lay_out_first(window)
    if isinstance(panels, QByteArray):
        window.restoreState(panels)
    if isinstance(geometry, QByteArray) and layout:
        layout.activate()  # panels that were closed need no room
        window.restoreGeometry(geometry)


def keep(window: "MainWindow") -> None:
    """Keep the layout for the next start."""
    window.settings.setValue("geometry", window.saveGeometry())
    window.settings.setValue("panels", window.saveState())


def make_room(window: "MainWindow", dock: QDockWidget) -> None:
    """Give a panel at the foot enough of the window to look into; what is large enough stays."""
    if dock.isFloating():
        return
    if dock.height() < _ENOUGH.height():
        high = max(_ENOUGH.height(), round(window.height() * _SHARE))
        window.resizeDocks([dock], [high], Qt.Orientation.Vertical)
    code = window.docks["Code"]
    both = dock.width() + code.width()
    if dock.width() < _ENOUGH.width() and code.isVisible() and not code.isFloating():
        wide = min(_ENOUGH.width(), round(both * 0.7))
        window.resizeDocks([dock, code], [wide, both - wide], Qt.Orientation.Horizontal)


def _lay_out_first(window: "MainWindow") -> None:
    size = _SIZE.boundedTo(_room(window))
    window.resize(size)
    docks, across = window.docks, Qt.Orientation.Horizontal
    right = min(max(int(size.width() * _RIGHT_SHARE), _NARROWEST_RIGHT), _RIGHT)
    window.resizeDocks([docks["Layers"], docks["Inspector"]], [_LEFT, right], across)
    window.resizeDocks([docks["Curves"], docks["Code"]], [580, 520], across)
    bottom = min(max(int(size.height() * _BOTTOM_SHARE), _LOWEST_BOTTOM), _BOTTOM)
    window.resizeDocks([docks["Curves"]], [bottom], Qt.Orientation.Vertical)


def _room(window: "MainWindow") -> QSize:
    """How large a window the screen has room for; one that nobody sees has no end."""
    if QGuiApplication.platformName() in ("offscreen", "minimal"):
        return _SIZE
    return window.screen().availableGeometry().size() * _OF_THE_SCREEN
