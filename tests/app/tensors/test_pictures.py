"""A person looks at tensors as heat maps, histograms, images and curves, and points at them."""

from itertools import groupby

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QSpinBox

from explorer.app import theme
from explorer.app.tensors.grid import Grid
from explorer.app.tensors.histogram_page import HistogramPage
from explorer.app.tensors.pixels import by_sign, enlarged
from explorer.program.viewing import Subject, survey

from ..hand import LEFT, NONE


def said(room) -> str:
    """What is told of the place under the pointer."""
    return room.view._strip._said.text()


def heat_map(room, value):
    room.put(value)
    room.opens(way="Heat map")
    page_map = room.view.page._map
    room.waits_until(lambda: page_map.picture.numbers.size)
    return page_map


def middle(drawn, row: int, column: int) -> QPoint:
    """The middle of a cell of a heat map."""
    (top, bottom), (left, right) = drawn.picture.rows, drawn.picture.columns
    box = drawn.box
    x = box.left() + (column - left + 0.5) * box.width() / (right - left)
    y = box.top() + (row - top + 0.5) * box.height() / (bottom - top)
    return QPointF(x, y).toPoint()


def pixel(drawn, at: QPoint) -> QColor:
    return drawn.grab().toImage().pixelColor(at * drawn.devicePixelRatioF())


