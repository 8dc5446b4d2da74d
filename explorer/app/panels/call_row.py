"""A row of the call list: before its words a gutter with its breakpoint, which a click sets."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from explorer.app.breakpoint_mark import Mark, paint_mark

MARK = Qt.ItemDataRole.UserRole
GUTTER = 20
_RADIUS = 5.0
_GHOST = 0.35
"""How much shows of the breakpoint that a click would set."""

Index = QModelIndex | QPersistentModelIndex


class CallRow(QStyledItemDelegate):
    """Paints a row, and a breakpoint's Mark where its MARK role has one.

    `toggled` tells the row whose gutter was clicked.
    """

    toggled = Signal(int)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        mark = index.data(MARK)
        gutter = _gutter(option)
        beside = QStyleOptionViewItem(option)
        beside.rect = option.rect.adjusted(GUTTER, 0, 0, 0)  # type: ignore[attr-defined]
        super().paint(painter, beside, index)
        is_under = bool(option.state & QStyle.StateFlag.State_MouseOver)  # type: ignore[attr-defined]
        if mark is None and not is_under:
            return
        painter.save()
        if mark is None:
            painter.setOpacity(_GHOST)
        paint_mark(painter, QPointF(gutter.center()), _RADIUS, mark or Mark(False, False))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return super().sizeHint(option, index) + QSize(GUTTER, 0)

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """A click into the gutter is the breakpoint's: it does not run to the row's call."""
        if not isinstance(event, QMouseEvent) or event.button() != Qt.MouseButton.LeftButton:
            return super().editorEvent(event, model, option, index)
        if not _gutter(option).contains(event.position().toPoint()):
            return super().editorEvent(event, model, option, index)
        if event.type() == QEvent.Type.MouseButtonRelease:
            self.toggled.emit(index.row())
        return True


def _gutter(option: QStyleOptionViewItem) -> QRect:
    row: QRect = option.rect  # type: ignore[attr-defined]
    return QRect(row.left(), row.top(), GUTTER, row.height())
