"""A person before the window: presses keys, clicks what is there, reads what is written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QKeySequence, QTextDocumentFragment, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QTabBar,
    QWidget,
)

from ..hand import LEFT, NONE, PATIENCE, Hand

Answer = QMessageBox.StandardButton


class Person:
    """Uses a MainWindow by mouse and keys. `hand` works on its canvas, `told` is all its news."""

    def __init__(self, window, qtbot, monkeypatch):
        self.window = window
        self.qtbot = qtbot
        self.monkeypatch = monkeypatch
        self.told: list[str] = []
        for signal in (
            *(window.controller.message, window.controller.refused),
            *(window.files.told, window.files.refused),
            *(window.view.told, window.view.refused),
        ):
            signal.connect(self.told.append)

    @property
    def graph(self):
        return self.window.document.graph

    @property
    def hand(self) -> Hand:
        return Hand(self.window.view)

    def waits_until(self, holds: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(holds()), timeout=PATIENCE)

    def waits_for_news(self, words: str) -> None:
        """Until the window has told a sentence with these words, since it was last forgotten."""
        self.waits_until(lambda: any(words in sentence for sentence in self.told))

    # Looking

    def reads(self, part: QWidget) -> str:
        """All words that can be seen there."""
        QApplication.processEvents()
        kinds = (QLabel, QAbstractButton)
        found = [part, *part.findChildren(QWidget)]
        seen = (w for w in found if isinstance(w, kinds) and w.isVisible() and w.text())
        return "\n".join(_plain(widget.text()) for widget in seen)

    def sees(self, words: str, part: QWidget | None = None) -> bool:
        return words in self.reads(part or self.window)

    def has_in_front(self, title: str) -> bool:
        """Whether a panel is the one of its tabs that is shown."""
        return not self.window.docks[title].widget().visibleRegion().isEmpty()

    def toast(self) -> str:
        """The notice at the foot of the canvas, "" while there is none."""
        toast = self.window.toast
        return toast.text() if toast.isVisible() else ""

    def button(self, name: str, part: QWidget) -> QAbstractButton:
        """The one button of that name, as a screen reader tells it."""
        buttons = part.findChildren(QAbstractButton)
        (found,) = (b for b in buttons if b.accessibleName() == name)
        return found

    def field(self, name: str, part: QWidget) -> QWidget:
        """The control of a setting; the newest where a form was just made anew."""
        return part.findChildren(QWidget, name)[-1]

    def labelled(self, name: str, part: QWidget, kind: type = QWidget) -> QWidget:
        """What a screen reader calls by that name."""
        (found,) = (w for w in part.findChildren(kind) if w.accessibleName() == name)
        return found

    # Keys

    def presses(self, *keys: str) -> None:
        """Press key sequences, one after the other, wherever the focus is."""
        for sequence in keys:
            QTest.keySequence(QApplication.focusWidget() or self.window, QKeySequence(sequence))

    def types(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), text)

    def fills(self, field: QWidget, text: str, then: str = "Return") -> None:
        """Click into a field, put a text in the place of what it holds, and press Enter."""
        target = field.findChild(QLineEdit) if type(field).__name__ == "FileField" else field
        QTest.mouseClick(target, LEFT)
        self.presses("Ctrl+A")
        self.types(text)
        if then:
            self.presses(then)
        QApplication.processEvents()

    # The mouse

    def clicks(self, widget: QWidget, at: QPoint | None = None) -> None:
        QTest.mouseClick(widget, LEFT, NONE, at or widget.rect().center())

    def double_clicks(self, widget: QWidget, at: QPoint) -> None:
        QTest.mouseClick(widget, LEFT, NONE, at)
        QTest.mouseDClick(widget, LEFT, NONE, at)

    def turns_wheel(self, widget: QWidget, clicks: int) -> None:
        at = QPointF(widget.rect().center())
        turn, none = QPoint(0, 120 * clicks), Qt.MouseButton.NoButton
        phase = Qt.ScrollPhase.NoScrollPhase
        where = widget.mapToGlobal(at)
        event = QWheelEvent(at, where, QPoint(), turn, none, NONE, phase, False)
        QApplication.sendEvent(widget, event)

    def opens(self, title: str) -> None:
        """Click a panel's tab."""
        for bar in self.window.findChildren(QTabBar):
            for tab in range(bar.count()):
                if bar.tabText(tab).startswith(title) and bar.isVisible():
                    self.clicks(bar, bar.tabRect(tab).center())
                    return
        raise AssertionError(f"there is no tab {title}")

    def picks(self, box: QComboBox, words: str) -> None:
        """Open a list of choices and take the one that starts with these words."""
        self.clicks(box)
        view, row = box.view(), next(i for i in range(box.count()) if words in box.itemText(i))
        self.waits_until(view.isVisible)
        while (now := view.currentIndex().row()) != row:
            QTest.keyClick(view, Qt.Key.Key_Down if now < row else Qt.Key.Key_Up)
        QTest.keyClick(view, Qt.Key.Key_Return)
        self.waits_until(lambda: not view.isVisible())
        self.comes_back()
        QApplication.processEvents()

    def chooses(self, *path: str) -> None:
        """Click through the menus: chooses("File", "Examples", "spiral")."""
        bar = self.window.menuBar()
        top = next(action for action in bar.actions() if _plain_title(action.text()) == path[0])
        self.clicks(bar, bar.actionGeometry(top).center())
        above: QWidget | None = None
        for words in path[1:]:
            self.waits_until(lambda above=above: _open_menu() not in (None, above))
            menu = above = _open_menu()
            action = next(a for a in menu.actions() if a.text().startswith(words))
            self.clicks(menu, menu.actionGeometry(action).center())
        self.comes_back()

    def comes_back(self) -> None:
        """Have the keyboard again, as a window manager gives it back when a popup closes."""
        if QApplication.activePopupWidget() is None:
            self.window.activateWindow()
            self.waits_until(lambda: QApplication.activeWindow() is self.window)

    def lists_menu(self, *path: str) -> list[str]:
        """What a menu holds, read off the open menu, which is then closed."""
        self.chooses(*path)
        self.waits_until(lambda: (menu := _open_menu()) and _plain_title(menu.title()) == path[-1])
        menu = _open_menu()
        words = [action.text() for action in menu.actions() if not action.isSeparator()]
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        self.comes_back()
        return words

    def right_clicks(self, at: QPoint, choice: str = "", on: QWidget | None = None) -> list[str]:
        """Ask for the menu of the canvas, or of a widget, and take a choice; what it offers."""
        offered: list[str] = []

        def act() -> None:
            menu = QApplication.activePopupWidget()
            offered.extend(action.text() for action in menu.actions())
            if choice:
                action = next(a for a in menu.actions() if a.text() == choice)
                self.clicks(menu, menu.actionGeometry(action).center())
            else:
                QTest.keyClick(menu, Qt.Key.Key_Escape)

        asked = on or self.window.view.viewport()
        with _while_open(QMenu, act):
            where = asked.mapToGlobal(at)
            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, where)
            QApplication.sendEvent(asked, event)
        self.comes_back()
        return offered

    # Dialogs

    @contextmanager
    def answering(self, answer: Answer) -> Iterator[list[str]]:
        """Answer the one question that comes up by a click; yields what was asked."""
        asked: list[str] = []

        def act() -> None:
            box = QApplication.activeModalWidget()
            asked.append(box.text())
            self.clicks(box.button(answer))

        with _while_open(QMessageBox, act):
            yield asked
        assert len(asked) == 1
        if self.window.isVisible():
            self.comes_back()

    def will_name(self, path: Path | str, kind: str = "") -> list[str]:
        """Answer the next file dialogs with that path, "" to cancel; what they suggested."""
        suggested: list[str] = []

        def ask(parent, title: str, start: str = "", kinds: str = "") -> tuple[str, str]:
            suggested.append(start)
            return str(path), kind

        for name in ("getOpenFileName", "getSaveFileName"):
            self.monkeypatch.setattr(QFileDialog, name, staticmethod(ask))
        return suggested

    # What is done again and again

    def trains_until(self, steps: int) -> None:
        """Set off, or go on, until so many steps are trained."""
        self.presses("F5")
        self.waits_until(lambda: self.window.controller.steps >= steps)

    def pauses(self) -> None:
        self.presses("F5")
        self.waits_until(lambda: self.button_says("Continue"))

    def button_says(self, words: str) -> bool:
        """Whether the training panel's big button is that."""
        found = self.window.training.findChildren(QAbstractButton)
        return any(button.text() == words for button in found)

    def opens_example(self, name: str) -> None:
        self.chooses("File", "Examples", name)
        self.waits_until(lambda: self.window.windowTitle().startswith(name))

    def opens_graph(self, graph, path: Path) -> None:
        """Open a graph as a file."""
        graph.save(path)
        self.will_name(path)
        self.presses("Ctrl+O")
        self.waits_until(lambda: self.window.document.path == path)

    def saves_weights(self, path: Path) -> bytes:
        """Save the weights by the menu; what the file holds."""
        self.will_name(path)
        self.chooses("File", "Save weights")
        self.waits_for_news(f"Weights saved to {path}")
        return path.read_bytes()


def _plain_title(title: str) -> str:
    """A menu's title without the mark of the letter that opens it."""
    return title.replace("&", "")


def _open_menu() -> QMenu | None:
    popup = QApplication.activePopupWidget()
    return popup if isinstance(popup, QMenu) else None


@contextmanager
def _while_open(kind: type, act: Callable[[], None]) -> Iterator[None]:
    """Act as soon as a window of that kind is open; one that is left open is closed."""

    def look() -> None:
        found = QApplication.activeModalWidget() or QApplication.activePopupWidget()
        if isinstance(found, kind) and found.isVisible():
            timer.stop()
            try:
                act()
            finally:
                if found.isVisible():
                    found.close()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(5)
    try:
        yield
    finally:
        timer.stop()


def _plain(text: str) -> str:
    return QTextDocumentFragment.fromHtml(text).toPlainText() if text.startswith("<") else text
