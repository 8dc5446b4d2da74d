"""The menu bar and the tool bar, filled from the commands."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QApplication, QMenu, QToolBar

from explorer.app import keys, theme
from explorer.app.actions import COMMANDS, GO_TO
from explorer.app.canvas.bookmarking import KEYS
from explorer.graph import examples

if TYPE_CHECKING:
    from explorer.app.main_window import MainWindow

THEMES = {"auto": "As the system", "light": "Light", "dark": "Dark"}
TOOLS = (
    ("open", "save"),
    ("undo", "redo"),
    ("train", "stop", "reset"),
    ("restart", "step_back", "step", "to_loss", "to_end"),
)


def fill_menu_bar(window: "MainWindow") -> None:
    """One menu for each group of commands, with those that list things put in."""
    menus: dict[str, QMenu] = {}
    for command in (row for row in COMMANDS if row.listed):
        if command.menu not in menus:
            menus[command.menu] = _with_tips(window.menuBar().addMenu(f"&{command.menu}"))
        if command.submenu and command.submenu not in menus:
            menus[command.submenu] = _with_tips(menus[command.menu].addMenu(command.submenu))
        menu = menus[command.submenu or command.menu]
        if command.divider:
            menu.addSeparator()
        menu.addAction(window.actions_by_name[command.name])
    before_save = window.actions_by_name["save"]
    for title, fill in (("Examples", _fill_examples), ("Open recent", _fill_recent)):
        menus["File"].insertMenu(before_save, _listing(window, menus["File"], title, fill))
    _add_themes(window, menus["View"])
    _add_panels(window, menus["View"])
    menus["View"].addMenu(_listing(window, menus["View"], "Bookmarks", _fill_bookmarks))
    _add_go_to(window, menus["View"])


def _with_tips(menu: QMenu) -> QMenu:
    menu.setToolTipsVisible(True)
    return menu


def _listing(
    window: "MainWindow", menu: QMenu, title: str, fill: Callable[["MainWindow", QMenu], None]
) -> QMenu:
    """A menu within another that is filled when it opens."""
    listed = _with_tips(QMenu(title, menu))
    listed.aboutToShow.connect(partial(fill, window, listed))
    return listed


def _fill_bookmarks(window: "MainWindow", menu: QMenu) -> None:
    """Each to go to, and, where there are some, each to be deleted."""
    menu.clear()
    bookmarks = window.view.bookmarks
    listed = bookmarks.listed()
    for number, bookmark in enumerate(listed, 1):
        key = keys.shown(f"bookmark_{number}") if number <= KEYS else ""
        going = menu.addAction(f"{bookmark.label}\t{key}" if key else bookmark.label)
        going.triggered.connect(partial(_visit, window, number))
    if not listed:
        menu.addAction("No bookmarks yet").setEnabled(False)
        return
    deleting = menu.addMenu("Delete")
    for bookmark in listed:
        action = deleting.addAction(bookmark.label)
        action.triggered.connect(partial(_remove_bookmark, window, bookmark.id))


def _visit(window: "MainWindow", number: int, checked: bool = False) -> None:
    window.view.bookmarks.visit(number)


def _remove_bookmark(window: "MainWindow", id: str, checked: bool = False) -> None:
    window.view.bookmarks.remove(id)


def fill_tool_bar(window: "MainWindow") -> QToolBar:
    """The commands used most; in a narrow window without their words."""
    bar = QToolBar("Tools", window)
    bar.setObjectName("Tools")
    bar.setMovable(False)
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    for number, names in enumerate(TOOLS):
        if number:
            bar.addSeparator()
        bar.addActions([window.actions_by_name[name] for name in names])
    window.addToolBar(bar)
    return bar


def _fill_examples(window: "MainWindow", menu: QMenu) -> None:
    """Only when it opens: reading every starter graph takes a while."""
    if not menu.isEmpty():
        return
    for name in examples.names():
        action = menu.addAction(name)
        action.setToolTip(examples.about(examples.load_example(name)))
        action.triggered.connect(partial(_open_example, window, name))


def _open_example(window: "MainWindow", name: str, checked: bool = False) -> None:
    window.files.open_example(name)


def _fill_recent(window: "MainWindow", menu: QMenu) -> None:
    menu.clear()
    for path in window.files.recent:
        menu.addAction(str(path)).triggered.connect(partial(_open_recent, window, path))
    if menu.isEmpty():
        menu.addAction("No files yet").setEnabled(False)


def _open_recent(window: "MainWindow", path: Path, checked: bool = False) -> None:
    window.files.open(path)


def _add_themes(window: "MainWindow", menu: QMenu) -> None:
    listed = menu.addMenu("Colours")
    group = QActionGroup(window)
    chosen = str(window.settings.value("theme", "auto"))
    for name, text in THEMES.items():
        action = QAction(text, group, checkable=True, checked=name == chosen)
        action.setData(name)
        listed.addAction(action)
        window.theme_choices[name] = action
    group.triggered.connect(partial(_use_theme, window))


def _use_theme(window: "MainWindow", action: QAction) -> None:
    window.settings.setValue("theme", action.data())
    app = QApplication.instance()
    assert isinstance(app, QApplication), "there is a window, so there is an application"
    theme.use(app, action.data())


def choose_theme(window: "MainWindow", name: str) -> None:
    """Use a theme from now on, as if it were chosen in the menu."""
    window.theme_choices[name].trigger()


def _add_panels(window: "MainWindow", menu: QMenu) -> None:
    listed = menu.addMenu("Panels")
    listed.addActions([dock.toggleViewAction() for dock in window.docks.values()])


def _add_go_to(window: "MainWindow", menu: QMenu) -> None:
    listed = menu.addMenu(GO_TO)
    listed.setToolTipsVisible(True)
    rows = [command.name for command in COMMANDS if command.menu == GO_TO]
    listed.addActions([window.actions_by_name[name] for name in rows])
