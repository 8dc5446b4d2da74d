"""How the rows of the palette look: a layer with its icon, a family with how many it has."""

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from explorer.app import theme
from explorer.app.glyphs import paint_tile
from explorer.app.row_ground import paint_ground
from explorer.graph import blocks
from explorer.layers import find

KIND = Qt.ItemDataRole.UserRole
WHY = Qt.ItemDataRole.UserRole + 1
COUNT = Qt.ItemDataRole.UserRole + 2

TILE = 20
_ROW, _HEADING = 25, 27
_PAD = 6
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex
Option = Any
"""A QStyleOptionViewItem, whose members PySide's stubs leave out."""


class RowPainter(QStyledItemDelegate):
    """Paints a row in the colours of the theme that is in use."""

    def sizeHint(self, option: Option, index: Index) -> QSize:
        height = QFontMetrics(theme.font()).height() + 8
        return QSize(120, max(_ROW if index.data(KIND) else _HEADING, height))

    def paint(self, painter: QPainter, option: Option, index: Index) -> None:
        self._paint_ground(painter, option, index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(option.rect)
        row = option.rect.adjusted(_PAD, 0, -_PAD, 0)
        if index.data(KIND):
            self._paint_layer(painter, row, index)
        else:
            self._paint_family(painter, row, option, index)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: Option, index: Index) -> None:
        """What shows that the row is under the pointer, selected, or has the keyboard."""
        paint_ground(self, painter, option, index)
        has_keys = QStyle.StateFlag.State_HasFocus in option.state
        if has_keys and not index.data(KIND):
            painter.setPen(QPen(QColor(theme.current().accent), 1))
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))

    def _paint_layer(self, painter: QPainter, row: QRect, index: Index) -> None:
        kind = index.data(KIND)
        layer = find(kind)
        family = layer.family if layer else blocks.FAMILY
        colours = theme.current()
        top = row.center().y() - TILE / 2 + 0.5
        tile = QRectF(row.left(), round(top), TILE, TILE)
        paint_tile(painter, tile, kind, family, colours.family(family))
        words = row.adjusted(TILE + 8, 0, 0, 0)
        width = _write(painter, words, kind, colours.text)
        if why := index.data(WHY):
            _write(painter, words.adjusted(width, 0, 0, 0), f" · {why}", colours.text_soft)

    def _paint_family(self, painter: QPainter, row: QRect, option: Option, index: Index) -> None:
        colours = theme.current()
        is_open = QStyle.StateFlag.State_Open in option.state
        _chevron(painter, QPointF(row.left() + 4, row.center().y() + 0.5), is_open)
        dot = QRectF(row.left() + 15, row.center().y() - 4, 9, 9)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.family(index.data())))
        painter.drawRoundedRect(dot, 2.5, 2.5)
        words = row.adjusted(TILE + 10, 0, 0, 0)
        count = _write(painter, words, str(index.data(COUNT)), colours.text_soft, align=_RIGHT)
        _write(painter, words.adjusted(0, 0, -count, 0), index.data(), colours.text, bold=True)


def _chevron(painter: QPainter, at: QPointF, is_open: bool) -> None:
    pen = QPen(QColor(theme.current().text_soft), 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    away, along = (QPointF(0, 2), QPointF(3.5, 0)) if is_open else (QPointF(2, 0), QPointF(0, 3.5))
    painter.drawPolyline([at - away - along, at + away, at - away + along])


def _write(
    painter: QPainter,
    box: QRect,
    text: str,
    colour: str,
    bold: bool = False,
    align: Qt.AlignmentFlag = _LEFT,
) -> int:
    """Write a line, cut short where it does not fit; how wide it is."""
    font = theme.font(theme.SMALL_SIZE if bold or align == _RIGHT else theme.TEXT_SIZE, bold)
    metrics = QFontMetrics(font)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(
        box, align, metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, box.width())
    )
    return metrics.horizontalAdvance(text)
