"""A node's name is changed where it stands: a field over the title of its card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Slot
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, Qt
from PySide6.QtWidgets import QLineEdit

from explorer.app.canvas import geometry
from explorer.app.canvas.card_painter import TEXT_FROM
from explorer.graph import GraphError

if TYPE_CHECKING:
    from explorer.app.canvas.node_item import NodeItem
    from explorer.app.canvas.view import GraphView

_LEFT = geometry.PADDING + geometry.ICON + 10
_LONGEST = 80
_SMALLEST_PIXELS = 11
_ROOM = 6.0
"""Around a name, in scene units, what still counts as it for a double-click."""


class TitleField(QLineEdit):
    """Enter, or going elsewhere, keeps the name; Esc leaves it as it was; empty shows the id."""

    def __init__(self, view: GraphView, id: str):
        super().__init__(view)
        self._view = view
        self._id = id
        self._is_over = False
        self.setMaxLength(_LONGEST)
        self.setText(view.graph_scene.graph.item(id).label)
        self.setPlaceholderText(id)
        self.setAccessibleName(f"Name of {id}")
        self.setStyleSheet("padding: 0 3px;")
        self.editingFinished.connect(self._keep)
        self.place()
        self.show()
        self.selectAll()
        self.setFocus()

    def place(self) -> None:
        """Stay over the title, however the canvas is moved and zoomed."""
        scene = self._view.graph_scene
        frame = scene.annotations.get(self._id)
        item = frame or scene.nodes.get(self._id)
        if item is None:
            self.leave()
            return
        box = QRectF(_LEFT - 5, 3, geometry.WIDTH - _LEFT, geometry.HEADER - 10)
        if frame is not None:
            box = frame.title_box
        shown = self._view.viewportTransform().mapRect(box.translated(item.pos())).toRect()
        font = QFont(geometry.card_font(geometry.TITLE_PIXELS, bold=True))
        font.setPixelSize(max(round(font.pixelSize() * self._view.scale_factor), _SMALLEST_PIXELS))
        self.setFont(font)
        shown.setWidth(max(shown.width(), 120))
        shown.setHeight(max(shown.height(), self.fontMetrics().height() + 6))
        self.setGeometry(shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            self._view.setFocus()
            return
        is_end = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        super().keyPressEvent(event)
        event.accept()  # or the canvas would take an arrow key for a nudge
        if is_end:
            self._view.setFocus()

    @Slot()
    def _keep(self) -> None:
        if self._is_over:
            return
        name = self.text().strip()
        self.leave()
        try:
            self._view.graph_scene.graph.rename(self._id, name)
        except GraphError as error:
            self._view.refused.emit(str(error))

    def leave(self) -> None:
        """Go away and change nothing."""
        self._is_over = True
        self.hide()
        self.deleteLater()

    @property
    def is_over(self) -> bool:
        return self._is_over


def is_on_title(item: NodeItem, at: QPointF, scale: float) -> bool:
    """Whether a scene point is on the name that a card shows, large enough to be read."""
    if scale < TEXT_FROM:
        return False
    font = geometry.card_font(geometry.TITLE_PIXELS, bold=True)
    wide = QFontMetricsF(font).horizontalAdvance(item.card.title)
    name = QRectF(_LEFT, 0, min(wide, geometry.WIDTH - _LEFT - 8), geometry.HEADER)
    return name.adjusted(-_ROOM, 0, _ROOM, 0).contains(at - item.pos())
