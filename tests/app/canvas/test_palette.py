"""The palette: a hundred layers that one finds one's way through."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from explorer.app import theme
from explorer.app.canvas import Palette
from explorer.app.canvas.layer_rows import COUNT, WHY
from explorer.app.canvas.search import close_to, hits
from explorer.graph import blocks
from explorer.layers import catalogue


@pytest.fixture
def palette(qtbot) -> Palette:
    palette = Palette()
    qtbot.addWidget(palette)
    palette.resize(200, 700)
    palette.show()
    return palette


def heading(palette: Palette, family: str):
    return next(item for item in palette.list.headings() if item.text(0) == family)


def click(palette: Palette, item) -> None:
    at = palette.list.visualItemRect(item).center()
    QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at))


def names(query: str) -> list[str]:
    return [hit.name for hit in hits(query)]


def test_families_stand_in_the_order_of_a_net_and_unknown_ones_last(braid, palette):
    shown = [item.text(0) for item in palette.list.headings()]
    known = [family for family in theme.FAMILIES if family in shown]
    assert shown == [*known, "Block", "Weaving"]
    offered = {entry.text(0) for entry in palette.list.entries()}
    assert offered == {*catalogue(), *blocks.names()}


def test_each_heading_counts_its_layers(palette):
    for item in palette.list.headings():
        members = [layer for layer in catalogue().values() if layer.family == item.text(0)]
        members = members or blocks.names()
        assert item.data(0, COUNT) == item.childCount() == len(members)


def test_a_first_look_takes_in_every_family(palette):
    shown = palette.list.viewport().rect()
    for item in palette.list.headings():
        assert shown.contains(palette.list.visualItemRect(item))
    assert heading(palette, "Linear").isExpanded()
    assert not heading(palette, "Activation").isExpanded()


def test_a_click_on_a_heading_opens_and_closes_its_family(palette):
    item = heading(palette, "Loss")
    click(palette, item)
    assert item.isExpanded()
    click(palette, item)
    assert not item.isExpanded()


def test_headings_are_opened_and_closed_by_keys(palette):
    item = heading(palette, "Activation")
    palette.list.setFocus()
    palette.list.setCurrentItem(item)
    for key, is_open in (
        (Qt.Key.Key_Return, True),
        (Qt.Key.Key_Space, False),
        (Qt.Key.Key_Right, True),
        (Qt.Key.Key_Left, False),
    ):
        QTest.keyClick(palette.list, key)
        assert item.isExpanded() == is_open
    QTest.keyClick(palette.list, Qt.Key.Key_Right)
    QTest.keyClick(palette.list, Qt.Key.Key_Down)
    chosen = []
    palette.layer_chosen.connect(chosen.append)
    QTest.keyClick(palette.list, Qt.Key.Key_Return)
    assert chosen == [item.child(0).text(0)]


def test_what_is_open_stays_so_after_a_search_and_a_change_of_theme(palette, qapp):
    click(palette, heading(palette, "Source"))
    click(palette, heading(palette, "Loss"))
    palette.search.setText("relu")
    palette.search.clear()
    theme.apply(qapp, theme.DARK)
    theme.apply(qapp, theme.LIGHT)
    opened = {item.text(0) for item in palette.list.headings() if item.isExpanded()}
    assert opened == {"Linear", "Loss"}


def test_arrow_keys_in_the_search_field_pass_over_closed_families(palette):
    first, last = palette.list.entries()[0], heading(palette, "Linear").child(0)
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    assert palette.list.currentItem() is first
    for _ in range(heading(palette, "Source").childCount()):
        QTest.keyClick(palette.search, Qt.Key.Key_Down)
    assert palette.list.currentItem() is last


def test_the_best_match_comes_first():
    assert names("relu")[0] == "ReLU"
    assert names("Linear")[:2] == ["Linear", "Bilinear"]
    assert names("cel") == names("CEL")
    assert "CrossEntropyLoss" in names("crossent")
    for spelling in ("mse loss", "MSE-loss", "mse_loss"):
        assert names(spelling)[0] == "MSELoss"


def test_several_words_may_come_in_any_order():
    assert "MSELoss" in names("loss squared")


def test_a_layer_found_by_another_word_says_which(braid, palette):
    for query, found, why in (("plait", "Braid", "plait"), ("weav", "Braid", "Weaving")):
        palette.search.setText(query)
        entry = palette.list.entries()[0]
        assert (entry.text(0), entry.data(0, WHY)) == (found, why)
        assert why in entry.data(0, Qt.ItemDataRole.AccessibleTextRole)
    palette.search.setText("relu")
    assert palette.list.entries()[0].data(0, WHY) == ""


def test_a_search_that_finds_nothing_says_so_and_offers_what_is_spelt_nearly_so(palette):
    palette.search.setText("lienar")
    assert not palette.list.isVisible()
    assert "No layer matches “lienar”. Esc clears the search." in palette.nothing.text()
    assert close_to("lienar")[0] == "Linear"
    assert palette._nearly.isVisible()
    palette._nearly.linkActivated.emit("Linear")
    assert palette.list.entries()[0].text(0) == "Linear"
    palette.search.setText("<b>")
    assert "“<b>”" in palette.nothing.text()
    assert palette.nothing.textFormat() == Qt.TextFormat.PlainText
    assert not palette._nearly.isVisible()


def test_rows_are_painted_in_both_themes(palette, qapp):
    for item in palette.list.headings():
        item.setExpanded(True)
    palette.resize(200, 3000)
    for colours in (theme.DARK, theme.LIGHT):
        theme.apply(qapp, colours)
        image = palette.grab().toImage()
        row = palette.list.visualItemRect(palette.list.entries()[0])
        at = palette.list.viewport().mapTo(palette, row.topLeft() + QPoint(9, row.height() // 2))
        seen = {image.pixelColor(at.x() + dx, at.y()).name() for dx in range(14)}
        assert colours.family("Source") in seen


def test_another_name_that_is_typed_in_full_is_meant_before_a_part_of_a_name():
    assert hits("swish")[0].name == "SiLU"
    assert hits("dense")[0].name == hits("fc")[0].name == "Linear"
