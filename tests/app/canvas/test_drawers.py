"""Drawers below cards: what is where by the room there is, and how gauges look."""

from itertools import combinations, groupby, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QTransform

from explorer.app import theme
from explorer.app.canvas import geometry
from explorer.app.canvas.pictures.gauge import share_of
from explorer.app.canvas.pictures.images import images
from explorer.app.canvas.pictures.layout import INNER, TUCK, WIDTH, lay_out
from explorer.app.canvas.pictures.on_pixels import on_pixels
from explorer.app.canvas.pictures.room import APART, rooms
from explorer.app.panels.numbers import brief
from explorer.training.pictures import Gauge, Histogram, NodePicture, Number, Tiles

SIZES = st.integers(1, 64)


def tiles(count: int, rows: int, columns: int, of="maps") -> Tiles:
    return Tiles(of, np.zeros((count, rows, columns), dtype=np.uint8), 0.0, 1.0, count)


PICTURES = st.one_of(
    st.builds(tiles, st.integers(1, 16), SIZES, SIZES),
    st.builds(tiles, st.just(1), SIZES, SIZES, st.just("sample")),
    st.just(Number(1.0)),
    st.just(Histogram(np.ones(24, dtype=np.int64), 0.0, 1.0, 0.0, 24, 0)),
)
GAUGES = st.sampled_from([None, Gauge(0.1, "weights"), Gauge(0.0, "weights", "vanishing")])


@given(PICTURES, GAUGES, st.one_of(st.floats(-50, 400), st.just(float("inf"))))
def test_a_drawer_fits_into_its_room_and_all_that_is_in_it_into_the_drawer(picture, gauge, room):
    layout = lay_out(NodePicture("out", picture, gauge), room)

    if layout is None:
        assert room < 2 * geometry.HEADER
        return
    assert layout.height - TUCK <= room + 1e-6
    inside = QRectF(0, TUCK, WIDTH, layout.height - TUCK).adjusted(-1e-6, -1e-6, 1e-6, 1e-6)
    parts = [*layout.tiles, *([layout.gauge] if layout.gauge else [])]
    assert parts
    assert all(inside.contains(part) for part in parts)
    assert not any(a.intersects(b) for a, b in combinations(parts, 2))


def test_one_tile_fills_the_drawer_and_sixteen_share_it():
    one = lay_out(NodePicture("out", tiles(1, 48, 48), None), 1000.0)
    many = lay_out(NodePicture("out", tiles(16, 24, 24), None), 1000.0)

    assert one.tiles[0].width() == INNER
    assert len(many.tiles) == 16
    assert len({tile.top() for tile in many.tiles}) == 4


def test_in_a_low_drawer_there_are_fewer_tiles_rather_than_tiny_ones():
    low = lay_out(NodePicture("out", tiles(16, 24, 24), None), 30.0)

    assert 2 < len(low.tiles) < 16
    assert low.tiles[0].width() >= 15


def test_where_there_is_room_for_one_the_picture_goes_before_the_gauge_unless_that_is_marked():
    usual = lay_out(NodePicture("out", Number(1.0), Gauge(0.1, "output")), 32.0)
    marked = lay_out(NodePicture("out", Number(1.0), Gauge(0.0, "output", "vanishing")), 32.0)

    assert usual.tiles
    assert usual.gauge is None
    assert not marked.tiles
    assert marked.gauge is not None


def test_room_reaches_to_the_next_card_below_and_only_to_that():
    boxes = {
        "above": QRectF(0, 0, 164, 80),
        "aside": QRectF(400, 100, 164, 80),
        "below": QRectF(150, 200, 164, 80),
        "lowest": QRectF(0, 400, 164, 80),
    }

    found = rooms(boxes)

    assert found["above"] == 120 - APART
    assert found["below"] == 120 - APART
    assert found["aside"] == float("inf")
    assert found["lowest"] == float("inf")


CARDS = st.lists(st.tuples(st.integers(-500, 500), st.integers(-500, 500)), max_size=12)


@given(CARDS)
def test_room_is_what_a_look_at_every_card_finds(corners):
    boxes = {str(n): QRectF(x, y, 164, 80) for n, (x, y) in enumerate(corners)}

    for id, room in rooms(boxes).items():
        box = boxes[id]
        below = [
            other.top() - box.bottom() - APART
            for name, other in boxes.items()
            if name != id
            and other.left() < box.right()
            and box.left() < other.right()
            and (other.top(), other.left(), name) > (box.top(), box.left(), id)
        ]
        assert room == min(below, default=float("inf"))


@given(st.floats(0, 1e30), st.floats(0, 1e30))
def test_a_larger_norm_fills_more_of_the_bar(one, two):
    small, large = sorted((one, two))

    assert 0 <= share_of(small) <= share_of(large) <= 1
    assert share_of(float("nan")) == 1


@pytest.mark.parametrize(
    ("norm", "text"),
    [
        (0.0, "0"),
        (0.4213, "0.42"),
        (12.3, "12"),
        (456.7, "457"),
        (3.21e-5, "3.2e-5"),
        (5e10, "5.0e10"),
        (-0.5, "-0.5"),
        (-3.21e-5, "-3.2e-5"),
        (-float("inf"), "-∞"),
        (float("inf"), "∞"),
        (float("nan"), "NaN"),
    ],
)
def test_a_number_is_told_in_few_characters(norm, text):
    assert brief(norm) == text


def test_tiles_are_blue_below_their_centre_orange_above_and_what_is_no_number_stands_out(qapp):
    theme.apply(qapp, theme.LIGHT)
    levels = np.array([[[0, 127, 254, 255]]], dtype=np.uint8)

    (image,) = images(Tiles("maps", levels, 0.0, 1.0, 1))

    assert [image.pixelColor(x, 0).name() for x in range(4)] == [
        theme.LIGHT.heat_negative,
        theme.LIGHT.heat_zero,
        theme.LIGHT.heat_positive,
        theme.LIGHT.heat_missing,
    ]


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
@pytest.mark.parametrize("count", [2, 3, 8, 16])
def test_gaps_between_tiles_are_equal_at_every_zoom(count, ratio):
    layout = lay_out(NodePicture("conv1", tiles(count, 8, 8), None), 200.0)
    for zoom in np.arange(0.3, 4.0, 0.07):
        to_screen = QTransform.fromTranslate(13.37, 5.55).scale(zoom * ratio, zoom * ratio)
        shown = [to_screen.mapRect(tile) for tile in on_pixels(layout.tiles, to_screen)]
        meant = [to_screen.mapRect(tile) for tile in layout.tiles]
        edges = [edge for tile in shown for edge in tile.getCoords()]
        assert np.allclose(edges, np.rint(edges), atol=1e-6), "on whole pixels"
        assert len({(round(t.width()), round(t.height())) for t in shown}) == 1
        gaps = {round(b.left() - a.right()) for a, b in pairwise(shown) if b.left() > a.left()}
        assert len(gaps) <= 1 and min(gaps, default=1) >= 1
        assert len({round(b.top() - a.bottom()) for a, b in pairwise(rows_of(shown))}) <= 1
        for one, other in zip(shown, meant, strict=True):
            assert (one.center() - other.center()).manhattanLength() < count + 2


def rows_of(boxes: list[QRectF]) -> list[QRectF]:
    """The first box of each row."""
    return [next(row) for _, row in groupby(boxes, key=lambda box: round(box.top()))]