def turn(widget, at: QPoint, clicks: int) -> None:
    where = QPointF(at)
    no_button, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(
        where,
        widget.mapToGlobal(where),
        QPoint(),
        QPoint(0, 120 * clicks),
        no_button,
        NONE,
        phase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_the_pointer_reads_numbers_off_a_heat_map_and_a_click_chooses_one(room):
    value = torch.randn(6, 8)
    drawn = heat_map(room, value)
    QTest.mouseMove(drawn, middle(drawn, 4, 2))
    assert said(room).startswith("[4, 2] = ")
    assert float(said(room).split("= ")[1]) == pytest.approx(value[4, 2].item(), rel=1e-3)
    room.clicks(drawn, middle(drawn, 4, 2))
    assert room.chosen == [("fc1", (4, 2))]
    QTest.mouseMove(drawn, QPoint(drawn.width() - 3, drawn.height() - 3))
    assert said(room) == ""

    drawn.setFocus()
    room.presses("Right", "Up")
    assert room.chosen[1:] == [("fc1", (4, 3)), ("fc1", (3, 3))]
    room.clicks(room.button("Table"))
    room.waits_until(lambda: room.table().currentIndex().row() == 3)
    assert room.table().currentIndex().column() == 3


def test_zero_is_in_the_middle_of_the_colours(room):
    drawn = heat_map(room, torch.tensor([[-4.0, 0.0, 4.0, 2.0]]))
    colours = [pixel(drawn, middle(drawn, 0, column)) for column in range(4)]

    assert colours[0].name() == theme.LIGHT.heat_negative
    assert colours[1].name() == theme.LIGHT.heat_zero
    assert colours[2].name() == theme.LIGHT.heat_positive
    assert drawn.limit == 4.0


@pytest.mark.parametrize("look", [theme.LIGHT, theme.DARK], ids=lambda look: look.name)
def test_nan_and_infinity_have_patterns_of_their_own(look, monkeypatch):
    monkeypatch.setattr(theme, "_current", look)
    numbers = np.array([[np.nan, np.inf, -np.inf, 1.0]])
    picture = enlarged(by_sign(numbers, 1.0), numbers, (120, 30))
    cells = [
        [[picture.pixelColor(x, y).name() for x in range(30 * n, 30 * n + 30)] for y in range(30)]
        for n in range(4)
    ]

    inks = [{colour for row in cell for colour in row} for cell in cells]
    assert inks[0] == {look.heat_missing, look.text}
    assert inks[1] == {look.heat_positive, look.text}
    assert inks[2] == {look.heat_negative, look.text}
    assert inks[3] == {look.heat_positive}
    # NaN is striped one way and infinity the other.
    assert cells[0][0][1:7] == cells[0][1][0:6]
    assert cells[1][1][1:7] == cells[1][0][0:6]


def test_ten_million_numbers_are_summed_up_and_zoomed_into(room, large):
    drawn = heat_map(room, large)
    assert max(drawn.picture.numbers.shape) <= 512
    QTest.mouseMove(drawn, middle(drawn, 5_000, 500))
    assert "on average" in said(room)
    room.picks("What a cell of several numbers shows", "farthest")
    room.waits_until(lambda: drawn.picture.by == "peak")

    at, page = middle(drawn, 5_000, 500), room.view.page
    for _ in range(25):
        turn(drawn, at, 1)
        room.waits_until(lambda: not (page._asker.is_waiting or page._soon.isActive()))
    assert drawn.picture.is_exact
    rows = drawn.picture.rows
    assert abs(rows[0] - 5_000) < 200 and rows[1] - rows[0] < 100
    room.clicks(drawn, middle(drawn, rows[0] + 1, drawn.picture.columns[0]))
    assert room.chosen[-1] == ("fc1", (rows[0] + 1, drawn.picture.columns[0]))

    before = drawn.picture.rows
    QTest.mousePress(drawn, LEFT, NONE, QPoint(200, 100))
    QTest.mouseMove(drawn, QPoint(200, 60))
    QTest.mouseRelease(drawn, LEFT, NONE, QPoint(200, 60))
    room.waits_until(lambda: drawn.picture.rows > before)
    room.clicks(room.button("See all"))
    room.waits_until(lambda: drawn.picture.rows == (0, 10_000))


def test_what_is_made_of_several_numbers_is_no_entry(room):
    drawn = heat_map(room, torch.randn(3, 4, 5))
    room.picks("What axis 0 is used as", "mean")
    room.waits_until(lambda: room.view.sight.cut.reductions)
    room.clicks(drawn, middle(drawn, 1, 1))

    assert room.chosen == []
    assert "made of several numbers" in room.refused[-1]


def test_lit_entries_are_framed_in_the_heat_map(room):
    drawn = heat_map(room, torch.zeros(4, 4))
    before = drawn.grab().toImage()
    room.lights("fc1", (1, slice(None)))
    QApplication.processEvents()

    assert drawn.grab().toImage() != before
    above = [middle(drawn, 0, 0) + QPoint(0, down) for down in range(int(drawn.box.height() / 4))]
    assert theme.LIGHT.current in [pixel(drawn, at).name() for at in above]


def test_a_histogram_counts_every_number_and_tells_each_bar(room):
    value = torch.cat((torch.zeros(90), torch.ones(9), torch.tensor([float("nan")])))
    room.put(value)
    room.opens(way="Histogram")
    bars = room.view.page._bars
    room.waits_until(lambda: bars._histogram.counts.sum() == 99)
    assert "1 NaN not drawn" in room.view.page._bad.text()
    QTest.mouseMove(bars, bars._box.topLeft().toPoint() + QPoint(2, 5))
    assert said(room) == "0 to 0.01562: 90 numbers (90.9 %)"
    assert "most of them from 0 to 0.01562" in bars.accessibleName()

    log = room.view.findChild(QCheckBox)
    heights = bars._heights()
    log.setFocus()
    room.presses("Space")
    assert bars._heights()[-1] > heights[-1]


def test_a_histogram_of_what_is_shown_follows_the_plane(room):
    room.put(torch.stack((torch.zeros(4, 4), torch.ones(4, 4))))
    room.opens(way="Histogram")
    bars = room.view.page._bars
    room.waits_until(lambda: bars._histogram.counts.sum() == 32)
    room.picks("What statistics are of", "What")
    room.waits_until(lambda: bars._histogram.counts.sum() == 16)
    spin = room.named("Index of axis 0")
    spin.setFocus()
    room.presses("Up")
    room.waits_until(lambda: bars._histogram.edges[0] > 0.5)


def test_images_stand_side_by_side_and_each_pixel_is_an_entry(room):
    value = torch.randn(10, 3, 8, 8)
    room.put(value)
    room.opens(way="Images")
    mosaic = room.view.page._mosaic
    room.waits_until(lambda: mosaic.tiles.numbers.size)
    room.picks("Colours", "By sign")
    at = mosaic._box_of((1, 2, 5, 6)).center().toPoint()
    QTest.mouseMove(mosaic, at)
    assert said(room).startswith("[1, 2, 5, 6] = ")
    assert float(said(room).split("= ")[1]) == pytest.approx(value[1, 2, 5, 6].item(), rel=1e-3)
    room.clicks(mosaic, at)
    assert room.chosen == [("fc1", (1, 2, 5, 6))]

    first = room.named("First axis 0")
    assert isinstance(first, QSpinBox)
    first.setFocus()
    room.presses("Up")
    room.waits_until(lambda: mosaic.tiles.first == (1, 0))
    assert mosaic.pixel_at(QPointF(1, 1)) == (1, 0, 0, 0)


def test_three_channels_are_red_green_and_blue(room):
    value = torch.zeros(2, 3, 6, 6)
    value[0, 0], value[1, 2] = 1.0, 1.0
    room.put(value)
    room.opens(way="Images")
    mosaic = room.view.page._mosaic
    room.waits_until(lambda: mosaic.tiles.numbers.size)

    colours = [pixel(mosaic, mosaic._box_of((n, 0, 3, 3)).center().toPoint()) for n in range(2)]
    assert [colour.name() for colour in colours] == ["#ff0000", "#0000ff"]


def test_a_mosaic_shows_as_many_images_as_can_be_made_out(room):
    room.put(torch.randn(64, 16, 40, 40))
    room.opens(way="Images")
    mosaic = room.view.page._mosaic
    room.waits_until(lambda: mosaic.tiles.numbers.size)

    samples, channels = mosaic.shown
    assert mosaic._scale >= 1.9
    assert samples < 64 and channels <= 16
    assert f"samples 0–{samples - 1} of 64" in room.view.page._part.text()


def test_rows_are_drawn_as_curves_and_read_off(room):
    value = torch.randn(20, 50)
    room.put(value)
    room.opens(way="Curves")
    page = room.view.page
    room.waits_until(lambda: page._lines is not None)
    assert page._lines.y.shape == (8, 50)
    assert np.allclose(page._curves[3].getData()[1], value[3].numpy())
    plot = page._plot

    def reads_off_the_seventh() -> bool:
        # Its axes are fitted when it is painted.
        at = plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(7, 0)))
        QTest.mouseMove(plot.viewport(), at + QPoint(0, 1))
        QTest.mouseMove(plot.viewport(), at)
        return said(room).startswith("at 7 ")

    room.waits_until(reads_off_the_seventh)

    first = room.named("First of N · batch")
    first.setFocus()
    room.presses("PgUp")
    room.waits_until(lambda: page._lines.first == 10)


