"""A person opens tensors, cuts them along any axis, scrolls over millions of numbers, copies."""

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSpinBox

from explorer.app.tensors import number_model, number_table
from explorer.app.tensors.requests import Study
from explorer.app.tensors.statistics_strip import StatisticsStrip
from explorer.program.viewing import Address, Statistics

from ..hand import LEFT, NONE


def test_a_tensor_is_found_by_typing_and_opened_by_enter(room):
    room.panel.setFocus()
    room.types("fc1.out")

    view = room.view
    room.waits_until(lambda: view.sight)
    assert view.title == "fc1.out"
    room.shows(room.session.value("fc1.out"))
    assert room.panel._tabs.tabText(0) == "fc1.out"


def test_every_kind_of_tensor_is_listed_with_its_shape(room):
    listed = {(e.label.kind, e.label.name): e.shape for e in room.panel.names.entries}

    assert listed["value", "fc1.out"] == (32, 64)
    assert listed["parameter", "fc1.w"] == (64, 64)
    assert listed["cache", "fc1: x"] == (32, 64)
    room.desk.ask(_to_end())
    room.waits_until(lambda: any(e.label.kind == "gradient" for e in room.panel.names.entries))


def _to_end():
    from explorer.app import requests

    return requests.GoToEnd()


def test_opening_what_is_open_goes_to_its_tab(room):
    first = room.opens("fc1")
    room.opens("fc2")
    room.panel.open(first.place)

    assert room.view is first
    assert len(room.panel.open_tabs) == 2


def test_an_axis_is_walked_along_by_its_index(room):
    images = torch.randn(5, 3, 8, 9)
    room.put(images)
    room.opens()
    room.shows(images[0, 0])

    spin = room.named("Index of axis 0")
    assert isinstance(spin, QSpinBox)
    room.clicks(spin)
    spin.setFocus()
    room.presses("Up", "Up")
    room.shows(images[2, 0])
    slider = room.named("Index of axis 1, by dragging")
    slider.setFocus()
    room.presses("End")
    room.shows(images[2, 2])


def test_axes_change_places_and_are_reduced(room):
    images = torch.randn(5, 3, 8, 9, dtype=torch.float64)
    room.put(images)
    room.opens()
    room.picks("What axis 3 is used as", "rows")
    room.shows(images[0, 0].T)
    room.picks("What axis 0 is used as", "columns")
    room.shows(images[:, 0, 0].T)
    room.picks("What axis 1 is used as", "mean")
    room.shows(images[:, :, 0].mean(1).T)
    room.picks("What axis 1 is used as", "norm")
    room.shows(images[:, :, 0].norm(dim=1).T)


def test_what_is_not_there_yet_shows_as_dots_and_comes(room, large):
    room.put(large)
    room.opens()
    table = room.table()
    table.go_to(5_000, 500)

    assert room.text(5_000, 500) == "…"
    room.waits_until(lambda: room.text(5_000, 500) == "5,000,500")
    room.waits_until(lambda: "10,000,000 numbers" in room.statistics())


def test_scrolling_far_fetches_what_is_seen_and_no_more(room, large):
    room.put(large)
    room.opens()
    room.shows(large[:3, :3])
    table, before = room.table(), room.looks()

    bar = table.verticalScrollBar()
    for value in range(0, bar.maximum() + 1, max(bar.maximum() // 60, 1)):
        bar.setValue(value)
        QApplication.processEvents()
    bar.setValue(bar.maximum())
    room.waits_until(lambda: room.text(9_999, 0) == "9,999,000")

    assert table.verticalHeader().model().headerData(9_999, Qt.Orientation.Vertical) == 9_999
    assert room.looks() - before <= 61
    assert len(table.numbers._blocks) <= 256


def test_all_is_reached_by_going_to_an_index(room, large):
    room.put(large)
    room.opens()
    room.shows(large[:3, :3])
    field = room.named("Go to an index")
    room.clicks(field)
    room.types("9876, 543")

    room.waits_until(lambda: room.table().currentIndex().data() == "9,876,543")
    current = room.table().currentIndex()
    assert (current.row(), current.column()) == (9_876, 543)
    assert room.table().viewport().rect().contains(room.table().visualRect(current).center())
    assert room.chosen[-1] == ("fc1", (9_876, 543))
    assert QApplication.focusWidget() is room.table()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("3", "3 is no index: type one whole number for each axis: 0, 0"),
        ("a, b", "a, b is no index"),
        ("40, 0", "axis 0 has no index 40: it ends at 31"),
    ],
)
def test_an_index_that_is_none_is_told(room, typed, words):
    room.opens()
    room.clicks(room.named("Go to an index"))
    room.types(typed)

    assert words in room.refused[-1]


