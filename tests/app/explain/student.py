"""A student before the page that explains calls: opens it at one, clicks numbers, reads."""

import torch
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
        told = "\n".join(filter(None, texts)).replace("\N{NO-BREAK SPACE}", " ")
        return told.replace("\N{ZERO WIDTH SPACE}", "")

    def tensor(self, name: str) -> Tensor:
        """What the node read, gave or got back under a name, as the program holds it."""
        return self.stepper.session.namespace[self._variable(name)]

    def lit(self, name: str) -> Tensor:
        """Where the tensor of that name is lit: True for each number that was used."""
        found = torch.zeros(self.tensor(name).shape, dtype=torch.bool)
        for each in self.explanation.lit:
            if name in (each.address.part, self._named.get(each.address.name)):
                assert each.boxes
                for box in each.boxes:
                    found[box] = True
        return found

    @property
    def _named(self) -> dict[str, str]:
        """By variable, how the node's calls name it."""
        calls = self.stepper.calls
        mine = [call for call in calls if call.node == self.explanation.call.node and call.layer]
        return {each.variable: each.label for call in mine for each in (*call.reads, *call.writes)}

    def _variable(self, name: str) -> str:
        return next(variable for variable, label in self._named.items() if label == name)

    @Slot(str, str)
    def _show(self, name: str = "", text: str = "") -> None:
        call = self.stepper.current
        assert call is not None
        index = parse(f"{name}[{text}]")[1] if text else None
        self.page.show_explanation(explain(self.stepper.session, call, name or None, index))
