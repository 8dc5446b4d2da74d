"""A list of things to choose from over the window: type a few letters, and press Enter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from explorer.app import matching, theme
from explorer.app.choice_rows import ABOUT, CHOICE, QUERY, ChoicePainter
from explorer.app.matching import Words
from explorer.app.popup import Popup

_WIDTH, _ROWS_SHOWN = 620, 12
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_PAGES = {Qt.Key.Key_PageDown: _ROWS_SHOWN, Qt.Key.Key_PageUp: -_ROWS_SHOWN}


@dataclass(frozen=True)
class Choice:
    """One thing to do. `key` stays the same over starts; `reason` says why it cannot be now."""

    key: str
    text: str
    group: str
    do: Callable[[], object]
    shortcut: str = ""
    reason: str = ""
    others: tuple[str, ...] = ()


class ChoicePopup(Popup):
    """Lists choices in their order; does the one that is chosen, after it has closed.

    Signals:
        chosen(Choice): it is about to be done.
    """

    chosen = Signal(object)

    def __init__(self, owner: QWidget, name: str, prompt: str, offered: Sequence[Choice]):
        super().__init__(owner, name, QApplication.focusWidget())
        self._offered = offered
        self.search, self.list = QLineEdit(), QListWidget()
        self.search.setPlaceholderText(prompt)
        self.search.setAccessibleName(prompt)
        self.list.setAccessibleName(name)
        self._nothing = QLabel()
        self._set_up()
        self._find("")

    def _set_up(self) -> None:
        self.search.setToolTip("Enter does the chosen line, arrow keys move, Esc closes")
        self.search.textChanged.connect(self._find)
        self.search.installEventFilter(self)
        self.list.setItemDelegate(ChoicePainter(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._choose)
        self._nothing.setProperty("role", "soft")
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self._nothing.setMargin(theme.MARGIN)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        box.setSpacing(theme.SPACING)
        box.addWidget(self.search)
        box.addWidget(self._nothing)
        box.addWidget(self.list)
        box.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)

    def open_over(self, window: QWidget) -> None:
        """Open below the upper edge of a window, in its middle."""
        width = min(_WIDTH, window.width() - 24)
        self.search.setFixedWidth(width - 2 * theme.MARGIN)
        left = (window.width() - width) // 2
        self.move(window.mapToGlobal(QPoint(left, min(64, window.height() // 10))))
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot(str)
    def _find(self, query: str) -> None:
        self.list.clear()
        for choice, why in matching.best(query, self._offered, _words):
            self.list.addItem(_row(choice, query, why))
        count = self.list.count()
        self.list.setCurrentRow(0)
        self.list.setFixedHeight(self.list.sizeHintForRow(0) * min(count, _ROWS_SHOWN) + 2)
        self.list.setVisible(count > 0)
        self._nothing.setVisible(count == 0)
        self._nothing.setText(f"Nothing matches “{query.strip()}”. Esc closes.")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.list.currentItem())
                return True
            if key in _STEPS:
                self._step(_STEPS[key])
                return True
            if key in _PAGES:
                last = self.list.count() - 1
                self.list.setCurrentRow(min(max(self.list.currentRow() + _PAGES[key], 0), last))
                return True
        return super().eventFilter(watched, event)

    def _step(self, by: int) -> None:
        if self.list.count():
            self.list.setCurrentRow((self.list.currentRow() + by) % self.list.count())

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem | None) -> None:
        choice = item.data(CHOICE) if item is not None else None
        if choice is None or choice.reason or not self.isVisible():
            return
        self.chosen.emit(choice)
        self.close()
        choice.do()


def _words(choice: Choice) -> Words:
    return Words(choice.text, choice.group, choice.others)


def _row(choice: Choice, query: str, why: str) -> QListWidgetItem:
    item = QListWidgetItem(choice.text)
    item.setData(CHOICE, choice)
    item.setData(QUERY, query)
    item.setData(ABOUT, choice.reason or why or choice.group)
    why_not = f"cannot be used now: {choice.reason}" if choice.reason else ""
    spoken = filter(None, (choice.text, choice.group, choice.shortcut, why_not))
    item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(spoken))
    item.setToolTip(choice.reason or next(iter(choice.others), choice.group))
    return item
