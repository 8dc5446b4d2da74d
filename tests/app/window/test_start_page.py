"""A person begins on the start page: recent work, or a starter graph by its picture."""

import os
import time

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QMessageBox

from explorer.app import theme
from explorer.app.start_page.card import GraphCard
from explorer.app.start_page.page import StartPage, ago
from explorer.graph import examples

from ..hand import LEFT, NONE

Answer = QMessageBox.StandardButton


def opens_page(person) -> StartPage:
    person.presses("Ctrl+Shift+H")
    page = person.window.middle.page
    assert page is not None
    assert page.isVisible()
    return page


def card(page: StartPage, name: str) -> GraphCard:
    (found,) = (c for c in page.findChildren(GraphCard) if c.text() == name)
    return found


def focused() -> str:
    """The name of the card that has the keyboard."""
    widget = QApplication.focusWidget()
    return widget.text() if isinstance(widget, GraphCard) else ""


@pytest.fixture
def mine(tmp_path, residual):
    path = tmp_path / "mine.json"
    residual.save(path)
    return path


def has_worked_on(person, path) -> None:
    person.will_name(path)
    person.presses("Ctrl+O")


def test_a_first_start_opens_the_net_for_digits_at_once(window):
    assert window.middle.page is None
    assert window.view.isVisible()


def test_every_starter_graph_has_a_card_with_its_picture_and_its_sentence(person):
    page = opens_page(person)
    assert [c.text() for c in page.examples.cards] == examples.names()
    for shown in page.examples.cards:
        about = examples.about(examples.load_example(shown.text()))
        assert shown.accessibleDescription() == about
        assert about in shown.toolTip()
        assert shown._drawn.tiles
    assert not page.recent.isVisible(), "there is no recent work yet"


def test_a_click_on_a_card_opens_it_in_the_canvas(person, window):
    page = opens_page(person)
    page.ensureWidgetVisible(card(page, "spiral"))
    person.clicks(card(page, "spiral"))
    assert window.windowTitle().startswith("spiral")
    assert window.view.hasFocus()
    assert person.toast() == examples.about(person.graph)


def test_the_second_click_of_two_on_a_card_does_nothing_to_the_canvas(person, window):
    page = opens_page(person)
    chosen = card(page, "autograd_scalar")
    canvas, at = window.view.viewport(), chosen.mapToGlobal(chosen.rect().center())
    person.clicks(chosen)
    QTest.mouseDClick(canvas, LEFT, NONE, canvas.mapFromGlobal(at))
    person.hand.release(canvas.mapFromGlobal(at))
    assert window.view.offers.popup is None
    person.double_clicks(canvas, person.hand.empty())
    assert window.view.offers.popup is not None, "two clicks on the canvas itself are meant"
    person.presses("Esc")


def test_a_notice_about_the_net_goes_with_the_canvas(person):
    person.opens_example(examples.FIRST)
    assert person.toast() == examples.about(person.graph)
    opens_page(person)
    assert person.toast() == ""


def test_arrow_keys_go_from_card_to_card_and_enter_opens(person, window):
    page = opens_page(person)
    names = examples.names()
    assert focused() == names[0]
    columns = sum(c.y() == page.examples.cards[0].y() for c in page.examples.cards)
    person.presses("Right")
    assert focused() == names[1]
    person.presses("Left", "Down")
    assert focused() == names[columns]
    person.presses("Up", "Up", "Left")
    assert focused() == names[0], "there is nothing above and before the first"
    person.presses("Down", "Right", "Return")
    assert window.windowTitle().startswith(names[columns + 1])


def test_the_card_with_the_keyboard_is_in_view(person):
    page = opens_page(person)
    for _ in range(12):
        person.presses("Down")
    shown = page.viewport().rect()
    at = QApplication.focusWidget().mapTo(
        page.viewport(), QApplication.focusWidget().rect().center()
    )
    assert shown.contains(at)


def test_esc_and_the_shortcut_go_back_to_the_canvas_as_it_was(person, window):
    person.hand.click(person.hand.title("fc1"))
    for key in ("Esc", "Ctrl+Shift+H"):
        opens_page(person)
        person.presses(key)
        assert window.middle.page is None
        assert window.view.hasFocus()
        assert window.view.selected() == ["fc1"]


