"""Draws a card, with as much detail as the zoom lets one read."""

from functools import cache, lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from explorer.app import theme
from explorer.app.canvas import geometry as geo
from explorer.app.canvas.bypass import paint_bypass
from explorer.app.canvas.card import Card, Port
from explorer.app.canvas.heat.warmth import Heat
from explorer.app.canvas.lettering import LEFT, RIGHT, write
from explorer.app.glyphs import paint_tile, tile_pixmap

TEXT_FROM = 0.5
"""The scale from which on words on cards and wires can be read."""
_SMALL_TILE = 32
"""Pixels of a layer's drawing that is shown smaller than that."""
_EDGE = 3.0
"""The height of the stripe in the family's colour."""
_PALE = 0.62
"""How much of a muted card's colours gives way to the canvas."""


def colour_of(card: Card) -> str:
    """The colour that a card is known by: that of its family, pale where it is muted."""
    colours = theme.current()
    if not card.is_usable:
        return colours.error
    family = colours.family(card.family)
    return theme.mix(family, colours.card, _PALE) if card.is_muted else family


class CardPainter:
    """One painting of one card."""

    def __init__(
        self,
        painter: QPainter,
        card: Card,
        is_selected: bool,
        progress: str,
        heat: Heat | None = None,
    ):
        self.painter = painter
        self.card = card
        self.is_selected = is_selected
        self.progress = progress
        self.theme = theme.current()
        self.small = geo.card_font(geo.SMALL_PIXELS)
        self.box = geo.card_rect(card.height)
        self.family = colour_of(card)
        passed = {"forward": self.theme.forward, "backward": self.theme.backward}.get(progress)
        self.passed = passed
        face = theme.mix(self.theme.card, self.theme.canvas, _PALE * card.is_muted)
        self.face = theme.mix(face, passed, 0.16) if passed else face
        self.ink = self.theme.text_soft if card.is_muted else self.theme.text
        self.soft = self.theme.text_soft
        self.heat = heat
        if heat is not None and heat.share is not None:
            self.face = theme.sequential(heat.share)
            self.ink = self.soft = theme.readable_on(self.face)

    def paint(self, scale: float) -> None:
        """Titles from some way off, then everything."""
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._body()
        icon = QRectF(geo.PADDING + 2, (geo.HEADER - geo.ICON) / 2, geo.ICON, geo.ICON)
        self._tile(icon, scale)
        self._titles(scale >= TEXT_FROM)
        if self.card.severity:
            self._badge()
        if self.passed:
            self._arrow()
        elif self.progress == "skipped":
            paint_skipped(self.painter, self._sign_place, self.ink)
        if self.card.is_muted:
            paint_bypass(self.painter, self.card, self.face, with_word=scale >= TEXT_FROM)
        for port in (*self.card.inputs, *self.card.outputs):
            paint_port(self.painter, port, self.theme, self.face)
        if scale >= TEXT_FROM and not self.card.is_collapsed:
            self._port_names()
            self._footer()

    def _tile(self, box: QRectF, scale: float) -> None:
        """The layer's drawing; one for all cards where it is too small to be told from another."""
        card = self.card
        if scale >= TEXT_FROM:
            paint_tile(self.painter, box, card.kind, card.family, self.family)
        else:
            tile = tile_pixmap(card.kind, card.family, self.family, _SMALL_TILE)
            self.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            self.painter.drawPixmap(box, tile, QRectF(tile.rect()))

    @property
    def _header(self) -> float:
        """How far down the tint of the title goes: over all of a collapsed card."""
        return self.card.height if self.card.is_collapsed else geo.HEADER

    def _body(self) -> None:
        outline, head, edge = _outlines(self.card.height, self._header)
        self.painter.fillPath(outline, QColor(self.face))
        brush = QBrush(QColor(theme.mix(self.face, self.family, 0.0 if self.heat else 0.16)))
        if not self.card.is_usable:
            brush = QBrush(QColor(self.theme.error), Qt.BrushStyle.BDiagPattern)
        self.painter.fillPath(head, brush)
        if self.heat is not None and self.heat.share is None:
            brush = broken_brush() if self.heat.is_broken else unknown_brush()
            self.painter.fillPath(outline, brush)
        self.painter.fillPath(edge, QColor(self.family))
        self.painter.setPen(self._border())
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawPath(outline)

    def _border(self) -> QPen:
        if self.is_selected:
            return QPen(QColor(self.theme.accent), 2.6)
        if not self.card.is_usable:
            return QPen(QColor(self.theme.error), 1.6, Qt.PenStyle.DashLine)
        if self.card.severity == "error":
            return QPen(QColor(self.theme.error), 1.4)
        pen = QPen(QColor(self.passed or self.theme.card_border), 1.2)
        if self.card.is_muted or self.progress == "skipped":
            pen.setDashPattern([3.0, 3.0])
        return pen

    def _titles(self, with_kind: bool) -> None:
        left = geo.PADDING + geo.ICON + 10
        width = (
            geo.WIDTH
            - left
            - (26 if self.card.severity else 8)
            - (20 if self.progress != "none" else 0)
        )
        has_kind = with_kind and bool(self._kind or self.heat)
        top = 5.0 if has_kind else 0.0
        height = 17.0 if has_kind else geo.HEADER
        title = QFont(geo.card_font(geo.TITLE_PIXELS, bold=True))
        title.setStrikeOut(self.card.is_muted)
        self._text(QRectF(left, top, width, height), self.card.title, title, self.ink)
        if has_kind:
            box = QRectF(left, 21, width, 15)
            if self.heat is not None:
                number = geo.card_font(geo.SMALL_PIXELS, bold=True)
                self._text(box, self.heat.words, number, self.ink, RIGHT)
                box.setRight(box.right() - _advance(self.heat.words, number.key()) - 6)
            self._text(box, self._kind, self.small, self.soft)

    @property
    def _kind(self) -> str:
        """What stands below the title: the layer's name, unless the title is that."""
        kind = "" if self.card.title.lower() == self.card.kind.lower() else self.card.kind
        muted = "muted" if self.card.is_muted and self.card.is_collapsed else ""
        return " · ".join(filter(None, (kind, muted)))

    def _port_names(self) -> None:
        passing = self.card.is_muted
        for port in self.card.inputs[passing:]:
            y = geo.port_point(False, port.row).y()
            shared = port.row < len(self.card.outputs)
            box = QRectF(10, y - 9, geo.WIDTH / 2 - 12 if shared else geo.WIDTH - 20, 18)
            font = geo.card_font(geo.SMALL_PIXELS, italic=port.may_stay_free)
            self._text(box, port.name, font, self.soft)
        for port in self.card.outputs[passing:]:
            self._output_name(port)

    def _output_name(self, port: Port) -> None:
        y = geo.port_point(True, port.row).y()
        name_width = self._width(port.name)
        right = geo.WIDTH - 10
        box = QRectF(right - name_width, y - 9, name_width, 18)
        self._text(box, port.name, self.small, self.soft, RIGHT)
        taken = [p for p in self.card.inputs if p.row == port.row]
        left = 16 + (self._width(taken[0].name) if taken else 0)
        room = right - name_width - 7 - left
        if self._width(port.shape) <= room:  # less than the whole would tell another shape
            self._text(QRectF(left, y - 9, room, 18), port.shape, self.small, self.ink, RIGHT)

    def _footer(self) -> None:
        if not self.card.parameters:
            return
        top = self.box.bottom() - geo.FOOTER - 2
        self.painter.setPen(QPen(QColor(theme.mix(self.face, self.theme.card_border, 0.6)), 1))
        self.painter.drawLine(QPointF(10, top), QPointF(geo.WIDTH - 10, top))
        box = QRectF(10, top, geo.WIDTH - 20, geo.FOOTER)
        self._text(box, self.card.parameters, self.small, self.soft)

    @property
    def _sign_place(self) -> QPointF:
        return QPointF(geo.WIDTH - (34 if self.card.severity else 15), geo.HEADER / 2 + 1)

    def _arrow(self) -> None:
        """Which pass has come by: told by the arrow's direction as well as by its colour."""
        at = self._sign_place
        way = 1 if self.progress == "forward" else -1
        is_warm = self.heat is not None and self.heat.share is not None
        pen = QPen(QColor(self.ink if is_warm else self.passed or self.theme.text), 2.2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self.painter.setPen(pen)
        tip = at + QPointF(6 * way, 0)
        self.painter.drawLine(at - QPointF(6 * way, 0), tip)
        self.painter.drawPolyline([tip - QPointF(4 * way, 4), tip, tip - QPointF(4 * way, -4)])

    def _badge(self) -> None:
        """An octagon with a cross for an error, a triangle with a bang for a warning."""
        at = QPointF(geo.WIDTH - 15, geo.HEADER / 2 + 1)
        is_error = self.card.severity == "error"
        colour = self.theme.error if is_error else self.theme.warning
        path = QPainterPath()
        if is_error:
            path.addEllipse(at, 8, 8)
        else:
            path.moveTo(at + QPointF(0, -8))
            path.lineTo(at + QPointF(8.5, 7))
            path.lineTo(at + QPointF(-8.5, 7))
            path.closeSubpath()
        self.painter.fillPath(path, QColor(colour))
        pen = QPen(QColor(theme.readable_on(colour)), 1.9)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self.painter.setPen(pen)
        if is_error:
            self.painter.drawLine(at + QPointF(-3, -3), at + QPointF(3, 3))
            self.painter.drawLine(at + QPointF(-3, 3), at + QPointF(3, -3))
        else:
            self.painter.drawLine(at + QPointF(0, -3), at + QPointF(0, 2))
            self.painter.drawPoint(at + QPointF(0, 4.7))

    def _width(self, text: str) -> float:
        return _advance(text, self.small.key())

    def _text(
        self,
        box: QRectF,
        text: str,
        font: QFont,
        colour: str,
        align: Qt.AlignmentFlag = LEFT,
    ) -> None:
        write(self.painter, box, _fitting(text, font.key(), box.width()), font, colour, align)


def unknown_brush() -> QBrush:
    """The hatching of what has no number."""
    ink = theme.mix(theme.current().port_unknown, theme.current().card, 0.55)
    return QBrush(QColor(ink), Qt.BrushStyle.BDiagPattern)


def broken_brush() -> QBrush:
    """The crossed hatching of what has a number that is NaN or infinite."""
    ink = theme.mix(theme.current().error, theme.current().card, 0.55)
    return QBrush(QColor(ink), Qt.BrushStyle.DiagCrossPattern)


@cache
def _outlines(height: float, header: float) -> tuple[QPainterPath, QPainterPath, QPainterPath]:
    """A card's outline, and as much of it as the title and the edge above that take."""
    outline = QPainterPath()
    outline.addRoundedRect(geo.card_rect(height), geo.CORNER, geo.CORNER)
    return outline, _upper(outline, header), _upper(outline, _EDGE)


def _upper(outline: QPainterPath, height: float) -> QPainterPath:
    above = QPainterPath()
    above.addRect(QRectF(0, 0, geo.WIDTH, height))
    return outline.intersected(above)


@lru_cache(maxsize=8192)
def _fitting(text: str, font: str, width: float) -> str:
    """As much of a text as a width takes, in the font of that key."""
    return _metrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)


