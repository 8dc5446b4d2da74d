"""A small map of the whole level in the corner of the canvas, and where on it one looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from explorer.app import theme

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView

_LARGEST = QSize(200, 130)
_MARGIN, _PADDING = 12, 6
_LEAST_CARD = 2.0


class Minimap(QWidget):
    """Cards as blocks in the colours of their families; press or drag to look elsewhere.

    Shown when it is wanted and not all can be seen at once.
    """

    def __init__(self, view: GraphView):
        super().__init__(view)
        self._view = view
        self._scene = view.graph_scene
        self._cards: QPixmap | None = None
        self._world = QRectF()
        self.is_wanted = True
        self.setAccessibleName("Map of the net")
        self.setToolTip("The whole net, and what the canvas shows of it. Drag to look elsewhere")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._scene.refreshed.connect(self.redraw)
        theme.changed.connect(self.redraw)
        self.hide()

    def show_wanted(self, is_wanted: bool) -> None:
        """Show it whenever there is more than fits, or never."""
        self.is_wanted = is_wanted
        self.redraw()

    @Slot()
    def redraw(self) -> None:
        """The cards are others, or elsewhere."""
        self._cards = None
        self.follow()

    def follow(self) -> None:
        """The view was moved or zoomed."""
        bounds = self._scene.bounds_with_gates()
        seen = self._seen()
        is_needed = not bounds.isEmpty() and not seen.contains(bounds)
        self.setVisible(self.is_wanted and is_needed)
        if not self.isVisible():
            return
        if self._cards is None or bounds != self._world:
            self._world = bounds
            self._cards = self._draw_cards()
        self._place()
        self.update()

    def _place(self) -> None:
        room = self._view.viewport().rect()
        at = room.bottomRight() - self.rect().bottomRight()
        self.move(at.x() - _MARGIN, at.y() - _MARGIN)
        self.raise_()

    def _seen(self) -> QRectF:
        """What the view shows, in scene coordinates."""
        return (
            self._view.viewportTransform()
            .inverted()[0]
            .mapRect(QRectF(self._view.viewport().rect()))
        )

    @property
    def _scale(self) -> float:
        wide = (_LARGEST.width() - 2 * _PADDING) / max(self._world.width(), 1.0)
        high = (_LARGEST.height() - 2 * _PADDING) / max(self._world.height(), 1.0)
        return min(wide, high)

    def _on_map(self, box: QRectF) -> QRectF:
        corner = (box.topLeft() - self._world.topLeft()) * self._scale
        at = corner + QPointF(_PADDING, _PADDING)
        return QRectF(at, box.size() * self._scale)

    def _draw_cards(self) -> QPixmap:
        size = self._world.size() * self._scale
        wide = max(round(size.width()) + 2 * _PADDING, 60)
        high = max(round(size.height()) + 2 * _PADDING, 30)
        self.resize(wide, high)
        sharpness = self.devicePixelRatioF()
        pixmap = QPixmap(QSize(wide, high) * sharpness)
        pixmap.setDevicePixelRatio(sharpness)
        pixmap.fill(QColor(theme.current().panel))
        painter = QPainter(pixmap)
        for annotation in self._scene.annotations:
            painter.fillRect(self._on_map(annotation.box), QColor(theme.current().frame_border))
        painter.translate(_PADDING, _PADDING)
        painter.scale(self._scale, self._scale)
        painter.translate(-self._world.topLeft())
        least = _LEAST_CARD / self._scale
        blocks: dict[str, list[QRectF]] = {}
        for item in self._scene.nodes.values():
            box = item.box
            larger = QSizeF(max(box.width(), least), max(box.height(), least))
            blocks.setdefault(item.card.family, []).append(QRectF(box.topLeft(), larger))
        painter.setPen(Qt.PenStyle.NoPen)
        for family, boxes in blocks.items():
            painter.setBrush(QColor(theme.current().family(family)))
            painter.drawRects(boxes)
        painter.end()
        return pixmap

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._cards is None:
            return
        colours = theme.current()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._cards)
        seen = self._on_map(self._seen()).intersected(QRectF(self.rect().adjusted(1, 1, -2, -2)))
        painter.setPen(QPen(QColor(colours.accent), 1.6))
        painter.setBrush(theme.colour(colours.accent, 0.12))
        painter.drawRect(seen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours.card_border), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._look_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._look_at(event.position())

    def _look_at(self, at: QPointF) -> None:
        place = (at - QPointF(_PADDING, _PADDING)) * (1 / self._scale) + self._world.topLeft()
        self._view.look_at(place, self._view.scale_factor)
