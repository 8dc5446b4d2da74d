"""What the window shows while nothing is worked on: recent files and the starter graphs."""

import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QWidget

from explorer.app import keys, theme
from explorer.app.panels.scroll_page import ScrollPage
from explorer.app.start_page.card import GraphCard, example_card, file_card
from explorer.app.start_page.grid import CardGrid
from explorer.graph import examples

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


class StartPage(ScrollPage):
    """Asks for what is chosen; Esc leaves it.

    Signals:
        new_requested(): begin with an empty canvas.
        open_requested(): ask for a file and open it.
        file_chosen(Path), example_chosen(str): open that.
        left(): back to the canvas as it is.
        shown_at_start_changed(bool): whether the next start begins here.
    """

    new_requested = Signal()
    open_requested = Signal()
    file_chosen = Signal(object)
    example_chosen = Signal(str)
    left = Signal()
    shown_at_start_changed = Signal(bool)

    def __init__(self, shown_at_start: bool):
        super().__init__("Start page", spacing=theme.MARGIN)
        self.column.setContentsMargins(28, 24, 28, 24)
        self._new = _button("New", "Start with an empty canvas", self.new_requested)
        self._open = _button("Open…", "Open a graph from a file", self.open_requested)
        self._back = _button("Back to the canvas", "Leave the start page (Esc)", self.left)
        self._recent_title, self.recent = _heading("Recent"), CardGrid("Recent files")
        self.examples = CardGrid("Starter graphs")
        self._at_start = QCheckBox("Begin here when there is recent work")
        self._at_start.setChecked(shown_at_start)
        self._at_start.setToolTip("Else the program begins with the net for digits")
        self._at_start.setAccessibleName(self._at_start.text())
        self._at_start.toggled.connect(self.shown_at_start_changed)
        self._lay_out()
        keys.changed.connect(self._name_keys)
        theme.changed.connect(self.update)
        self._name_keys()

    def show_files(self, recent: Sequence[Path]) -> None:
        """Picture the files used last and the starter graphs, as they are now."""
        self.recent.show_cards([self._file(path) for path in recent])
        for part in (self._recent_title, self.recent):
            part.setVisible(bool(recent))
        if not self.examples.cards:
            self.examples.show_cards([self._example(name) for name in examples.names()])
        self.verticalScrollBar().setValue(0)

    def take_keyboard(self) -> None:
        """The first card has the keyboard."""
        first = [*self.recent.cards, *self.examples.cards]
        (first[0] if first else self._new).setFocus(Qt.FocusReason.OtherFocusReason)

    def _file(self, path: Path) -> GraphCard:
        card = file_card(path, ago(path.stat().st_mtime, time.time()))
        card.clicked.connect(partial(self._choose_file, path))
        card.installEventFilter(self)
        return card

    def _example(self, name: str) -> GraphCard:
        card = example_card(name)
        card.clicked.connect(partial(self._choose_example, name))
        card.installEventFilter(self)
        return card

    def _choose_file(self, path: Path, checked: bool = False) -> None:
        self.file_chosen.emit(path)

    def _choose_example(self, name: str, checked: bool = False) -> None:
        self.example_chosen.emit(name)

    def _lay_out(self) -> None:
        title = QLabel("Backprop Explorer")
        title.setFont(theme.font(theme.TITLE_SIZE + 7, bold=True))
        words = QLabel("Draw a net, train it, and walk through its backward pass node by node.")
        words.setProperty("role", "soft")
        words.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.MARGIN)
        for button in (self._new, self._open, self._back):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.column.addWidget(title)
        self.column.addWidget(words)
        self.column.addSpacing(4)
        self.column.addLayout(buttons)
        for part in (self._recent_title, self.recent, _heading("Starter graphs"), self.examples):
            self.column.addWidget(part)
        self.column.addSpacing(theme.MARGIN)
        self.column.addWidget(self._at_start)
        self.column.addStretch(1)

    @Slot()
    def _name_keys(self) -> None:
        for button, name in ((self._new, "new"), (self._open, "open")):
            shortcut = keys.shown(name)
            tip = button.accessibleDescription()
            button.setToolTip(f"{tip} ({shortcut})" if shortcut else tip)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self.ensureWidgetVisible(watched, 0, 16)
        return super().eventFilter(watched, event)


def ago(then: float, now: float) -> str:
    """When something was, as people say it: "5 minutes ago", "yesterday", "12 May 2025"."""
    past = max(now - then, 0.0)
    if past < _MINUTE:
        return "just now"
    if past < _HOUR:
        return _counted(past / _MINUTE, "minute")
    if past < _DAY:
        return _counted(past / _HOUR, "hour")
    days = (datetime.fromtimestamp(now).date() - datetime.fromtimestamp(then).date()).days
    if days < 7:
        return "yesterday" if days == 1 else f"{days} days ago"
    day = datetime.fromtimestamp(then)
    return f"{day.day} {day:%B %Y}"


def _counted(number: float, what: str) -> str:
    whole = int(number)
    return f"{whole} {what}{'s' * (whole != 1)} ago"


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setFont(theme.font(theme.TITLE_SIZE, bold=True))
    label.setContentsMargins(0, theme.MARGIN, 0, 0)
    return label


def _button(text: str, tip: str, asks: SignalInstance) -> QPushButton:
    button = QPushButton(text)
    button.setAccessibleName(text.removesuffix("…"))
    button.setAccessibleDescription(tip)
    button.setToolTip(tip)
    button.clicked.connect(asks)
    return button
