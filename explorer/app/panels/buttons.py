"""Buttons with an icon of the theme, a name for those who listen, and a reason when disabled."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QPushButton, QToolButton

from explorer.app import theme
from explorer.app.icons import icon


class IconButton(QToolButton):
    """A small button: an icon, with words beside it where there is room for them."""

    def __init__(self, drawing: str, name: str, what: str, shortcut: str = "", words: str = ""):
        super().__init__()
        self._drawing = drawing
        self._tip = tip(what, shortcut)
        self.setAccessibleName(name)
        self.setToolTip(self._tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        if words:
            self.setText(words)
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        theme.notifier.changed.connect(self._retint)
        self._retint()

    def allow(self, allowed: bool, reason: str = "") -> None:
        """Enable it, or disable it and say why in the tooltip."""
        self.setEnabled(allowed)
        self.setToolTip(self._tip if allowed or not reason else f"{self._tip}\n{reason}")

    @Slot()
    def _retint(self) -> None:
        self.setIcon(icon(self._drawing))


class PrimaryButton(QPushButton):
    """The one thing to do next, in the accent colour."""

    def __init__(self) -> None:
        super().__init__()
        self._drawing = "play"
        self._tip = ""
        self.setDefault(True)
        self.setMinimumHeight(34)
        self.setIconSize(QSize(16, 16))
        self.setFont(theme.font(bold=True))
        theme.notifier.changed.connect(self._retint)

    def show_action(self, drawing: str, words: str, what: str, shortcut: str) -> None:
        """Become the button for this."""
        self._drawing, self._tip = drawing, tip(what, shortcut)
        self.setText(words)
        self.setAccessibleName(words)
        self._retint()

    def allow(self, allowed: bool, reason: str = "") -> None:
        """Enable it, or disable it and say why in the tooltip."""
        self.setEnabled(allowed)
        self.setToolTip(self._tip if allowed or not reason else f"{self._tip}\n{reason}")

    @Slot()
    def _retint(self) -> None:
        colours = theme.current()
        self.setIcon(icon(self._drawing, colours.on_accent))
        lit = theme.mix(colours.accent, colours.on_accent, 0.15)
        self.setStyleSheet(
            f"QPushButton:enabled:hover {{ background: {lit}; }}"
            f"QPushButton:enabled:focus {{ border: 2px solid {colours.text}; }}"
        )


def tip(what: str, shortcut: str) -> str:
    """A tooltip that names its shortcut."""
    return f"{what} ({shortcut})" if shortcut else what
