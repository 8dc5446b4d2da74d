"""The search on the canvas: type a name, a layer, a shape or a fault, and go from hit to hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
)

from explorer.app import theme
from explorer.app.panels.buttons import IconButton
from explorer.graph.finding import Found, find

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView

_WIDTH, _ROW, _MOST_ROWS = 340, 24, 8
_KEYS = "Enter goes to the next hit, Shift+Enter to the one before, Esc closes"


class FindBar(QFrame):
    """Stands in the upper right corner of the canvas; shows hits as they are typed for."""

    def __init__(self, view: GraphView):
        super().__init__(view)
        self._view = view
        self._hits: list[Found] = []
        self.setObjectName("FindBar")
        self.field, self.count, self.list = QLineEdit(), QLabel(), QListWidget()
        self.field.setPlaceholderText("Find a name, layer, shape or problem")
        self.field.setAccessibleName("Find on the canvas")
        self.field.setToolTip(_KEYS)
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._find)
        self.field.installEventFilter(self)
        self.count.setProperty("role", "soft")
        self.list.setAccessibleName("Hits")
        self.list.setToolTip("Click to go there")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._go_to_row)
        close = IconButton("close", "Close the search", "Close the search (Esc)")
        close.clicked.connect(self.leave)
        row = QHBoxLayout()
        row.addWidget(self.field, 1)
        row.addWidget(self.count)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(theme.SPACING)
        column.addLayout(row)
        column.addWidget(self.list)
        theme.changed.connect(self._restyle)
        view.graph_scene.refreshed.connect(self._again)
        self._restyle()
        self.hide()

    def open(self) -> None:
        """Show it, ready to type."""
        self.show()
        self.raise_()
        self._find(self.field.text())
        self.field.setFocus()
        self.field.selectAll()

    @Slot()
    def leave(self) -> None:
        """Close it; what was found last stays selected."""
        self.hide()
        self._view.setFocus()

    def place(self) -> None:
        """Stay in the corner."""
        rows = min(len(self._hits), _MOST_ROWS)
        self.list.setVisible(bool(rows))
        self.list.setFixedHeight(rows * _ROW + 2)
        self.setFixedWidth(min(_WIDTH, self._view.width() - 24))
        self.adjustSize()
        self.move(self._view.width() - self.width() - 12, 10)

    @Slot(str)
    def _find(self, query: str) -> None:
        self._show_hits(find(self._view.graph_scene.graph, query))
        if self._hits:
            self._go_to(0)

    def _show_hits(self, hits: list[Found]) -> None:
        self._hits = hits
        self.list.clear()
        for hit in self._hits:
            item = QListWidgetItem(f"{hit.label}   {hit.why}" if hit.why else hit.label)
            item.setToolTip(hit.why)
            self.list.addItem(item)
        self._tell()
        self.place()

    def _tell(self) -> None:
        row = self.list.currentRow()
        if self._hits:
            self.count.setText(f"{max(row, 0) + 1} of {len(self._hits)}")
        else:
            self.count.setText("Nothing found" if self.field.text().strip() else "")

    def _again(self) -> None:
        """The graph changed: other hits come and go, and the view stays where it is."""
        if not self.isVisible():
            return
        hits = find(self._view.graph_scene.graph, self.field.text())
        if hits != self._hits:
            row = self.list.currentRow()
            self._show_hits(hits)
            self.list.setCurrentRow(min(row, len(hits) - 1))
            self._tell()

    def _go_to(self, row: int) -> None:
        row %= len(self._hits)
        self.list.setCurrentRow(row)
        self._tell()
        self._view.groups.reveal(self._hits[row].id)

    @Slot(QListWidgetItem)
    def _go_to_row(self, item: QListWidgetItem) -> None:
        self._go_to(self.list.row(item))
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_press = event.type() == QEvent.Type.KeyPress
        if watched is self.field and is_press and isinstance(event, QKeyEvent):
            return self._press(event)
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> bool:
        key, is_shift = event.key(), event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif not self._hits:
            return False
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_to(self.list.currentRow() + (-1 if is_shift else 1))
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._go_to(self.list.currentRow() + (1 if key == Qt.Key.Key_Down else -1))
        else:
            return False
        return True

    @Slot()
    def _restyle(self) -> None:
        colours = theme.current()
        self.setStyleSheet(
            f"#FindBar {{ background: {colours.panel}; border: 1px solid {colours.card_border};"
            f" border-radius: {theme.RADIUS}px; }}"
            "#FindBar QListWidget { border: none; }"
        )
