"""A node's card on the canvas.

Qt keeps the painted card as a pixmap until it changes or the zoom does, so panning runs no Python.
"""

from collections.abc import Callable
from typing import Any, Literal

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from explorer.app import icons, theme
from explorer.app.breakpoint_mark import Mark, paint_mark
from explorer.app.canvas import geometry
from explorer.app.canvas.card import Card, Port
from explorer.app.canvas.card_painter import CardPainter
from explorer.app.canvas.heat.warmth import Heat

Progress = Literal["none", "forward", "backward", "skipped"]
Ahead = Literal["nothing", "gradient", "all"]
"""What of a node's own is not computed yet, where one steps."""
Z = 2.0
_PENCIL_AT = 26.0
"""How far from a card's left edge the pencil is that marks an edit."""
_BEYOND = 0.55
"""How much of a card shows that is outside of what one looks at."""


def paint_pencil(painter: QPainter, at: QPointF, radius: float) -> None:
    """Draw a disc with a pencil around a point, in the colours of the theme."""
    colours = theme.current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colours.canvas), 1.4))
    painter.setBrush(QColor(colours.edited))
    painter.drawEllipse(at, radius, radius)
    size = radius * 1.3
    box = QRectF(at.x() - size / 2, at.y() - size / 2, size, size)
    icons.paint(painter, box, "edit", theme.readable_on(colours.edited))


class Hanging(QGraphicsRectItem):
    """What hangs below a card, its parent, and is of one piece with it for whoever points there."""

    def hang_below(self, height: float) -> None:
        """Hang from a card that is so high."""
        raise NotImplementedError

    def show_ahead(self, ahead: Ahead) -> None:
        """Leave out what is not computed yet."""
        raise NotImplementedError

    def tip(self, at: QPointF) -> str:
        """What a scene point of it shows, in words."""
        raise NotImplementedError


class CardItem(QGraphicsRectItem):
    """Shows a Card. Its rectangle leaves a margin for ports.

    `on_touched` is called whenever it looks otherwise or is elsewhere.
    """

    def __init__(self, card: Card, position: tuple[float, float]):
        super().__init__()
        self.on_touched: Callable[[], object] | None = None
        self.id = card.id
        self.card = card
        self.progress: Progress = "none"
        self.ahead: Ahead = "nothing"
        self.mark: Mark | None = None
        self.edits: tuple[str, ...] = ()
        self.heat: Heat | None = None
        self.hanging: Hanging | None = None
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setZValue(Z)
        self.setPos(*position)
        self._fit()

    def show_card(self, card: Card) -> bool:
        """Show what changed; whether ports may have moved."""
        if card == self.card:
            return False
        before = self._places()
        self.card = card
        moved = self._places() != before
        self._fit()
        self.update()
        self.touched()
        return moved

    def touched(self) -> None:
        """Tell whoever keeps track of it that it changed."""
        if self.on_touched is not None:
            self.on_touched()

    def setPos(self, *at: Any) -> None:  # noqa: N802 - Qt's name for it
        super().setPos(*at)
        self.touched()

    def setSelected(self, selected: bool) -> None:  # noqa: N802 - Qt's name for it
        if selected != self.isSelected():
            super().setSelected(selected)
            self.touched()

    def _places(self) -> list[tuple[str, int]]:
        """Which ports there are, and how they stand."""
        return [(port.path, port.stacked) for port in self.ports]

    def hang(self, hanging: Hanging | None) -> None:
        """Have this hang below the card and nothing else, or nothing."""
        before, self.hanging = self.hanging, hanging
        if before is not None:
            self.scene().removeItem(before)
        if hanging is not None:
            hanging.hang_below(self.box.height())
            hanging.show_ahead(self.ahead)
        if before is not hanging:
            self.touched()

    def show_progress(self, progress: Progress) -> None:
        """Tint the card when its forward or backward call has run; cross it off if none will."""
        if progress != self.progress:
            self.progress = progress
            self.update()
            self.touched()

    def show_ahead(self, ahead: Ahead) -> None:
        """Leave out of what hangs below the card that which is not computed yet."""
        self.ahead = ahead
        if self.hanging is not None:
            self.hanging.show_ahead(ahead)

    def show_heat(self, heat: Heat | None) -> None:
        """Paint the card by a quantity, or as it is."""
        if heat != self.heat:
            self.heat = heat
            self.update()
            self.touched()

    def show_mark(self, mark: Mark | None) -> None:
        """Show at the card's corner that a breakpoint is set on it."""
        if mark != self.mark:
            self.mark = mark
            self.update()

    def show_edits(self, edits: tuple[str, ...]) -> None:
        """Show a pencil at the card's edge where numbers of it are edited: these, in words."""
        if edits != self.edits:
            self.edits = edits
            self.update()

    def _fit(self) -> None:
        margin = geometry.MARGIN
        box = geometry.card_rect(self.card.height).adjusted(-margin, -margin, margin, margin)
        if box != self.rect():
            self.setRect(box)
            if self.hanging is not None:
                self.hanging.hang_below(self.box.height())

    @property
    def box(self) -> QRectF:
        """The card alone, in scene coordinates."""
        margin = geometry.MARGIN
        return self.rect().adjusted(margin, margin, -margin, -margin).translated(self.pos())

    @property
    def area(self) -> QRectF:
        """The card with what hangs below it, in scene coordinates."""
        return self.box.united(self.hanging.sceneBoundingRect()) if self.hanging else self.box

    @property
    def ports(self) -> tuple[Port, ...]:
        return (*self.card.inputs, *self.card.outputs)

    def port_point(self, port: Port) -> QPointF:
        """The middle of a port, in scene coordinates."""
        return self.pos() + geometry.port_point(port.is_output, port.row, port.stacked)

    def find_port(self, path: str) -> Port | None:
        return next((port for port in self.ports if port.is_at(path)), None)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        look = (self.card, self.isSelected(), self.progress, self.heat)
        CardPainter(painter, *look).paint(scale)
        if self.mark is not None:
            paint_mark(painter, QPointF(2, 2), geometry.MARGIN - 2, self.mark)
        if self.edits:
            paint_pencil(painter, QPointF(_PENCIL_AT, 2), geometry.MARGIN - 1)


class NodeItem(CardItem):
    """The card of a node, or of a group, where that is."""

    def __init__(self, card: Card, position: tuple[float, float]):
        super().__init__(card, position)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)


class GateItem(CardItem):
    """What is outside of the group that is shown and wired to it: it leads there, and stays put."""

    def __init__(self, card: Card, position: tuple[float, float]):
        super().__init__(card, position)
        self.setOpacity(_BEYOND)
