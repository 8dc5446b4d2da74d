"""Room in the middle of a wire: what is put there stands between its ends, what follows gives way.

Only as much moves as must: a card that stands far enough away, or in another line, stays.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from explorer.app.canvas.geometry import HEADER
from explorer.app.canvas.placing import NEXT_COLUMN, free_place
from explorer.app.canvas.scene import GraphScene
from explorer.graph import Wire

_LEAST = 40.0
"""Between two cards of a chain, for the wire to be seen."""
_BESIDE = 20.0
"""Cards that pass each other by less than that are in one line."""

Boxes = dict[str, QRectF]
Links = Collection[tuple[str, str]]


@dataclass(frozen=True)
class Room:
    """The top left corner of what is put in, and the cards that move for it, with their places."""

    at: QPointF
    moved: dict[str, tuple[float, float]]


def room_between(scene: GraphScene, wire: Wire, box: QRectF, besides: str = "") -> Room:
    """Room for a box that is let go on a wire; `besides` is the card that it stands for."""
    cards = {id: item.area for id, item in scene.nodes.items() if id != besides}
    source, target = scene.shown_as(wire.source_node), scene.shown_as(wire.target_node)
    is_led_around = bool(wire.bends)
    if source in cards and target in cards and not is_led_around:
        first, last = cards[source], cards[target]
        if last.left() >= first.right():
            at, by = _in_line(box, cards, source, target, _links(scene))
            return Room(at, _moved(scene, {id: QPointF(far, 0) for id, far in by.items()}))
        if last.top() >= first.bottom() and _overlap_across(first, last):
            turned = {id: _turned(card) for id, card in cards.items()}
            at, by = _in_line(_turned(box), turned, source, target, _links(scene))
            moved = _moved(scene, {id: QPointF(0, far) for id, far in by.items()})
            return Room(at.transposed(), moved)
    return Room(free_place(box, cards.values()), {})


def _in_line(
    box: QRectF, cards: Boxes, source: str, target: str, links: Links
) -> tuple[QPointF, dict[str, float]]:
    """Where the box goes in a net that runs to the right, and how far which cards move there."""
    first, last = cards[source], cards[target]
    gap = min(max(last.left() - first.right(), _LEAST), NEXT_COLUMN)
    placed = QRectF(box)
    placed.moveLeft(max(min(box.left(), last.left() - gap - box.width()), first.right() + gap))
    if abs(box.top() - first.top()) < HEADER:
        placed.moveTop(first.top())
    edge = min(placed.left(), last.left())
    before = (card for card in cards.values() if card.left() < edge)
    placed.moveTopLeft(free_place(placed, before))
    by: dict[str, float] = {}
    for id in sorted(cards, key=lambda each: cards[each].left()):
        card = cards[id]
        if card.left() < edge:
            continue
        is_behind = id == target or not _passes(placed, card)
        far = placed.right() + gap - card.left() if is_behind else 0.0
        for other, pushed in by.items():
            between = card.left() - cards[other].right()
            if between >= 0 and ((other, id) in links or not _passes(cards[other], card)):
                far = max(far, pushed - max(between - gap, 0.0))
        if far > 0:
            by[id] = far
    return placed.topLeft(), by


def _overlap_across(one: QRectF, other: QRectF) -> bool:
    return one.left() < other.right() and other.left() < one.right()


def _passes(one: QRectF, other: QRectF) -> bool:
    """Whether one goes by above or below the other when it moves to the side."""
    return one.top() >= other.bottom() + _BESIDE or other.top() >= one.bottom() + _BESIDE


def _links(scene: GraphScene) -> Links:
    """The cards that a wire leads between."""
    return set(_ends(scene))


def _ends(scene: GraphScene) -> Iterator[tuple[str, str]]:
    for wire in scene.graph.wires.values():
        source, target = scene.shown_as(wire.source_node), scene.shown_as(wire.target_node)
        if source is not None and target is not None:
            yield source, target


def _turned(box: QRectF) -> QRectF:
    """The box with right for down: a net that runs down is one that runs to the right."""
    return QRectF(box.top(), box.left(), box.height(), box.width())


def _moved(scene: GraphScene, by: dict[str, QPointF]) -> dict[str, tuple[float, float]]:
    corners = {id: scene.nodes[id].pos() + far for id, far in by.items()}
    return {id: (float(round(at.x())), float(round(at.y()))) for id, at in corners.items()}
