"""The list of watches: to tick, change in place, move, take away and open."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from explorer.app.watching.field import WatchField
from explorer.app.watching.model import EXPRESSION, VALUE, WatchModel
from explorer.app.watching.watches import Watches

_SHARE = 0.36
_DELETING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_MOVING = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class WatchList(QTreeView):
    """Shows the model's rows; F2 or a double click on an expression changes it.

    Signals:
        open_requested(row): the person wants to look at its tensor.
    """

    open_requested = Signal(int)

    def __init__(self, watches: Watches, names: Callable[[], Sequence[str]]):
        super().__init__()
        self.rows = WatchModel(watches)
        self.setModel(self.rows)
        self._watches = watches
        self._editor = _Editor(names, self)
        self.setItemDelegateForColumn(EXPRESSION, self._editor)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setAccessibleName("Watches")
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.EditKeyPressed | triggers.DoubleClicked)
        header = self.header()
        header.setSectionResizeMode(EXPRESSION, QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.sectionResized.connect(self._keep_share)
        self._share = _SHARE
        header.setSectionsMovable(False)
        self.doubleClicked.connect(self._on_double_click)

    @property
    def row(self) -> int:
        """The chosen row, -1 for none."""
        return self.currentIndex().row()

    def choose(self, row: int) -> None:
        """Choose a row; beyond the last one is the last."""
        row = min(row, self.rows.rowCount() - 1)
        if row >= 0:
            self.setCurrentIndex(self.rows.index(row, EXPRESSION))

    def change(self) -> None:
        """Type another expression in the place of the chosen one."""
        if self.row >= 0:
            self.edit(self.rows.index(self.row, EXPRESSION))

    def take_away(self) -> None:
        """Watch the chosen one no more; the next one is chosen."""
        row = self.row
        if row >= 0:
            self._watches.remove(row)
            self.choose(row)

    def move_by(self, steps: int) -> None:
        """Move the chosen one up or down."""
        row, to = self.row, self.row + steps
        if row >= 0 and 0 <= to < self.rows.rowCount():
            self._watches.move(row, to)
            self.choose(to)

    def copy(self) -> None:
        """Put the value of the chosen one on the clipboard."""
        if self.row >= 0:
            text = self.rows.index(self.row, VALUE).data()
            QApplication.clipboard().setText(text or "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _DELETING:
            self.take_away()
        elif key in _MOVING and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move_by(_MOVING[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.row >= 0:
            self.open_requested.emit(self.row)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.row < 0:
            return
        menu = QMenu(self)
        reading = self.rows.reading(self.row)
        can_open = reading is not None and reading.shape is not None
        menu.addAction("Open the tensor", self._open).setEnabled(can_open)
        menu.addAction("Change", self.change)
        menu.addAction("Copy the value", self.copy).setEnabled(reading is not None)
        menu.addSeparator()
        menu.addAction("Remove", self.take_away)
        menu.exec(event.globalPos())
        menu.deleteLater()

    def dropEvent(self, event: QDropEvent) -> None:
        """Put the row that is dragged where it is dropped."""
        row, at = self.row, event.position().toPoint()
        target, to = self.indexAt(at), self.rows.rowCount()
        if target.isValid():
            to = target.row() + (at.y() > self.visualRect(target).center().y())
        to -= to > row
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if row >= 0 and to != row:
            self._watches.move(row, to)
            self.choose(to)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the expressions the same share of the new width."""
        share = self._share
        super().resizeEvent(event)
        self.header().resizeSection(EXPRESSION, round(share * self.viewport().width()))
        self._share = share

    def _keep_share(self, section: int, before: int, now: int) -> None:
        if section == EXPRESSION and self.viewport().width():
            self._share = now / self.viewport().width()

    def _open(self) -> None:
        self.open_requested.emit(self.row)

    def _on_double_click(self, index: QModelIndex) -> None:
        if index.column() == VALUE:
            self.open_requested.emit(index.row())


class _Editor(QStyledItemDelegate):
    """Changes an expression in place, with names offered as where one is added."""

    def __init__(self, names: Callable[[], Sequence[str]], parent: QWidget):
        super().__init__(parent)
        self._names = names

    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        field = WatchField(self._names, parent)
        field.setAccessibleName("Watch")
        field.setToolTip("Enter keeps what is typed, Esc what was there")
        return field

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        """Fill the field, unless somebody types in it: the rows tell of every new value."""
        if not (isinstance(editor, WatchField) and editor.isModified()):
            super().setEditorData(editor, index)
