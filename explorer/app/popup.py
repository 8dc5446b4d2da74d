"""A small window over the others that goes when Esc is pressed or something else is clicked."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget
from shiboken6 import isValid

from explorer.app import theme


class Popup(QFrame):
    """Takes the keyboard while it is open; when it closes, who had it before has it again.

    That is `owner`, unless `before` names a part of it that is still there by then.

    Signals:
        closed(): it is gone, whether or not something was chosen.
    """

    closed = Signal()

    def __init__(self, owner: QWidget, name: str, before: QWidget | None = None):
        super().__init__(owner, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self._owner, self._before = owner, before
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # The click that closes it is not one on what is below too.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)
        self.setAccessibleName(name)
        colours = theme.current()
        self.setStyleSheet(
            f"Popup {{ background: {colours.panel}; border: 1px solid {colours.card_border}; }}"
            "Popup QAbstractItemView { border: none; }"
        )

    def watch(self, field: QWidget) -> None:
        """Close on Esc while the keyboard is in a field of its own, whatever that does with it."""
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_press = event.type() == QEvent.Type.KeyPress
        if is_press and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.close()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        back = self._before if self._before is not None and isValid(self._before) else self._owner
        back.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()
