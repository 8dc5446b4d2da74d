"""The panel of tensors on a worker that holds the digits net after its first forward pass."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget
from torch import Tensor

from explorer.app import requests, theme
from explorer.app.messages import StepperMoved
from explorer.app.tensors.client import TensorClient
from explorer.app.tensors.requests import Look, TensorMessage
from explorer.app.tensors.tensors_panel import TensorsPanel
from explorer.app.what_if.edits import HeldEdits
from explorer.graph.examples import load_example
from explorer.program.explanation import Lit
from explorer.program.viewing import Address
from explorer.training import Job, StateChanged

from ..desk import Desk
from ..hand import LEFT, NONE, PATIENCE


@pytest.fixture(scope="session", autouse=True)
def in_daylight(qapp) -> None:
    """The light theme, put on once: it takes a while."""
    theme.apply(qapp, theme.LIGHT)


@pytest.fixture
def stepped(desk) -> Desk:
    """The digits net after its first forward pass."""
    desk.ask(requests.Load(Job.of(load_example("digits_mlp")), "cpu"), requests.GoToLoss())
    desk.waits_for(StepperMoved)
    return desk


class Room:
    """A person before the panel. `told`, `refused`, `chosen` and `edits` are what it signals."""

    def __init__(self, desk: Desk, qtbot):
        self.desk, self.qtbot = desk, qtbot
        self.client = TensorClient()
        self.edits_held = HeldEdits()
        self.panel = TensorsPanel(self.client, self.edits_held)
        self.asked: list[object] = []
        self.told: list[str] = []
        self.refused: list[str] = []
        self.chosen: list[tuple] = []
        self.edits: list[tuple] = []
        self.client.asked.connect(self.asked.append)
        self.client.asked.connect(desk.worker.ask)
        desk.worker.told.connect(self._hear)
        self.panel.told.connect(self.told.append)
        self.panel.refused.connect(self.refused.append)
        self.panel.element_chosen.connect(lambda *at: self.chosen.append(at))
        self.panel.edit_requested.connect(lambda *edit: self.edits.append(edit))
        self.panel.resize(1000, 480)
        self.panel.show()
        qtbot.waitUntil(lambda: bool(self.panel.names.entries), timeout=PATIENCE)

    def _hear(self, event: object) -> None:
        match event:
            case TensorMessage():
                self.client.hear(event)
            case StepperMoved():
                self.edits_held.show_step(event)
                self.panel.show_step(event)
            case StateChanged():
                self.panel.show_state(event)

    @property
    def session(self):
        return self.desk.worker._desk._trainer.session

    @property
    def view(self):
        return self.panel.current

    def put(self, tensor: Tensor, variable: str = "fc1") -> None:
        """Have another tensor in the place of a value."""
        self.session.namespace[variable] = tensor
        self.panel.refresh()

    def opens(self, variable: str = "fc1", way: str = "", part: str = ""):
        """Open a tensor; the view, once it is known what is there."""
        self.panel.open(Address(variable, part))
        view = self.view
        self.waits_until(lambda: view.sight)
        if way:
            self.clicks(self.button(way))
        return view

    def lights(self, variable: str, *boxes: tuple) -> None:
        """Have parts of a variable lit up, as an explanation does."""
        self.panel.light((Lit(Address(variable), 1, boxes, ()),))

    def waits_until(self, holds: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(holds()), timeout=PATIENCE)

    def table(self):
        return self.view.page.table

    def text(self, row: int, column: int) -> str:
        """What a cell shows, by its row and column in the table as it stands."""
        model = self.table().model()
        return model.index(row, column).data()

    def shows(self, numbers) -> None:
        """Wait until the first cells of the table show these numbers."""
        numbers = np.asarray(numbers, dtype=np.float64)[:3, :3]

        def agree() -> bool:
            shown = [
                [self.text(r, c) for c in range(numbers.shape[1])] for r in range(len(numbers))
            ]
            if any(text in ("…", "–") for row in shown for text in row):
                return False
            found = np.array([[float(t.replace(",", "")) for t in row] for row in shown])
            return np.allclose(found, numbers, rtol=1e-3, atol=1e-9)

        self.waits_until(agree)

    def button(self, name: str, part: QWidget | None = None) -> QAbstractButton:
        buttons = (part or self.view).findChildren(QAbstractButton)
        return next(b for b in buttons if b.accessibleName() == name and b.isVisible())

    def named(self, name: str, part: QWidget | None = None) -> QWidget:
        """The visible control that a screen reader calls by that name."""
        found = (part or self.view).findChildren(QWidget)
        return next(w for w in found if w.accessibleName() == name and w.isVisible())

    def clicks(self, widget: QWidget, at: QPoint | None = None) -> None:
        QTest.mouseClick(widget, LEFT, NONE, at or widget.rect().center())

    def picks(self, name: str, words: str) -> None:
        """Open the list of choices of that name and take the one that starts with these words."""
        box = self.named(name)
        assert isinstance(box, QComboBox)
        self.clicks(box)
        listed = box.view()
        row = next(n for n in range(box.count()) if box.itemText(n).startswith(words))
        self.waits_until(listed.isVisible)
        while (now := listed.currentIndex().row()) != row:
            QTest.keyClick(listed, Qt.Key.Key_Down if now < row else Qt.Key.Key_Up)
        QTest.keyClick(listed, Qt.Key.Key_Return)
        self.waits_until(lambda: not listed.isVisible())
        self.panel.activateWindow()
        self.waits_until(lambda: QApplication.activeWindow() is self.panel)

    def presses(self, *keys: str) -> None:
        for sequence in keys:
            QTest.keySequence(QApplication.focusWidget() or self.panel, QKeySequence(sequence))

    def types(self, text: str, then: Qt.Key | None = Qt.Key.Key_Return) -> None:
        target = QApplication.focusWidget() or self.panel
        QTest.keyClicks(target, text)
        if then is not None:
            QTest.keyClick(target, then)

    def statistics(self) -> str:
        return self.view._strip.text

    def looks(self) -> int:
        """How many questions have been asked so far."""
        return sum(isinstance(request, Look) for request in self.asked)


@pytest.fixture
def room(stepped, qtbot) -> Iterator[Room]:
    room = Room(stepped, qtbot)
    qtbot.addWidget(room.panel)
    room.panel.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is room.panel)
    yield room
    for tab in list(room.panel.open_tabs):
        room.panel.close_tab(tab)


@pytest.fixture
def large() -> Tensor:
    """Ten million numbers, each its own place."""
    return torch.arange(10_000_000.0).reshape(10_000, 1_000)
