"""A plane of any size as a table model that fetches the numbers in view, block by block."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal, NamedTuple

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor

from explorer.app import theme
from explorer.app.panels.numbers import short
from explorer.app.tensors.client import Asker, TensorClient
from explorer.app.tensors.requests import Seen, Unseen
from explorer.app.tensors.sight import Index, Sight, read_number
from explorer.program.explanation import Box
from explorer.program.viewing import Cut, Query, Window

QtIndex = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
_ROOT = QModelIndex()

BLOCK = (64, 32)
"""Rows and columns that are fetched together."""
_KEPT = 256
"""How many blocks are kept; two thousand numbers each."""
_AT_ONCE = 24
"""How many blocks are asked for together at most."""
MOST = 20_000_000
"""Over so many rows or columns a table scrolls; what lies beyond is reached by going there."""
_TINT = 110
"""How solid a cell's colour is, of 255."""

_COMING, _GONE = "…", "–"
"""What stands for numbers that have not come yet, and for those that are not there any more."""

Ink = Literal["text", "soft", "error"]


class Look(NamedTuple):
    """What a cell looks like: its text, and which ink it is in; its tint, if any."""

    text: str
    ink: Ink
    tint: QColor | None
    is_lit: bool
    is_edited: bool


@dataclass
class _Block:
    """Fetched numbers, as of a version, and their colours where they are known."""

    numbers: np.ndarray
    version: int
    colours: np.ndarray | None = None


