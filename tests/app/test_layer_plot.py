"""What the panel over time draws of a layer, and what it leaves out."""

import numpy as np
import pyqtgraph as pg
import pytest

from explorer.app.over_time.layer_plot import LayerPlot, Line


@pytest.fixture
def plot(qtbot) -> LayerPlot:
    found = LayerPlot("Activations", "What flows out")
    qtbot.addWidget(found)
    return found


def steps(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=float)


def drawn(plot: LayerPlot, of: str) -> list[list[float]]:
    """The stretches of the steps that a curve or, with a fill, a band goes over."""
    filled = {"curve": None, "band": "enclosed"}[of]
    x, y = next(
        item.getData()
        for item in plot._view.getPlotItem().items
        if isinstance(item, pg.PlotCurveItem) and item.opts["fillLevel"] == filled
    )
    ends = np.flatnonzero(np.isnan(y))
    parts = np.split(x, ends)
    return [part[~np.isnan(part)].tolist() for part in parts if not np.isnan(part).all()]


def test_no_line_and_no_band_is_drawn_over_steps_that_went_by_unmeasured(plot):
    x, y = steps(1, 2, 90, 91), steps(1, 1, 2, 2)

    plot.draw([Line("fc1", 0, x, y, spread=y / 10, gaps=[2])], 91)

    assert drawn(plot, "curve") == [[1, 2], [90, 91]]
    assert drawn(plot, "band") == [[1, 2, 2, 1], [90, 91, 91, 90]]
