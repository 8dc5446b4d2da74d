"""How soon ten million numbers are looked into, and whether the window stands still meanwhile."""

from itertools import pairwise
from time import perf_counter

import pytest
import torch
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from explorer.app.tensors.number_table import NumberTable
from explorer.program.viewing import Address

BAR_MS = 50
TICK_MS = 2
ROUNDS = 5


def until(holds) -> None:
    while not holds():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


@pytest.mark.benchmark_row
def test_opening_ten_million_numbers_in_the_window(window, qtbot, row):
    window.resize(1440, 900)
    window.actions_by_name["to_loss"].trigger()
    qtbot.waitUntil(lambda: window.controller.is_stepping, timeout=20_000)
    panel = window.tensors
    window.docks["Tensors"].show()
    window.docks["Tensors"].raise_()
    session = window.controller._worker._desk._trainer.session
    seen, complete, stood, ticks = [], [], [], []
    timer = QTimer(interval=TICK_MS)
    timer.timeout.connect(lambda: ticks.append(perf_counter()))
    timer.start()
    for _ in range(ROUNDS):
        session.namespace["fc1"] = torch.randn(10_000, 1_000)
        until(lambda: panel._spare.is_ready)  # a person rests for that long, too
        ticks.clear()
        start = perf_counter()
        panel.open(Address("fc1"))
        view = panel.current
        until(lambda view=view: view._strip.text and _has_numbers(view))
        QApplication.processEvents()  # painted, too
        seen.append(perf_counter() - start)
        until(lambda view=view: view._survey is not None)
        complete.append(perf_counter() - start)
        times = [start, *ticks, perf_counter()]
        stood.append(max(b - a for a, b in pairwise(times)))
        panel.close_tab(panel.open_tabs[0])
    for what, seconds in (
        ("numbers and first statistics of 10,000,000, ms", sorted(seen)[ROUNDS // 2]),
        ("exact statistics of 10,000,000, ms", sorted(complete)[ROUNDS // 2]),
        ("longest that the window stood still meanwhile, ms", sorted(stood)[ROUNDS // 2]),
    ):
        taken = seconds * 1000
        row(
            f"{what}, against {BAR_MS} (<= 1.0x)",
            *(f"{taken:.1f}", f"{BAR_MS}", f"{taken / BAR_MS:.2f}x"),
        )


def _has_numbers(view) -> bool:
    table = view.findChild(NumberTable)
    return table is not None and table.model().index(0, 0).data() not in (None, "", "…", "–")
