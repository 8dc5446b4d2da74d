"""Automatic layout of what is on the canvas, as one action that is seen to happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from explorer.app.canvas.gliding import Glide
from explorer.graph.arrange import Direction, arrange
from explorer.graph.bends import straightening
from explorer.graph.edits import Several

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView

_LABELS: dict[Direction, str] = {"right": "Arrange nodes", "down": "Arrange nodes top down"}


class Arranger:
    """Lays out the selected nodes, or all where fewer than two are selected."""

    def __init__(self, view: GraphView):
        self._view = view
        self._glide = Glide(view)

    def arrange(self, direction: Direction = "right") -> None:
        """Move the nodes to where they are best seen; the cards glide there."""
        self._view.cancel_tool()
        self._glide.finish()
        scene = self._view.graph_scene
        chosen = scene.selected()
        ids = chosen if len(chosen) > 1 else list(scene.nodes)
        heights = {id: item.box.height() for id, item in scene.nodes.items()}
        places = arrange(scene.graph, ids, direction, heights, wraps=True, level=scene.level)
        origins = {id: scene.nodes[id].pos() for id in places}
        label = _LABELS[direction]
        moves = scene.graph.moving(places, label).edits
        straight = straightening(scene.graph, places, label)
        scene.graph.do(Several((*moves, *straight), label))
        if ids is not chosen:
            self._view.frame_all()
        self._glide.start(origins)
