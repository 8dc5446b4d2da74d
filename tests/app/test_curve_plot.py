"""A plot that follows a run is painted once each time that the run has gone on."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from explorer.app.panels.curve_plot import CurvePlot
from explorer.app.panels.curves import Curve


class Paints(QObject):
    """Counts how often a widget is painted."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


@pytest.fixture
def plot(qtbot) -> CurvePlot:
    found = CurvePlot("Loss")
    qtbot.addWidget(found)
    found.resize(300, 200)
    found.show()
    qtbot.waitExposed(found)
    return found


def losses(count: int) -> Curve:
    x = np.linspace(0.0, count / 10, count)
    return Curve(x, 1 + np.sin(x) + count)


def test_each_time_that_a_curve_grows_the_plot_is_painted_once(plot):
    plot.draw({"steps": losses(10)}, 1.0)
    QApplication.processEvents()
    paints = Paints()
    plot._view.viewport().installEventFilter(paints)
    for count in (11, 12, 13):
        plot.draw({"steps": losses(count)}, count / 10)
        for _ in range(5):
            QApplication.processEvents()
    assert paints.count == 3


def test_the_axes_stand_still_while_a_curve_grows_into_the_room_they_leave_it(plot):
    def seen(epochs: float) -> tuple[float, ...]:
        x = np.linspace(0.0, epochs, 50)
        plot.draw({"steps": Curve(x, 2.0 - x / 100)}, epochs)
        (left, right), (low, high) = plot.view_box.viewRange()
        assert left <= 0 and epochs <= right <= 1.2 * epochs
        assert low <= 2.0 - epochs / 100 and high >= 2.0
        return left, right, low, high

    first = seen(10.0)
    assert seen(10.5) == first
    assert seen(12.0) != first
    assert seen(1.0)[1] < 2.0, "another run begins"
