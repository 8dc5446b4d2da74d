"""What every mouse gesture has: a start, moves, and an end or a way out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor, QMouseEvent

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView


class Tool:
    """One gesture, from the press of a button to its release or to Esc."""

    cursor: Qt.CursorShape | QCursor | None = None

    def __init__(self, view: GraphView):
        self.view = view
        self.scene = view.graph_scene

    def start(self, event: QMouseEvent) -> None:
        """The button went down."""

    def move(self, event: QMouseEvent) -> None:
        """The pointer moved with the button held."""

    def finish(self, event: QMouseEvent) -> None:
        """The button was released: what the gesture means becomes an edit."""

    def cancel(self) -> None:
        """Esc, or the graph changed underneath: leave all as it was before `start`."""

    def at(self, event: QMouseEvent) -> QPointF:
        """Where the event happened, in scene coordinates."""
        return self.view.to_scene(event.position())


def adds_to_selection(event: QMouseEvent) -> bool:
    """Whether Ctrl or Shift is held, so that a click adds to the selection or takes from it."""
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    return bool(event.modifiers() & keys)
