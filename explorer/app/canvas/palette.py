"""The list of layers: search it, drag from it, double-click in it."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent, QMimeData, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from explorer.app import theme
from explorer.app.canvas.glyphs import family_icon
from explorer.app.canvas.search import hits
from explorer.layers import Layer, find

MIME = "application/x-backprop-layer"
_KIND = Qt.ItemDataRole.UserRole


def mime_of(kind: str) -> QMimeData:
    """What a drag of that layer carries."""
    data = QMimeData()
    data.setData(MIME, kind.encode())
    return data


def layer_of(data: QMimeData) -> str:
    """The layer that a drag carries, or ""."""
    return bytes(data.data(MIME).data()).decode(errors="replace")


class Palette(QWidget):
    """Every layer, by family. `layer_chosen` tells its name on double-click or Enter."""

    layer_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search layers")
        self.search.setClearButtonEnabled(True)
        self.search.setToolTip(
            "Find a layer by its name, family or another word for it. "
            "Enter adds the first hit, arrow keys move, Esc clears"
        )
        self.search.setAccessibleName("Search layers")
        self.list = LayerList()
        self.nothing = QLabel()
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.nothing.setProperty("role", "soft")
        self.nothing.setMargin(theme.MARGIN)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        box.setSpacing(theme.SPACING)
        for widget in (self.search, self.nothing, self.list):
            box.addWidget(widget)
        self.search.textChanged.connect(self._find)
        self.search.installEventFilter(self)
        self.list.layer_chosen.connect(self.layer_chosen)
        theme.notifier.changed.connect(self._restyle)
        self._find("")

    def focus_search(self) -> None:
        """Let the person type what to look for."""
        self.search.setFocus()
        self.search.selectAll()

    def _restyle(self) -> None:
        self._find(self.search.text())

    def _find(self, query: str) -> None:
        found = hits(query)
        self.list.show_layers(found, by_family=not query.strip())
        self.list.setVisible(bool(found))
        self.nothing.setVisible(not found)
        self.nothing.setText(f"No layer matches “{query.strip()}”. Esc clears the search.")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and self._is_press(event):
            return self._press(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _is_press(self, event: QKeyEvent) -> bool:
        return event.type() == QEvent.Type.KeyPress

    def _press(self, key: Qt.Key) -> bool:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.list.choose_current()
        elif key == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.list.step(1 if key == Qt.Key.Key_Down else -1)
        else:
            return False
        return True


class LayerList(QTreeWidget):
    """The layers below the search field."""

    layer_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setItemsExpandable(False)
        self.setUniformRowHeights(False)
        self.setAccessibleName("Layers")
        self.itemDoubleClicked.connect(self._choose)

    def show_layers(self, layers: Sequence[type[Layer]], by_family: bool) -> None:
        """List these layers in order, under headings or, for a search, without."""
        self.clear()
        family = ""
        for layer in layers:
            if by_family and layer.family != family:
                family = layer.family
                self.addTopLevelItem(_heading(family))
            self.addTopLevelItem(_entry(layer))
        if not by_family:
            self.step(1)

    def entries(self) -> list[QTreeWidgetItem]:
        """The rows that are layers, in order."""
        rows = (self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        return [row for row in rows if row is not None and row.data(0, _KIND)]

    def step(self, by: int) -> None:
        """Make the next or the previous layer the current one, round and round."""
        entries = self.entries()
        if not entries:
            return
        now = self.currentItem()
        at = entries.index(now) if now in entries else (-1 if by > 0 else 0)
        self.setCurrentItem(entries[(at + by) % len(entries)])

    def choose_current(self) -> None:
        """Choose the current layer; after a search that is the best hit."""
        item = self.currentItem()
        if item is not None:
            self._choose(item)

    def _choose(self, item: QTreeWidgetItem, column: int = 0) -> None:
        kind = item.data(0, _KIND)
        if kind:
            self.layer_chosen.emit(kind)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose_current()
        else:
            super().keyPressEvent(event)

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, items: Sequence[QTreeWidgetItem]) -> QMimeData:
        kinds = [item.data(0, _KIND) for item in items if item.data(0, _KIND)]
        return mime_of(kinds[0]) if kinds else QMimeData()


def _heading(family: str) -> QTreeWidgetItem:
    item = QTreeWidgetItem([family])
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
    item.setFont(0, theme.font(theme.SMALL_SIZE, bold=True))
    item.setForeground(0, theme.colour(theme.current().text_soft))
    return item


def _entry(layer: type[Layer]) -> QTreeWidgetItem:
    item = QTreeWidgetItem([layer.name()])
    item.setData(0, _KIND, layer.name())
    item.setIcon(0, family_icon(layer.family, size=theme.ICON_SIZE))
    item.setToolTip(0, layer_tip(layer.name()))
    item.setFlags(
        Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
    )
    return item


def layer_tip(kind: str) -> str:
    """What a layer does, its formulas, and how to get one."""
    layer = find(kind)
    if layer is None:
        return ""
    formulas = "<br>".join(escape(text) for text in layer.equations.values())
    return (
        f"<b>{escape(layer.name())}</b><p>{escape(layer.summary())}</p><p>{formulas}</p>"
        "<p>Drag it onto the canvas, or double-click or press Enter to add it</p>"
    )
