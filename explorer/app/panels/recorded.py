"""What autograd records of each value, as a table below the page that ran."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStackedLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from explorer.app import theme
from explorer.app.panels.notice import EmptyState, Notice
from explorer.app.panels.numbers import short
from explorer.exchange.recording import Recorded
from explorer.layers import shape_text

_COLUMNS = {
    "value": "A variable of the page",
    "grad_fn": "What computed it, and will take its gradient back; None for a leaf",
    "is_leaf": "Whether it was given rather than computed",
    "requires_grad": "Whether autograd follows it",
    "‖.grad‖": "How long its .grad is after loss.backward(). torch keeps that of leaves alone",
}
_NODE = Qt.ItemDataRole.UserRole


class RecordedTable(QWidget):
    """Lists values; `node_chosen` tells the node of one that was clicked."""

    node_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._notice = Notice()
        self._table = QTreeWidget()
        self._table.setHeaderLabels(list(_COLUMNS))
        for column, tip in enumerate(_COLUMNS.values()):
            self._table.headerItem().setToolTip(column, tip)
        self._table.setRootIsDecorated(False)
        self._table.setUniformRowHeights(True)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._table.setAccessibleName("What autograd records of each value")
        header = self._table.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self._table.itemClicked.connect(self._choose)
        self._table.itemActivated.connect(self._choose)
        self._nothing = EmptyState(
            "grid",
            "Run {record_autograd} lists what autograd records of each value: grad_fn, is_leaf, "
            "requires_grad and .grad",
        )
        self._lay_out()

    def show_values(self, values: Sequence[Recorded], batch: int) -> None:
        """Show what was recorded on a batch, counted from 0."""
        self._table.clear()
        self._table.addTopLevelItems([_row(value) for value in values])
        self._notice.tell("info", "")
        self._table.setToolTip(f"On batch {batch + 1}. Click a value to select its node")
        self._stack.setCurrentIndex(1)

    def mark_stale(self) -> None:
        """The net changed since: what is shown is of the one before."""
        if self._stack.currentIndex() == 1:
            self._notice.tell("info", "This is of the net before the last change")

    def mark_nodes(self, nodes: Collection[str]) -> None:
        """Mark the values of these nodes."""
        chosen, first = QItemSelection(), None
        for item in self._rows():
            if item.data(0, _NODE) in nodes:
                index = self._table.indexFromItem(item)
                chosen.select(index, index)
                first = first or item
        flags = QItemSelectionModel.SelectionFlag
        self._table.selectionModel().select(chosen, flags.ClearAndSelect | flags.Rows)
        if first is not None:
            self._table.scrollToItem(first)

    def _rows(self) -> list[QTreeWidgetItem]:
        rows = (self._table.topLevelItem(n) for n in range(self._table.topLevelItemCount()))
        return [row for row in rows if row is not None]

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._notice)
        column.addWidget(self._table, 1)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(page)

    @Slot(QTreeWidgetItem, int)
    def _choose(self, item: QTreeWidgetItem, column: int) -> None:
        if node := item.data(0, _NODE):
            self.node_chosen.emit(node)


def _row(value: Recorded) -> QTreeWidgetItem:
    length = "None" if value.gradient is None else short(value.gradient)
    words = [
        value.name,
        value.grad_fn or "None",
        str(value.is_leaf),
        str(value.requires_grad),
        length,
    ]
    item = QTreeWidgetItem(words)
    item.setData(0, _NODE, value.node)
    item.setFont(0, theme.code_font())
    item.setToolTip(0, f"{value.name} {shape_text(value.shape)} of {value.node}")
    if value.gradient is None and value.requires_grad:
        item.setToolTip(4, "It is no leaf: torch passes its gradient on and keeps none")
    return item
