"""What the program is, in a sentence."""

from PySide6.QtWidgets import QMessageBox, QWidget


def show_about(parent: QWidget) -> None:
    """What the program is, in a sentence."""
    QMessageBox.about(
        parent,
        "About Backprop Explorer",
        "<h3>Backprop Explorer</h3><p>Draw a neural net, see it compiled to plain forward and "
        "backward calls, train it, and walk through its backward pass node by node.</p>",
    )
