"""Everything that can be looked at now, by name, in groups, with a field to search in."""

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSortFilterProxyModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QTreeView, QVBoxLayout, QWidget

from explorer.app import theme
from explorer.app.panels.notice import EmptyState
from explorer.app.panels.numbers import shape
from explorer.app.tensors.name_rows import NOTE, NameRow
from explorer.app.tensors.requests import TensorsListed
from explorer.graph.quantities import in_bytes
from explorer.program.viewing import Address, Entry, Kind

GROUPS: dict[Kind, str] = {
    "value": "Values",
    "gradient": "Gradients",
    "parameter": "Weights",
    "buffer": "Buffers",
    "cache": "Kept for backward",
    "optimizer": "Optimizer",
    "pin": "Pinned",
}
_ENTRY = Qt.ItemDataRole.UserRole


class NameList(QWidget):
    """Lists tensors; Enter or a double click opens one, Del lets a pin go.

    Signals:
        opened(address): the person wants to look at that.
        unpinned(address): the person needs that pin no more.
        watch_requested(address): the person wants to see it behind each step.
    """

    opened = Signal(object)
    watch_requested = Signal(object)
    unpinned = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[Entry, ...] = ()
        self._search = QLineEdit()
        self._search.setPlaceholderText("Find a tensor")
        self._search.setAccessibleName("Find a tensor")
        self._search.setToolTip("Show only names that hold what is typed")
        self._search.setClearButtonEnabled(True)
        self._model = QStandardItemModel(self)
        self._groups = {kind: self._add_group(kind) for kind in GROUPS}
        self._open = {"Values", "Gradients", "Weights", "Pinned"}
        self._found = _Found(self)
        self._found.setSourceModel(self._model)
        self._tree = _Tree()
        self._tree.setModel(self._found)
        self._tree.setItemDelegate(NameRow(self._tree))
        self._tree.expanded.connect(self._on_expanded)
        self._tree.collapsed.connect(self._on_collapsed)
        self._tree.activated.connect(self._on_activated)
        self._tree.deleted.connect(self._on_deleted)
        self._tree.menu_requested.connect(self._on_menu)
        self._search.textChanged.connect(self._on_search)
        self._search.returnPressed.connect(self._open_first)
        self._nothing = EmptyState("grid", "Train {train} or step {step}: the tensors come up here")
        self._pinned = QLabel()
        self._pinned.setProperty("role", "soft")
        self._pinned.setToolTip("What all pins take together")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.SPACING, 0, theme.SPACING)
        column.setSpacing(theme.SPACING)
        for part in (self._search, self._tree, self._nothing, self._pinned):
            column.addWidget(part)
        self.setMinimumWidth(90)
        self.setFocusProxy(self._search)
        self._show_which()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All that is listed."""
        return self._entries

    def show_listed(self, listed: TensorsListed) -> None:
        """Show these; names that were there keep their place, and groups stay open or closed."""
        if listed.entries != self._entries:
            self._entries = listed.entries
            by_kind: dict[Kind, list[Entry]] = {kind: [] for kind in GROUPS}
            for entry in listed.entries:
                by_kind[entry.label.kind].append(entry)
            for kind, group in self._groups.items():
                self._fill(group, by_kind[kind])
        self._pinned.setText(f"Pins take {in_bytes(listed.pinned)}")
        self._pinned.setVisible(listed.pinned > 0)
        self._show_which()

    def _add_group(self, kind: Kind) -> QStandardItem:
        group = QStandardItem(GROUPS[kind])
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        group.setFont(theme.font(bold=True))
        self._model.appendRow(group)
        return group

    def _fill(self, group: QStandardItem, entries: list[Entry]) -> None:
        """Take rows off and put rows on from where the two lists part."""
        have = [group.child(row).data(_ENTRY) for row in range(group.rowCount())]
        pairs = zip(have, entries, strict=False)
        same = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(have), len(entries)))
        group.removeRows(same, len(have) - same)
        for entry in entries[same:]:
            item = QStandardItem(entry.label.name)
            item.setData(entry, _ENTRY)
            item.setData(shape(entry.shape), NOTE)
            what = f"{entry.label.title}, {shape(entry.shape)}, {entry.dtype}"
            in_program = f"\n{entry.variable} in the program" if entry.variable else ""
            item.setToolTip(f"{what}{in_program}")
            item.setData(what, Qt.ItemDataRole.AccessibleTextRole)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            group.appendRow(item)
        group.setData(f"{len(entries):,}", NOTE)
        if not have:
            self._open_groups()

    def _open_groups(self) -> None:
        """Open the groups that the person has not closed; while searching, all of them."""
        for row in range(self._found.rowCount()):
            group = self._found.index(row, 0)
            self._tree.setExpanded(group, bool(self._found.text) or group.data() in self._open)

    def _show_which(self) -> None:
        self._tree.setVisible(bool(self._entries))
        self._search.setEnabled(bool(self._entries))
        self._nothing.setVisible(not self._entries)

    def _entry_at(self, index: QModelIndex) -> Entry | None:
        found = index.data(_ENTRY)
        return found if isinstance(found, Entry) else None

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        entry = self._entry_at(index)
        if entry is not None:
            self.opened.emit(entry.address)

    @Slot(QModelIndex)
    def _on_deleted(self, index: QModelIndex) -> None:
        entry = self._entry_at(index)
        if entry is not None and isinstance(entry.address, Address) and entry.label.kind == "pin":
            self.unpinned.emit(entry.address)

    @Slot(QModelIndex, QPoint)
    def _on_menu(self, index: QModelIndex, at: QPoint) -> None:
        """Offer what can be done with a tensor."""
        entry = self._entry_at(index)
        if entry is None:
            return
        place = entry.address
        menu = QMenu(self)
        menu.addAction("Open the tensor", lambda: self.opened.emit(place))
        if entry.label.kind == "pin":
            menu.addAction("Let the pin go", lambda: self.unpinned.emit(place))
        elif entry.variable:
            menu.addAction("Add to watch", lambda: self.watch_requested.emit(place))
        menu.exec(at)
        menu.deleteLater()

    @Slot(str)
    def _on_search(self, text: str) -> None:
        self._found.search(text.strip())
        self._open_groups()

    @Slot(QModelIndex)
    def _on_expanded(self, group: QModelIndex) -> None:
        if not self._found.text:
            self._open.add(group.data())

    @Slot(QModelIndex)
    def _on_collapsed(self, group: QModelIndex) -> None:
        if not self._found.text:
            self._open.discard(group.data())

    @Slot()
    def _open_first(self) -> None:
        """Open the first name that was found."""
        for row in range(self._found.rowCount()):
            group = self._found.index(row, 0)
            if self._found.rowCount(group):
                self._on_activated(self._found.index(0, 0, group))
                return


class _Found(QSortFilterProxyModel):
    """The names that hold what is typed, or are in a group whose name does; no empty groups."""

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self.text = ""

    def search(self, text: str) -> None:
        self.text = text.lower()
        self.invalidateFilter()

    def filterAcceptsRow(self, row: int, parent: QModelIndex | QPersistentModelIndex) -> bool:
        source = self.sourceModel()
        index = source.index(row, 0, parent)
        if parent.isValid():
            return self._holds(index) or self._holds(source.index(parent.row(), 0))
        names = range(source.rowCount(index))
        return bool(names) and (
            self._holds(index) or any(self._holds(source.index(n, 0, index)) for n in names)
        )

    def _holds(self, index: QModelIndex) -> bool:
        return self.text in str(index.data()).lower()


class _Tree(QTreeView):
    """A tree that tells of the Del key and of right clicks.

    Signals:
        deleted(index): the key was pressed on that row.
        menu_requested(index, at): a menu is wanted for that row, there on the screen.
    """

    deleted = Signal(QModelIndex)
    menu_requested = Signal(QModelIndex, QPoint)

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(12)
        self.setAccessibleName("Tensors")
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(self.currentIndex(), event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.deleted.emit(self.currentIndex())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Elsewhere than on Windows and Linux the Enter key would not activate a row.
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
