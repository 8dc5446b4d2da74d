"""A plane of a tensor as a table of any size: only what is in view is fetched and written out."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPen,
    QPolygon,
    QValidator,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QTableView,
    QWidget,
)

from explorer.app import theme
from explorer.app.panels.numbers import plural
from explorer.app.tensors.client import Asker, TensorClient
from explorer.app.tensors.number_model import NumberModel, QtIndex
from explorer.app.tensors.requests import Seen, Unseen
from explorer.app.tensors.sight import Sight, read_number
from explorer.program.viewing import Query, Window

Option = Any
"""A QStyleOptionViewItem, whose members PySide's stubs leave out."""

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_WIDEST = "-8.888e-10"
_FOLD = 6
"""How large the corner is that marks an edited cell, in points."""
_KEYS = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.SelectAll,
    QKeySequence.StandardKey.Undo,
)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_Trigger = QAbstractItemView.EditTrigger
LARGEST_COPY = 2**20
"""How many numbers go to the clipboard at most."""


class NumberTable(QTableView):
    """Scrolls over the rows and columns of a plane, heads them by their indices, copies cells.

    Signals:
        chosen(row, column): the cell, in the tensor's rows and columns, that the cursor is on.
        told(sentence), refused(sentence): what came of copying, or why a number cannot be edited.
        undo_wanted(): a person wants the last edit to be put back.
    """

    chosen = Signal(int, int)
    told = Signal(str)
    refused = Signal(str)
    undo_wanted = Signal()

    def __init__(self, client: TensorClient):
        super().__init__()
        self.numbers = NumberModel(client, self)
        self._is_focusing = False
        self._copying = Asker(client, self._copied)
        self.setModel(self.numbers)
        self.setItemDelegate(_Delegate(self))
        self.setFont(theme.code_font(theme.SMALL_SIZE))
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        metrics = QFontMetrics(self.font())
        sizes = metrics.horizontalAdvance(_WIDEST) + 12, metrics.height() + 6
        headers = _Header(Qt.Orientation.Horizontal), _Header(Qt.Orientation.Vertical)
        self.setHorizontalHeader(headers[0])
        self.setVerticalHeader(headers[1])
        for header, size in zip(headers, sizes, strict=True):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setDefaultSectionSize(size)
            header.setSectionsClickable(True)
            header.setHighlightSections(True)
        self.setAccessibleName("Numbers")
        self.setToolTip("")
        self.selectionModel().currentChanged.connect(self._on_current)

    def show_sight(self, sight: Sight) -> None:
        """Show a plane of a tensor with its numbers of now."""
        self.numbers.show_sight(sight)

    def height_for(self, rows: int, most: int) -> int:
        """How high it is with so many rows, up to a limit."""
        chrome = self.horizontalHeader().sizeHint().height() + 4
        bar = self.horizontalScrollBar().sizeHint().height()
        return min(rows * self.verticalHeader().defaultSectionSize() + chrome + bar, most)

    def go_to(self, row: int, column: int) -> None:
        """Put the cursor on a row and a column of the tensor, and bring them into view."""
        self.numbers.begin_at(row, column)
        first = self.numbers.first
        index = self.numbers.index(row - first[0], column - first[1])
        if index.isValid() and index != self.currentIndex():
            self.setCurrentIndex(index)
        self.scrollTo(index)

    def copy(self) -> None:
        """Put the selected cells on the clipboard, with tabs between them, in full precision."""
        sight, spans = self.numbers.sight, self._selected()
        if sight is None or spans is None:
            return
        rows, columns = spans
        if (rows[1] - rows[0]) * (columns[1] - columns[0]) > LARGEST_COPY:
            self.refused.emit(
                f"That is more than {LARGEST_COPY:,} numbers: select fewer, or save a file"
            )
        else:
            self._copying.ask(sight.entry.address, Window(sight.cut, rows, columns))

    def stop(self) -> None:
        """Wait for no more numbers."""
        self.numbers.stop()
        self._copying.stop()

    def _selected(self) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """The rows and columns of the tensor that the selection spans."""
        selection: QItemSelection = self.selectionModel().selection()
        ranges = [selection.at(number) for number in range(selection.count())]
        if not ranges:
            return None
        down, across = self.numbers.first
        rows = min(r.top() for r in ranges) + down, max(r.bottom() for r in ranges) + down + 1
        left, right = min(r.left() for r in ranges), max(r.right() for r in ranges)
        return rows, (left + across, right + across + 1)

    def _copied(self, query: Query | None, answer: Seen | Unseen) -> None:
        if isinstance(answer, Unseen):
            self.refused.emit(answer.sentence)
            return
        numbers = answer.answer
        assert isinstance(numbers, np.ndarray)
        lines = ("\t".join(map(str, row)) for row in numbers.tolist())
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.told.emit(f"Copied {plural(numbers.size, 'number')}")

    @property
    def _own_keys(self) -> Sequence[QKeySequence.StandardKey]:
        """What means the cells here; taking back only where they can be edited."""
        return _KEYS[:-1] if self.numbers.refusal else _KEYS

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QtIndex, before: QtIndex) -> None:
        if current.isValid() and not self._is_focusing:
            first = self.numbers.first
            self.chosen.emit(current.row() + first[0], current.column() + first[1])

    def edit_current(self) -> None:
        """Let the number be typed that the cursor is on, or say why not."""
        index = self.currentIndex()
        if not self._says_why_not():
            if index.isValid():
                self.edit(index)
            else:
                self.refused.emit("Choose a number first, then edit it")

    def _says_why_not(self) -> bool:
        """Say why numbers cannot be edited, if they cannot."""
        why_not = self.numbers.why_not
        if why_not:
            self.refused.emit(why_not)
        return bool(why_not)

    # What Qt calls

    def edit(self, index: QtIndex, *how: Any) -> Any:
        is_asked = bool(how) and how[0] in (_Trigger.EditKeyPressed, _Trigger.DoubleClicked)
        return not (is_asked and self._says_why_not()) and super().edit(index, *how)

    def event(self, event: QEvent) -> bool:
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_key and any(event.matches(key) for key in self._own_keys):  # type: ignore[attr-defined]
            # Copying, selecting and taking back mean the cells here, not the canvas.
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Qt puts the cursor on the first cell: nobody chose that.
        self._is_focusing = True
        super().focusInEvent(event)
        self._is_focusing = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo_wanted.emit()
        elif event.key() in _ENTER and self.state() != self.State.EditingState:
            self.edit_current()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta()
        if self.verticalScrollBar().maximum() == 0 and turn.x() == 0:
            # One row, however long: the wheel goes along it.
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - turn.y())
            event.accept()
        else:
            super().wheelEvent(event)


