"""Where on the canvas the pointer is, for what is done there by a key or from a menu."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QCursor

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView


class Pointing:
    """Of one view. A menu is about the place where it was opened, not that of its entries."""

    def __init__(self, view: GraphView):
        self._view = view
        self._menu_at: QPoint | None = None

    @contextmanager
    def held_at(self, at: QPoint) -> Iterator[None]:
        """A menu that was opened there, on the screen, is about to be open."""
        self._menu_at = at
        try:
            yield
        finally:
            self._menu_at = None

    def pixel(self) -> QPointF | None:
        """The point of the viewport that is meant; None where the pointer is elsewhere."""
        viewport = self._view.viewport()
        at = viewport.mapFromGlobal(QCursor.pos() if self._menu_at is None else self._menu_at)
        return QPointF(at) if viewport.rect().contains(at) else None

    def place(self) -> QPointF:
        """The scene point that is meant or, where the pointer is elsewhere, the middle."""
        at = self.pixel()
        return self._view.middle_place() if at is None else self._view.to_scene(at)
