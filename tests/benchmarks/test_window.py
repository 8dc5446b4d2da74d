"""What training and the window cost each other, both going flat out on a small net."""

from time import perf_counter

import numpy as np
import pytest
from PySide6.QtCore import QTimer

from explorer.graph.examples import load_example
from explorer.training import Trainer

SECONDS = 3.0
TICK_MS = 5
EPOCHS = 1_000_000


def alone() -> float:
    """Training steps per second without a window."""
    trainer = Trainer(load_example("digits_mlp"), epochs=EPOCHS)
    trainer.start()
    trainer.advance(0.5)
    before, start = trainer.steps, perf_counter()
    while perf_counter() - start < SECONDS:
        trainer.advance(0.1)
    return (trainer.steps - before) / (perf_counter() - start)


def rate(window, qtbot) -> float:
    """Training steps per second with the window as it is."""
    steps, start = window.controller.steps, perf_counter()
    qtbot.wait(int(SECONDS * 1000))
    return (window.controller.steps - steps) / (perf_counter() - start)


@pytest.mark.benchmark_row
def test_training_with_the_window_open(window, qtbot, row):
    before = alone()
    window.document.graph.train_with(epochs=EPOCHS)
    window.actions_by_name["train"].trigger()
    qtbot.waitUntil(lambda: window.controller.steps > 500, timeout=20_000)
    ticks: list[float] = []
    timer = QTimer(interval=TICK_MS)
    timer.timeout.connect(lambda: ticks.append(perf_counter()))
    timer.start()
    with_window = rate(window, qtbot)
    timer.stop()
    window.actions_by_name["stop"].trigger()
    qtbot.waitUntil(lambda: window.controller.state == "stopped", timeout=5_000)
    peer = (before + alone()) / 2
    delays = np.diff(ticks) * 1000 - TICK_MS
    row(
        "training steps/s, window open, against without (>= 0.85x)",
        f"{with_window:,.0f}",
        f"{peer:,.0f}",
        f"{with_window / peer:.2f}x",
    )
    p99 = float(np.percentile(delays, 99))
    row(
        "event-loop delay while training, p99 ms, against 25 ms (<= 1.0x)",
        f"{p99:.1f}",
        "25",
        f"{p99 / 25:.2f}x",
    )


@pytest.mark.benchmark_row
def test_training_with_the_panel_over_time_open(window, qtbot, row):
    window.document.graph.train_with(epochs=EPOCHS)
    window.actions_by_name["train"].trigger()
    qtbot.waitUntil(lambda: window.controller.steps > 500, timeout=20_000)
    before = rate(window, qtbot)
    window.actions_by_name["over_time"].trigger()
    measured: list[object] = []
    window.controller.measured.connect(measured.append)
    with_panel = rate(window, qtbot)
    assert measured
    window.docks["Curves"].raise_()
    peer = (before + rate(window, qtbot)) / 2
    window.actions_by_name["stop"].trigger()
    qtbot.waitUntil(lambda: window.controller.state == "stopped", timeout=5_000)
    row(
        "training steps/s, panel over time open, against without (>= 0.9x)",
        f"{with_panel:,.0f}",
        f"{peer:,.0f}",
        f"{with_panel / peer:.2f}x",
    )
