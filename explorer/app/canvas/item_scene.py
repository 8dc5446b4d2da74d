"""A scene of cards and the wires between them, that knows what is where and how near one looks."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtWidgets import QGraphicsItem, QGraphicsItemGroup, QGraphicsScene

from explorer.app.canvas import geometry
from explorer.app.canvas.card import Port
from explorer.app.canvas.card_painter import TEXT_FROM
from explorer.app.canvas.far import FAR_BELOW, FarPicture
from explorer.app.canvas.labels import WireLabels
from explorer.app.canvas.lookup import Lookup, boxes_along
from explorer.app.canvas.node_item import CardItem, NodeItem
from explorer.app.canvas.node_item import Z as CARDS
from explorer.app.canvas.routes import Routes
from explorer.app.canvas.wire_item import REACH, WireItem
from explorer.app.canvas.wire_item import Z as WIRES

_LABELS = 1.0


class ItemScene(QGraphicsScene):
    """Holds cards and wires. `nodes` are the cards by id, `wires` by the input they end in.

    Cards, wires and labels are each in a layer: what is done to a layer is done to all in it
    without a call for each. From afar cards and wires are painted by `far` instead.

    Signals:
        rescaled(float): it is looked at from nearer or farther; 1 is natural size.
    """

    rescaled = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[str, WireItem] = {}
        self.far = FarPicture()
        self.addItem(self.far)
        self._cards_layer, self._wires_layer = self._layer(CARDS), self._layer(WIRES)
        self.labels = WireLabels(self, self._layer(_LABELS))
        self._cards: Lookup[CardItem] = Lookup()
        self._ways: Lookup[WireItem] = Lookup()
        self._moved_cards: dict[CardItem, None] = {}
        self._moved_wires: dict[WireItem, None] = {}
        self._areas: dict[CardItem, QRectF] = {}
        self.routes = Routes(self)
        self._bounds: QRectF | None = None
        self._hovered: WireItem | None = None

    def _layer(self, z: float) -> QGraphicsItemGroup:
        layer = QGraphicsItemGroup()
        layer.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        layer.setHandlesChildEvents(False)
        layer.setZValue(z)
        self.addItem(layer)
        return layer

    # Putting and taking

    def put_card(self, item: CardItem) -> None:
        """Show a card."""
        item.setParentItem(self._cards_layer)
        self._watch(item)

    def put_wire(self, item: WireItem) -> None:
        """Show a wire, and its label where those can be read."""
        item.setParentItem(self._wires_layer)
        self._watch(item)
        self.labels.add(item)

    def take(self, item: CardItem | WireItem) -> None:
        """Show a card or wire no longer."""
        item.on_touched = None
        self.far.drop(item)
        if isinstance(item, CardItem):
            self._moved_cards.pop(item, None)
            self._cards.drop(item)
            before = self._areas.pop(item, QRectF())
            self._leave(before)
            self.routes.card_moved(item, before)
        else:
            self._moved_wires.pop(item, None)
            self._ways.drop(item)
            self.routes.drop(item)
            self._hovered = None if item is self._hovered else self._hovered
            self.labels.drop(item)
        self.removeItem(item)

    def _watch(self, item: CardItem | WireItem) -> None:
        changed: Callable[[], object] = partial(self._on_touched, item)
        item.on_touched = changed
        changed()

    def _on_touched(self, item: CardItem | WireItem) -> None:
        if isinstance(item, CardItem):
            self._moved_cards[item] = None
        else:
            self._moved_wires[item] = None
        self.far.touch(item)

    def paint_anew(self) -> None:
        """Paint all that is seen, after items were moved that nobody drags.

        Qt paints where an item was only if no other paint of the view comes between the move and
        its turn; one that does makes it forget the place, and what was there stays.
        """
        for view in self.views():
            view.viewport().update()

    # How near one looks

    def rescale(self, scale: float) -> None:
        """Show blocks from afar; show the shapes on wires where they are large enough to read."""
        self.rescaled.emit(scale)
        is_far = scale < FAR_BELOW
        if is_far != self.far.is_on:
            self.far.turn(is_far)
            for layer in (self._cards_layer, self._wires_layer):
                layer.setOpacity(0.0 if is_far else 1.0)
        self.labels.show(scale >= TEXT_FROM)

    # What is where

    def node_at(self, at: QPointF) -> NodeItem | None:
        """The topmost card, or what hangs below it, under a scene point."""
        near = (item for item in self._cards_near(at, 0) if isinstance(item, NodeItem))
        return next((item for item in near if item.area.contains(at)), None)

    def port_near(self, at: QPointF) -> tuple[CardItem, Port] | None:
        """The port that a pointer at this scene point means, if any."""
        found = [
            (geometry.distance(item.port_point(port), at), item, port)
            for item in self._cards_near(at, geometry.PORT_REACH)
            for port in item.ports
        ]
        best = min(found, key=lambda entry: entry[0], default=None)
        return best[1:] if best and best[0] <= geometry.PORT_REACH else None

    def wire_at(self, at: QPointF) -> WireItem | None:
        """The wire under a scene point."""
        near = reversed(self.wires_in(_around(at, REACH)))
        return next((item for item in near if item.is_near(at)), None)

    def wires_in(self, box: QRectF) -> list[WireItem]:
        """The wires that may pass through a rectangle."""
        for item in self._moved_wires:
            self._ways.put(item, boxes_along(item.path(), REACH))
        self._moved_wires.clear()
        return self._ways.near(box)

    def cards_in(self, box: QRectF) -> list[CardItem]:
        """The cards that, with what hangs below them, reach into a rectangle."""
        self._find_cards()
        areas = self._areas
        return [item for item in self._cards.near(box) if areas[item].intersects(box)]

    def areas(self) -> Mapping[CardItem, QRectF]:
        """Where each card is that is shown, with what hangs below it."""
        self._find_cards()
        return self._areas

    def bend_at(self, at: QPointF) -> tuple[WireItem, int] | None:
        """The bend under a scene point: its wire, and its number on it."""
        for item in self.wires.values():
            number = item.bend_near(at) if item.bends else None
            if number is not None:
                return item, number
        return None

    def _cards_near(self, at: QPointF, reach: float) -> list[CardItem]:
        """The topmost first."""
        self._find_cards()
        return self._cards.near(_around(at, reach))[::-1]

    def _find_cards(self) -> None:
        """Take note of where cards are that were touched since somebody last asked."""
        margin = geometry.MARGIN
        for item in self._moved_cards:
            area = item.area
            before = self._areas.get(item, QRectF())
            if area != before:
                self._areas[item] = area
                self._cards.put(item, [area.adjusted(-margin, -margin, margin, margin)])
                self._leave(before)
                self._come(item, area)
                self.routes.card_moved(item, before)
        self._moved_cards.clear()

    def _leave(self, area: QRectF) -> None:
        """No card is there any longer: all that it reached to may be smaller now."""
        inner = self._bounds.adjusted(1, 1, -1, -1) if self._bounds else QRectF()
        if not inner.contains(area):
            self._bounds = None

    def _come(self, item: CardItem, area: QRectF) -> None:
        if self._bounds is not None and isinstance(item, NodeItem):
            self._bounds = self._bounds.united(area)

    def card_bounds(self) -> QRectF:
        """The rectangle around all cards, with what hangs below them."""
        self._find_cards()
        if self._bounds is None:
            self._bounds = QRectF()
            for item in self.nodes.values():
                self._bounds = self._bounds.united(self._areas[item])
        return self._bounds

    def hover(self, wire: WireItem | None) -> None:
        """Light up the wire under the pointer, and no other."""
        if wire is self._hovered:
            return
        if self._hovered is not None:
            self._hovered.show_hovered(False)
        if wire is not None:
            wire.show_hovered(True)
        self._hovered = wire


def _around(at: QPointF, reach: float) -> QRectF:
    return QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
