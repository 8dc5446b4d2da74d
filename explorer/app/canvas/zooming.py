"""The canvas zoomed and panned: how large things are shown, and which of them."""

from collections.abc import Callable, Collection

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QGraphicsView

from explorer.app.canvas.card_painter import TEXT_FROM
from explorer.app.canvas.scene import GraphScene

MIN_SCALE, MAX_SCALE = 0.02, 4.0
_WORLD = QRectF(-4e6, -4e6, 8e6, 8e6)
_STEP = 1.2
_MARGIN = 32
"""Pixels around what is framed."""
_ROOM = 40
"""Pixels between what is brought into view and the edge."""
_OPENED = 0.6
"""The scale at which a net opens that is too large to be read as a whole."""


class ZoomedView(QGraphicsView):
    """Shows as much of a GraphScene as was asked for last, also in another size.

    `sight_changed` tells that something else of it is shown, or in another size.
    """

    sight_changed = Signal()

    def __init__(self, scene: GraphScene):
        super().__init__(scene)
        self.graph_scene = scene
        self._reframe: Callable[[], None] | None = self.frame_opened
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSceneRect(_WORLD)
        self.centerOn(0, 0)

    @property
    def scale_factor(self) -> float:
        """How large things are shown: 1 is their natural size."""
        return self.transform().m11()

    def to_scene(self, at: QPointF) -> QPointF:
        """A point of the viewport, fractions included, in scene coordinates."""
        return self.viewportTransform().inverted()[0].map(at)

    def pan(self, by: QPointF) -> None:
        """Shift what is shown by so many pixels."""
        self._reframe = None
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() - round(by.x()))
        down.setValue(down.value() - round(by.y()))
        self.sight_changed.emit()

    def zoom_at(self, factor: float, at: QPointF) -> None:
        """Zoom, keeping what is at this point of the viewport where it is."""
        wanted = min(max(self.scale_factor * factor, MIN_SCALE), MAX_SCALE)
        kept = self.to_scene(at)
        self._set_scale(wanted)
        self.pan(at - self.viewportTransform().map(kept))

    def _set_scale(self, scale: float) -> None:
        self.setTransform(QTransform.fromScale(scale, scale))
        self.graph_scene.rescale(scale)
        self.sight_changed.emit()

    def middle_place(self) -> QPointF:
        """The scene point in the middle of what is shown."""
        return self.to_scene(self._middle())

    def _middle(self) -> QPointF:
        return QPointF(self.viewport().rect().center())

    def look_at(self, middle: QPointF, scale: float) -> None:
        """Show a scene point in the middle of the view, at that scale."""
        self._reframe = None
        self._set_scale(min(max(scale, MIN_SCALE), MAX_SCALE))
        self.centerOn(middle)
        self.sight_changed.emit()

    def zoom_in(self) -> None:
        self.zoom_at(_STEP, self._middle())

    def zoom_out(self) -> None:
        self.zoom_at(1 / _STEP, self._middle())

    def zoom_reset(self) -> None:
        """Show things at their natural size."""
        self.zoom_at(1 / self.scale_factor, self._middle())

    def frame_all(self) -> None:
        """Bring every node into view, and keep it so until the person zooms or pans."""
        self._frame(self.graph_scene.bounds_with_gates())
        self._reframe = self.frame_all

    def frame_opened(self) -> None:
        """Bring every node into view or, where none could be read then, the first of them."""
        box = self.graph_scene.bounds_with_gates()
        self._frame(box)
        if self.scale_factor < TEXT_FROM:
            self._set_scale(_OPENED)
            across = self.viewport().width() / _OPENED / 2 - _MARGIN
            down = min(self.viewport().height() / _OPENED / 2 - _MARGIN, box.height() / 2)
            self.centerOn(box.left() + across, box.top() + down)
        self._reframe = self.frame_opened

    def bring_into_view(self, ids: Collection[str]) -> None:
        """Move the view no further than it takes to see these, and zoom not at all."""
        self.ensureVisible(self.graph_scene.bounds(ids), _ROOM, _ROOM)
        self.sight_changed.emit()

    def frame_selection(self) -> None:
        """Bring the selected nodes into view, or all where none is selected."""
        self._frame(self.graph_scene.bounds(self.graph_scene.selected() or None))

    def _frame(self, box: QRectF) -> None:
        self._reframe = None
        if box.isEmpty():
            self._set_scale(1.0)
            self.centerOn(0, 0)
            return
        room = self.viewport().size()
        wide = max(room.width() - 2 * _MARGIN, 40) / box.width()
        high = max(room.height() - 2 * _MARGIN, 40) / box.height()
        self._set_scale(min(max(min(wide, high), MIN_SCALE), 1.25))
        self.centerOn(box.center())
        self.sight_changed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(QPointF(turned))
        else:
            self.zoom_at(_STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._reframe is not None:
            self._reframe()
