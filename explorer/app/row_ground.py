"""What lies below the words of a list's row, as the style of the program draws it."""

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem


def paint_ground(
    delegate: QStyledItemDelegate,
    painter: QPainter,
    option: Any,
    index: QModelIndex | QPersistentModelIndex,
) -> Any:
    """Show that the row is under the pointer or selected; its option, words and font included."""
    row: Any = QStyleOptionViewItem(option)
    delegate.initStyleOption(row, index)
    words, row.text = row.text, ""
    option.widget.style().drawControl(
        QStyle.ControlElement.CE_ItemViewItem, row, painter, option.widget
    )
    row.text = words
    return row
