"""A note's text is written where it stands: a field over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from explorer.app import theme
from explorer.app.canvas.annotation_items import SELECTED_EDGE
from explorer.graph.annotations import Note

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView

_SMALLEST = (220, 110)


class NoteEditor(QPlainTextEdit):
    """Esc, Ctrl+Enter and going elsewhere keep the text; undo takes it back."""

    def __init__(self, view: GraphView, note: Note):
        super().__init__(view)
        self._view = view
        self._note = note
        self.is_over = False
        self.setPlainText(note.text)
        self.setPlaceholderText("Markdown: # title, **bold**, - list")
        self.setAccessibleName(f"Text of {note.id}")
        self.setToolTip("Markdown. Esc or Ctrl+Enter ends it; undo takes it back")
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
        edge = SELECTED_EDGE / 2
        around = item.box.adjusted(-edge, -edge, edge, edge)
        box = self._view.viewportTransform().mapRect(around).toAlignedRect()
        box.setWidth(max(box.width(), _SMALLEST[0]))
        box.setHeight(max(box.height(), _SMALLEST[1]))
        self.setGeometry(box)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        is_end = is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if is_end or event.key() == Qt.Key.Key_Escape:
            self._keep()
            self._view.setFocus()
        else:
            super().keyPressEvent(event)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # A menu that closes, or another program, has only lent the keyboard away.
        is_away = event.reason() == Qt.FocusReason.ActiveWindowFocusReason
        is_begun = bool(self.toPlainText().strip())
        if event.reason() != Qt.FocusReason.PopupFocusReason and (is_begun or not is_away):
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
