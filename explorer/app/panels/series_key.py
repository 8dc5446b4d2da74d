"""How the curves of a run look, and the key to them."""

from functools import partial
from typing import Literal

from PySide6.QtGui import QPen

from explorer.app import theme
from explorer.app.panels.curve_key import CurveKey

Series = Literal["steps", "mean", "validation"]
SOFT = 0.45
"""How solid the curve of single steps is."""


def series_pen(series: Series) -> QPen:
    """The pen of a curve: thin and soft for steps, bold for means, dashed for validation."""
    colours = theme.current()
    if series == "steps":
        pen = QPen(theme.colour(colours.train, SOFT), 1)
    else:
        pen = QPen(theme.colour(colours.train if series == "mean" else colours.validation), 2)
    pen.setCosmetic(True)
    if series == "validation":
        pen.setDashPattern([3, 2])
    return pen


class SeriesKey(CurveKey):
    """The key to one of a run's curves."""

    def __init__(self, series: Series, name: str, what: str) -> None:
        super().__init__(name, partial(series_pen, series), is_marked=series == "validation")
        self.setToolTip(what)
        self.setAccessibleName(f"{name}: {what}")