class NumberModel(QAbstractTableModel):
    """Numbers by row and column, headed by their indices in the tensor.

    What has not come yet shows as "…"; what is out of date stays until the new comes. `refusal`
    is a sentence that says why its numbers cannot be edited, "" where they can be.

    Signals:
        edited(index, number): a person typed a number in the place of another.
        refused(Unseen): there is nothing to show, and why.
    """

    edited = Signal(object, float)
    refused = Signal(object)
    fetched = Signal()

    def __init__(self, client: TensorClient, parent: QObject | None = None):
        super().__init__(parent)
        self.refusal = "Open it in Tensors to edit its numbers"
        self._asker = Asker(client, self._hear)
        self._sight: Sight | None = None
        self._size, self._first = (0, 0), (0, 0)
        self._blocks: OrderedDict[tuple[int, int], _Block] = OrderedDict()
        self._missing: dict[tuple[int, int], None] = {}
        self._cut: Cut | None = None
        self._version = self._asked = 0
        self._is_gone = False
        self._lit: list[tuple[range, range]] = []
        self._edits: Mapping[Index, str] = {}
        self._edited: dict[tuple[int, int], str] = {}
        self._limit = 0.0
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._fetch)
        theme.changed.connect(self._recolour)

    # What is shown

    @property
    def sight(self) -> Sight | None:
        return self._sight

    @property
    def first(self) -> tuple[int, int]:
        """The row and the column of the tensor that the first row and column show."""
        return self._first

    def show_sight(self, sight: Sight) -> None:
        """Show another plane, or the same one once more with its numbers of now."""
        self._sight, self._is_gone = sight, False
        self._version += 1
        self._find_edited()
        if sight.size == self._size:
            # The numbers before stay until the new ones are there: nothing flickers.
            self._repaint()
            return
        self.beginResetModel()
        self._size, self._first = sight.size, (0, 0)
        self._blocks.clear()
        self.endResetModel()

    def take(self, window: Window, numbers: np.ndarray) -> None:
        """Take over numbers of now that came without being asked for."""
        if self._sight is not None and window.cut == self._sight.cut:
            self._keep(window, numbers, self._version)
            self._repaint()

    def begin_at(self, row: int, column: int) -> bool:
        """Have a place of the tensor among what can be scrolled over; whether that moved it."""
        first = tuple(
            start if start <= at < start + MOST else max(min(at - MOST // 2, size - MOST), 0)
            for at, start, size in zip((row, column), self._first, self._size, strict=True)
        )
        if first == self._first:
            return False
        self.beginResetModel()
        self._first = first[0], first[1]
        self.endResetModel()
        return True

    def colour_up_to(self, limit: float) -> None:
        """Colour cells by how near they come to ±limit; 0 for no colours."""
        if limit != self._limit:
            self._limit = limit
            self._recolour()

    def stop(self) -> None:
        """Wait for no more numbers."""
        self._soon.stop()
        self._asker.stop()

    def light(self, boxes: Sequence[Box]) -> None:
        """Light these entries up, as far as they lie in the plane."""
        self._lit = self._sight.lit(boxes) if self._sight else []
        self._repaint()

    def show_edits(self, edits: Mapping[Index, str]) -> None:
        """Mark entries as edited, with what is said of each."""
        self._edits = edits
        self._find_edited()
        self._repaint()

    def _find_edited(self) -> None:
        self._edited = self._sight.placed(self._edits) if self._sight else {}

    @property
    def why_not(self) -> str:
        """Why the numbers that are shown cannot be edited; "" where they can be."""
        if self.refusal or self._sight is None:
            return self.refusal
        if self._sight.cut.reductions:
            return "This is made of several numbers: fix an index for every other axis"
        return ""

    def number(self, row: int, column: int) -> Any:
        """The number in that row and column of the tensor; None where it has not come."""
        key = row // BLOCK[0], column // BLOCK[1]
        block = self._blocks.get(key)
        if (block is None or block.version != self._version) and not self._is_gone:
            self._missing.pop(key, None)
            self._missing[key] = None
            self._soon.start()
        if block is None:
            return None
        return block.numbers[row % BLOCK[0], column % BLOCK[1]].item()

    # What Qt asks

    def rowCount(self, parent: QtIndex = _ROOT) -> int:
        return 0 if parent.isValid() else min(self._size[0] - self._first[0], MOST)

    def columnCount(self, parent: QtIndex = _ROOT) -> int:
        return 0 if parent.isValid() else min(self._size[1] - self._first[1], MOST)

    def data(self, index: QtIndex, role: int = Role.DisplayRole) -> Any:
        row, column = index.row() + self._first[0], index.column() + self._first[1]
        match role:
            case Role.DisplayRole:
                return self.look(index).text
            case Role.EditRole:
                value = self.number(row, column)
                return "" if value is None else repr(value)
            case Role.BackgroundRole:
                return self._tint(row, column)
            case Role.ToolTipRole | Role.AccessibleTextRole:
                return self._in_words(row, column)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if role != Role.DisplayRole or self._sight is None:
            return None
        is_down = orientation == Qt.Orientation.Vertical
        axis = self._sight.cut.rows if is_down else self._sight.cut.columns
        return "" if axis is None else section + self._first[0 if is_down else 1]

    def flags(self, index: QtIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags if self.why_not else flags | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: QtIndex, value: Any, role: int = Role.EditRole) -> bool:
        """Ask for a number to be changed; it shows when it has been."""
        if role == Role.EditRole and self._sight is not None:
            row, column = index.row() + self._first[0], index.column() + self._first[1]
            if value != index.data(Role.EditRole):
                self.edited.emit(self._sight.cut.index(row, column), read_number(value))
        return False

    # Numbers

    def _fetch(self) -> None:
        """Ask for what is missing; most of it was wanted by the last look at the table."""
        if not self._missing or self._asker.is_waiting or self._sight is None:
            return
        wanted = list(self._missing)[-_AT_ONCE:]
        self._missing.clear()
        spans = [(min(at), max(at) + 1) for at in zip(*wanted, strict=True)]
        if np.prod([end - first for first, end in spans]) > _AT_ONCE:
            spans = [(at, at + 1) for at in wanted[-1]]
        (rows, columns) = (
            (first * size, end * size) for (first, end), size in zip(spans, BLOCK, strict=True)
        )
        self._asked = self._version
        self._asker.ask(self._sight.entry.address, Window(self._sight.cut, rows, columns))

    def _hear(self, query: Query | None, answer: Seen | Unseen) -> None:
        assert isinstance(query, Window)
        if self._sight is None or query.cut != self._sight.cut:
            self._soon.start()
        elif isinstance(answer, Unseen):
            self._is_gone = self._asked == self._version
            if self._cut != self._sight.cut:
                self._blocks.clear()
            self._repaint()
            self.refused.emit(answer)
        elif answer.entry.shape == self._sight.entry.shape:
            assert isinstance(answer.answer, np.ndarray)
            self._keep(query, answer.answer, self._asked)
            self._repaint()
            self.fetched.emit()
        else:
            self.refused.emit(Unseen(answer.ticket, "it has another shape now", answer.entry))

    def _keep(self, query: Window, numbers: np.ndarray, version: int) -> None:
        if query.cut != self._cut:
            self._cut = query.cut
            self._blocks.clear()
        high, wide = BLOCK
        for row in range(0, numbers.shape[0], high):
            for column in range(0, numbers.shape[1], wide):
                key = (query.rows[0] + row) // high, (query.columns[0] + column) // wide
                part = numbers[row : row + high, column : column + wide]
                self._blocks[key] = _Block(part, version)
                self._blocks.move_to_end(key)
        while len(self._blocks) > _KEPT:
            self._blocks.popitem(last=False)

    # Looks

    def look(self, index: QtIndex) -> "Look":
        """All that a cell looks like, in one go: tables are painted often."""
        row, column = index.row() + self._first[0], index.column() + self._first[1]
        value = self.number(row, column)
        is_lit = bool(self._lit) and self._is_lit(row, column)
        is_edited = (row, column) in self._edited
        if value is None:
            return Look(_GONE if self._is_gone else _COMING, "soft", None, is_lit, is_edited)
        ink: Ink = "text" if isfinite(value) else "error"
        return Look(short(value), ink, self._tint(row, column), is_lit, is_edited)

    def _tint(self, row: int, column: int) -> QColor | None:
        block = self._blocks.get((row // BLOCK[0], column // BLOCK[1]))
        if block is None or not self._limit:
            return None
        if block.colours is None:
            block.colours = theme.diverging(block.numbers.astype(np.float64) / self._limit)
        red, green, blue, _ = block.colours[row % BLOCK[0], column % BLOCK[1]].tolist()
        return QColor(red, green, blue, _TINT)

    def _is_lit(self, row: int, column: int) -> bool:
        return any(row in rows and column in columns for rows, columns in self._lit)

    def _in_words(self, row: int, column: int) -> str:
        if self._sight is None:
            return ""
        value = self.number(row, column)
        said = "not fetched yet" if value is None else f"{value!r}"
        edited = self._edited.get((row, column), "")
        return f"{self._sight.in_words(row, column)} = {said}" + (f", {edited}" if edited else "")

    @Slot()
    def _recolour(self) -> None:
        for block in self._blocks.values():
            block.colours = None
        self._repaint()

    def _repaint(self) -> None:
        rows, columns = self.rowCount(), self.columnCount()
        if rows and columns:
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, columns - 1))
