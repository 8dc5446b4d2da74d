"""A person who changes numbers in the panel of tensors."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit


class Tinkerer:
    """Opens tensors, edits their numbers, and reads what is there then."""

    def __init__(self, person):
        self.person, self.window = person, person.window
        self.edits = self.window.controller.edits

    @property
    def view(self):
        return self.window.tensors.current

    def steps_to(self, *keys: str) -> None:
        """Step by these keys, until the window shows it."""
        self.person.presses(*keys)
        self.person.waits_until(lambda: self.window.controller.is_stepping)
        self.person.waits_until(lambda: not self.edits.refusal)

    def opens(self, title: str) -> None:
        """Open a tensor from the list by its name."""
        tensors = self.window.tensors
        self.person.opens("Tensors")
        entries = tensors.names.entries
        self.person.waits_until(lambda: any(e.label.title == title for e in tensors.names.entries))
        entries = {entry.label.title: entry.address for entry in tensors.names.entries}
        tensors.open(entries[title])
        self.person.waits_until(lambda: self.view.title == title and not self.view.why_no_edits)
        self.person.waits_until(lambda: self.text(0, 0) not in (None, "…"))

    def text(self, row: int, column: int) -> str:
        model = self.view.page.table.model()
        return model.index(row, column).data()

    def exact(self, row: int, column: int) -> float:
        model = self.view.page.table.model()
        return float(model.index(row, column).data(Qt.ItemDataRole.EditRole))

    def types(self, row: int, column: int, text: str) -> None:
        """Double-click a number, type another, press Enter."""
        table = self.view.page.table
        table.scrollTo(table.model().index(row, column))
        at = table.visualRect(table.model().index(row, column)).center()
        self.person.double_clicks(table.viewport(), at)
        editor = table.viewport().findChild(QLineEdit)
        editor.selectAll()
        QTest.keyClicks(editor, text)
        QTest.keyClick(editor, Qt.Key.Key_Return)

    def edits_it(self, row: int, column: int, text: str) -> None:
        """The same, until the window shows that it is done."""
        before = self.edits.all
        self.types(row, column, text)
        self.person.waits_until(lambda: self.edits.all != before)

    def marked(self) -> list[str]:
        """The nodes whose cards carry an edit."""
        return [id for id, card in self.person.hand.scene.nodes.items() if card.edits]
