"""The gauge of a gradient's norm: a bar on a logarithmic scale, and a mark where it is off."""

from functools import cache
from math import isfinite, log10

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from explorer.app import theme
from explorer.app.canvas import geometry
from explorer.app.panels.numbers import brief
from explorer.training.pictures.gauges import EXPLODING, VANISHING, Gauge, Mark, Of

LOWEST, HIGHEST = -9.0, 5.0
"""Powers of ten at the ends of the scale."""
_NUMBER, _WORD = 48.0, 62.0
"""Room for a norm, and for a word in its place."""
_SIGN = 13.0
LABELS: dict[Of, str] = {"weights": "‖dθ‖", "output": "‖dout‖"}
"""What the norm is of; θ are all weights of a node together."""
_GAP = 5.0
_BAR = 4.0
_PIXELS = 10
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def share_of(norm: float) -> float:
    """Where a norm is on the scale, from 0 to 1; what is no number is at its end."""
    if not isfinite(norm):
        return 1.0
    power = log10(norm) if norm > 0 else LOWEST
    return min(max((power - LOWEST) / (HIGHEST - LOWEST), 0.0), 1.0)


@cache
def _label_room() -> float:
    """Room for either name, so that bars are as long on every card."""
    metrics = QFontMetricsF(geometry.card_font(_PIXELS))
    return max(metrics.horizontalAdvance(label) for label in LABELS.values()) + _GAP


def paint_gauge(painter: QPainter, box: QRectF, gauge: Gauge, with_words: bool) -> None:
    """The bar with a tick at either bound and the norm; a sign and a word where it is off."""
    colours = theme.current()
    colour = {"vanishing": colours.warning, "exploding": colours.error}.get(gauge.mark)
    bar = QRectF(box.left(), box.center().y() - _BAR / 2, box.width(), _BAR)
    if colour:
        _paint_sign(painter, QPointF(box.left() + 5, box.center().y()), gauge.mark, colour)
        bar.setLeft(box.left() + _SIGN)
    elif with_words:
        bar.setLeft(box.left() + _label_room())
    if with_words:
        bar.setRight(box.right() - (_WORD if colour else _NUMBER))
        painter.setFont(geometry.card_font(_PIXELS, bold=bool(colour)))
        painter.setPen(QColor(colour or colours.text_soft))
        words = box.adjusted(0, -2, 0, 2)
        is_number = isfinite(gauge.norm)
        painter.drawText(words, _RIGHT, (is_number and gauge.mark) or brief(gauge.norm))
        if not colour:
            painter.drawText(words, _LEFT, LABELS[gauge.of])
    _paint_bar(painter, bar, gauge.norm, colour or colours.backward)


def _paint_bar(painter: QPainter, bar: QRectF, norm: float, colour: str) -> None:
    colours = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.mix(colours.card, colours.card_border, 0.55)))
    painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
    filled = QRectF(bar)
    filled.setWidth(max(bar.width() * share_of(norm), _BAR))
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(filled, _BAR / 2, _BAR / 2)
    painter.setPen(QPen(QColor(colours.text_soft), 1))
    for bound in (VANISHING, EXPLODING):
        x = bar.left() + bar.width() * share_of(bound)
        painter.drawLine(QPointF(x, bar.top() - 2), QPointF(x, bar.bottom() + 2))


def _paint_sign(painter: QPainter, at: QPointF, mark: Mark, colour: str) -> None:
    """A hollow triangle that points down for vanishing, a solid one that points up."""
    is_exploding = mark == "exploding"
    way = -1 if is_exploding else 1
    path = QPainterPath(at + QPointF(-4, -3.5 * way))
    path.lineTo(at + QPointF(4, -3.5 * way))
    path.lineTo(at + QPointF(0, 3.5 * way))
    path.closeSubpath()
    pen = QPen(QColor(colour), 1.6)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(QColor(colour) if is_exploding else Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
