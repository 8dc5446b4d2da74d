"""Every command with its keys, menu by menu, and what the mouse does on the canvas."""

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from explorer.app import keys, matching, theme
from explorer.app.actions import COMMANDS
from explorer.app.command import Command
from explorer.app.matching import Words

GESTURES = (
    ("Add a layer at the pointer, by a word for it", "Double-click"),
    ("Draw a wire from either end; dropped on nothing, it offers what fits", "Drag a port"),
    ("Put a layer into a wire", "Drop it there"),
    ("Bend a wire", "Drag it, or double-click it"),
    ("Take a bend away", "Double-click it"),
    ("Cut every wire that a stroke crosses", "Alt and drag"),
    ("Drag onto the grid or, where that is on, off it", "Ctrl while dragging"),
    ("Drag past grid and guides", "Alt while dragging"),
    ("Select what a line encloses; Shift adds to it", "Ctrl+Alt and drag"),
    ("Rename a node", "Double-click its name"),
    ("Zoom at the pointer", "Wheel"),
    ("Move the canvas", "Middle button, or Space and drag"),
    ("Select one more", "Shift+click, Ctrl+click"),
    ("Give up a drag, or select nothing", "Esc"),
)
_NAME = Qt.ItemDataRole.UserRole


class ShortcutList(QTreeWidget):
    """Lists commands and keys; `chosen()` is the command of the current row."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setColumnCount(3)
        self.setHeaderLabels(["Command", "Keys", ""])
        self.setRootIsDecorated(False)
        self.setIndentation(12)
        self.setItemsExpandable(False)
        self.setUniformRowHeights(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAccessibleName("Shortcuts")
        self.setToolTip("Enter or double-click gives a command other keys")
        header = self.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(False)
        self._rows: dict[str, QTreeWidgetItem] = {}
        self._fill()
        keys.changed.connect(self.refresh)
        self.refresh()

    def chosen(self) -> str:
        """The name of the current row's command, "" for none."""
        item = self.currentItem()
        return str(item.data(0, _NAME) or "") if item is not None else ""

    def choose(self, name: str) -> None:
        """Make a command's row the current one."""
        self.setCurrentItem(self._rows[name])
        self.scrollToItem(self._rows[name])

    def show_matches(self, query: str) -> int:
        """Show only what matches, by words or by keys; how many rows that are."""
        count = 0
        for heading in _children(self.invisibleRootItem()):
            rows = _children(heading)
            for row in rows:
                found = matching.best(query, [row], _words) if query.strip() else [row]
                row.setHidden(not found)
                count += bool(found)
            heading.setHidden(all(row.isHidden() for row in rows))
        now = self.currentItem()
        if now is None or now.isHidden():
            self._choose_first()
        return count

    @Slot()
    def refresh(self) -> None:
        """Show the keys that are in use."""
        for name, row in self._rows.items():
            row.setText(1, " or ".join(map(keys.as_written, keys.of(name))))
            row.setText(2, "changed" if keys.are_chosen(name) else "")

    def _fill(self) -> None:
        for menu in dict.fromkeys(command.menu for command in COMMANDS):
            heading = self._heading(menu)
            for command in COMMANDS:
                if command.menu == menu:
                    self._rows[command.name] = _command_row(heading, command)
        heading = self._heading("With the mouse")
        for what, how in GESTURES:
            row = QTreeWidgetItem(heading, [what, how])
            row.setToolTip(0, "This cannot be changed")
        self._choose_first()

    def _heading(self, text: str) -> QTreeWidgetItem:
        heading = QTreeWidgetItem(self, [text])
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
        heading.setFont(0, theme.font(bold=True))
        heading.setFirstColumnSpanned(True)
        heading.setExpanded(True)
        return heading

    def _choose_first(self) -> None:
        shown = [row for row in self._rows.values() if not row.isHidden()]
        if shown:
            self.setCurrentItem(shown[0])
        else:
            self.setCurrentIndex(QModelIndex())


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    return [item.child(at) for at in range(item.childCount())]


def _command_row(heading: QTreeWidgetItem, command: Command) -> QTreeWidgetItem:
    row = QTreeWidgetItem(heading, [command.text.removesuffix("…")])
    row.setData(0, _NAME, command.name)
    place = f" (while {command.where} has the keyboard)" if command.where else ""
    row.setToolTip(0, f"{command.tip}{place}")
    return row


def _words(row: QTreeWidgetItem) -> Words:
    return Words(row.text(0), row.parent().text(0), (row.text(1), row.toolTip(0), row.text(2)))
