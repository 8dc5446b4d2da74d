"""A key whose command cannot be used now is answered by why, instead of by silence."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence

from explorer.app.actions import COMMANDS
from explorer.app.command import CANVAS, Command

if TYPE_CHECKING:
    from explorer.app.main_window import MainWindow


class IdleKeys(QObject):
    """Listens for the keys that nothing in the window has taken."""

    def __init__(self, window: "MainWindow"):
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            keys = QKeySequence(event.keyCombination())
            for command in COMMANDS:
                if reason := self._why_idle(command, keys):
                    self._window.toast.tell(reason, refused=True)
                    break
        return False

    def _why_idle(self, command: Command, keys: QKeySequence) -> str:
        """Why a command that has these keys cannot be used; "" if they are not its own here."""
        actions = self._window.actions_by_name
        on_canvas = command.where == CANVAS and self._window.view.hasFocus()
        is_heard = on_canvas or not command.where
        is_its_own = keys in actions[command.name].shortcuts()
        return actions.reason(command.name) if is_heard and is_its_own else ""