def test_recent_files_come_first_with_where_and_when(person, window, mine):
    has_worked_on(person, mine)
    then = time.time() - 3 * 3600
    os.utime(mine, (then, then))
    page = opens_page(person)
    (shown,) = page.recent.cards
    assert shown.text() == "mine.json"
    assert shown.accessibleDescription() == f"{mine.parent}. 3 hours ago"
    assert focused() == "mine.json"
    person.presses("Down")
    assert focused() == examples.FIRST
    person.presses("Up", "Space")
    assert window.windowTitle().startswith("mine.json")


def test_a_recent_file_that_is_broken_says_so_and_stays_out_of_the_way(person, window, mine):
    has_worked_on(person, mine)
    mine.write_text("{", encoding="utf-8")
    page = opens_page(person)
    assert page.recent.cards[0].about == "This file cannot be read"
    person.presses("Return")
    assert "not valid JSON" in person.toast()
    assert window.middle.page is page


def test_unsaved_changes_are_asked_about_and_cancel_stays_on_the_page(person, window):
    person.hand.click(person.hand.title("fc1"))
    person.presses("Alt+Down")
    page = opens_page(person)
    with person.answering(Answer.Cancel):
        person.presses("Return")
    assert window.middle.page is page
    assert window.isWindowModified()


def test_new_and_open_lead_away(person, window, mine):
    page = opens_page(person)
    person.clicks(person.button("New", page))
    assert not person.graph.nodes
    assert window.view.isVisible()
    page = opens_page(person)
    person.will_name(mine)
    person.clicks(person.button("Open", page))
    assert window.windowTitle().startswith("mine.json")


def test_a_later_start_begins_with_recent_work_unless_it_is_told_not_to(
    person, window, open_it, mine
):
    has_worked_on(person, mine)
    window.close()
    again = open_it()
    page = again.middle.page
    assert page is not None
    assert again.windowTitle().startswith("digits_mlp")
    assert [c.text() for c in page.recent.cards] == ["mine.json"]
    (box,) = page.findChildren(QCheckBox)
    page.ensureWidgetVisible(box)
    person.clicks(box, box.rect().topLeft() + type(box.rect().center())(8, 8))
    assert not box.isChecked()
    again.close()
    assert open_it().middle.page is None


def test_a_start_with_a_file_shows_that_file(person, window, open_it, mine):
    has_worked_on(person, mine)
    window.close()
    assert open_it(mine).middle.page is None


def test_cards_stand_side_by_side_or_below_each_other_as_there_is_room(person, window, qtbot):
    page = opens_page(person)
    for dock in window.docks.values():
        dock.close()
    counts = []
    for width in (1300, 700, 420):
        window.resize(width, 700)
        qtbot.wait(20)
        cards = page.examples.cards
        counts.append(sum(c.y() == cards[0].y() for c in cards))
        for shown in cards:
            assert shown.geometry().right() <= page.examples.width()
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[1] > counts[2] >= 1


def test_it_is_drawn_in_both_themes(person, qapp):
    page = opens_page(person)
    light = page.grab().toImage()
    theme.apply(qapp, theme.DARK)
    dark = page.grab().toImage()
    theme.apply(qapp, theme.LIGHT)
    assert light.pixelColor(4, 4).lightness() > 200 > 60 > dark.pixelColor(4, 4).lightness()


@pytest.mark.parametrize(
    "then, said",
    [
        ("2026-03-10 11:59:30", "just now"),
        ("2026-03-10 11:58:30", "1 minute ago"),
        ("2026-03-10 09:00:00", "3 hours ago"),
        ("2026-03-09 08:00:00", "yesterday"),
        ("2026-03-06 23:00:00", "4 days ago"),
        ("2026-02-01 12:00:00", "1 February 2026"),
        ("2026-03-10 12:00:09", "just now"),
    ],
)
def test_times_are_said_as_people_do(then, said):
    seconds = [time.mktime(time.strptime(at, "%Y-%m-%d %H:%M:%S")) for at in (then, NOW)]
    assert ago(*seconds) == said


NOW = "2026-03-10 12:00:00"
