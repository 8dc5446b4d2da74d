"""Where everything is in the drawer below a card, by the room that there is."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from PySide6.QtCore import QRectF

from explorer.app.canvas import geometry
from explorer.training.pictures import Histogram, NodePicture, Number, Picture, Scatter, Tiles

INSET = 6.0
"""How much narrower than its card a drawer is, on each side."""
TUCK = geometry.CORNER
"""How far it reaches under its card."""
WIDTH = geometry.WIDTH - 2 * INSET
_PADDING = 6.0
INNER = WIDTH - 2 * _PADDING
_GAUGE = 12.0
_BETWEEN = 5.0
GAP = 2.0
"""Between tiles."""
_SMALLEST = 15.0
"""Tiles smaller than that show nothing: rather fewer of them."""
_WIDEST = 69.0
"""The widest tile among others; a picture of one is as wide as the drawer."""
_LOWEST_SHEET, _HIGHEST_SHEET = 24.0, 84.0
_HEIGHTS: dict[type, tuple[float, float]] = {
    Scatter: (INNER, 2 * _SMALLEST),
    Histogram: (42.0, _SMALLEST),
    Number: (18.0, 18.0),
}
"""How high a picture is, and how low it may become."""


@dataclass(frozen=True)
class Layout:
    """Rectangles in the drawer's coordinates: its top left corner is the origin.

    `tiles` has one for each tile that is shown, and one for any other picture; there is no
    `gauge` where the node has no gradient.
    """

    height: float
    tiles: tuple[QRectF, ...]
    gauge: QRectF | None


def lay_out(pictured: NodePicture, room: float) -> Layout | None:
    """The drawer of a picture with so much room below its card; None where nothing fits.

    Where there is no room for both, the picture goes before the gauge, unless that is marked.
    """
    picture, gauge = pictured.picture, pictured.gauge
    form = _Form(type(picture))
    if isinstance(picture, Tiles):
        count, rows, columns = picture.levels.shape
        form = _Form(Tiles, count, rows, columns, picture.of == "sample")
    return _laid_out(form, gauge is not None, bool(gauge and gauge.mark), room)


@dataclass(frozen=True)
class _Form:
    """All of a picture that decides where its parts are; `count` and so on are of tiles."""

    kind: type[Picture]
    count: int = 0
    rows: int = 0
    columns: int = 0
    is_sheet: bool = False


@lru_cache(maxsize=1024)  # four times a second it is asked for each card, and seldom changes
def _laid_out(form: _Form, has_gauge: bool, is_marked: bool, room: float) -> Layout | None:
    inner = room - 2 * _PADDING
    if not has_gauge:
        return _stacked(_tiles(form, inner), with_gauge=False)
    if tiles := _tiles(form, inner - _BETWEEN - _GAUGE):
        return _stacked(tiles, with_gauge=True)
    if not is_marked and (tiles := _tiles(form, inner)):
        return _stacked(tiles, with_gauge=False)
    return _stacked([], with_gauge=inner >= _GAUGE)


def _stacked(tiles: list[QRectF], with_gauge: bool) -> Layout | None:
    if not (tiles or with_gauge):
        return None
    top = TUCK + _PADDING
    placed = tuple(tile.translated(_PADDING, top) for tile in tiles)
    bottom = max((tile.bottom() for tile in placed), default=top - _BETWEEN)
    gauge = QRectF(_PADDING, bottom + _BETWEEN, INNER, _GAUGE) if with_gauge else None
    return Layout((gauge.bottom() if gauge else bottom) + _PADDING, placed, gauge)


def _tiles(form: _Form, room: float) -> list[QRectF]:
    """The boxes of a picture in the drawer's inner part, from (0, 0)."""
    if form.is_sheet:
        wanted, least = INNER * form.rows / form.columns, _LOWEST_SHEET
        return _whole(min(max(wanted, least), _HIGHEST_SHEET, room), least)
    if form.kind is Tiles:
        return _mosaic(form.count, form.rows, form.columns, min(room, INNER))
    wanted, least = _HEIGHTS[form.kind]
    return _whole(min(wanted, room), least)


def _whole(height: float, least: float) -> list[QRectF]:
    return [QRectF(0, 0, INNER, height)] if height >= least else []


def _mosaic(count: int, rows: int, columns: int, room: float) -> list[QRectF]:
    """Tiles in rows, as large as they can be; where they would be tiny, the first in one row."""
    shape = rows / columns
    most = INNER if count == 1 else _WIDEST
    width, across = max(
        (min(_width(n, ceil(count / n), shape, room), most), n) for n in range(1, count + 1)
    )
    if width * max(shape, 1.0) < _SMALLEST:
        width = min(room / shape, most)
        if width * shape < _SMALLEST:
            return []
        across = count = min(count, max(int((INNER + GAP) // (width + GAP)), 1))
    height = width * shape
    whole = across * (width + GAP) - GAP
    left = (INNER - whole) / 2
    return [
        QRectF(left + (n % across) * (width + GAP), n // across * (height + GAP), width, height)
        for n in range(count)
    ]


def _width(across: int, down: int, shape: float, room: float) -> float:
    """The widest that tiles can be, so many across and down, each `shape` as high as wide."""
    return min((INNER - (across - 1) * GAP) / across, (room - (down - 1) * GAP) / down / shape)