def test_a_vector_of_ten_million_numbers_is_scrolled_by_the_wheel_and_the_end_key(room):
    room.put(torch.arange(10_000_000.0))
    room.opens()
    room.waits_until(lambda: room.text(0, 1) == "1.000")
    table = room.table()
    at = QPointF(table.viewport().rect().center())
    wheel = QWheelEvent(
        at,
        table.viewport().mapToGlobal(at),
        QPoint(),
        QPoint(0, -1200),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(table.viewport(), wheel)
    assert table.horizontalScrollBar().value() == 1200

    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    room.presses("Ctrl+End")
    room.waits_until(lambda: table.currentIndex().data() == "9,999,999")
    assert table.currentIndex().column() == 9_999_999


def test_an_axis_too_long_to_scroll_over_is_shown_around_where_one_goes(room, monkeypatch):
    monkeypatch.setattr(number_model, "MOST", 1000)
    room.put(torch.arange(50_000.0).reshape(25_000, 2))
    room.opens()
    room.shows([[0.0, 1.0], [2.0, 3.0]])
    model = room.table().model()
    assert model.rowCount() == 1000
    room.clicks(room.named("Go to an index"))
    room.types("20000, 1")

    room.waits_until(lambda: room.table().currentIndex().data() == "40,001")
    row = room.table().currentIndex().row()
    assert model.headerData(row, Qt.Orientation.Vertical) == 20_000
    assert room.chosen[-1] == ("fc1", (20_000, 1))


def test_cells_are_copied_with_tabs_between_them_in_full_precision(room):
    value = torch.randn(6, 5)
    room.put(value)
    room.opens()
    room.shows(value)
    table = room.table()
    first, last = (table.visualRect(table.model().index(*at)).center() for at in ((1, 1), (3, 2)))
    QTest.mousePress(table.viewport(), LEFT, NONE, first)
    QTest.mouseMove(table.viewport(), last)
    QTest.mouseRelease(table.viewport(), LEFT, NONE, last)
    room.presses("Ctrl+C")
    room.waits_until(lambda: room.told)

    assert room.told[-1] == "Copied 6 numbers"
    rows = QGuiApplication.clipboard().text().split("\n")
    copied = np.array([[float(cell) for cell in row.split("\t")] for row in rows], np.float32)
    assert np.array_equal(copied, value[1:4, 1:3].numpy())


def test_all_that_has_not_been_fetched_is_copied_too_but_not_without_end(room, monkeypatch):
    value = torch.randn(500, 300)
    room.put(value)
    room.opens()
    room.shows(value)
    room.table().setFocus()
    room.presses("Ctrl+A", "Ctrl+C")
    room.waits_until(lambda: room.told)
    assert room.told[-1] == "Copied 150,000 numbers"
    assert len(QGuiApplication.clipboard().text().split("\n")) == 500

    monkeypatch.setattr(number_table, "LARGEST_COPY", 1000)
    room.presses("Ctrl+C")
    assert "more than 1,000 numbers: select fewer, or save a file" in room.refused[-1]


def test_whole_numbers_and_truths_are_written_as_such(room):
    room.put(torch.tensor([[3, -1], [12_345, 0]]))
    room.opens()
    room.waits_until(lambda: room.text(1, 0) == "12,345")
    assert room.text(0, 1) == "-1"
    room.put(torch.tensor([[True, False]]))
    room.waits_until(lambda: room.text(0, 0) == "1" and room.table().model().rowCount() == 1)


def test_nan_and_infinity_are_written_out_and_counted(room):
    room.put(torch.tensor([[float("nan"), float("inf")], [-float("inf"), 0.0]]))
    room.opens()
    room.waits_until(lambda: room.text(0, 0) == "NaN")

    assert (room.text(0, 1), room.text(1, 0)) == ("∞", "-∞")
    room.waits_until(lambda: "NaN" in room.statistics())
    assert "4 numbers" in room.statistics()


def test_statistics_are_of_all_or_of_what_is_shown(room):
    value = torch.stack((torch.zeros(4, 4), torch.ones(4, 4)))
    room.put(value)
    room.opens()
    room.waits_until(lambda: "32 numbers, mean 0.5000" in room.statistics())
    room.picks("What statistics are of", "What")
    room.waits_until(lambda: "16 numbers, mean 0," in room.statistics())


def test_the_numbers_of_now_come_after_each_step(room):
    from explorer.app import requests

    weights = room.opens("fc1_w")
    before = room.session.parameters["fc1.w"].clone()
    room.shows(before)
    room.desk.ask(requests.NextBatch())
    room.waits_until(lambda: not torch.equal(room.session.parameters["fc1.w"], before))

    room.shows(room.session.parameters["fc1.w"])
    assert room.view is weights


def test_what_is_not_computed_any_more_is_told_and_comes_back(room):
    from explorer.app import requests

    view = room.opens("fc2")
    room.shows(room.session.value("fc2.out"))
    room.desk.ask(requests.GoTo(2))
    room.waits_until(lambda: "fc2.out is not computed yet: step on" in view._notice.text)
    assert "These are the numbers seen last" in view._notice.text
    room.desk.ask(requests.GoToLoss())
    room.waits_until(lambda: not view._notice.text)


def test_another_net_has_no_such_tensor(room):
    from explorer.app import requests
    from explorer.graph.examples import load_example
    from explorer.training import Job

    view = room.opens("fc1")
    room.desk.ask(requests.Load(Job.of(load_example("char_lstm")), "cpu"), requests.GoTo(1))
    room.waits_until(lambda: "the net changed" in view._notice.text.lower())
    room.panel.open(view.place)
    assert len(room.panel.open_tabs) == 1


def test_entries_are_lit_up_wherever_their_variable_is_seen(room):
    room.lights("fc1", (slice(None), 1), (0, 2))
    room.opens("fc1")
    room.shows(room.session.value("fc1.out"))
    model = room.table().model()

    lit = {(r, c) for r in range(3) for c in range(4) if model.look(model.index(r, c)).is_lit}
    assert lit == {(0, 1), (1, 1), (2, 1), (0, 2)}
    room.opens("fc2")
    other = room.table().model()
    assert not other.look(other.index(0, 1)).is_lit
    room.panel.light(())
    assert not model.look(model.index(0, 1)).is_lit


def test_cells_are_coloured_by_sign_and_size(room):
    room.put(torch.tensor([[1.0, -1.0], [0.0, 0.5]]))
    room.opens()
    room.waits_until(lambda: "min -1.000" in room.statistics())
    room.waits_until(lambda: room.table().model().index(0, 0).data(Qt.ItemDataRole.BackgroundRole))
    colours = [
        room.table().model().index(r, c).data(Qt.ItemDataRole.BackgroundRole)
        for r, c in ((0, 0), (0, 1), (1, 0), (1, 1))
    ]
    assert colours[0].red() > colours[0].blue()
    assert colours[1].blue() > colours[1].red()
    assert len({colour.rgba() for colour in colours}) == 4


def test_what_is_seen_first_is_asked_for_at_once(room, large):
    room.put(large)
    room.asked.clear()
    room.panel.open(Address("fc1"))
    room.waits_until(lambda: room.view.sight)

    assert room.text(2, 1) == "2,001"
    room.waits_until(lambda: room.statistics().startswith("10,000,000 numbers, mean"))
    assert room.looks() == 1


def test_statistics_of_a_part_of_it_are_not_taken_for_exact(qtbot):
    strip = StatisticsStrip()
    qtbot.addWidget(strip)
    strip.show_statistics(Statistics(10_000_000, 32_768, mean=0.25, minimum=-4.0))
    assert strip.text.startswith("about, from 32,768 of 10,000,000 numbers, mean 0.2500")
    strip.show_statistics(Statistics(10_000_000, 10_000_000, mean=0.25))
    assert strip.text.startswith("10,000,000 numbers, mean 0.2500")


def test_of_a_small_tensor_nothing_is_asked_but_that(room):
    room.asked.clear()
    room.opens()

    room.shows(room.session.value("fc1.out"))
    assert room.statistics().startswith("2,048 numbers, mean")
    assert not any(isinstance(request, Study) for request in room.asked)
