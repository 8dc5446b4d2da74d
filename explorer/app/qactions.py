"""The commands as Qt's actions: what menus, tool bar, palette and shortcuts share."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from explorer.app import keys, theme
from explorer.app.actions import COMMANDS
from explorer.app.command import CANVAS, Command
from explorer.app.icons import icon


class Actions(QObject):
    """The QActions by name: `actions["save"]`. Their keys and tooltips follow what is chosen."""

    def __init__(self, parent: QObject):
        super().__init__(parent)
        self._by_name = {command.name: self._make(command) for command in COMMANDS}
        self._icons = {command.name: command.icon for command in COMMANDS if command.icon}
        self._reasons: dict[str, str] = {}
        theme.changed.connect(self._retint)
        keys.changed.connect(self._rekey)
        self._retint()
        self._rekey()

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def connect_answers(self, answers: Mapping[str, Callable[[], object]]) -> None:
        """Do this when the action of that name is triggered."""
        for name, answer in answers.items():
            self._by_name[name].triggered.connect(partial(_answer, answer))

    def lend(self, where: str, widget: QWidget) -> None:
        """Let a part of the window hear the keys of the commands that are its own."""
        for command in COMMANDS:
            if command.where == where:
                widget.addAction(self._by_name[command.name])

    def show_icon(self, name: str, drawing: str) -> None:
        """Give an action another drawing, as it now does another thing."""
        self._icons[name] = drawing
        self._by_name[name].setIcon(icon(drawing))

    def explain(self, name: str, tip: str) -> None:
        """Set an action's status line and its tooltip, which names its shortcut too."""
        self._by_name[name].setStatusTip(tip)
        self._tell(name)

    def allow(self, name: str, allowed: bool, reason: str = "") -> None:
        """Enable an action, or disable it and say why in the tooltip."""
        why, action = "" if allowed else reason, self._by_name[name]
        if (action.isEnabled(), self._reasons.get(name)) != (allowed, why):
            self._reasons[name] = why
            action.setEnabled(allowed)
            self._tell(name)

    def reason(self, name: str) -> str:
        """Why an action cannot be used now; "" if it can."""
        return self._reasons.get(name, "")

    def _tell(self, name: str) -> None:
        action, shortcut = self._by_name[name], keys.shown(name)
        tip = f"{action.statusTip()} ({shortcut})" if shortcut else action.statusTip()
        reason = self.reason(name)
        action.setToolTip(f"{tip}\n{reason}" if reason else tip)

    @Slot()
    def _retint(self) -> None:
        for name, drawing in self._icons.items():
            self._by_name[name].setIcon(icon(drawing))

    @Slot()
    def _rekey(self) -> None:
        for name, action in self._by_name.items():
            action.setShortcuts([QKeySequence(key) for key in keys.of(name)])
            self._tell(name)

    def _make(self, command: Command) -> QAction:
        action = QAction(command.text, self)
        action.setObjectName(command.name)
        action.setCheckable(command.checkable)
        action.setStatusTip(command.tip)
        if command.where == CANVAS:
            # Not in a field that lies on the canvas: its keys are its own.
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        elif command.where:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        return action


def _answer(work: Callable[[], object], checked: bool = False) -> None:
    """Do it, without the `checked` that Qt hands over."""
    work()