def test_only_the_ways_that_fit_are_offered(room):
    room.opens("loss")
    assert [b.text() for b in room.view._header._buttons.values() if b.isVisible()] == [
        "Table",
        "Histogram",
    ]
    room.put(torch.randn(4))
    room.opens("fc1")
    ways = [b.text() for b in room.view._header._buttons.values() if b.isVisible()]
    assert ways == ["Table", "Heat map", "Histogram", "Curves"]


def test_the_next_tensor_is_looked_at_in_the_same_way(room):
    room.opens("fc1", way="Heat map")
    view = room.opens("fc2")

    assert view.way == "Heat map"


def test_every_way_is_drawn_in_the_dark_too(room, qapp):
    theme.apply(qapp, theme.DARK)
    try:
        room.put(torch.randn(4, 3, 8, 8))
        view = room.opens()
        for way in ("Table", "Heat map", "Histogram", "Images", "Curves"):
            room.clicks(room.button(way))
            room.qtbot.wait(30)
            assert not view.grab().isNull()
    finally:
        theme.apply(qapp, theme.LIGHT)


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_all_gaps_between_images_are_equal_however_large_they_are(ratio):
    for scale in np.arange(0.4, 25.0, 0.37) * ratio:
        ruler = Grid.of((7, 5), scale).across
        shown = ruler.shown(4)
        images, gaps = np.split(shown.reshape(4, -1), [ruler.length], 1)
        assert (np.diff(images, axis=0) == 6).all() and (gaps % 6 == 5).all()
        assert set(images[0]) == set(range(5)) or ruler.length < 5
        assert len(shown) <= 4 * 6 * scale or scale < 1
        for at, pixel in enumerate(shown):
            image, inside = divmod(int(pixel), 6)
            assert ruler.at(at + 0.5) == (image, None if inside == 5 else inside)
        if scale >= 3:
            assert set(np.bincount(images[0])) == {gaps.shape[1]}, "as wide as each pixel"


def test_images_stand_apart_by_as_much_everywhere_on_the_screen(room):
    room.put(torch.ones(6, 3, 5, 5))
    room.opens(way="Images")
    mosaic = room.view.page._mosaic
    room.waits_until(lambda: mosaic.tiles.numbers.size)
    for width in range(300, 420, 13):
        mosaic.resize(width, 210)
        picture = mosaic.grab().toImage()
        line = [picture.pixelColor(x, 2).name() for x in range(picture.width())]
        runs = [(colour, len(list(run))) for colour, run in groupby(line)]
        gaps = [length for colour, length in runs if colour != runs[0][0]][:-1]
        assert len(gaps) == 2 and len(set(gaps)) == 1


def test_a_histogram_of_a_part_is_not_taken_for_that_of_all(qtbot):
    page = HistogramPage()
    qtbot.addWidget(page)
    sample, *_, whole = survey(Subject(torch.randn(3_000_000)))
    page.show_survey(sample)
    assert page.findChild(QLabel, "so far").text() == "about, from 32,768 numbers"
    page.show_survey(whole)
    assert page.findChild(QLabel, "so far").text() == ""
