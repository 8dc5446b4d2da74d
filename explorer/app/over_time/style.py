"""How the curves of layers look: a colour, and a stroke where colours come again."""

from functools import partial

from PySide6.QtGui import QColor, QPen

from explorer.app import theme
from explorer.app.panels.curve_key import CurveKey

_WIDTH, _LIT, _KEY = 1.0, 2.4, 2.2
"""Qt draws lines of one pixel several times faster than wider ones."""
_STROKES: tuple[list[float], ...] = ([], [4, 2], [1, 2])


def layer_colour(place: int) -> str:
    """The colour of the layer in that place of those that are shown."""
    series = theme.current().series
    return series[place % len(series)]


def layer_pen(place: int, is_lit: bool = False) -> QPen:
    """Its pen; wider where it is pointed at."""
    pen = QPen(QColor(layer_colour(place)), _LIT if is_lit else _WIDTH)
    pen.setCosmetic(True)
    if stroke := _STROKES[place // len(theme.current().series) % len(_STROKES)]:
        pen.setDashPattern(stroke)
    return pen


class LayerKey(CurveKey):
    """The stroke of a layer's curves, and its name."""

    def __init__(self, place: int, name: str):
        super().__init__(name, partial(_key_pen, place))
        self.setToolTip(f"The curves of {name}")
        self.setAccessibleName(f"Key: {name}")


def _key_pen(place: int) -> QPen:
    """A layer's pen, as wide as a short stroke needs."""
    pen = layer_pen(place)
    pen.setWidthF(_KEY)
    return pen
