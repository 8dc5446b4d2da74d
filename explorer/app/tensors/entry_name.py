"""A tensor's name with its shape and kind, as much of it as there is room for."""

from html import escape

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from explorer.app import theme

_BETWEEN = 8.0
"""Points from the name to the details, at least."""


class EntryName(QLabel):
    """The name goes before the details; what is cut off ends in "…", and is in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._title = self._details = ""
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self._show)

    def show_name(self, title: str, details: str) -> None:
        """Show these from now on."""
        self._title, self._details = title, details
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()

    @Slot()
    def _show(self) -> None:
        font = self.font()
        font.setBold(True)
        bold, plain, room = QFontMetricsF(font), QFontMetricsF(self.font()), float(self.width())
        title = bold.elidedText(self._title, Qt.TextElideMode.ElideMiddle, room)
        room -= bold.horizontalAdvance(title) + _BETWEEN
        details = plain.elidedText(self._details, Qt.TextElideMode.ElideRight, max(room, 0))
        soft = theme.current().text_soft
        self.setText(
            f"<b>{escape(title)}</b> &nbsp;<span style='color:{soft}'>{escape(details)}</span>"
            if len(details) > 1
            else f"<b>{escape(title)}</b>"
        )