class _Header(QHeaderView):
    """Is as large as its last section, which has the largest index.

    Qt's own measures hundreds of them whenever other numbers are shown.
    """

    def sizeHint(self) -> QSize:
        last = self.count() - 1
        return super().sizeHint() if last < 0 else self.sectionSizeFromContents(last)


class _Delegate(QStyledItemDelegate):
    """Frames lit cells, and takes nothing but numbers when one is edited."""

    def __init__(self, table: NumberTable):
        super().__init__(table)
        self._numbers, self._refused = table.numbers, table.refused
        theme.changed.connect(self._ink)
        self._ink()

    @Slot()
    def _ink(self) -> None:
        colours = theme.current()
        inks = {"text": colours.text, "soft": colours.text_soft, "error": colours.error}
        self._inks = {name: QColor(colour) for name, colour in inks.items()}
        self._selected = QColor(colours.selection)
        self._focus, self._lit = QPen(QColor(colours.accent), 1), QPen(QColor(colours.current), 2)
        self._edited = QPen(QColor(colours.edited), 1)

    def paint(self, painter: QPainter, option: Option, index: QtIndex) -> None:
        # By hand: the style would ask for each thing by itself, ten times as slowly.
        look, box, state = self._numbers.look(index), option.rect, option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, self._selected)
        elif look.tint is not None:
            painter.fillRect(box, look.tint)
        painter.setPen(self._inks[look.ink])
        painter.drawText(box.adjusted(2, 0, -5, 0), _RIGHT, look.text)
        if look.is_lit:
            painter.setPen(self._lit)
            painter.drawRect(box.adjusted(1, 1, -1, -1))
        if look.is_edited:
            self._mark_edited(painter, box)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self._focus)
            painter.drawRect(box.adjusted(0, 0, -1, -1))

    def _mark_edited(self, painter: QPainter, box: QRect) -> None:
        """A frame with a corner turned down: told by its shape as well as by its colour."""
        painter.setPen(self._edited)
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        corner = box.topLeft()
        fold = [corner, corner + QPoint(_FOLD, 0), corner + QPoint(0, _FOLD)]
        path = QPainterPath()
        path.addPolygon(QPolygon(fold))
        painter.fillPath(path, self._edited.color())

    def createEditor(self, parent: QWidget, option: Option, index: QtIndex) -> QWidget:
        editor = QLineEdit(parent)
        editor.setFrame(False)
        editor.setValidator(_Number(editor, self._refused.emit))
        editor.setAccessibleName("New value")
        return editor

    def setEditorData(self, editor: QWidget, index: QtIndex) -> None:
        # Numbers come anew while one is typed: what is typed stays.
        if isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(index.data(Qt.ItemDataRole.EditRole))


class _Number(QValidator):
    """Lets anything be typed, and tells why it is no number when it is handed in."""

    def __init__(self, editor: QWidget, refuse: Callable[[str], object]):
        super().__init__(editor)
        self._refuse = refuse

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        try:
            read_number(text)
        except ValueError:
            return QValidator.State.Intermediate, text, at
        return QValidator.State.Acceptable, text, at

    def fixup(self, text: str) -> str:
        try:
            read_number(text)
        except ValueError as error:
            self._refuse(str(error))
        return text
