"""The watches as rows: the expression, and what it came to where the walk stands."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QColor, QFont

from explorer.app import theme
from explorer.app.watching.requests import WatchesRead
from explorer.app.watching.watches import Watch, Watches
from explorer.app.watching.words import at_length, in_words
from explorer.program.watching import Reading

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
EXPRESSION, VALUE = range(2)
_HOW = "Untick it to keep it unread; F2 changes it, Del takes it away"
_HEADINGS = ("Watch", "Value")


class WatchModel(QAbstractTableModel):
    """Knows for each watch what was read last, and what was read at the place before that."""

    def __init__(self, watches: Watches):
        super().__init__()
        self._watches = watches
        self._shown = watches.all
        self._place: tuple[int, ...] | None = None
        self._now: dict[str, Reading] = {}
        self._before: dict[str, Reading] = {}
        self._is_stale = False
        watches.changed.connect(self._show)
        theme.changed.connect(self._repaint)

    # What it is told

    def show_read(self, read: WatchesRead, is_stale: bool = False) -> None:
        """Show what was found; what differs from the place before is marked as changed.

        So is what an edit of a number has changed at one place.
        """
        if read.place != self._place:
            self._place, self._before, self._now = read.place, self._now, {}
        for reading in read.readings:
            old = self._now.get(reading.expression)
            if old is not None and not old.is_like(reading):
                self._before[reading.expression] = old
            self._now[reading.expression] = reading
        self._is_stale = is_stale
        self._repaint()

    def mark_stale(self) -> None:
        """What is shown is no longer what is."""
        self._is_stale = True
        self._repaint()

    def forget(self) -> None:
        """What was read is of another net."""
        self._place, self._now, self._before = None, {}, {}
        self._repaint()

    # What it knows

    def watch(self, row: int) -> Watch:
        return self._shown[row]

    def reading(self, row: int) -> Reading | None:
        """What one came to; None where it is not known."""
        watch = self._shown[row]
        return self._now.get(watch.expression) if watch.is_on else None

    def earlier(self, row: int) -> Reading | None:
        """What one came to at the place before, where it has another value now."""
        now = self.reading(row)
        before = self._before.get(self._shown[row].expression)
        if now is None or before is None or now.error:
            return None
        return None if now.is_like(before) else before

    # What views ask

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(
        self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        shows = way == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return _HEADINGS[section] if shows else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled  # between the rows
        flags = super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled
        if index.column() == EXPRESSION:
            flags |= Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEditable
        return flags

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        found = self._expression if index.column() == EXPRESSION else self._value
        return found(index.row(), role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role == Qt.ItemDataRole.CheckStateRole:
            self._watches.switch(index.row(), Qt.CheckState(value) == Qt.CheckState.Checked)
        elif role == Qt.ItemDataRole.EditRole:
            self._watches.edit(index.row(), str(value))
        else:
            return False
        return True

    def _expression(self, row: int, role: int) -> Any:
        watch = self._shown[row]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return watch.expression
            case Qt.ItemDataRole.FontRole:
                return theme.code_font()
            case Qt.ItemDataRole.ForegroundRole:
                return None if watch.is_on else QColor(theme.current().text_soft)
            case Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if watch.is_on else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ToolTipRole:
                return f"{watch.expression}\n{_HOW}"
        return None

    def _value(self, row: int, role: int) -> Any:
        reading = self.reading(row)
        if reading is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return in_words(reading)
            case Qt.ItemDataRole.FontRole:
                return self._font(row, reading)
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(self._ink(row, reading))
            case Qt.ItemDataRole.ToolTipRole:
                return f"{at_length(reading)}{self._was(row)}"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{in_words(reading)}{self._was(row)}"
        return None

    def _font(self, row: int, reading: Reading) -> QFont:
        if reading.error:
            return theme.font()
        font = theme.code_font()
        font.setBold(self.earlier(row) is not None)
        return font

    def _ink(self, row: int, reading: Reading) -> str:
        colours = theme.current()
        if self._is_stale:
            return colours.text_soft
        if reading.error:
            return colours.error
        return colours.accent if self.earlier(row) is not None else colours.text

    def _was(self, row: int) -> str:
        earlier = self.earlier(row)
        return f"\nChanged: before it was {in_words(earlier)}" if earlier else ""

    @Slot()
    def _show(self) -> None:
        if len(self._watches.all) == len(self._shown):
            # A row that is being typed in must stay the same row.
            self._shown = self._watches.all
            self._repaint()
            return
        self.beginResetModel()
        self._shown = self._watches.all
        self.endResetModel()

    @Slot()
    def _repaint(self) -> None:
        if self._shown:
            last = self.index(len(self._shown) - 1, VALUE)
            self.dataChanged.emit(self.index(0, EXPRESSION), last)
