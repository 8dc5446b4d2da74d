"""Words to choose from below a text field, which takes any other text as well."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QStringListModel, Qt, Signal, Slot
from PySide6.QtWidgets import QCompleter, QLineEdit

from explorer.app import theme
from explorer.app.icons import icon

_MOST_SHOWN = 12


class Suggestions(QObject):
    """Lists its words while one types, those that hold what was typed; or all at once."""

    chosen = Signal(str)

    def __init__(self, field: QLineEdit):
        super().__init__(field)
        self._words = QStringListModel(self)
        self._completer = QCompleter(self._words, self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._completer.setMaxVisibleItems(_MOST_SHOWN)
        self._completer.activated.connect(self.chosen)
        field.setCompleter(self._completer)
        self._arrow = field.addAction(icon("down"), QLineEdit.ActionPosition.TrailingPosition)
        self._arrow.setText("Show what can be chosen")
        self._arrow.setToolTip("Show what can be chosen (Down)")
        self._arrow.triggered.connect(self.show_all)
        theme.changed.connect(self._retint)

    @property
    def is_open(self) -> bool:
        """Whether its list is shown, which then takes Enter, Esc and the arrow keys."""
        return self._completer.popup().isVisible()

    def offer(self, words: Sequence[str]) -> None:
        """Suggest these words from now on."""
        self._arrow.setVisible(bool(words))
        if self._words.stringList() != list(words):
            self._words.setStringList(list(words))

    @Slot()
    def show_all(self) -> None:
        """List every word, whatever is typed."""
        self._completer.setCompletionPrefix("")
        self._completer.complete()

    @Slot()
    def _retint(self) -> None:
        self._arrow.setIcon(icon("down"))
