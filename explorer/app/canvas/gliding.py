"""Cards gliding to their new places; the graph has them there from the first moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPointF, Qt, QVariantAnimation
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStyle

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView

_MILLISECONDS = 250
_MOST = 400
"""More cards than that are shown in their new places at once: they would only stutter there."""


class Glide(QObject):
    """Shows cards on their way; a press, a key or a change of the graph puts them where they are.

    Esc is spent on that; every other key and press goes on to whom it was meant for.
    """

    def __init__(self, view: GraphView):
        super().__init__(view)
        self._view = view
        self._scene = view.graph_scene
        self._ways: dict[str, tuple[QPointF, QPointF]] = {}
        self._animation = QVariantAnimation(self, startValue=0.0, endValue=1.0)
        self._animation.setDuration(_MILLISECONDS)
        self._animation.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._animation.valueChanged.connect(self._show)
        self._animation.finished.connect(self.finish)
        self._scene.refreshed.connect(self.finish)
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)

    @property
    def is_on(self) -> bool:
        """Whether cards are on their way."""
        return bool(self._ways)

    def start(self, origins: Mapping[str, QPointF]) -> None:
        """Show the cards coming from these places to where they stand now."""
        nodes = self._scene.nodes
        self._ways = {id: (at, nodes[id].pos()) for id, at in origins.items() if id in nodes}
        if not self._is_wanted():
            self._ways.clear()
            return
        self._show(0.0)
        self._animation.start()

    def _is_wanted(self) -> bool:
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        is_animated = self._view.style().styleHint(hint, None, self._view) > 0
        return is_animated and self._view.isVisible() and 0 < len(self._ways) <= _MOST

    def _show(self, share: float) -> None:
        ways = self._ways.items()
        self._scene.preview.move({id: a + (b - a) * share for id, (a, b) in ways})

    def finish(self) -> None:
        """Show the cards where they are."""
        moving, self._ways = self._ways, {}
        self._animation.stop()
        self._scene.preview.put_back(moving)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.is_on:
            return False
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress):
            self.finish()
            return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        return False
