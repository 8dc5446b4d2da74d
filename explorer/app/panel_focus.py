"""The keyboard's way between the canvas and the panels around it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget

from explorer.app.command import CANVAS

if TYPE_CHECKING:
    from explorer.app.main_window import MainWindow


class PanelFocus:
    """Gives the keyboard to parts of a window by their titles."""

    def __init__(self, window: "MainWindow"):
        self._window = window

    def go_to(self, title: str) -> None:
        """Show a panel, bring it to the front and give it the keyboard."""
        if title == CANVAS:
            self._window.middle.show_canvas()
            self._window.middle.take_keyboard()
            return
        dock = self._window.docks[title]
        dock.show()
        dock.raise_()
        if dock.isFloating():
            dock.activateWindow()
        _first_to_type_in(dock).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def next(self) -> None:
        """Give the keyboard to the part that comes next."""
        self._step(1)

    def previous(self) -> None:
        """Give the keyboard to the part that comes before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        shown = self._shown()
        now = self._current()
        at = shown.index(now) if now in shown else 0
        title = shown[(at + by) % len(shown)]
        if title == CANVAS:
            self._window.middle.take_keyboard()
        else:
            self.go_to(title)

    def _shown(self) -> list[str]:
        """The canvas, and the panels that can be seen: by columns, from the top down."""
        parts = {CANVAS: self._window.centralWidget()}
        for title, dock in self._window.docks.items():
            if not dock.widget().visibleRegion().isEmpty():
                parts[title] = dock
        return sorted(parts, key=lambda title: _place(parts[title]))

    def _current(self) -> str:
        focused = QApplication.focusWidget()
        for title, dock in self._window.docks.items():
            if focused is dock or (focused is not None and dock.isAncestorOf(focused)):
                return title
        return CANVAS


def _place(part: QWidget) -> tuple[int, int]:
    at = part.mapToGlobal(QPoint(0, 0))
    return at.x(), at.y()


def _first_to_type_in(dock: QDockWidget) -> QWidget:
    """The panel's own choice, or its first control, or itself, for those who listen."""
    panel = chosen = dock.widget()
    while proxy := chosen.focusProxy():
        chosen = proxy
    if chosen is not panel and chosen.isVisible():
        return chosen
    # Not nextInFocusChain(), by which PySide takes what follows for a part of what it follows:
    # with that, Python's sides of the whole window would go.
    return next(filter(_takes_keys, panel.findChildren(QWidget)), dock)


def _takes_keys(control: QWidget) -> bool:
    by_tab = control.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(by_tab) and control.isEnabled() and control.isVisible()
