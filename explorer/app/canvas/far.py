"""The canvas from afar: blocks of colour and thin lines, drawn all together.

Thousands of items, each painted by itself, take longer than a frame. From afar one item paints
them all, from lists that are made anew only for those that changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from explorer.app import theme
from explorer.app.canvas import geometry
from explorer.app.canvas.card_painter import colour_of
from explorer.app.canvas.node_item import CardItem
from explorer.app.canvas.wire_item import WireItem

FAR_BELOW = 0.3
"""The scale below which nothing on a card can be read."""
_CURVES_FROM = 0.12
"""The scale from which on the curve of a short wire differs from a line."""
_CHUNK = 128
_OUTLINE = 2.0
"""Pixels around a card that is selected or wrong, and of a wire that stands out."""
_STANDS_OUT = 2.5
"""The width from which on a wire is under the pointer, selected or aimed at."""
_EVERYWHERE = QRectF(-4e6, -4e6, 8e6, 8e6)

_Style = tuple[str, float, bool]
"""A line's colour, its width in pixels, and whether it is dashed."""


@dataclass
class _Drawn:
    """What a chunk of items looks like: rectangles and outlines by colour, lines by style."""

    bodies: dict[str, list[QRectF]] = field(default_factory=lambda: defaultdict(list))
    headers: dict[str, list[QRectF]] = field(default_factory=lambda: defaultdict(list))
    outlines: dict[str, list[QRectF]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[_Style, list[QLineF]] = field(default_factory=lambda: defaultdict(list))
    curves: dict[_Style, QPainterPath] = field(default_factory=lambda: defaultdict(QPainterPath))
    detours: dict[_Style, QPainterPath] = field(default_factory=lambda: defaultdict(QPainterPath))


class _Chunk:
    """Some items, and how they look as far as that is known."""

    def __init__(self) -> None:
        self.items: dict[CardItem | WireItem, None] = {}
        self._drawn: _Drawn | None = None

    def forget(self) -> None:
        self._drawn = None

    @property
    def drawn(self) -> _Drawn:
        if self._drawn is None:
            self._drawn = _Drawn()
            for item in self.items:
                if isinstance(item, CardItem):
                    _look_at_card(item, self._drawn)
                else:
                    _look_at_wire(item, self._drawn)
        return self._drawn


class FarPicture(QGraphicsItem):
    """Paints all cards and wires while it is on; they themselves are not painted then."""

    def __init__(self) -> None:
        super().__init__()
        self._chunks: list[_Chunk] = []
        self._last: dict[bool, _Chunk] = {}
        self._chunk_of: dict[CardItem | WireItem, _Chunk] = {}
        self.is_on = False
        self._is_due = False

    def turn(self, is_on: bool) -> None:
        """Paint from now on, or no longer."""
        if is_on != self.is_on:
            self.is_on = is_on
            self.update()

    def touch(self, item: CardItem | WireItem) -> None:
        """An item is new, or looks otherwise, or is elsewhere."""
        chunk = self._chunk_of.get(item)
        if chunk is None:
            chunk = self._chunk_of[item] = self._chunk_with_room(isinstance(item, CardItem))
            chunk.items[item] = None
        self._forget(chunk)

    def _chunk_with_room(self, for_cards: bool) -> _Chunk:
        """The last one of cards or of wires: where some of these move, those need no other look."""
        chunk = self._last.get(for_cards)
        if chunk is None or len(chunk.items) >= _CHUNK:
            chunk = self._last[for_cards] = _Chunk()
            self._chunks.append(chunk)
        return chunk

    def drop(self, item: CardItem | WireItem) -> None:
        """An item is gone."""
        chunk = self._chunk_of.pop(item, None)
        if chunk is not None:
            del chunk.items[item]
            self._forget(chunk)

    def restyle(self) -> None:
        """Take on the colours of the current theme."""
        for chunk in self._chunks:
            self._forget(chunk)

    def _forget(self, chunk: _Chunk) -> None:
        chunk.forget()
        if self.is_on and not self._is_due:
            self._is_due = True
            self.update()

    def boundingRect(self) -> QRectF:
        return _EVERYWHERE

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        self._is_due = False
        if not self.is_on:
            return
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        drawn = [chunk.drawn for chunk in self._chunks]
        for each in drawn:
            _paint_wires(painter, each, scale >= _CURVES_FROM)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for fills in (each.bodies for each in drawn), (each.headers for each in drawn):
            _fill(painter, fills)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for each in drawn:
            for colour, boxes in each.outlines.items():
                painter.setPen(_pen((colour, _OUTLINE, False)))
                painter.drawRects(boxes)


def _fill(painter: QPainter, fills: Iterable[dict[str, list[QRectF]]]) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    for by_colour in fills:
        for colour, boxes in by_colour.items():
            painter.setBrush(QColor(colour))
            painter.drawRects(boxes)


def _paint_wires(painter: QPainter, drawn: _Drawn, as_curves: bool) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for style, path in (*drawn.detours.items(), *(drawn.curves.items() if as_curves else ())):
        painter.setPen(_pen(style))
        painter.drawPath(path)
    for style, lines in () if as_curves else drawn.lines.items():
        painter.setPen(_pen(style))
        painter.drawLines(lines)


def _pen(style: _Style) -> QPen:
    colour, width, is_dashed = style
    pen = QPen(QColor(colour), width)
    pen.setCosmetic(True)
    if is_dashed:
        pen.setDashPattern([4.0, 2.5])
    return pen


def _look_at_card(item: CardItem, drawn: _Drawn) -> None:
    colours, card, box = theme.current(), item.card, item.box
    passed = {"forward": colours.forward, "backward": colours.backward}.get(item.progress)
    warmth = _warmth(item)
    drawn.bodies[warmth or passed or colours.card_border].append(box)
    header = QRectF(box)
    header.setHeight(card.height if card.is_collapsed else geometry.HEADER)
    drawn.headers[warmth or colour_of(card)].append(header)
    if item.isSelected() or card.severity == "error":
        drawn.outlines[colours.accent if item.isSelected() else colours.error].append(box)


def _warmth(item: CardItem) -> str | None:
    """The colour of a card that is painted by a quantity."""
    heat = item.heat
    if heat is None:
        return None
    if heat.share is not None:
        return theme.sequential(heat.share)
    return theme.current().error if heat.is_broken else theme.current().port_unknown


def _look_at_wire(item: WireItem, drawn: _Drawn) -> None:
    path, pen = item.path(), item.pen()
    width = 1.0 if pen.widthF() < _STANDS_OUT else _OUTLINE
    style = (pen.color().name(), width, pen.style() != Qt.PenStyle.SolidLine)
    if item.chord is None:
        drawn.detours[style].addPath(path)
    else:
        drawn.curves[style].addPath(path)
        drawn.lines[style].append(item.chord)
