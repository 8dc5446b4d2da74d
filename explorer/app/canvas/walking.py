"""From node to node along the wires: what an arrow key selects."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPointF

from explorer.app.canvas.geometry import distance

if TYPE_CHECKING:
    from explorer.app.canvas.scene import GraphScene
    from explorer.app.canvas.view import GraphView

Way = Literal["left", "right", "up", "down"]
WAYS: dict[Way, tuple[int, int]] = {
    "left": (-1, 0),
    "right": (1, 0),
    "up": (0, -1),
    "down": (0, 1),
}


def walk(view: GraphView, way: Way) -> None:
    """Select the node that is next to the selected one, and bring it into view.

    From several it goes on from the last of them that way; from none to the one in the middle.
    """
    scene = view.graph_scene
    across, down = WAYS[way]
    chosen = [id for id in scene.selected() if id in scene.nodes]
    if chosen:
        places = {id: _middle(scene, id) for id in chosen}
        last = max(chosen, key=lambda id: places[id].x() * across + places[id].y() * down)
        found = next_node(scene, last, way) or last
    elif (nearest := nearest_card(scene, view.middle_place())) is not None:
        found = nearest
    else:
        return
    scene.select([found])
    view.bring_into_view([found])


def next_node(scene: GraphScene, id: str, way: Way) -> str | None:
    """The node or group that is next: right reads it, left feeds it, up and down are beside it.

    Beside it is what is fed by the same, or read by the same, or else the nearest that way.
    """
    edges = {(scene.shown_as(a), scene.shown_as(b)) for a, b in _ends(scene)}
    after, before = _lookup(edges), _lookup((b, a) for a, b in edges)
    if way in ("left", "right"):
        return _nearest(scene, id, after(id) if way == "right" else before(id))
    siblings = {s for near in before(id) for s in after(near)}
    siblings |= {s for near in after(id) for s in before(near)}
    others = scene.nodes.keys() - {id}
    beside = _towards(scene, id, siblings & others, way)
    return _nearest(scene, id, beside or _towards(scene, id, others, way))


def _ends(scene: GraphScene) -> Iterable[tuple[str, str]]:
    for target in scene.wires:
        wire = scene.graph.wires[target]
        yield wire.source_node, wire.target_node


def _lookup(
    edges: Iterable[tuple[str | None, str | None]],
) -> Callable[[str], set[str]]:
    found: dict[str, set[str]] = {}
    for a, b in edges:
        if a is not None and b is not None:
            found.setdefault(a, set()).add(b)
    return lambda id: found.get(id, set())


def _towards(scene: GraphScene, id: str, others: Iterable[str], way: Way) -> set[str]:
    """Those that lie more in that direction than to the side of it."""
    across, down = WAYS[way]
    found = set()
    for other in others:
        by = _middle(scene, other) - _middle(scene, id)
        ahead = by.x() * across + by.y() * down
        if ahead > 0 and ahead >= abs(by.x() * down + by.y() * across) / 2:
            found.add(other)
    return found


def _nearest(scene: GraphScene, id: str, others: Iterable[str]) -> str | None:
    at = _middle(scene, id)
    seen = [other for other in others if other in scene.nodes]
    return min(seen, key=lambda other: (distance(_middle(scene, other), at), other), default=None)


def nearest_card(scene: GraphScene, at: QPointF) -> str | None:
    """The id of the card whose middle is nearest to a scene point; None where there is none."""
    return min(scene.nodes, key=lambda id: distance(_middle(scene, id), at), default=None)


def _middle(scene: GraphScene, id: str) -> QPointF:
    return scene.nodes[id].box.center()
