"""Numbers below their names, in one widget."""

import pytest
from PySide6.QtCore import QPoint

from explorer.app.panels.figures import Figures

TIPS = {"mean": "The average", "std": "The spread", "norm": "The length"}


@pytest.fixture
def figures(qtbot) -> Figures:
    widget = Figures(TIPS)
    qtbot.addWidget(widget)
    widget.show_figures({"mean": "0.1234", "std": "-1.234e-11", "norm": "12,345"})
    return widget


def test_they_share_a_wide_line_from_end_to_end(figures):
    boxes = list(figures.boxes(400).values())
    assert len({box.top() for box in boxes}) == 1
    assert boxes[0].left() == 0
    assert 390 <= boxes[-1].right() < 400


def test_in_a_narrow_place_they_go_on_below_and_take_the_height_for_it(figures):
    wide, narrow = figures.sizeHint().width(), figures.minimumSizeHint().width()
    assert len({box.top() for box in figures.boxes(narrow).values()}) == 3
    assert figures.heightForWidth(narrow) > 2 * figures.heightForWidth(wide)
    assert max(box.bottom() for box in figures.boxes(narrow).values()) < figures.heightForWidth(
        narrow
    )


def test_a_longer_number_gets_room(figures):
    before = figures.sizeHint().width()
    figures.show_figures({"mean": "-1.234e-123", "std": "-1.234e-11", "norm": "12,345"})
    assert figures.sizeHint().width() > before


def test_the_pointer_reads_what_each_is(figures):
    figures.resize(400, figures.heightForWidth(400))
    for name, box in figures.boxes().items():
        assert figures.tip_at(box.topLeft() + QPoint(2, 2)) == TIPS[name]
    assert figures.tip_at(QPoint(2, 399)) == ""


def test_who_listens_hears_all_of_them(figures):
    assert figures.accessibleName() == "mean 0.1234, std -1.234e-11, norm 12,345"


def test_each_is_painted_below_its_name(figures, qtbot):
    figures.resize(400, figures.heightForWidth(400))
    blank = Figures(TIPS)
    qtbot.addWidget(blank)
    blank.resize(figures.size())
    empty, shown = blank.grab().toImage(), figures.grab().toImage()
    for box in figures.boxes().values():
        for half in (box.top(), box.center().y() + 1):
            part = box.left(), half, box.width(), box.height() // 2
            assert shown.copy(*part) != empty.copy(*part)
