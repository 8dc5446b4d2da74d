"""Words on the canvas: a hint while it is empty, and a note next to the pointer."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget

from explorer.app import theme

_EMPTY = """
<p style="font-size:15pt; font-weight:600; color:{text}">Start with a layer</p>
<p style="font-size:10pt; color:{soft}">Drag one here from the list of layers, or press Tab
and type its name.<br>Then drag from an output to an input to connect them.</p>
<p style="font-size:10pt; color:{soft}">A net that trains: Data → Linear → loss.</p>
"""


class EmptyHint(QLabel):
    """Tells what to do, in the middle of an empty canvas; clicks go through it."""

    def __init__(self, view: QWidget):
        super().__init__(view)
        self._view = view
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.restyle()

    def restyle(self) -> None:
        colours = theme.current()
        self.setText(_EMPTY.format(text=colours.text, soft=colours.text_soft))
        self.place()

    def place(self) -> None:
        """Stay in the middle of the view."""
        self.resize(self.sizeHint())
        self.move(self._view.rect().center() - self.rect().center())


class PointerNote(QLabel):
    """A sentence next to the pointer, such as why a wire is refused."""

    def __init__(self, view: QWidget):
        super().__init__(view)
        self._view = view
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.hide()

    def say(self, text: str, at: QPoint | None) -> None:
        """Show a sentence near a point of the view, inside its edges; "" hides it."""
        self.setVisible(bool(text))
        if not text or at is None:
            return
        if text != self.text():
            self._dress()
            self.setText(text)
            width = min(self.fontMetrics().horizontalAdvance(text) + 26, 300)
            self.resize(width, self.heightForWidth(width))
        room = self._view.rect()
        x = min(at.x() + 16, room.right() - self.width() - 4)
        y = at.y() + 18
        if y + self.height() > room.bottom():
            y = at.y() - self.height() - 12
        self.move(max(x, 4), max(y, 4))
        self.raise_()

    def _dress(self) -> None:
        colours = theme.current()
        self.setStyleSheet(
            f"background: {colours.panel}; color: {colours.error};"
            f"border: 1px solid {colours.error}; border-radius: {theme.RADIUS}px; padding: 5px 8px;"
        )
