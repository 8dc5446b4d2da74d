"""How the command palette's rows look: what it is, where it belongs, and its keys at the right."""

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate

from explorer.app import matching, theme
from explorer.app.row_ground import paint_ground

CHOICE = Qt.ItemDataRole.UserRole
QUERY = Qt.ItemDataRole.UserRole + 1
ABOUT = Qt.ItemDataRole.UserRole + 2

_PAD, _GAP = 8, 10
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex
Option = Any
"""A QStyleOptionViewItem, whose members PySide's stubs leave out."""


class ChoicePainter(QStyledItemDelegate):
    """Paints a row in the colours of the theme that is in use."""

    def sizeHint(self, option: Option, index: Index) -> QSize:
        return QSize(100, QFontMetrics(theme.font()).height() + 12)

    def paint(self, painter: QPainter, option: Option, index: Index) -> None:
        paint_ground(self, painter, option, index)
        choice = index.data(CHOICE)
        colours = theme.current()
        row = option.rect.adjusted(_PAD, 0, -_PAD, 0)
        painter.save()
        painter.setClipRect(option.rect)
        row.setRight(self._paint_shortcut(painter, row, choice.shortcut))
        ink = colours.text_disabled if choice.reason else colours.text
        row.setLeft(self._paint_text(painter, row, choice.text, str(index.data(QUERY)), ink))
        painter.setFont(theme.font(theme.SMALL_SIZE))
        painter.setPen(QColor(colours.text_soft))
        rest = painter.fontMetrics().elidedText(
            str(index.data(ABOUT)), Qt.TextElideMode.ElideRight, row.width()
        )
        painter.drawText(row, _LEFT, rest)
        painter.restore()

    def _paint_shortcut(self, painter: QPainter, row: QRect, shortcut: str) -> int:
        """The keys in a box at the right; where what is left of them ends."""
        if not shortcut:
            return row.right()
        colours = theme.current()
        painter.setFont(theme.font(theme.SMALL_SIZE))
        metrics = painter.fontMetrics()
        width = metrics.horizontalAdvance(shortcut) + 12
        height = metrics.height() + 3
        box = QRect(row.right() - width, row.center().y() - height // 2, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colours.border))
        painter.setBrush(QColor(colours.button))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(colours.text_soft))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shortcut)
        return box.left() - _GAP

    def _paint_text(self, painter: QPainter, row: QRect, text: str, query: str, ink: str) -> int:
        """The text with the letters that were typed in bold; where the rest may begin."""
        painter.setPen(QColor(ink))
        left = row.left()
        marked = matching.letters(query, text)
        for start, end, is_marked in _runs(text, marked):
            font = theme.font(bold=is_marked)
            painter.setFont(font)
            part = text[start:end]
            painter.drawText(QRect(left, row.top(), row.right() - left, row.height()), _LEFT, part)
            left += QFontMetrics(font).horizontalAdvance(part)
        return left + _GAP


def _runs(text: str, marked: set[int]) -> list[tuple[int, int, bool]]:
    """Start, end and kind of the pieces that are marked or not."""
    runs: list[tuple[int, int, bool]] = []
    for at in range(len(text)):
        is_marked = at in marked
        if runs and runs[-1][2] == is_marked:
            runs[-1] = (runs[-1][0], at + 1, is_marked)
        else:
            runs.append((at, at + 1, is_marked))
    return runs
