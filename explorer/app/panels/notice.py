"""A sentence with an icon: what happened, or what to do while a panel has nothing to show."""

from typing import Literal

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from explorer.app import keys, theme
from explorer.app.icons import pixmap

Kind = Literal["info", "done", "warning", "error", "stopped", "past"]


class Notice(QWidget):
    """One line of news; hidden while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._kind: Kind = "info"
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._sentence = wrapping_label()
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACING)
        row.addWidget(self._icon)
        row.addWidget(self._sentence, 1)
        theme.changed.connect(self._retint)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown, or nothing."""
        return self._sentence.text()

    def tell(self, kind: Kind, sentence: str) -> None:
        """Show a sentence; an empty one hides the line."""
        self._kind = kind
        self._sentence.setText(as_sentence(sentence))
        self.setAccessibleName(f"{kind}: {sentence}" if sentence else "")
        if sentence:
            self._retint()
        self.setVisible(bool(sentence))

    @Slot()
    def _retint(self) -> None:
        colours = theme.current()
        by_kind = {
            "info": colours.text_soft,
            "stopped": colours.breakpoint,
            "past": colours.current,
        }
        colour = by_kind.get(self._kind) or getattr(colours, self._kind)
        self._icon.setPixmap(pixmap(self._kind, colour, 16))
        words = colours.text if self._kind in ("stopped", "past") else colour
        self._sentence.setStyleSheet(f"color: {words};")


class EmptyState(QWidget):
    """What a panel shows while it has nothing to show: an icon and what to do about it."""

    def __init__(self, drawing: str, sentence: str = "") -> None:
        super().__init__()
        self._drawing, self._said = drawing, sentence
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence = wrapping_label()
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setProperty("role", "soft")
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(self._icon)
        column.addSpacing(theme.SPACING)
        column.addWidget(self._sentence)
        column.addStretch(3)
        theme.changed.connect(self._retint)
        keys.changed.connect(self._show)
        self._retint()
        self.say(sentence)

    @property
    def text(self) -> str:
        """The sentence shown."""
        return self._sentence.text()

    def say(self, sentence: str) -> None:
        """Show another sentence, in which {step} stands for that command's key."""
        self._said = sentence
        self._show()

    @Slot()
    def _show(self) -> None:
        sentence = keys.named_in(self._said)
        self._sentence.setText(sentence)
        self.setAccessibleName(sentence)

    @Slot()
    def _retint(self) -> None:
        self._icon.setPixmap(pixmap(self._drawing, theme.current().text_disabled, 32))


def wrapping_label() -> QLabel:
    """A label that breaks its lines rather than make a panel wider."""
    label = QLabel()
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


def as_sentence(text: str) -> str:
    """A message as it is shown: with a capital at its head, unless that is a node's id."""
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first.isalpha() else text
