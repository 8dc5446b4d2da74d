"""A tensor's first numbers as a table, of which only what is in view is ever written out."""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QTableView

from explorer.app import theme
from explorer.app.panels.numbers import short

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TALLEST = 190


class NumberModel(QAbstractTableModel):
    """Numbers (rows, columns), headed by their indices, which count from 0."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers = np.zeros((0, 0))

    def show_numbers(self, numbers: np.ndarray) -> None:
        self.beginResetModel()
        self._numbers = numbers
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else int(self._numbers.shape[0])

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else int(self._numbers.shape[1])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return short(self._numbers[index.row(), index.column()].item())
            case Qt.ItemDataRole.ToolTipRole:
                value = self._numbers[index.row(), index.column()].item()
                return f"[{index.row()}, {index.column()}] = {value!r}"
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT
            case Qt.ItemDataRole.ForegroundRole:
                value = self._numbers[index.row(), index.column()]
                return QColor(theme.current().text if np.isfinite(value) else theme.current().error)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        return section if role == Qt.ItemDataRole.DisplayRole else None


class NumberTable(QTableView):
    """As high as its rows need, up to a limit."""

    def __init__(self) -> None:
        super().__init__()
        self._model = NumberModel()
        self.setModel(self._model)
        self.setFont(theme.code_font(theme.SMALL_SIZE))
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        for header, size in ((self.horizontalHeader(), 78), (self.verticalHeader(), 21)):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setDefaultSectionSize(size)
        self.setAccessibleName("Numbers")

    def show_numbers(self, numbers: np.ndarray) -> None:
        self._model.show_numbers(numbers)
        rows = self._model.rowCount() * self.verticalHeader().defaultSectionSize()
        chrome = self.horizontalHeader().sizeHint().height() + 4
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(min(rows + chrome + bar, _TALLEST))
