"""Keeps the pencils on the canvas's cards in step with what is edited on the walk."""

from collections import defaultdict

from PySide6.QtCore import QObject, Slot

from explorer.app.canvas.scene import GraphScene
from explorer.app.what_if.edits import HeldEdits


class EditMarks(QObject):
    """Marks each card that an edited number belongs to: a node's own, or one in its group."""

    def __init__(self, scene: GraphScene, edits: HeldEdits):
        super().__init__(edits)
        self._scene, self._edits = scene, edits
        scene.refreshed.connect(self._show)
        edits.changed.connect(self._show)

    @Slot()
    def _show(self) -> None:
        scene = self._scene
        by_card: defaultdict[str | None, list[str]] = defaultdict(list)
        for each in self._edits.all:
            # A node may be gone whose walk is about to end.
            if scene.graph.has(each.node):
                by_card[scene.shown_as(each.node)].append(str(each))
        for id, card in scene.nodes.items():
            card.show_edits(tuple(by_card.get(id, ())))
