"""What the panel over time draws of a layer, and what it leaves out."""

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtWidgets import QLabel, QMenu

from explorer.app.over_time.layer_plot import LayerPlot, Line


@pytest.fixture
def plot(qtbot) -> LayerPlot:
    found = LayerPlot("Activations", "What flows out")
    qtbot.addWidget(found)
    return found


@pytest.fixture
def norms(qtbot) -> LayerPlot:
    found = LayerPlot("Gradient norm", "How hard the loss pulls", is_log=True)
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


def marks(plot: LayerPlot) -> dict[str, list[tuple[float, float]]]:
    """What is marked, where, by symbol."""
    items = plot._view.getPlotItem().items
    scatters = [each for each in items if isinstance(each, pg.ScatterPlotItem)]
    edges = [each for each in scatters if each is not plot._ends]
    return {each.opts["symbol"]: list(zip(*each.getData(), strict=True)) for each in edges}


def marked_steps(plot: LayerPlot) -> dict[str, list[float]]:
    return {symbol: [x for x, _ in points] for symbol, points in marks(plot).items()}


def told(plot: LayerPlot) -> str:
    return "\n".join(label.text() for label in plot.findChildren(QLabel) if not label.isHidden())


def test_what_is_nan_infinite_or_0_is_marked_at_its_step_and_told(norms):
    fc1 = Line("fc1", 0, steps(1, 2, 3), steps(0.5, np.nan, np.inf))
    fc2 = Line("fc2", 1, steps(1, 2, 3), steps(0.0, 0.1, 0.1))

    norms.draw([fc1, fc2], 3)

    assert marked_steps(norms) == {"x": [2, 3], "o": [1]}
    assert "× NaN or infinite: fc1, first at step 2" in told(norms)
    assert "○ 0: fc2, first at step 1" in told(norms)


def test_marks_stay_at_the_edges_wherever_one_looks(norms):
    norms.draw([Line("fc1", 0, steps(1, 2), steps(0.0, np.nan))], 2)
    norms.view_box.setYRange(40, 50, padding=0)

    heights = [y for points in marks(norms).values() for _, y in points]
    assert len(heights) == 2
    assert all(40 < y < 50 for y in heights)


def test_numbers_that_all_have_a_place_are_told_without_a_sentence(norms, plot):
    norms.draw([Line("fc1", 0, steps(1, 2), steps(0.1, 0.2))], 2)
    plot.draw([Line("relu1", 0, steps(1, 2), steps(0.0, 0.2))], 2)

    assert marked_steps(norms) == marked_steps(plot) == {"x": [], "o": []}
    assert "first at step" not in told(norms) + told(plot)


def test_numbers_along_powers_of_ten_keep_out_of_each_others_way(norms):
    axis = norms._view.getAxis("left")

    (_, ticks), *_ = axis.tickValues(-3.6, -2.8, 60)

    apart = np.diff(ticks) * 60 / 0.8
    assert len(ticks) > 1
    assert apart.min() >= 18


def test_no_menu_lies_over_a_plot(norms):
    norms.draw([Line("fc1", 0, steps(1, 2), steps(0.1, 0.2))], 2)
    norms.show()

    assert not any(menu.isVisible() for menu in norms.findChildren(QMenu))
