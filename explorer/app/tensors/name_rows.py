"""How a name in the list of tensors looks: its shape stands at the end where there is room."""

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate

from explorer.app import theme
from explorer.app.row_ground import paint_ground

NOTE = int(Qt.ItemDataRole.UserRole) + 1
"""The role of what stands at the end: a shape, or how many there are."""

_PAD, _GAP = 4, 10
_MIDDLE = Qt.AlignmentFlag.AlignVCenter

Option = Any
"""A QStyleOptionViewItem, whose members PySide's stubs leave out."""


class NameRow(QStyledItemDelegate):
    """Paints a name and, where both fit, a soft note at the other end of the row."""

    def paint(
        self, painter: QPainter, option: Option, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        ground = paint_ground(self, painter, option, index)
        name, font = ground.text, ground.font
        box, note = option.rect.adjusted(_PAD, 0, -_PAD, 0), str(index.data(NOTE) or "")
        small, colours = theme.font(theme.SMALL_SIZE), theme.current()
        room = QFontMetrics(small).horizontalAdvance(note) + _GAP if note else 0
        metrics = QFontMetrics(font)
        painter.save()
        if room and metrics.horizontalAdvance(name) + room <= box.width():
            painter.setFont(small)
            painter.setPen(QColor(colours.text_soft))
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | _MIDDLE, note)
        painter.setFont(font)
        painter.setPen(QColor(colours.text))
        middle = Qt.TextElideMode.ElideMiddle
        words = metrics.elidedText(name, middle, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | _MIDDLE, words)
        painter.restore()
