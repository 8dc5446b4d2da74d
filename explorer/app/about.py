"""The two windows of the Help menu."""

from html import escape

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QMessageBox,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from explorer.app.actions import COMMANDS

CANVAS_KEYS = (
    ("Double-click", "Add a layer at the pointer, by a word for it"),
    ("Drag a port", "Draw a wire from either end; dropped on nothing, it offers what fits"),
    ("Drop a layer on a wire", "Put it into the wire"),
    ("Double-click a name", "Rename the node"),
    ("Drag a layer", "Put it on the canvas; double-click does so too"),
    ("Wheel", "Zoom at the pointer"),
    ("Middle button, or Space and drag", "Move the canvas"),
    ("Shift+click, Ctrl+click", "Select one more"),
    ("Esc", "Give up a drag"),
)


def show_shortcuts(parent: QWidget) -> None:
    """Every shortcut there is."""
    dialog = QDialog(parent)
    dialog.setWindowTitle("Keyboard shortcuts")
    text = QTextBrowser()
    text.setHtml(_table())
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.addWidget(text)
    layout.addWidget(buttons)
    dialog.resize(560, 640)
    dialog.exec()
    dialog.deleteLater()


def _table() -> str:
    rows: list[str] = []
    for menu in dict.fromkeys(command.menu for command in COMMANDS):
        rows.append(_heading(menu))
        rows += [
            _row(
                QKeySequence(c.shortcuts[0]).toString(QKeySequence.SequenceFormat.NativeText), c.tip
            )
            for c in COMMANDS
            if c.menu == menu and c.shortcuts
        ]
    rows.append(_heading("On the canvas"))
    rows += [_row(keys, tip) for keys, tip in CANVAS_KEYS]
    return f"<table cellpadding='4'>{''.join(rows)}</table>"


def _heading(text: str) -> str:
    return f"<tr><td colspan='2'><b>{escape(text)}</b></td></tr>"


def _row(keys: str, tip: str) -> str:
    return f"<tr><td>{escape(keys)}</td><td>{escape(tip)}</td></tr>"


def show_about(parent: QWidget) -> None:
    """What this program is, in a sentence."""
    QMessageBox.about(
        parent,
        "About Backprop Explorer",
        "<h3>Backprop Explorer</h3><p>Draw a neural net, see it compiled to plain forward and "
        "backward calls, train it, and walk through its backward pass node by node.</p>",
    )
