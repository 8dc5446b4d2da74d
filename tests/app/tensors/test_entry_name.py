"""What is left of a tensor's name where there is little room."""

import pytest
from PySide6.QtGui import QFontMetricsF, QTextDocument

from explorer.app.tensors.entry_name import EntryName

TITLE, DETAILS = "gradient of fc1.out", "(32, 64) · float32 · cpu"


@pytest.fixture
def name(qtbot) -> EntryName:
    found = EntryName()
    qtbot.addWidget(found)
    found.show_name(TITLE, DETAILS)
    found.show()
    return found


def shown(name: EntryName, width: int) -> str:
    """What is read at that width; it must fit."""
    name.resize(width, 24)
    page = QTextDocument()
    page.setDocumentMargin(0)
    page.setDefaultFont(name.font())
    page.setHtml(name.text())
    assert page.idealWidth() <= width
    return page.toPlainText().replace("\xa0", " ")


def test_all_of_it_is_shown_where_there_is_room(name):
    assert shown(name, 600).split() == f"{TITLE} {DETAILS}".split()


def test_the_details_are_cut_before_the_name_is(name):
    room = bold(name).horizontalAdvance(TITLE) + 80

    words = shown(name, round(room))

    assert words.startswith(TITLE)
    assert words.endswith("…")
    assert DETAILS not in words


def test_a_name_that_is_cut_off_says_so_and_keeps_its_end(name):
    words = shown(name, round(bold(name).horizontalAdvance(TITLE) * 0.7))

    assert "…" in words
    assert words.startswith("grad")
    assert words.endswith("out")


def bold(name: EntryName) -> QFontMetricsF:
    font = name.font()
    font.setBold(True)
    return QFontMetricsF(font)
