"""Buttons with an icon of the theme, a name for those who listen, and a reason when disabled."""

from PySide6.QtCore import QObject, QSize, Qt, Slot
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton

from explorer.app import keys, theme
from explorer.app.icons import icon


class _Tip(QObject):
    """A button's tooltip: what it does, by which key, and why it cannot be used now."""

    def __init__(self, button: QAbstractButton, what: str = "", command: str = ""):
        super().__init__(button)
        self._button, self._reason = button, ""
        keys.changed.connect(self._show)
        self.explain(what, command)

    def explain(self, what: str, command: str) -> None:
        """Say what it does, and whose key does so too: that of a row of COMMANDS, if any."""
        self._what, self._command = what, command
        self._show()

    def allow(self, allowed: bool, reason: str) -> None:
        self._button.setEnabled(allowed)
        why = "" if allowed else reason
        if why != self._reason:
            self._reason = why
            self._show()

    @Slot()
    def _show(self) -> None:
        shortcut = keys.shown(self._command) if self._command else ""
        tip = f"{self._what} ({shortcut})" if shortcut else self._what
        self._button.setToolTip(f"{tip}\n{self._reason}" if self._reason else tip)


class IconButton(QToolButton):
    """A small button: an icon, with words beside it where there is room for them.

    `name` is for those who listen, `command` the row of COMMANDS that does the same, if any.
    """

    def __init__(self, drawing: str, name: str, what: str, command: str = "", words: str = ""):
        super().__init__()
        self._drawing = drawing
        self._tip = _Tip(self, what, command)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        if words:
            self.setText(words)
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        theme.changed.connect(self._retint)
        self._retint()

    def allow(self, allowed: bool, reason: str = "") -> None:
        """Enable it, or disable it and say why in the tooltip."""
        self._tip.allow(allowed, reason)

    def show_drawing(self, drawing: str) -> None:
        """Have another icon, as it now does another thing."""
        self._drawing = drawing
        self._retint()

    @Slot()
    def _retint(self) -> None:
        self.setIcon(icon(self._drawing))


class WordButton(QToolButton):
    """A small button that is on or off and has a word in the place of an icon."""

    def __init__(self, words: str, name: str, what: str, command: str = ""):
        super().__init__()
        self._tip = _Tip(self, what, command)
        self.setText(words)
        self.setCheckable(True)
        self.setAccessibleName(name)


class TextButton(QToolButton):
    """A small button with words on it."""

    def __init__(self, words: str, what: str, command: str = ""):
        super().__init__()
        self._tip = _Tip(self, what, command)
        self.setText(words)
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def allow(self, allowed: bool, reason: str = "") -> None:
        """Enable it, or disable it and say why in the tooltip."""
        self._tip.allow(allowed, reason)


class PrimaryButton(QPushButton):
    """The one thing to do next, in the accent colour."""

    def __init__(self) -> None:
        super().__init__()
        self._drawing = "play"
        self._tip = _Tip(self)
        self.setDefault(True)
        self.setMinimumHeight(34)
        self.setIconSize(QSize(16, 16))
        self.setFont(theme.font(bold=True))
        theme.changed.connect(self._retint)

    def show_action(self, drawing: str, words: str, what: str, command: str) -> None:
        """Become the button for this."""
        self._drawing = drawing
        self._tip.explain(what, command)
        self.setText(words)
        self.setAccessibleName(words)
        self._retint()

    def allow(self, allowed: bool, reason: str = "") -> None:
        """Enable it, or disable it and say why in the tooltip."""
        self._tip.allow(allowed, reason)

    @Slot()
    def _retint(self) -> None:
        colours = theme.current()
        self.setIcon(icon(self._drawing, colours.on_accent))
        lit = theme.mix(colours.accent, colours.on_accent, 0.15)
        self.setStyleSheet(
            f"QPushButton:enabled:hover {{ background: {lit}; }}"
            f"QPushButton:enabled:focus {{ border: 2px solid {colours.text}; }}"
        )
