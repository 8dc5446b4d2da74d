"""The layers below the palette's search field: under their families, or as they were found."""

from collections.abc import Sequence
from functools import partial
from html import escape
from itertools import groupby

from PySide6.QtCore import QMimeData, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTreeWidget, QTreeWidgetItem

from explorer.app import theme
from explorer.app.canvas.layer_rows import COUNT, KIND, WHY, RowPainter
from explorer.app.canvas.search import Hit
from explorer.graph import blocks
from explorer.layers import find

MIME = "application/x-backprop-layer"
OPEN_AT_FIRST = ("Source", "Linear")
"""With these open a first look takes in every family."""


def mime_of(kind: str) -> QMimeData:
    """What a drag of that layer carries."""
    data = QMimeData()
    data.setData(MIME, kind.encode())
    return data


def layer_of(data: QMimeData) -> str:
    """The layer that a drag carries, or ""."""
    return bytes(data.data(MIME).data()).decode(errors="replace")


class LayerList(QTreeWidget):
    """Rows of layers; a family's heading opens and closes it by a click, Enter or arrow keys."""

    layer_chosen = Signal(str)
    removal_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.how = "Drag it onto the canvas, or double-click or press Enter to add it"
        self._open = set(OPEN_AT_FIRST)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setItemDelegate(RowPainter(self))
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName("Layers")
        self.itemClicked.connect(self._turn_heading)
        self.itemDoubleClicked.connect(self._choose)
        self.itemExpanded.connect(self._remember)
        self.itemCollapsed.connect(self._remember)
        theme.changed.connect(self._repaint)

    def show_layers(self, found: Sequence[Hit], by_family: bool) -> None:
        """List these layers in order, under headings or, for a search, without."""
        self.clear()
        if not by_family:
            self.addTopLevelItems([_entry(hit, self.how) for hit in found])
            self.step(1)
            return
        for family, members in groupby(found, key=lambda hit: hit.family):
            entries = [_entry(hit, self.how) for hit in members]
            heading = _heading(family, len(entries))
            heading.addChildren(entries)
            self.addTopLevelItem(heading)
            heading.setExpanded(family in self._open)

    def entries(self) -> list[QTreeWidgetItem]:
        """The rows that are layers, in order, those of closed families included."""
        rows = [
            row for item in _children(self.invisibleRootItem()) for row in (item, *_children(item))
        ]
        return [row for row in rows if row.data(0, KIND)]

    def headings(self) -> list[QTreeWidgetItem]:
        """The rows that are families, in order."""
        return [i for i in _children(self.invisibleRootItem()) if not i.data(0, KIND)]

    def step(self, by: int) -> None:
        """Make the next or the previous layer the current one, round and round."""
        shown = [row for row in self.entries() if row.parent() is None or row.parent().isExpanded()]
        if not shown:
            return
        now = self.currentItem()
        at = shown.index(now) if now in shown else (-1 if by > 0 else 0)
        self.setCurrentItem(shown[(at + by) % len(shown)])

    def choose_current(self) -> None:
        """Choose the current layer, after a search the best hit; open or close a family."""
        item = self.currentItem()
        if item is not None:
            self._turn_heading(item)
            self._choose(item)

    @Slot(QTreeWidgetItem, int)
    def _choose(self, item: QTreeWidgetItem, column: int = 0) -> None:
        if kind := item.data(0, KIND):
            self.layer_chosen.emit(kind)

    @Slot(QTreeWidgetItem, int)
    def _turn_heading(self, item: QTreeWidgetItem, column: int = 0) -> None:
        if not item.data(0, KIND):
            item.setExpanded(not item.isExpanded())

    @Slot(QTreeWidgetItem)
    def _remember(self, item: QTreeWidgetItem) -> None:
        change = self._open.add if item.isExpanded() else self._open.discard
        change(item.text(0))

    @Slot()
    def _repaint(self) -> None:
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        is_heading = item is not None and not item.data(0, KIND)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose_current()
        elif event.key() == Qt.Key.Key_Space and is_heading:
            self._turn_heading(item)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        item = self.itemAt(event.pos())
        kind = item.data(0, KIND) if item is not None else None
        if not kind:
            return
        menu = QMenu(self)
        add = menu.addAction("Add to the net")
        add.triggered.connect(partial(self._choose, item))
        if blocks.is_own(kind):
            remove = menu.addAction("Remove from the layers…")
            remove.triggered.connect(partial(self._ask_to_remove, kind))
        menu.exec(event.globalPos())
        menu.deleteLater()

    def _ask_to_remove(self, kind: str, checked: bool = False) -> None:
        self.removal_requested.emit(kind)

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, items: Sequence[QTreeWidgetItem]) -> QMimeData:
        kinds = [item.data(0, KIND) for item in items if item.data(0, KIND)]
        return mime_of(kinds[0]) if kinds else QMimeData()


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    return [item.child(row) for row in range(item.childCount())]


def _heading(family: str, count: int) -> QTreeWidgetItem:
    item = QTreeWidgetItem([family])
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
    item.setData(0, COUNT, count)
    item.setToolTip(0, "Click, or press Enter, to open or close")
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{family}, {count} layers")
    return item


def _entry(hit: Hit, how: str) -> QTreeWidgetItem:
    name = hit.name
    item = QTreeWidgetItem([name])
    item.setData(0, KIND, name)
    item.setData(0, WHY, hit.why)
    item.setToolTip(0, layer_tip(name, how))
    spoken = f"{name}, found by {hit.why}" if hit.why else name
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
    item.setFlags(
        Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
    )
    return item


def layer_tip(kind: str, how: str) -> str:
    """What a layer does, its formulas, and how to get one."""
    layer = find(kind)
    if layer is None:
        return _tip(kind, blocks.summary(kind), ", ".join(blocks.kinds(kind)), how)
    formulas = "<br>".join(escape(text) for text in dict.fromkeys(layer.equations.values()))
    return _tip(kind, layer.summary(), formulas, how)


def _tip(name: str, summary: str, more: str, how: str) -> str:
    return f"<b>{escape(name)}</b><p>{escape(summary)}</p><p>{more}</p><p>{escape(how)}</p>"
