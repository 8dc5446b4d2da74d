"""Where a watch is typed: a line of text that offers names for the word at the cursor."""

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QStringListModel, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from explorer.app import theme
from explorer.program.watching import FUNCTIONS, PROPERTIES

_MOST_SHOWN = 12
_WORD = re.compile(r"[^\W\d][\w.]*$")


class WatchField(QLineEdit):
    """Lists names that hold what is typed; arrow keys choose one, Enter takes it.

    `names` tells what is in scope. With no name chosen Enter means the whole line.
    """

    def __init__(self, names: Callable[[], Sequence[str]], parent: QWidget | None = None):
        super().__init__(parent)
        self._names = names
        self._words = QStringListModel(self)
        self._completer = QCompleter(self._words, self)
        self._completer.setWidget(self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._completer.setMaxVisibleItems(_MOST_SHOWN)
        self._completer.activated.connect(self._take)
        self.textEdited.connect(self._offer)
        self.setFont(theme.code_font())

    @property
    def offered(self) -> list[str]:
        """The words that are listed now."""
        if not self._completer.popup().isVisible():
            return []
        found = self._completer.completionModel()
        return [found.index(row, 0).data() for row in range(found.rowCount())]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif self._completer.popup().isVisible():
            self._enter_in_list(event)
        else:
            super().keyPressEvent(event)
            event.accept()  # or what the field is in would take it for its own

    def _enter_in_list(self, event: QKeyEvent) -> None:
        popup = self._completer.popup()
        if popup.currentIndex().isValid():
            # The list takes the key itself, once the field has refused it.
            event.ignore()
            return
        popup.hide()
        # It comes again as if there had been no list, past whoever listens to the field.
        kind, key, keys = event.type(), Qt.Key(event.key()), event.modifiers()
        QCoreApplication.sendEvent(self, QKeyEvent(kind, key, keys, event.text()))

    @property
    def _word(self) -> str:
        """What of a name stands before the cursor."""
        found = _WORD.search(self.text()[: self.cursorPosition()])
        return found.group() if found else ""

    @Slot()
    def _offer(self) -> None:
        word = self._word
        names = list(self._names())
        whose = word.rpartition(".")[0]
        if whose in names:
            names = [
                *(name for name in names if name.startswith(f"{whose}.")),
                *(f"{whose}.{each}()" for each in FUNCTIONS),
                *(f"{whose}.{each}" for each in PROPERTIES),
            ]
        self._words.setStringList([*dict.fromkeys(names), *(f"{each}()" for each in FUNCTIONS)])
        self._completer.setCompletionPrefix(word)
        found = self._completer.completionModel()
        is_whole = found.rowCount() == 1 and found.index(0, 0).data() == word
        if word and found.rowCount() and not is_whole:
            self._completer.complete()
        else:
            self._completer.popup().hide()

    @Slot(str)
    def _take(self, chosen: str) -> None:
        """Put a name in the place of the word; the cursor is behind it, or between its brackets."""
        end = self.cursorPosition()
        start = end - len(self._word)
        self.setText(self.text()[:start] + chosen + self.text()[end:])
        takes_more = chosen.endswith("()") and "." not in chosen
        self.setCursorPosition(start + len(chosen) - (1 if takes_more else 0))
