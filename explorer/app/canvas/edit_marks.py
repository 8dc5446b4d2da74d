"""Keeps the pencils on the canvas's cards in step with what is edited on the walk."""

from PySide6.QtCore import QObject, Slot

from explorer.app.canvas.scene import GraphScene
from explorer.app.what_if.edits import HeldEdits
from explorer.graph.grouping import contents


class EditMarks(QObject):
    """Marks each card that an edited number belongs to: a node's own, or one in its group."""

    def __init__(self, scene: GraphScene, edits: HeldEdits):
        super().__init__(edits)
        self._scene, self._edits = scene, edits
        scene.refreshed.connect(self._show)
        edits.changed.connect(self._show)

    @Slot()
    def _show(self) -> None:
        edits = self._edits
        for id, card in self._scene.nodes.items():
            inside = contents(self._scene.graph, id) if edits.all else ()
            card.show_edits(tuple(map(str, edits.of_nodes(inside))))
