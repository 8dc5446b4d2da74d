"""What colours, arrows and thickness mean while a net is stepped through, in a corner of it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QWidget

from explorer.app import theme
from explorer.app.canvas import geometry
from explorer.app.canvas.card_painter import paint_skipped
from explorer.app.canvas.gradient_words import SPAN, THICKEST, THINNEST

if TYPE_CHECKING:
    from explorer.app.canvas.node_item import CardItem
    from explorer.app.canvas.view import GraphView

_MARGIN, _PAD, _SAMPLE, _HIGH = 12, 8, 40, 28
_LEAST_ROOM = QSize(480, 240)
"""A canvas smaller than that is left to the net."""
_VALUES, _GRADIENTS = "values", "gradients"
_NORMS, _SKIPPED = f"‖d‖ {SPAN}", "not run"


class StepLegend(QWidget):
    """Lies at an edge of the canvas while a net is stepped through, where no card is.

    Where cards leave it no place it stays away: what runs is worth more than what colours mean.
    """

    def __init__(self, view: GraphView):
        super().__init__(view)
        self._view = view
        self._is_wanted = self._tells_skipped = False
        self._placed_for: tuple[QTransform, QSize] | None = None
        self.setAccessibleName("Legend of stepping")
        self.setToolTip(
            "Values run forward, gradients back. ‖d‖ is the norm of a gradient: the root of the "
            "sum of the squares of its numbers. A wire is one unit thicker for each power of ten, "
            "and dotted where the gradient is 0"
        )
        theme.changed.connect(self.update)
        self.hide()

    def show_wanted(self, is_wanted: bool, tells_skipped: bool = False) -> None:
        """Show it where there is room, with or without a word on nodes that do not run."""
        self._is_wanted, self._tells_skipped = is_wanted, tells_skipped
        self._placed_for = None
        self.follow()

    def follow(self) -> None:
        """The view may have been moved, zoomed or made another size, and cards may have grown."""
        now = self._view.viewportTransform(), self._view.viewport().size()
        if now != self._placed_for or (self.isVisible() and not self._is_free(self.pos())):
            self._placed_for = now
            self._place()

    def _place(self) -> None:
        room = self._view.viewport().size()
        has_room = room.width() >= _LEAST_ROOM.width() and room.height() >= _LEAST_ROOM.height()
        self.resize(round(sum(map(self._width, self._words))) + _PAD, _HIGH)
        place = self._free_place(room) if self._is_wanted and has_room else None
        self.setVisible(place is not None)
        if place is not None:
            self.move(place)
            self.update()

    def _free_place(self, room: QSize) -> QPoint | None:
        """Where it is, or a corner, or else beside a card at an edge; None where all is covered."""
        right = room.width() - self.width() - _MARGIN
        bottom = room.height() - self.height() - _MARGIN
        corners = [QPoint(x, y) for y in (bottom, _MARGIN) for x in (_MARGIN, right)]
        corners.sort(key=lambda corner: corner != self.pos())
        beside = (QPoint(x, y) for y in (bottom, _MARGIN) for x in self._beside_cards(y))
        places = chain(corners, (place for place in beside if _MARGIN <= place.x() <= right))
        return next(filter(self._is_free, places), None)

    def _beside_cards(self, top: int) -> list[int]:
        """How far from the left it can be, that high up, to lie just beside a card or the map."""
        line = QRect(0, top, self._view.viewport().width(), self.height())
        seen = self._view.viewportTransform()
        covers = [seen.mapRect(card.area) for card in self._cards_below(line)]
        covers.append(QRectF(self._view.minimap.geometry()))
        return sorted(round(cover.right()) + _MARGIN for cover in covers)

    def _is_free(self, place: QPoint) -> bool:
        box, map_ = QRect(place, self.size()), self._view.minimap
        covers_map = map_.isVisible() and map_.geometry().intersects(box)
        return not covers_map and not self._cards_below(box)

    def _cards_below(self, box: QRect) -> list[CardItem]:
        view = self._view
        below = view.viewportTransform().inverted()[0].mapRect(QRectF(box))
        return view.graph_scene.cards_in(below)

    @property
    def _words(self) -> tuple[str, ...]:
        told = _VALUES, _GRADIENTS, _NORMS
        return (*told, _SKIPPED) if self._tells_skipped else told

    def _width(self, words: str) -> float:
        return 2.5 * _PAD + _SAMPLE + QFontMetricsF(self.font()).horizontalAdvance(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.card_border), 1))
        painter.setBrush(theme.colour(colours.panel, 0.92))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        left = float(_PAD)
        for draw, words in zip((_values, _gradients, _wedge, _skipped), self._words, strict=False):
            painter.setPen(QColor(colours.text))
            begin = left + _SAMPLE + _PAD * 0.75
            box = QRectF(begin, 0, self.width() - begin, self.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)
            draw(painter, QPointF(left, self.height() / 2), colours)
            left += self._width(words)
        painter.end()


def _values(painter: QPainter, at: QPointF, colours: theme.Theme) -> None:
    _arrow(painter, at, colours.forward, 1)


def _gradients(painter: QPainter, at: QPointF, colours: theme.Theme) -> None:
    _arrow(painter, at, colours.backward, -1)


def _arrow(painter: QPainter, at: QPointF, colour: str, way: int) -> None:
    painter.setPen(QPen(QColor(colour), 2.4))
    painter.drawLine(at, at + QPointF(_SAMPLE, 0))
    painter.save()
    painter.translate(at + QPointF(_SAMPLE / 2, 0))
    painter.scale(way, 1)
    painter.fillPath(geometry.chevron(7.0), QColor(colour))
    painter.restore()


def _wedge(painter: QPainter, at: QPointF, colours: theme.Theme) -> None:
    thin, thick, end = THINNEST / 2, THICKEST / 2, QPointF(_SAMPLE, 0)
    up, down = QPointF(0, 1), QPointF(0, -1)
    corners = [at + up * thin, at + end + up * thick, at + end + down * thick, at + down * thin]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.backward))
    painter.drawPolygon(QPolygonF(corners))


def _skipped(painter: QPainter, at: QPointF, colours: theme.Theme) -> None:
    paint_skipped(painter, at + QPointF(_SAMPLE / 2, 0), colours.text_soft)
