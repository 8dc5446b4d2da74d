"""What a drawer shows, in words."""

from html import escape
from math import isfinite

from PySide6.QtCore import QPointF

from explorer.app.canvas.gradient_words import NO_NUMBER
from explorer.app.canvas.pictures.gauge import LABELS
from explorer.app.canvas.pictures.layout import Layout
from explorer.app.panels.numbers import percent, plural, short
from explorer.training.pictures import Gauge, Histogram, NodePicture, Number, Scatter, Tiles
from explorer.training.pictures.gauges import EXPLODING
from explorer.training.pictures.kinds import MIDDLE

_ADVICE = {
    "vanishing": "Next to the other layers hardly anything arrives here, so this one hardly "
    "learns. ReLU, a norm or a skip connection helps",
    "exploding": f"It is above {EXPLODING:,.0f}. A lower learning rate or a norm helps",
}
_TILE = {"plane": "unit", "maps": "channel"}


def tip(pictured: NodePicture | None, layout: Layout, at: QPointF) -> str:
    """What is at a point of the drawer, the picture as a whole, and the gradient's norm."""
    if pictured is None:
        return "<p>Its forward call has not run yet: what it gives out is shown then.</p>"
    lines = [_picture(pictured)]
    picture = pictured.picture
    if isinstance(picture, Tiles) and (here := _number(picture, layout, at)):
        lines.append(here)
    if pictured.gauge is not None:
        lines.append(_gauge(pictured.gauge))
    return "".join(f"<p>{line}.</p>" for line in lines)


def _picture(pictured: NodePicture) -> str:
    port, picture = f"<b>{escape(pictured.port)}</b>", pictured.picture
    match picture:
        case Number():
            return f"{port} is {short(picture.value)}"
        case Scatter():
            return f"{port}: {plural(len(picture.places), 'point')} of the data{_extent(picture)}"
        case Histogram():
            return f"{port} on this batch: {_spread(picture)}"
        case Tiles(of="plane"):
            what = (
                f"what {_units(picture, 'unit')} answer{'s' * (picture.count == 1)} to each point"
            )
            return f"{port}: {what}. {_colours(picture)}"
        case Tiles(of="maps"):
            what = f"{_units(picture, 'channel')} of the batch's first sample"
            return f"{port}: {what}. {_colours(picture)}"
        case Tiles():
            _, rows, columns = picture.levels.shape
            return f"{port}: the batch's first sample, rows and columns. {_colours(picture)}"


def _units(tiles: Tiles, word: str) -> str:
    shown = len(tiles.levels)
    if shown == tiles.count:
        return plural(shown, word)
    return f"the first {shown} of {plural(tiles.count, word)}"


def _colours(tiles: Tiles) -> str:
    centre = f"{tiles.centre:g}"
    return f"Blue is below {centre}, orange above; the strongest is {short(tiles.limit)} away"


def _extent(scatter: Scatter) -> str:
    (left, right), (bottom, top) = scatter.extent
    corners = (f"({short(x)}, {short(y)})" for x, y in ((left, bottom), (right, top)))
    return f", from {' to '.join(corners)}"


def _spread(histogram: Histogram) -> str:
    words = f"{short(histogram.low)} to {short(histogram.high)}, {percent(histogram.zeros)} zeros"
    return f"{words}, {plural(histogram.bad, 'number')} NaN or infinite" if histogram.bad else words


def _number(tiles: Tiles, layout: Layout, at: QPointF) -> str:
    """Which tile a point is in, and the number there."""
    for index, box in enumerate(layout.tiles):
        if box.contains(at):
            _, rows, columns = tiles.levels.shape
            row = min(int((at.y() - box.top()) / box.height() * rows), rows - 1)
            column = min(int((at.x() - box.left()) / box.width() * columns), columns - 1)
            value = _value(tiles, index, row, column)
            word = _TILE.get(tiles.of)
            return f"Here, in {word} {index}: {value}" if word else f"Here: {value}"
    return ""


def _value(tiles: Tiles, index: int, row: int, column: int) -> str:
    level, value = int(tiles.levels[index, row, column]), tiles.numbers[index, row, column]
    beyond = {0: " or less", 2 * MIDDLE: " or more"}.get(level, "")
    return short(float(value)) + beyond


def _gauge(gauge: Gauge) -> str:
    of = "weights" if gauge.of == "weights" else "output"
    words = f"Gradient norm of its {of}: {LABELS[gauge.of]} = {short(gauge.norm)}"
    if not isfinite(gauge.norm):
        return f"{words}. {NO_NUMBER}"
    return f"{words}, <b>{gauge.mark}</b>. {_ADVICE[gauge.mark]}" if gauge.mark else words
