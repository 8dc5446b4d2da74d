"""What stands in a page's place where there is none: why, and a button for what can be done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.app import theme
from explorer.app.panels.buttons import TextButton
from explorer.app.panels.notice import EmptyState


class CodeMessage(QWidget):
    """A sentence; `pressed` tells that the button below it was."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._sentence = EmptyState("code")
        self._button = TextButton("Show", "Do this instead")
        self._button.clicked.connect(self.pressed)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, theme.MARGIN)
        column.addWidget(self._sentence, 1)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)

    def say(self, sentence: str, button: str = "") -> None:
        """Show a sentence, with a button of these words, "" for none."""
        self._sentence.say(sentence)
        self._button.setText(button)
        self._button.setAccessibleName(button)
        self._button.setVisible(bool(button))
