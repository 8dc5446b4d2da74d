"""The curve of a layer that maps each number to one, by running the layer itself."""

from dataclasses import dataclass, field
from functools import cache
from math import pi
from typing import Any

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from explorer.app.glyphs.drawing import BOX, Glyph
from explorer.layers import Layer, find
from explorer.layers.base import MODES

_POINTS = 81
_EDGE = 1.4


@dataclass(frozen=True)
class Plot:
    """What to plot: from where to where, how high, and settings that show the curve better."""

    low: float = -4.0
    high: float = 4.0
    settings: dict[str, Any] = field(default_factory=dict)
    height: float = 2.4


PLOTS = {
    "ReLU6": Plot(-4, 9, height=6),
    "LeakyReLU": Plot(settings={"negative_slope": 0.2}),
    "RReLU": Plot(settings={"lower": 0.2, "upper": 0.2}),
    "Exp": Plot(-3, 1.6, height=5),
    "Log": Plot(0.06, 5, height=5),
    "Sin": Plot(-pi, pi),
    "Cos": Plot(-pi, pi),
    "Clamp": Plot(-2, 2, {"min": -1, "max": 1}),
}
"""Curves of other families too; where one cannot be plotted, the family's drawing stands in."""


@cache
def curve(layer: type[Layer]) -> Glyph | None:
    """The layer's function over faint axes; None if it is not one of a single number."""
    plot = PLOTS.get(layer.name(), Plot())
    try:
        xs, ys = _run(layer, plot)
    except (RuntimeError, IndexError, TypeError, ValueError):
        # It needs other inputs or settings than these: it gets a drawing.
        return None
    return _drawn(*_cropped(xs, ys, plot.height)) if ys else None


def _run(layer: type[Layer], plot: Plot) -> tuple[list[float], list[float]]:
    import torch

    made = layer.parse(plot.settings)
    if made.takes != ("x",) or len(made.gives) != 1 or layer.weights or layer.buffers:
        return [], []
    modes = {name: {**MODES, "training": False}[name] for name in made.modes}
    with torch.no_grad():
        x = torch.linspace(plot.low, plot.high, _POINTS, dtype=torch.float64)
        y, whole = (
            layer.forward(part, **made.keywords, **modes)[0].to(torch.float64)
            for part in (x, x[:9])
        )
    is_of_one = y.shape == x.shape and torch.allclose(y[:9], whole)
    return (x.tolist(), y.tolist()) if is_of_one and bool(y.isfinite().all()) else ([], [])


def _cropped(xs: list[float], ys: list[float], height: float) -> tuple[list[float], list[float]]:
    """Without the ends that run far away from 0, so that what happens near 0 is seen."""
    low, high = min(ys), max(ys)
    top, bottom = (low + height, low) if high >= -low else (high, high - height)
    kept = [(x, y) for x, y in zip(xs, ys, strict=True) if bottom - 1e-9 <= y <= top + 1e-9]
    return [x for x, _ in kept], [y for _, y in kept]


def _drawn(xs: list[float], ys: list[float]) -> Glyph:
    low, high = min(*ys, 0.0), max(*ys, 0.0)
    across = (BOX - 2 * _EDGE) / (xs[-1] - xs[0])
    up = (BOX - 2 * _EDGE) / max(high - low, 1e-6)

    def place(x: float, y: float) -> QPointF:
        return QPointF(_EDGE + (x - xs[0]) * across, BOX - _EDGE - (y - low) * up)

    lines, axes = QPainterPath(), QPainterPath()
    lines.moveTo(place(xs[0], ys[0]))
    for x, y in zip(xs[1:], ys[1:], strict=True):
        lines.lineTo(place(x, y))
    origin = place(min(max(0.0, xs[0]), xs[-1]), 0.0)
    axes.moveTo(1, origin.y())
    axes.lineTo(BOX - 1, origin.y())
    axes.moveTo(origin.x(), 1)
    axes.lineTo(origin.x(), BOX - 1)
    return Glyph(lines, QPainterPath(), axes, QPainterPath())


def plotted(kind: str, family: str) -> Glyph | None:
    """The curve of the layer of that name, if it is one that is drawn so."""
    layer = find(kind) if family == "Activation" or kind in PLOTS else None
    return curve(layer) if layer is not None else None
