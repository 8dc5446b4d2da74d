"""The program's calls as a list: what has run, what ran last, what comes."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QListView

from explorer.app import theme
from explorer.app.breakpoint_mark import Mark
from explorer.app.breakpoints import Breakpoints
from explorer.app.icons import icon
from explorer.app.panels.call_row import MARK, CallRow
from explorer.program import Call
from explorer.program.breakpoints import Pass

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class CallModel(QAbstractListModel):
    """Calls in the order in which they run; `position` of them have run."""

    def __init__(self, breakpoints: Breakpoints) -> None:
        super().__init__()
        self._breakpoints = breakpoints
        self._calls: Sequence[Call] = ()
        self._position = 0
        self._is_within = False
        self._is_stepping = False
        theme.changed.connect(self._repaint)
        breakpoints.changed.connect(self._repaint)

    def show_calls(self, calls: Sequence[Call]) -> None:
        self.beginResetModel()
        self._calls, self._position, self._is_stepping = calls, 0, False
        self.endResetModel()

    def show_position(self, position: int, is_stepping: bool, is_within: bool) -> None:
        self._position, self._is_stepping, self._is_within = position, is_stepping, is_within
        self._repaint()

    @property
    def row(self) -> int:
        """The row of the call that ran last, or in which one stands; -1 for none."""
        return self._position if self._is_within else self._position - 1

    def call(self, row: int) -> Call:
        return self._calls[row]

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._calls)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        call = self._calls[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{_sign(self._state(index.row()))} {describe(call)}"
            case Qt.ItemDataRole.DecorationRole:
                return icon(call.phase, _colour(call))
            case Qt.ItemDataRole.FontRole:
                return theme.font(bold=self._state(index.row()) == "current")
            case Qt.ItemDataRole.ForegroundRole:
                return self._ink(index.row())
            case Qt.ItemDataRole.BackgroundRole:
                return self._paper(index.row())
            case Qt.ItemDataRole.ToolTipRole:
                return _tip(call)
            case _ if role == MARK:
                return self._mark(call)
        return None

    def _mark(self, call: Call) -> Mark | None:
        where = stopping_in(call)
        return self._breakpoints.mark([call.node], where) if where else None

    def _state(self, row: int) -> str:
        if not self._is_stepping or row > self.row:
            return "pending"
        return "current" if row == self.row else "done"

    def _ink(self, row: int) -> QColor:
        colours = theme.current()
        pending = self._is_stepping and self._state(row) == "pending"
        return QColor(colours.text_soft if pending else colours.text)

    def _paper(self, row: int) -> QColor | None:
        if self._state(row) != "current":
            return None
        return QColor(theme.mix(theme.current().panel, _colour(self._calls[row]), 0.22))

    @Slot()
    def _repaint(self) -> None:
        if self._calls:
            self.dataChanged.emit(self.index(0), self.index(len(self._calls) - 1))


class CallList(QListView):
    """Shows the calls; `chosen` tells the index of the one to go to.

    A click into the gutter sets a breakpoint on a node's call, or takes it away.
    """

    chosen = Signal(int)

    def __init__(self, breakpoints: Breakpoints) -> None:
        super().__init__()
        self.calls = CallModel(breakpoints)
        self.setModel(self.calls)
        self._breakpoints = breakpoints
        self._row = CallRow(self)
        self._row.toggled.connect(self._toggle)
        self.setItemDelegate(self._row)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setAccessibleName("Calls of the program")
        self.activated.connect(self._choose)

    def show_position(self, position: int, is_stepping: bool, is_within: bool = False) -> None:
        """Mark what has run, and keep the call that ran last, or runs, in view."""
        self.calls.show_position(position, is_stepping, is_within)
        row = min(max(self.calls.row, 0), self.calls.rowCount() - 1)
        if is_stepping and row >= 0:
            index = self.calls.index(row)
            self.setCurrentIndex(index)
            self._keep_in_view()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_in_view()

    def _keep_in_view(self) -> None:
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex(), self.ScrollHint.PositionAtCenter)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(index.row())

    @Slot(int)
    def _toggle(self, row: int) -> None:
        call = self.calls.call(row)
        if where := stopping_in(call):
            self._breakpoints.toggle_call(call.node, where)

    def toggle_breakpoint(self) -> bool:
        """Do so with the call that is chosen, if the list has the keyboard."""
        index = self.currentIndex()
        if not (self.hasFocus() and index.isValid()):
            return False
        self._toggle(index.row())
        return True


def describe(call: Call) -> str:
    """A call in a few words: "fc1 backward → dx, dw, db", "fc1 update → w"."""
    if call.is_addition:
        return f"{call.node} add up gradients → {call.writes[0].label}"
    if call.phase == "update":
        return f"{call.node} update → {call.reads[0].label}"
    gives = ", ".join(operand.label for operand in call.writes if operand.role != "cache")
    return f"{call.node} {call.phase} → {gives}"


def stopping_in(call: Call) -> Pass | None:
    """The pass in which a breakpoint stops at a call; None where it is no node's own in any."""
    return None if call.is_addition or call.phase == "update" else call.phase


def _tip(call: Call) -> str:
    lines = [call.text, call.comment, "Double-click or Enter: go to right after it"]
    if stopping_in(call):
        lines.append("Click in the margin: set a breakpoint, or take it away")
    return "\n".join(lines)


def _sign(state: str) -> str:
    return {"done": "✓", "current": "▶", "pending": "   "}[state]


def _colour(call: Call) -> str:
    return theme.of_phase(call.phase)
