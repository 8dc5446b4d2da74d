"""Where what is dragged comes to rest: on the grid while that is on, or level with what is near."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from explorer.app import theme
from explorer.app.canvas.geometry import GRID
from explorer.app.canvas.guides import Others

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView

_REACH = 6.0
"""How near, in pixels, it must be to what it lines up with."""


class Snapping:
    """Of one view; `to_grid` says whether the person wants all on the grid.

    While something is dragged, Ctrl means the other of the two, and Alt leaves it free.
    """

    def __init__(self, view: GraphView):
        self._view = view
        self._guides: QGraphicsPathItem | None = None
        self.to_grid = False

    def use_grid(self, is_on: bool) -> None:
        """Let what is dragged and added come to rest on the grid, or no longer."""
        self.to_grid = is_on

    def seen(self, besides: Collection[str]) -> Others:
        """The cards in view that others can line up with."""
        room = self._view.mapToScene(self._view.viewport().rect()).boundingRect()
        cards = self._view.graph_scene.nodes.items()
        boxes = (item.box for id, item in cards if id not in besides)
        return Others([box for box in boxes if box.intersects(room)])

    def settle(self, box: QRectF, others: Others, keys: Qt.KeyboardModifier) -> QPointF:
        """How far what is dragged, and is there now, moves to come to rest; shows guides."""
        if keys & Qt.KeyboardModifier.AltModifier:
            self.put_out()
            return QPointF()
        if self.to_grid != bool(keys & Qt.KeyboardModifier.ControlModifier):
            self.put_out()
            return _to_grid(box.topLeft()) - box.topLeft()
        by = others.shift_to_line(box, _REACH / self._view.scale_factor)
        self._show(box.translated(by), others)
        return by

    def at_rest(self, corner: QPointF) -> QPointF:
        """Where something new stands, that was to stand at that corner."""
        return _to_grid(corner) if self.to_grid else corner

    def put_out(self) -> None:
        """Nothing is dragged any more: no guides."""
        if self._guides is not None:
            self._view.graph_scene.removeItem(self._guides)
            self._guides = None

    def _show(self, box: QRectF, others: Others) -> None:
        path = QPainterPath()
        for line in others.lines(box):
            path.moveTo(line.p1())
            path.lineTo(line.p2())
        if self._guides is None:
            pen = QPen(QColor(theme.current().accent), 1, Qt.PenStyle.DashLine)
            pen.setCosmetic(True)
            self._guides = QGraphicsPathItem()
            self._guides.setPen(pen)
            self._guides.setZValue(4.5)
            self._view.graph_scene.addItem(self._guides)
        self._guides.setPath(path)


def _to_grid(at: QPointF) -> QPointF:
    return QPointF(round(at.x() / GRID) * GRID, round(at.y() / GRID) * GRID)
