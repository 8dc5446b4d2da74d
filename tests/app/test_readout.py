"""The numbers above a plot keep to their room."""

import pytest

from explorer.app import theme
from explorer.app.panels.curve_plot import Readout


@pytest.mark.parametrize("width", range(40, 200, 8))
def test_numbers_are_whole_and_keep_away_from_the_title(qtbot, width):
    readout = Readout()
    qtbot.addWidget(readout)
    readout.show_values({"mean": ("mean", "0.2298"), "validation": ("validation", "0.31")})
    readout.resize(width, readout.height())
    shown = readout.grab().toImage()
    left = {shown.pixel(x, y) for x in range(theme.MARGIN - 1) for y in range(shown.height())}
    assert len(left) == 1
