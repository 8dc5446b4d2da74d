"""A note's text is written where it stands: a field over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from explorer.app import theme
from explorer.graph.annotations import Note

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView

_SMALLEST = (220, 110)


class NoteEditor(QPlainTextEdit):
    """Going elsewhere, or Ctrl+Enter, keeps the text; Esc leaves it as it was."""

    def __init__(self, view: GraphView, note: Note):
        super().__init__(view)
        self._view = view
        self._note = note
        self.is_over = False
        self.setPlainText(note.text)
        self.setPlaceholderText("Markdown: # title, **bold**, - list")
        self.setAccessibleName(f"Text of {note.id}")
        self.setToolTip("Markdown. Ctrl+Enter keeps it, Esc leaves it as it was")
        self.setTabChangesFocus(True)
        colours = theme.current()
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {colours.field}; border: 2px solid {colours.accent};"
            f" border-radius: {theme.RADIUS}px; padding: 3px; }}"
        )
        self.place()
        self.show()
        self.selectAll()
        self.setFocus()

    def place(self) -> None:
        """Stay over the note, however the canvas is moved and zoomed."""
        item = self._view.graph_scene.annotations.get(self._note.id)
        if item is None:
            self.leave()
            return
        box = self._view.viewportTransform().mapRect(item.box).toRect()
        box.setWidth(max(box.width(), _SMALLEST[0]))
        box.setHeight(max(box.height(), _SMALLEST[1]))
        self.setGeometry(box)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            self._view.setFocus()
        elif is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._keep()
            self._view.setFocus()
        else:
            super().keyPressEvent(event)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._keep()

    def _keep(self) -> None:
        if not self.is_over:
            text = self.toPlainText()
            self.leave()
            self._view.annotator.write(self._note.id, text)

    def leave(self) -> None:
        """Go away and change nothing."""
        self.is_over = True
        self.hide()
        self.deleteLater()
