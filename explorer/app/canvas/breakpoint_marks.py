"""Keeps the marks on the canvas's cards in step with the breakpoints."""

from PySide6.QtCore import QObject, Slot

from explorer.app.breakpoints import Breakpoints
from explorer.app.canvas.scene import GraphScene
from explorer.graph.grouping import contents


class BreakpointMarks(QObject):
    """Marks each card that holds a breakpoint: a node's own, or that of a node in its group."""

    def __init__(self, scene: GraphScene, breakpoints: Breakpoints):
        super().__init__(breakpoints)
        self._scene = scene
        self._breakpoints = breakpoints
        scene.refreshed.connect(self._show)
        breakpoints.changed.connect(self._show)

    @Slot()
    def _show(self) -> None:
        graph, breakpoints = self._scene.graph, self._breakpoints
        for id, card in self._scene.nodes.items():
            card.show_mark(breakpoints.mark(contents(graph, id)) if breakpoints.all else None)
