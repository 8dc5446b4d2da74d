"""In a narrow panel nothing of the page lies beyond its edge."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from .nets import NETS

LONG = "the_very_last_recurrent_layer_of_the_whole_net"
NARROW = 280
"""As narrow as the panel can be made, in points."""


@pytest.mark.parametrize("phase", ["forward", "backward"])
@pytest.mark.parametrize("layer", NETS)
def test_a_narrow_page_shows_all_it_says(student, layer, phase):
    page = student(layer)
    page.opens("it", phase)
    for written in page.explanation.written:
        page.asks_for(written.name)
        assert_fits(page.page)


def test_a_long_name_does_not_make_the_page_wider(student):
    page = student("LSTM", node=LONG)
    page.opens(LONG, "backward")
    page.asks_for("dw_ih_l0", 0, 0)
    assert_fits(page.page)


def assert_fits(page) -> None:
    page.resize(NARROW, 900)
    QApplication.processEvents()
    edge = page.viewport().width()
    assert page.widget().width() == edge
    for part in page.widget().findChildren(QWidget):
        if not part.isVisible():
            continue
        right = part.mapTo(page.widget(), QPoint()).x() + part.width()
        assert right <= edge, part
        if isinstance(part, QLabel):
            assert part.minimumSizeHint().width() <= part.width(), part.text()
