"""A person with a small screen, or large letters, reaches everything."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from explorer.app.panels.wrapping_row import WrappingRow

HALF_A_SCREEN = QSize(960, 540)
"""1920 by 1080 at 200 %, in points."""


def test_the_window_fits_a_usual_screen_at_200_percent(window, qtbot):
    window.resize(HALF_A_SCREEN)
    qtbot.wait(20)
    assert window.size() == HALF_A_SCREEN
    for dock in window.docks.values():
        dock.raise_()
        qtbot.wait(5)
        assert window.size() == HALF_A_SCREEN
    assert window.view.height() > 100


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


def test_it_is_never_narrower_than_its_widest_control(row):
    _, layout, (_, _, run) = row
    assert layout.minimumSize().width() == run.minimumSizeHint().width()
    assert layout.takeAt(7) is None
