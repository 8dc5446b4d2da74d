"""What was edited on the walk, number by number, with buttons that put it back."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from explorer.app import theme
from explorer.app.icons import pixmap
from explorer.app.panels.buttons import IconButton, TextButton
from explorer.app.panels.numbers import plural
from explorer.app.panels.wrapping_row import WrappingRow
from explorer.app.what_if.edits import HeldEdits
from explorer.app.what_if.requests import Edited


class EditsBar(QWidget):
    """Hidden while nothing is edited. It has a place for the `most` latest edits.

    Others move up as those are put back.

    Signals:
        chosen(edited): a person wants to see a number that was edited.
        put_back_wanted(edited): one is to be put back; None for all.
    """

    chosen = Signal(object)
    put_back_wanted = Signal(object)

    def __init__(self, edits: HeldEdits, most: int):
        super().__init__()
        self._edits, self._most = edits, most
        self._chips = [self._make_chip() for _ in range(most)]
        self._icon, self._count, self._more = QLabel(), QLabel(), QLabel()
        self._count.setFont(theme.font(bold=True))
        self._more.setProperty("role", "soft")
        self._all = TextButton(
            "Put all back", "Let every number be as the net computes it", "put_all_back"
        )
        self._all.clicked.connect(self._on_all)
        self._row = WrappingRow(spacing=theme.SPACING, parent=self, below=2)
        self._row.setContentsMargins(theme.MARGIN, 2, theme.MARGIN, 2)
        for widget in (self._icon, self._count, self._all, *self._chips, self._more):
            self._row.addWidget(widget)
        self.setAccessibleName("Edits")
        edits.changed.connect(self._show)
        theme.notifier.changed.connect(self._retint)
        self._retint()
        self._show()

    def _make_chip(self) -> "_Chip":
        chip = _Chip()
        chip.chosen.connect(self.chosen)
        chip.put_back_wanted.connect(self.put_back_wanted)
        return chip

    @Slot()
    def _show(self) -> None:
        held = self._edits.all
        shown = held[::-1][: self._most]
        for number, chip in enumerate(self._chips):
            chip.setVisible(number < len(shown))
            if number < len(shown):
                chip.show_edit(shown[number])
        self._count.setText(f"{plural(len(held), 'edit')}:")
        self._more.setText(f"and {len(held) - self._most:,} before")
        self._more.setVisible(len(held) > self._most)
        self.setAccessibleDescription(", ".join(map(str, shown)))
        self.setVisible(bool(held))

    @Slot()
    def _retint(self) -> None:
        self._icon.setPixmap(pixmap("edit", theme.current().edited, 16))

    @Slot()
    def _on_all(self) -> None:
        self.put_back_wanted.emit(None)


class _Chip(QFrame):
    """One edit: a click on it shows the number, its button puts it back."""

    chosen = Signal(object)
    put_back_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("chip")
        self._edited: Edited | None = None
        self._words = TextButton("Show the edit", "Look at this number")
        self._back = IconButton("undo", "Put back", "Let it be as the net computes it")
        self._words.setFont(theme.code_font(theme.SMALL_SIZE))
        self._words.clicked.connect(self._on_words)
        self._back.clicked.connect(self._on_back)
        for button in (self._words, self._back):
            button.setProperty("role", "plain")
        line = QHBoxLayout(self)
        line.setContentsMargins(2, 0, 2, 0)
        line.setSpacing(0)
        line.addWidget(self._words)
        line.addWidget(self._back)

    def show_edit(self, edited: Edited) -> None:
        """Be about this one."""
        self._edited = edited
        self._words.setText(str(edited))
        self._words.setAccessibleName(f"Show {edited}")
        self._back.setAccessibleName(f"Put back {edited.place}")

    @Slot()
    def _on_words(self) -> None:
        self.chosen.emit(self._edited)

    @Slot()
    def _on_back(self) -> None:
        self.put_back_wanted.emit(self._edited)
