"""Leads wires around the cards that they would run behind, and back when those are gone.

A wire that nothing is in the way of is a curve, whatever happens far from it. Wires with bends of
their own are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, QTimer
from PySide6.QtGui import QPainterPath, QPainterPathStroker

from explorer.app.canvas import geometry
from explorer.app.canvas.lanes import Lanes
from explorer.app.canvas.lookup import boxes_along, meeting
from explorer.app.canvas.node_item import CardItem
from explorer.app.canvas.routing import LANES, Box, Obstacle, Point, way_around
from explorer.app.canvas.wire_item import WireItem

if TYPE_CHECKING:
    from explorer.app.canvas.item_scene import ItemScene

_CARD, _PICTURE = 20.0, 3.0
"""How many times as long a way behind a card counts, and one behind what hangs below it."""
_RIM = 10.0
"""So deep a wire may run behind the cards that it joins."""
_WITHIN = (1.0, -1.0, -1.0, 1.0)
"""From the box around a curve to what of it may be behind cards that it does not join."""
_FRAME, _AT_ONCE = 0.008, 0.03
"""Seconds to lead wires in for a frame and after an edit; the rest follows frame by frame."""
_MANY = 32
"""From so many cards that moved on, every wire is looked at, without asking which are near."""


class Routes(QObject):
    """Of one scene; the scene says what moved, and when it is time to look at it."""

    def __init__(self, scene: ItemScene):
        super().__init__(scene)
        self._scene = scene
        self._moved: dict[WireItem, None] = {}
        self._before: dict[CardItem, QRectF] = {}
        self._pending: dict[WireItem, None] = {}
        self._reach: dict[WireItem, QRectF] = {}
        self._lanes: Lanes[WireItem] = Lanes()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._lead_on)

    def wire_moved(self, item: WireItem) -> None:
        """A wire is new, or was drawn as a curve between other points."""
        self._moved[item] = None

    def card_moved(self, item: CardItem, before: QRectF) -> None:
        """A card is new, elsewhere or gone, and was in that rectangle."""
        self._before.setdefault(item, before)

    def drop(self, item: WireItem) -> None:
        """A wire is gone."""
        self._moved.pop(item, None)
        self._pending.pop(item, None)
        self._let_go(item)

    def follow(self) -> None:
        """Lead those that were just moved: for each frame of a gesture."""
        self._look_at(self._moved)
        self._moved.clear()
        self._lead(_FRAME)

    def settle(self) -> None:
        """Lead all wires whose ends moved, and those that cards have come or gone in the way of.

        What takes longer than a moment follows in the moments after.
        """
        concerned = self._concerned()
        self._look_at(concerned)
        if concerned:
            self._scene.paint_anew()
        self._moved.clear()
        self._before.clear()
        self._lead(_AT_ONCE)

    @property
    def are_pending(self) -> bool:
        """Whether some wires are still to be led."""
        return bool(self._pending)

    def complete(self) -> None:
        """Lead all that are still to be led, without waiting for the next moment."""
        self._lead(inf)

    # Which wires

    def _concerned(self) -> dict[WireItem, object]:
        areas = self._changed_areas()
        if len(areas) > _MANY:
            return self._meeting_cards() | self._reach | self._pending
        found: dict[WireItem, object] = {**self._moved}
        for area in areas:
            found |= dict.fromkeys(self._scene.wires_in(area))
            found |= {item: None for item, box in self._reach.items() if box.intersects(area)}
        return found

    def _meeting_cards(self) -> dict[WireItem, object]:
        """Those that may run behind some card, found for all of them at once."""
        wires = list(self._scene.wires.values())
        boxes = [item.path().controlPointRect().getCoords() for item in wires]
        within = np.array(boxes, dtype=np.float64).reshape(-1, 4) + _WITHIN
        cards = [area.getCoords() for area in self._scene.areas().values()]
        found = meeting(within, np.array(cards, dtype=np.float64).reshape(-1, 4))
        return dict.fromkeys(wires[number] for number in found)

    def _changed_areas(self) -> list[QRectF]:
        """Where cards are that moved, and where they were."""
        areas = self._scene.areas()
        now = (areas[item] for item in self._before if item in areas)
        return [area for area in (*self._before.values(), *now) if not area.isEmpty()]

    def _look_at(self, items: Iterable[WireItem]) -> None:
        """Draw those as curves that nothing is in the way of any more; the others are to be led."""
        for item in items:
            if not item.bends and self._hiding(item):
                self._pending[item] = None
                continue
            self._pending.pop(item, None)
            self._let_go(item)
            if item.is_led:
                item.route(*item.ends)

    def _let_go(self, item: WireItem) -> None:
        self._reach.pop(item, None)
        self._lanes.drop(item)

    # What is in the way

    def _hiding(self, item: WireItem) -> list[CardItem]:
        """The cards behind which the curve of a wire would run."""
        start, end = item.ends
        path = geometry.wire_path(start, end) if item.is_led else item.path()
        near = {
            card: None
            for box in boxes_along(path, 0)
            for card in self._scene.cards_in(box.adjusted(*_WITHIN))
        }
        if not near:
            return []
        stroker = QPainterPathStroker()
        stroker.setWidth(2.0)
        drawn = stroker.createStroke(path)
        return [card for card in near if _is_behind(drawn, card, start, end)]

    # The way around

    def _lead_on(self) -> None:
        self._lead()
        self._scene.paint_anew()

    def _lead(self, seconds: float = _FRAME) -> None:
        end = perf_counter() + seconds
        while self._pending and perf_counter() < end:
            item = next(iter(self._pending))
            del self._pending[item]
            self._lead_one(item)
        if self._pending:
            self._timer.start()
        else:
            self._timer.stop()

    def _lead_one(self, item: WireItem) -> None:
        start, end = item.ends
        cards = dict.fromkeys(self._hiding(item))
        for at in (start, end):
            cards |= dict.fromkeys(self._scene.cards_in(QRectF(at.x() - 1, at.y() - 1, 2, 2)))
        known = [obstacle for card in cards for obstacle in _obstacles(card)]
        self._let_go(item)
        way = []
        for lane in range(LANES):
            way = way_around(_point(start), _point(end), known, self._obstacles_in, lane)
            if self._lanes.is_free(item.source, way):
                break
        if not way:
            item.route(start, end)
            return
        curve = geometry.wire_path(start, end).boundingRect()
        item.lead([QPointF(*corner) for corner in way])
        self._lanes.put(item, item.source, way)
        self._reach[item] = item.path().boundingRect().united(curve).adjusted(-1, -1, 1, 1)

    def _obstacles_in(self, box: Box) -> Iterator[Obstacle]:
        left, top, right, bottom = box
        for card in self._scene.cards_in(QRectF(QPointF(left, top), QPointF(right, bottom))):
            for found in _obstacles(card):
                if found[0] < right and left < found[2] and found[1] < bottom and top < found[3]:
                    yield found


def _obstacles(card: CardItem) -> Iterator[Obstacle]:
    yield _obstacle(card.box, _CARD)
    if card.hanging is not None:
        yield _obstacle(card.hanging.sceneBoundingRect(), _PICTURE)


def _obstacle(box: QRectF, cost: float) -> Obstacle:
    return box.left(), box.top(), box.right(), box.bottom(), cost


def _point(at: QPointF) -> Point:
    return at.x(), at.y()


def _is_behind(drawn: QPainterPath, card: CardItem, start: QPointF, end: QPointF) -> bool:
    """Whether a line runs behind a card or what hangs below it; where it ends it may a little."""
    box = card.box
    is_source = abs(box.right() - start.x()) < 1 and box.top() <= start.y() <= box.bottom()
    is_target = abs(box.left() - end.x()) < 1 and box.top() <= end.y() <= box.bottom()
    rim = _RIM if is_source or is_target else 1.0
    if drawn.intersects(box.adjusted(rim, rim, -rim, -rim)):
        return True
    return card.hanging is not None and drawn.intersects(card.hanging.sceneBoundingRect())
