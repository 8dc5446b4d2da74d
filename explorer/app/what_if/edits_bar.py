"""What was edited on the walk, number by number, with buttons that put it back."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QWidget

from explorer.app import theme
from explorer.app.icons import pixmap
from explorer.app.panels.buttons import IconButton, TextButton
from explorer.app.panels.numbers import plural
from explorer.app.panels.wrapping_row import WrappingRow
from explorer.app.what_if.edits import HeldEdits
from explorer.app.what_if.requests import Edited

_BETWEEN = 3
"""Points between two lines."""


class EditsBar(QScrollArea):
    """Hidden while nothing is edited, and never higher than so many `lines`: then it scrolls.

    Signals:
        chosen(edited): a person wants to see a number that was edited.
        put_back_wanted(edited): one is to be put back; None for all.
    """

    chosen = Signal(object)
    put_back_wanted = Signal(object)

    def __init__(self, edits: HeldEdits, lines: int):
        super().__init__()
        self._edits, self._lines = edits, lines
        self._chips: list[_Chip] = []
        self._icon, self._count = QLabel(), QLabel()
        self._count.setFont(theme.font(bold=True))
        self._all = TextButton(
            "Put all back", "Let every number be as the net computes it", "put_all_back"
        )
        self._all.clicked.connect(self._on_all)
        self._inner = QWidget()
        self._row = WrappingRow(spacing=theme.SPACING, parent=self._inner, below=_BETWEEN)
        self._row.setContentsMargins(theme.MARGIN, 2, theme.MARGIN, 2)
        for widget in (self._icon, self._count, self._all):
            self._row.addWidget(widget)
        self._frame()
        edits.changed.connect(self._show)
        theme.changed.connect(self._retint)
        self._retint()
        self._show()

    def _frame(self) -> None:
        self.setAccessibleName("Edits")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setWidgetResizable(True)
        self.setWidget(self._inner)
        self.viewport().setAutoFillBackground(False)
        self._inner.setAutoFillBackground(False)

    @Slot()
    def _show(self) -> None:
        held = self._edits.all[::-1]
        while len(self._chips) < len(held):
            self._chips.append(chip := _Chip())
            chip.chosen.connect(self.chosen)
            chip.put_back_wanted.connect(self.put_back_wanted)
            self._row.addWidget(chip)
        for number, chip in enumerate(self._chips):
            chip.setVisible(number < len(held))
            if number < len(held):
                chip.show_edit(held[number])
        self._count.setText(f"{plural(len(held), 'edit')}:")
        self.setAccessibleDescription(", ".join(map(str, held)))
        self.setVisible(bool(held))
        self._fit()

    def _fit(self) -> None:
        """Be as high as the edits need, up to the limit."""
        line = self._all.sizeHint().height() + _BETWEEN
        wanted = self._row.heightForWidth(self.viewport().width())
        self.setFixedHeight(min(wanted, self._lines * line + _BETWEEN))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

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
