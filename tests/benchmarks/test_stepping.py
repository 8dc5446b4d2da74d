"""What a step costs as a person meets it: from the key to the window that shows the next call."""

from time import perf_counter

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from PySide6.QtWidgets import QApplication

BAR_MS = 50


def press(window, name: str) -> float:
    """Ask for one step and wait until all of the window has been drawn with it; in ms."""
    wanted = window.stepper._position + (1 if name == "step" else -1)
    start = perf_counter()
    window.actions_by_name[name].trigger()
    while window.stepper._position != wanted:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    QApplication.sendEvent(window, QEvent(QEvent.Type.UpdateRequest))
    return (perf_counter() - start) * 1000


@pytest.mark.benchmark_row
def test_stepping_through_convnet_in_the_window(window, qtbot, row):
    window.resize(1440, 900)
    window.files.open_example("convnet")
    window.document.graph.train_with(batch_size=64)
    window.actions_by_name["step"].trigger()
    qtbot.waitUntil(lambda: window.stepper._position == 1, timeout=20_000)
    calls = len(window.controller.calls)
    for name in ("step", "step_back"):
        taken = [press(window, name) for _ in range(calls - 1)]
        p50, most = float(np.percentile(taken, 50)), max(taken)
        row(
            f"{name} through convnet, batches of 64, p50 ms, against {BAR_MS} ms (<= 1.0x)",
            *(f"{p50:.1f}", f"{BAR_MS}", f"{p50 / BAR_MS:.2f}x"),
        )
        row(
            f"{name} through convnet, the longest, ms, against {BAR_MS} ms (<= 1.0x)",
            *(f"{most:.1f}", f"{BAR_MS}", f"{most / BAR_MS:.2f}x"),
        )
