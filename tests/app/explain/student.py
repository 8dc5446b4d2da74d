"""A student before the page that explains calls: opens it at one, clicks numbers, reads."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from torch import Tensor

from explorer import Graph, compile
from explorer.app.explain.cells import Cells
from explorer.app.explain.page import Page
from explorer.program import Stepper
from explorer.program.explanation import Explanation, explain, parse
from explorer.program.program import Phase


class Student:
    """Walks a net; `page` shows what was asked for last."""

    def __init__(self, graph: Graph, batch: dict[str, Tensor]):
        self.stepper = Stepper(compile(graph).start(seed=1), batch)
        self.page = Page()
        self.page.element_chosen.connect(self._show)
        self.page.resize(340, 900)
        self.page.show()

    @property
    def explanation(self) -> Explanation:
        assert self.page.explanation is not None
        return self.page.explanation

    @property
    def value(self) -> float:
        """The number that is explained."""
        assert self.explanation.element is not None
        return self.explanation.element.value

    def opens(self, node: str, phase: Phase) -> None:
        """Step to a node's call and look at its page."""
        assert self.stepper.run_to(node, phase) is not None
        self._show()

    def asks_for(self, name: str, *index: int) -> None:
        """Choose a tensor and type an index."""
        self._show(name, ", ".join(map(str, index)))

    def clicks(self, cells: Cells, row: int, column: int) -> None:
        """Click a cell of a picture."""
        self.page.ensureWidgetVisible(cells)
        QTest.mouseClick(cells, Qt.MouseButton.LeftButton, pos=cells.cell(row, column).toPoint())

    def reads(self) -> str:
        """All words that can be seen on the page, section by section."""
        QApplication.processEvents()
        labels = (w for w in self.page.widget().findChildren(QLabel) if w.isVisible())
        texts = (QTextDocumentFragment.fromHtml(w.text()).toPlainText() for w in labels)
        return "\n".join(filter(None, texts)).replace("\N{NO-BREAK SPACE}", " ")

    def tensor(self, name: str) -> Tensor:
        """What the call read or wrote under a name, as the program holds it."""
        call = self.explanation.call
        operands = (*call.reads, *call.writes)
        variable = next(each.variable for each in operands if each.label == name)
        return self.stepper.session.namespace[variable]

    @Slot(str, str)
    def _show(self, name: str = "", text: str = "") -> None:
        call = self.stepper.current
        assert call is not None
        index = parse(f"{name}[{text}]")[1] if text else None
        self.page.show_explanation(explain(self.stepper.session, call, name or None, index))
