"""The list of layers with its search field, and what a layer that is dragged carries."""

from collections.abc import Callable, Collection, Sequence
from html import escape
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from explorer.app import theme
from explorer.app.canvas.layer_list import MIME, LayerList, layer_of, mime_of
from explorer.app.canvas.search import close_to, hits

T = TypeVar("T")

__all__ = ["MIME", "Palette", "layer_of", "mime_of"]


class Palette(QWidget):
    """Every layer, by family. `layer_chosen` tells its name on double-click or Enter.

    With `offered`, only layers of these names, in a row without families; `first` come first
    until something is typed.
    """

    layer_chosen = Signal(str)
    removal_requested = Signal(str)

    def __init__(
        self,
        parent: QWidget | None = None,
        offered: Collection[str] | None = None,
        first: Sequence[str] = (),
    ):
        super().__init__(parent)
        self._offered = offered
        self._first = {name: place for place, name in enumerate(first)}
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search layers")
        self.search.setClearButtonEnabled(True)
        self.search.setToolTip(
            "Find a layer by its name, family or another word for it. "
            "Enter adds the first hit, arrow keys move, Esc clears"
        )
        self.search.setAccessibleName("Search layers")
        self.list = LayerList()
        if offered is not None:
            self.list.how = "Click, or press Enter, to add it"
        self.nothing, self._nearly = _note(), _note()
        self.nothing.setTextFormat(Qt.TextFormat.PlainText)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        box.setSpacing(theme.SPACING)
        for widget in (self.search, self.nothing, self._nearly):
            box.addWidget(widget)
        box.addWidget(self.list, 1)
        box.addStretch(0)
        self.search.textChanged.connect(self._find)
        self.search.installEventFilter(self)
        self._nearly.linkActivated.connect(self.search.setText)
        self.list.layer_chosen.connect(self.layer_chosen)
        self.list.removal_requested.connect(self.removal_requested)
        self._find("")

    def refresh(self) -> None:
        """List the layers anew: blocks were kept or removed."""
        self._find(self.search.text())

    def focus_search(self) -> None:
        """Let the person type what to look for."""
        self.search.setFocus()
        self.search.selectAll()

    @Slot(str)
    def _find(self, query: str) -> None:
        known = hits(query)
        found = self._kept(known, lambda hit: hit.name)
        if not query.strip():
            found.sort(key=lambda hit: self._first.get(hit.name, len(self._first)))
        self.list.show_layers(found, by_family=self._offered is None and not query.strip())
        self.list.setVisible(bool(found))
        nearly = [] if known else self._kept(close_to(query), str)
        self.nothing.setVisible(not found)
        self._nearly.setVisible(bool(nearly))
        way_out = "clears the search" if self._offered is None else "closes"
        none = f"No layer matches “{query.strip()}”"
        why = f"{known[0].name} does not fit here" if known else none
        self.nothing.setText(f"{why}. Esc {way_out}.")
        links = [f'<a href="{escape(name)}">{escape(name)}</a>' for name in nearly]
        self._nearly.setText(f"<span>Did you mean {' or '.join(links)}?</span>")

    def _kept(self, found: list[T], name: Callable[[T], str]) -> list[T]:
        """Those that are offered."""
        offered = self._offered
        return found if offered is None else [each for each in found if name(each) in offered]

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


def _note() -> QLabel:
    """What is said in the place of the list."""
    note = QLabel()
    note.setWordWrap(True)
    note.setAlignment(Qt.AlignmentFlag.AlignTop)
    note.setProperty("role", "soft")
    note.setMargin(theme.MARGIN)
    note.hide()
    return note
