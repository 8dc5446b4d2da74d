"""A person with a small screen, or large letters, reaches everything."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QTabBar,
    QToolButton,
    QWidget,
)

from explorer.app import theme
from explorer.app.canvas.step_legend import StepLegend
from explorer.app.over_time.layer_plot import LayerPlot
from explorer.app.over_time.layer_plots import LayerPlots
from explorer.app.panels.scroll_page import ScrollPage
from explorer.app.panels.wrapping_row import WrappingRow

HALF_A_SCREEN = QSize(960, 540)
"""1920 by 1080 at 200 %, in points."""
LAPTOP = QSize(1300, 800)


def test_the_window_fits_a_usual_screen_at_200_percent(window, qtbot):
    window.resize(HALF_A_SCREEN)
    qtbot.wait(20)
    assert window.size() == HALF_A_SCREEN
    for dock in window.docks.values():
        dock.raise_()
        qtbot.wait(5)
        assert window.size() == HALF_A_SCREEN
    assert window.view.height() > 100


def test_the_name_of_every_panel_is_read_on_its_tab(window, qtbot):
    window.resize(LAPTOP)
    qtbot.wait(20)
    bars = [bar for bar in window.findChildren(QTabBar) if bar.parent() is window and bar.count()]
    names = [bar.tabText(tab) for bar in bars for tab in range(bar.count())]
    assert sorted(names) == sorted(set(window.docks) - {"Layers"})
    for bar in bars:
        for tab in range(bar.count()):
            room = bar.tabRect(tab)
            assert bar.rect().contains(room)
            assert room.width() >= bar.fontMetrics().horizontalAdvance(bar.tabText(tab))


@pytest.mark.parametrize("size", [LAPTOP, HALF_A_SCREEN])
def test_all_ways_to_write_the_net_are_in_sight(window, qtbot, size):
    window.resize(size)
    window.docks["Code"].raise_()
    bar = next(b for b in window.code.findChildren(QTabBar) if b.accessibleName())
    qtbot.waitUntil(bar.isVisible)
    qtbot.wait(20)

    assert not any(arrow.isVisible() for arrow in bar.findChildren(QToolButton))
    rooms = [bar.tabRect(tab) for tab in range(bar.count())]
    assert all(bar.rect().contains(room) for room in rooms)
    for room, tab in zip(rooms, range(bar.count()), strict=True):
        needed = bar.fontMetrics().horizontalAdvance(bar.tabText(tab))
        assert room.width() >= needed


@pytest.mark.parametrize("size", [LAPTOP, QSize(1024, 700), HALF_A_SCREEN])
def test_what_is_told_of_kept_steps_stands_below_their_controls(window, person, qtbot, size):
    window.resize(size)
    person.opens_example("convnet")
    person.trains_until(3)
    person.presses("F5", "Ctrl+Shift+T")
    person.waits_until(
        lambda: any(p.isVisible() for p in window.over_time.findChildren(LayerPlots))
    )
    qtbot.wait(20)
    bar = window.over_time.keeping
    (told,) = bar.findChildren(QLabel)
    controls = [w for w in bar.children() if isinstance(w, QSpinBox | QToolButton | QPushButton)]
    assert len(controls) == 4
    assert told.y() > max(w.geometry().bottom() for w in controls)
    assert told.height() >= told.heightForWidth(told.width())


def test_a_high_and_narrow_panel_leaves_room_for_the_curves(window, person, qtbot):
    window.resize(QSize(1024, 900))
    person.opens_example("convnet")
    person.trains_until(3)
    person.presses("F5", "Ctrl+Shift+T")
    window.resizeDocks([window.docks["Over time"]], [360], Qt.Orientation.Vertical)
    curves = window.over_time.findChildren
    person.waits_until(lambda: window.over_time.height() > 290 and curves(LayerPlot))
    qtbot.wait(20)
    assert all(plot.height() > 45 for plot in curves(LayerPlot))


@pytest.mark.parametrize("size", [LAPTOP, HALF_A_SCREEN])
def test_a_notice_leaves_the_map_of_the_net_free(window, qtbot, size):
    window.resize(size)
    toast, minimap = window.toast, window.view.minimap
    toast.tell("Stopped: the loss is no number any more; a smaller learning rate helps", True)
    window.view.zoom_in()
    qtbot.waitUntil(minimap.isVisible)

    assert not is_over(toast, minimap)
    at_first = toast.y()
    minimap.show_wanted(False)
    qtbot.waitUntil(lambda: toast.y() > at_first)
    minimap.show_wanted(True)
    qtbot.waitUntil(lambda: toast.y() == at_first)


def test_a_notice_leaves_the_legend_of_stepping_free(window, person, qtbot):
    window.resize(LAPTOP)
    toast, legend = window.toast, window.findChild(StepLegend)
    person.presses("F10")
    qtbot.waitUntil(legend.isVisible, timeout=20_000)

    toast.tell("Stopped: the loss is no number any more; a smaller learning rate helps", True)

    assert legend.y() > window.view.height() / 2, "they would meet"
    assert not is_over(toast, legend)


def is_over(one: QWidget, other: QWidget) -> bool:
    first, second = (QRect(w.mapToGlobal(QPoint()), w.size()) for w in (one, other))
    return first.intersects(second)


@pytest.fixture
def row(qtbot):
    """Three buttons, of which the middle one wants to be wide."""
    part = QWidget()
    qtbot.addWidget(part)
    layout = WrappingRow(spacing=6, parent=part)
    buttons = [QPushButton(words) for words in ("Copy", "Save", "Run all of it")]
    buttons[1].setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    for button in buttons:
        layout.addWidget(button)
    return part, layout, buttons


def test_controls_stand_in_one_line_where_there_is_room(row):
    part, layout, (copy, save, run) = row
    part.resize(600, 40)
    part.show()
    assert copy.y() == save.y() == run.y()
    assert copy.width() == copy.sizeHint().width()
    assert save.x() == copy.geometry().right() + 7
    assert run.geometry().right() == 599, "the one that wants to be wide takes what is left"


def test_what_does_not_fit_goes_on_below(row):
    part, layout, (copy, save, run) = row
    width = copy.sizeHint().width() + save.minimumSizeHint().width() + 10
    part.resize(width, 200)
    part.show()
    assert copy.y() == save.y() < run.y()
    assert layout.heightForWidth(width) > layout.heightForWidth(600)
    assert run.geometry().right() < width


def test_hidden_controls_take_no_room(row):
    part, layout, (copy, save, run) = row
    part.resize(600, 40)
    part.show()
    copy.hide()
    layout.activate()
    assert save.x() == 0


def test_a_control_that_says_more_gets_the_room_for_it(row):
    part, layout, (copy, save, _) = row
    part.resize(600, 40)
    part.show()
    assert layout.heightForWidth(600) == copy.sizeHint().height()
    copy.setText("Copy all of the numbers that are shown")
    layout.activate()
    assert copy.width() >= copy.sizeHint().width()
    assert save.x() > copy.geometry().right()
    assert layout.heightForWidth(copy.width() + 10) > layout.heightForWidth(600)


def test_it_is_never_narrower_than_its_widest_control(row):
    _, layout, (_, _, run) = row
    assert layout.minimumSize().width() == run.minimumSizeHint().width()
    assert layout.takeAt(7) is None


def test_every_menu_fits_a_laptop_in_one_column(window):
    menus = window.menuBar().findChildren(QMenu)
    assert {"&Edit", "&Step"} < {menu.title() for menu in menus}
    for menu in menus:
        rows = [menu.actionGeometry(action) for action in menu.actions()]
        assert len({row.x() for row in rows if row.isValid()}) <= 1, menu.title()
        assert menu.sizeHint().height() < LAPTOP.height()


def test_the_numbers_of_an_update_keep_within_a_narrow_panel_and_apart(window, person, qtbot):
    person.presses("Shift+F8", "F10")
    person.opens("Values")
    person.waits_until(lambda: person.sees("is changed by SGD", window.values))
    window.resizeDocks([window.docks["Values"]], [300], Qt.Orientation.Horizontal)
    qtbot.wait(20)

    (page,) = window.values.findChildren(ScrollPage)
    for card in window.values.cards:
        card.statistics.show_figures(dict.fromkeys(card.statistics.shown, "-2.183e-11"))
    qtbot.wait(20)
    inside = page.viewport().rect()
    for card in window.values.cards:
        button = person.button("Open", card)
        assert inside.right() >= button.mapTo(page.viewport(), button.rect().topRight()).x()
        boxes = list(card.statistics.boxes().values()) if card.statistics.isVisible() else []
        least = QFontMetrics(theme.code_font(theme.SMALL_SIZE - 0.5)).horizontalAdvance(
            "-2.183e-11"
        )
        assert all(box.width() >= least for box in boxes)
        assert all(card.statistics.rect().contains(box) for box in boxes)
        assert all(
            one.top() != other.top() or other.left() - one.right() >= 4
            for one, other in pairwise(boxes)
        )
