"""The breakpoints panel: where training stops by itself; to switch, take away and add."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QStackedLayout, QVBoxLayout, QWidget

from explorer.app import theme
from explorer.app.breakpoint_mark import mark_icon, mark_of
from explorer.app.breakpoints import Breakpoints
from explorer.app.panels.breakpoint_form import BreakpointForm
from explorer.app.panels.buttons import IconButton
from explorer.app.panels.notice import EmptyState, wrapping_label
from explorer.graph import Graph
from explorer.graph.fragments import downstream
from explorer.layers import Layer
from explorer.program import Breakpoint
from explorer.program.breakpoints import in_words

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class BreakpointModel(QAbstractListModel):
    """The breakpoints as rows with tick boxes."""

    def __init__(self, breakpoints: Breakpoints):
        super().__init__()
        self._breakpoints = breakpoints
        self._shown = breakpoints.all
        breakpoints.changed.connect(self._show)
        theme.changed.connect(self._repaint)

    def point(self, row: int) -> Breakpoint:
        return self._shown[row]

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        point = self._shown[index.row()]
        is_on = self._breakpoints.is_on(point)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return in_words(point)
            case Qt.ItemDataRole.DecorationRole:
                return mark_icon(mark_of(point, is_on))
            case Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ToolTipRole:
                return "Untick it to keep it without stopping; Del takes it away"
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        is_on = Qt.CheckState(value) == Qt.CheckState.Checked
        self._breakpoints.switch(self._shown[index.row()], is_on)
        return True

    @Slot()
    def _show(self) -> None:
        if self._breakpoints.all != self._shown:
            self.beginResetModel()
            self._shown = self._breakpoints.all
            self.endResetModel()
        else:
            self._repaint()

    @Slot()
    def _repaint(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))


class BreakpointsPanel(QWidget):
    """Shows a list of breakpoints and changes it; `node_chosen` tells whose node is asked for."""

    node_chosen = Signal(str)

    def __init__(self, breakpoints: Breakpoints, parent: QWidget | None = None):
        super().__init__(parent)
        self._breakpoints = breakpoints
        self._model = BreakpointModel(breakpoints)
        self._list = _List()
        self._list.setModel(self._model)
        self._list.activated.connect(self._on_activated)
        self._list.removal_requested.connect(self._remove)
        self._list.selectionModel().currentChanged.connect(self._show_buttons)
        self._model.modelReset.connect(self._show_rows)
        self._take_away = IconButton("close", "Remove breakpoint", "Take the chosen one away (Del)")
        self._take_away.clicked.connect(self._remove)
        self._nothing = EmptyState(
            "breakpoint", "Select a node and press Toggle breakpoint {breakpoint}, or add one below"
        )
        self._form = BreakpointForm()
        self._form.added.connect(breakpoints.add)
        self._lay_out()
        self._show_rows()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        title = wrapping_label()
        title.setText("Training stops right behind a call that meets one of these")
        title.setProperty("role", "soft")
        head.addWidget(title, 1)
        head.addWidget(self._take_away, 0, Qt.AlignmentFlag.AlignTop)
        listed = QWidget()
        self._stack = QStackedLayout(listed)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self._list)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.SPACING, theme.MARGIN, theme.SPACING)
        column.setSpacing(theme.SPACING)
        column.addLayout(head)
        column.addWidget(listed, 1)
        column.addWidget(self._form)
        self.setFocusProxy(self._list)

    def show_graph(self, graph: Graph) -> None:
        """Offer the nodes of a net."""
        self._form.show_nodes(list(graph.nodes), _with_backward(graph))

    @property
    def sentences(self) -> list[str]:
        """What the rows say."""
        return [self._model.index(row).data() for row in range(self._model.rowCount())]

    @Slot()
    def _show_rows(self) -> None:
        count = self._model.rowCount()
        self._stack.setCurrentIndex(1 if count else 0)
        if count:
            self._list.setCurrentIndex(self._model.index(count - 1))
        self._show_buttons()

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        if node := self._model.point(index.row()).node:
            self.node_chosen.emit(node)

    @Slot()
    def _remove(self) -> None:
        index = self._list.currentIndex()
        if index.isValid():
            self._breakpoints.remove(self._model.point(index.row()))

    @Slot()
    def _show_buttons(self) -> None:
        self._take_away.allow(self._list.currentIndex().isValid(), "There is none")


def _with_backward(graph: Graph) -> set[str]:
    """The nodes that backward goes through: those behind what wants a gradient."""
    layers = {id: node.layer for id, node in graph.nodes.items() if isinstance(node.layer, Layer)}
    wanting = [id for id, layer in layers.items() if layer.wants_gradient()]
    return {id for id in downstream(graph, wanting) if id in layers and layers[id].learns}


class _List(QListView):
    """Rows that go by Del."""

    removal_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setUniformItemSizes(True)
        self.setAccessibleName("Breakpoints")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removal_requested.emit()
        else:
            super().keyPressEvent(event)
