"""Where gradients of several readers meet: the parts and their sum beside the port."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from explorer.app import theme
from explorer.app.canvas import geometry
from explorer.app.canvas.gradient_words import number, sum_of
from explorer.app.canvas.lettering import RIGHT, write
from explorer.program.flow import Measure, Meeting

_MOST = 5
"""Parts that are listed; of more, the largest."""
_ROW, _PAD, _GAP, _BAR = 17.0, 9.0, 10.0, 84.0
_AWAY, _EDGE = 34.0, 6.0
"""How far below a port the box begins at least, and from the edge of the view."""
_Row = tuple[str, str, str, float]
"""A sign, where a part comes from, its number, and how long its bar is, from 0 to 1."""


class SumBox(QGraphicsItem):
    """Rows of "+ fc2.x ▇▇▇ 0.0929" above a port, the sum below them.

    As large at any zoom, so that it can be read. `words` is what it says, a line for each row.
    """

    def __init__(self, meeting: Meeting):
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setZValue(4.0)
        self._title = sum_of(meeting)
        self._note = "" if meeting.total.value is not None else "norms; the entries add up"
        self._rows = _rows(meeting)
        self._small = geometry.card_font(geometry.SMALL_PIXELS)
        self._bold = geometry.card_font(geometry.SMALL_PIXELS, bold=True)
        self._names = max(_wide(name, self._small) for _, name, _, _ in self._rows)
        self._numbers = max(_wide(value, self._bold) for _, _, value, _ in self._rows)
        self._box = QRectF(0, 0, self._width(), self._height())
        self.words = "\n".join(
            filter(None, (self._title, *(" ".join(row[:3]).strip() for row in self._rows)))
        )

    def point_at(self, port: QPointF, seen: QPointF, clear: float, room: QSize) -> None:
        """Stand above the card of a port, at a scene point, or below where there is no room above.

        `seen` is where in a view of this size the port is, `clear` how far above it the card and
        its tag reach there.
        """
        across = max(room.width() - self._box.width() - _EDGE, _EDGE)
        left = min(max(seen.x() + 40 - self._box.width(), _EDGE), across) - seen.x()
        is_above = seen.y() > self._box.height() + clear
        top = -self._box.height() - clear if is_above else _AWAY
        box = QRectF(QPointF(left, top), self._box.size())
        if box != self._box:
            self.prepareGeometryChange()
            self._box = box
        self.setPos(port)

    def _width(self) -> float:
        row = _GAP * 3 + self._sign + self._names + _BAR + self._numbers
        return 2 * _PAD + max(row, _wide(self._title, self._bold), _wide(self._note, self._small))

    @property
    def _sign(self) -> float:
        return _wide("+", self._bold)

    def _height(self) -> float:
        return 2 * _PAD + _ROW * (1 + bool(self._note) + len(self._rows))

    def boundingRect(self) -> QRectF:
        return self._box.united(QRectF(-6, -6, 12, 12)).adjusted(-3, -3, 3, 3)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        colours = theme.current()
        painter.setPen(QPen(QColor(colours.backward), 1.4))
        near = self._box.bottom() if self._box.bottom() < 0 else self._box.top()
        painter.drawLine(QPointF(0, 0), QPointF(0, near))
        painter.setBrush(QColor(colours.card))
        painter.drawRoundedRect(self._box, geometry.CORNER, geometry.CORNER)
        row = QRectF(self._box.left() + _PAD, self._box.top() + _PAD, self._box.width(), _ROW)
        row.setWidth(self._box.width() - 2 * _PAD)
        write(painter, row, self._title, self._bold, colours.text)
        if self._note:
            row.translate(0, _ROW)
            write(painter, row, self._note, self._small, colours.text_soft)
        for each in self._rows:
            row.translate(0, _ROW)
            self._paint_row(painter, row, each)

    def _paint_row(self, painter: QPainter, row: QRectF, each: _Row) -> None:
        sign, name, value, share = each
        colours, is_sum = theme.current(), each is self._rows[-1]
        if is_sum:
            painter.setPen(QPen(QColor(colours.border), 1))
            painter.drawLine(row.topLeft(), row.topRight())
        font = self._bold if is_sum else self._small
        write(painter, row, sign, self._bold, colours.text)
        names = row.adjusted(self._sign + _GAP, 0, 0, 0)
        write(painter, names, name, font, colours.text)
        bar = QRectF(names.left() + self._names + _GAP, row.center().y() - 4, _BAR * share, 8)
        painter.fillRect(bar, QColor(colours.backward))
        write(painter, row, value, font, colours.text, RIGHT)


class SumMark(QGraphicsPathItem):
    """A plus on a port whose gradients have been added up."""

    def __init__(self, at: QPointF):
        super().__init__()
        path = QPainterPath()
        path.addEllipse(QPointF(0, 0), 7.5, 7.5)
        self.setPath(path)
        self.setPos(at)
        self.setZValue(3.5)
        colours = theme.current()
        self.setBrush(QColor(colours.backward))
        self.setPen(QPen(QColor(colours.card), 1.2))
        plus = QPainterPath(QPointF(-4, 0))
        plus.lineTo(4, 0)
        plus.moveTo(0, -4)
        plus.lineTo(0, 4)
        cross = QGraphicsPathItem(plus, self)
        cross.setPen(QPen(QColor(theme.readable_on(colours.backward)), 1.8))


def _rows(meeting: Meeting) -> list[_Row]:
    parts = list(meeting.parts)
    largest = sorted(parts, key=lambda part: -part.measure.norm)[:_MOST]
    shown = [part for part in parts if part in largest]
    sizes = [part.measure.norm for part in shown] + [meeting.total.norm]
    longest = max((size for size in sizes if size - size == 0), default=0.0) or 1.0

    def length(measure: Measure) -> float:
        return min(measure.norm / longest, 1.0) if measure.norm == measure.norm else 0.0

    rows = [
        ("+" if at else "", part.sender, number(part.measure), length(part.measure))
        for at, part in enumerate(shown)
    ]
    if hidden := len(parts) - len(shown):
        rows.append(("+", f"{hidden} more", "", 0.0))
    return [*rows, ("=", f"d {meeting.of}", number(meeting.total), length(meeting.total))]


def _wide(text: str, font: QFont) -> float:
    return QFontMetricsF(font).horizontalAdvance(text) + 1