@lru_cache(maxsize=8192)
def _advance(text: str, font: str) -> float:
    return _metrics(font).horizontalAdvance(text) + 1


@cache
def _metrics(font: str) -> QFontMetricsF:
    made = QFont()
    made.fromString(font)
    return QFontMetricsF(made)


def paint_skipped(painter: QPainter, at: QPointF, colour: str) -> None:
    """A ring with a stroke through it: no call of that node runs."""
    painter.setPen(QPen(QColor(colour), 1.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, 5.5, 5.5)
    painter.drawLine(at + QPointF(-3.8, 3.8), at + QPointF(3.8, -3.8))


def paint_port(painter: QPainter, port: Port, colours: theme.Theme, face: str) -> None:
    """A disc for numbers, a diamond for class indices, a ring where nothing is known.

    An input that may stay free is a smaller and lighter ring.
    """
    at, r = geo.port_point(port.is_output, port.row, port.stacked), geo.PORT_RADIUS
    if port.may_stay_free:
        painter.setPen(QPen(QColor(colours.port_unknown), 1.1))
        painter.setBrush(QColor(face))
        painter.drawEllipse(at, r - 1.6, r - 1.6)
        return
    if port.flow == "unknown":
        painter.setPen(QPen(QColor(colours.port_unknown), 1.8))
        painter.setBrush(QColor(face))
        painter.drawEllipse(at, r - 0.6, r - 0.6)
        return
    painter.setPen(QPen(QColor(face), 1.4))
    if port.flow == "float":
        painter.setBrush(QColor(colours.port_float))
        painter.drawEllipse(at, r, r)
        return
    painter.setBrush(QColor(colours.port_index))
    r += 1
    corners = [QPointF(0, -r), QPointF(r, 0), QPointF(0, r), QPointF(-r, 0)]
    painter.drawPolygon([at + corner for corner in corners])
