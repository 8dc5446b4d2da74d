"""What shows that a node is muted: a line that passes it by, from its first input to its output."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from explorer.app import theme
from explorer.app.canvas import geometry as geo
from explorer.app.canvas.card import Card, Port

WORD = "muted"


def paint_bypass(painter: QPainter, card: Card, face: str, with_word: bool) -> None:
    """Draw the line and, where there is room and it can be read, the word on it."""
    if not (card.inputs and card.outputs):
        return
    start, end = _point(card.inputs[0]), _point(card.outputs[0])
    colour = QColor(theme.current().accent)
    pen = QPen(colour, 2.2)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if card.is_collapsed:
        painter.drawPath(_around(start, end, card.height))
        return
    painter.drawLine(start, end)
    if with_word:
        _word((start + end) * 0.5, painter, face)


def _point(port: Port) -> QPointF:
    return geo.port_point(port.is_output, port.row, port.stacked)


def _around(start: QPointF, end: QPointF, bottom: float) -> QPainterPath:
    """Along the lower edge of a collapsed card, clear of its words."""
    path = QPainterPath(start)
    path.lineTo(0.0, bottom - geo.CORNER)
    path.quadTo(0.0, bottom, geo.CORNER, bottom)
    path.lineTo(geo.WIDTH - geo.CORNER, bottom)
    path.quadTo(geo.WIDTH, bottom, geo.WIDTH, bottom - geo.CORNER)
    path.lineTo(end)
    return path


def _word(at: QPointF, painter: QPainter, face: str) -> None:
    font = geo.card_font(geo.SMALL_PIXELS, bold=True)
    wide = QFontMetricsF(font).horizontalAdvance(WORD) + 16
    box = QRectF(at.x() - wide / 2, at.y() - 9, wide, 18)
    painter.setPen(QPen(QColor(theme.current().accent), 1.2))
    painter.setBrush(QColor(face))
    painter.drawRoundedRect(box, 9, 9)
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, WORD)
