"""A tensor as a table of numbers."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout

from explorer.app.tensors.client import TensorClient
from explorer.app.tensors.number_table import NumberTable
from explorer.app.tensors.page import Page
from explorer.app.tensors.sight import Index, Sight
from explorer.program.explanation import Box
from explorer.program.viewing import Glimpsed, Survey


class TablePage(Page):
    """Rows and columns of numbers, coloured by how far they are from zero."""

    def __init__(self, client: TensorClient):
        super().__init__()
        self.table = NumberTable(client)
        self._boxes: Sequence[Box] = ()
        self.table.chosen.connect(self._on_chosen)
        self.table.told.connect(self.done)
        self.table.refused.connect(self.failed)
        self.table.numbers.refused.connect(self.refused)
        self.table.numbers.edited.connect(self.edited)
        self.table.undo_wanted.connect(self.undo_wanted)
        self._bars = self.table.horizontalScrollBar(), self.table.verticalScrollBar()
        for bar in self._bars:
            bar.valueChanged.connect(self._on_scrolled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self.setFocusProxy(self.table)

    def show_sight(self, sight: Sight) -> None:
        self.table.show_sight(sight)
        self.table.numbers.light(self._boxes)

    def show_glimpse(self, found: Glimpsed) -> None:
        self.table.numbers.take(found.window, found.numbers)

    def show_survey(self, survey: Survey) -> None:
        if survey.statistics.is_complete:
            known = survey.statistics
            limit = max(abs(known.minimum), abs(known.maximum))
            self.table.numbers.colour_up_to(limit if limit == limit else 0.0)

    def mark(self, index: Index | None) -> None:
        sight = self.table.numbers.sight
        place = sight.place(index) if sight else None
        if place is not None:
            self.table.go_to(*place)

    def light(self, boxes: Sequence[Box]) -> None:
        self._boxes = boxes
        self.table.numbers.light(boxes)

    def show_edits(self, edits: Mapping[Index, str]) -> None:
        self.table.numbers.show_edits(edits)

    def refuse_editing(self, why: str) -> None:
        """Say why no number can be typed in the place of another; "" where one can."""
        self.table.numbers.refusal = why

    def scroll_to(self, x: int, y: int) -> None:
        for bar, value in zip(self._bars, (x, y), strict=True):
            bar.setValue(value)

    def stop(self) -> None:
        self.table.stop()

    @Slot()
    def _on_scrolled(self) -> None:
        self.scrolled.emit(*(bar.value() for bar in self._bars))

    @Slot(int, int)
    def _on_chosen(self, row: int, column: int) -> None:
        sight = self.table.numbers.sight
        index = sight.cut.index(row, column) if sight else None
        if index is not None:
            self.chosen.emit(index)
