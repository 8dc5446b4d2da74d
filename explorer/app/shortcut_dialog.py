"""The window that lists every shortcut and lets the person choose others."""

from PySide6.QtCore import QEvent, QObject, QSettings, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from explorer.app import keys, theme
from explorer.app.actions import COMMANDS
from explorer.app.panels.notice import Notice
from explorer.app.shortcut_list import ShortcutList

_TEXTS = {command.name: command.text.removesuffix("…") for command in COMMANDS}
_HOW = "Press Enter on a command, then the new keys"


class ShortcutDialog(QDialog):
    """Changes are in force, and kept for the next start, as soon as they are made."""

    def __init__(self, parent: QWidget, settings: QSettings):
        super().__init__(parent)
        self._settings = settings
        self._wanted: tuple[str, str] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keyboard shortcuts")
        self._make_widgets()
        self._lay_out()
        self._listen()
        self._show_chosen()
        self.resize(QSize(640, 680).boundedTo(parent.screen().availableSize() * 0.9))

    def _make_widgets(self) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search commands or keys")
        self.search.setAccessibleName("Search shortcuts")
        self.search.setToolTip("Type a word or keys such as Ctrl+S")
        self.search.setClearButtonEnabled(True)
        self.list = ShortcutList()
        self._name = QLabel()
        self._name.setFont(theme.font(bold=True))
        self.edit = QKeySequenceEdit()
        self.edit.setMaximumSequenceLength(1)
        self.edit.setAccessibleName("New keys")
        self.edit.setToolTip("Press the keys that start this command; Esc gives up")
        self._name.setBuddy(self.edit)
        self.none = _button("No keys", "Let this command have no keys")
        self.reset = _button("Reset", "Give this command the keys that it came with")
        self.take = _button("Take it", "Take these keys from the command that has them")
        self.take.hide()
        self.notice = Notice()
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.RestoreDefaults | buttons.Close)
        self.reset_all = self.buttons.button(buttons.RestoreDefaults)
        self.reset_all.setText("Reset all")
        self.reset_all.setToolTip("Give every command the keys that it came with")
        self.buttons.button(buttons.Close).setToolTip("Changes are in force already (Esc)")
        for button in (*self.buttons.buttons(), self.none, self.reset, self.take):
            button.setAutoDefault(False)  # type: ignore[attr-defined]

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self._name, 1)
        for widget in (self.edit, self.none, self.reset):
            row.addWidget(widget)
        news = QHBoxLayout()
        news.addWidget(self.notice, 1)
        news.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setSpacing(theme.MARGIN)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        column.addLayout(news)
        column.addWidget(self.buttons)

    def _listen(self) -> None:
        self.search.textChanged.connect(self._find)
        self.search.installEventFilter(self)
        self.edit.installEventFilter(self)
        self.edit.editingFinished.connect(self._on_pressed)
        self.list.currentItemChanged.connect(self._show_chosen)
        self.list.itemActivated.connect(self._begin)
        self.none.clicked.connect(self._on_none)
        self.reset.clicked.connect(self._on_reset)
        self.take.clicked.connect(self._on_take)
        self.reset_all.clicked.connect(self._on_reset_all)
        self.buttons.rejected.connect(self.reject)

    @Slot(str)
    def _find(self, query: str) -> None:
        if not self.list.show_matches(query):
            self._say("info", f"Nothing matches “{query.strip()}”")

    @Slot()
    def _show_chosen(self) -> None:
        """The current row's command below the list, ready to be given other keys."""
        name = self.list.chosen()
        self._wanted = None
        self._name.setText(_TEXTS.get(name, ""))
        self._say("info", _HOW if name else "What the mouse does cannot be changed")
        self._show_keys()

    def _show_keys(self) -> None:
        name = self.list.chosen()
        held = keys.of(name) if name else ()
        self.edit.setKeySequence(QKeySequence(held[0] if held else ""))
        self.edit.setEnabled(bool(name))
        self.none.setEnabled(bool(held))
        self.reset.setEnabled(bool(name) and keys.are_chosen(name))

    @Slot(QTreeWidgetItem, int)
    def _begin(self, item: QTreeWidgetItem, column: int = 0) -> None:
        if self.list.chosen():
            self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._say("info", f"Press the keys for {_TEXTS[self.list.chosen()]}; Esc gives up")

    @Slot()
    def _on_pressed(self) -> None:
        name, key = self.list.chosen(), _portable(self.edit.keySequence())
        held = keys.of(name) if name else ()
        if not name or key == (held[0] if held else ""):
            return
        if why := keys.why_not(key, name):
            self._say("error", why)
            self._show_keys()
        elif holder := keys.holder(key, name):
            self._offer_to_take(key, name, holder.name)
        else:
            self._give(name, key)

    def _offer_to_take(self, key: str, name: str, holder: str) -> None:
        self._say("warning", f"{keys.as_written(key)} is the shortcut of {_TEXTS[holder]}")
        self._wanted = key, name
        self.take.setText(f"Take it from {_TEXTS[holder]}")
        self.take.setToolTip(f"{_TEXTS[holder]} loses it to {_TEXTS[name]}")
        self.take.setAccessibleName(self.take.text())
        self.take.show()
        self.take.setFocus()

    @Slot()
    def _on_take(self) -> None:
        if self._wanted is None:
            return
        key, name = self._wanted
        while holder := keys.holder(key, name):
            keys.take_away(holder.name, key)
        self._give(name, key)

    def _give(self, name: str, key: str) -> None:
        keys.choose(name, [key])
        self._settle(f"{_TEXTS[name]} is now {keys.as_written(key)}")

    @Slot()
    def _on_none(self) -> None:
        keys.choose(self.list.chosen(), [])
        self._settle(f"{_TEXTS[self.list.chosen()]} has no keys now")

    @Slot()
    def _on_reset(self) -> None:
        name = self.list.chosen()
        keys.reset(name)
        self._settle(f"{_TEXTS[name]} has the keys again that it came with")

    @Slot()
    def _on_reset_all(self) -> None:
        keys.reset()
        self._settle("Every command has the keys again that it came with")

    def _settle(self, told: str) -> None:
        """Keep what was changed, say so, and go back to the list."""
        keys.store(self._settings)
        self._wanted = None
        self._show_keys()
        self._say("done", told)
        self.list.setFocus()

    def _say(self, kind: str, sentence: str) -> None:
        self.take.hide()
        self.notice.tell(kind, sentence)  # type: ignore[arg-type]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if watched is self.edit and event.key() == Qt.Key.Key_Escape and is_plain:
            self._show_chosen()
            self.list.setFocus()
            return True
        if watched is self.search and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return):
            self.list.setFocus()
            return True
        return super().eventFilter(watched, event)


def _button(words: str, tip: str) -> QPushButton:
    button = QPushButton(words)
    button.setToolTip(tip)
    return button


def _portable(sequence: QKeySequence) -> str:
    return sequence.toString(QKeySequence.SequenceFormat.PortableText)
