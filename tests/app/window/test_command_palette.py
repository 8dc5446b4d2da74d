"""A person finds anything that can be done by a few letters of it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from explorer.app import theme
from explorer.app.actions import COMMANDS, GO_TO
from explorer.app.command_palette import CommandPalette
from explorer.graph import examples


def opens_palette(person) -> CommandPalette:
    person.presses("Ctrl+Shift+P")
    palette = QApplication.activePopupWidget()
    assert isinstance(palette, CommandPalette)
    assert palette.search.hasFocus()
    return palette


def rows(palette: CommandPalette) -> list[str]:
    return [palette.list.item(row).text() for row in range(palette.list.count())]


def spoken(palette: CommandPalette, text: str) -> str:
    """What a screen reader says of a row."""
    item = palette.list.item(rows(palette).index(text))
    return item.data(Qt.ItemDataRole.AccessibleTextRole)


def current(palette: CommandPalette) -> str:
    return palette.list.currentItem().text()


def does(person, *typed: str) -> None:
    """Type into the palette, press Enter, and be back."""
    opens_palette(person)
    person.types(*typed)
    person.presses("Return")
    person.comes_back()


def test_everything_that_can_be_done_is_listed(person, window, tmp_path):
    person.will_name(tmp_path / "mine.json")
    person.presses("Ctrl+S")
    listed = rows(opens_palette(person))
    for command in COMMANDS:
        before = f"{GO_TO} " if command.menu == GO_TO else ""
        if command.name != "command_palette":
            assert before + command.text.removesuffix("…") in listed
    assert {f"Go to {title}" for title in window.docks} <= set(listed)
    assert {f"Open example: {name}" for name in examples.names()} <= set(listed)
    assert "Open mine.json" in listed
    assert {"Colours: as the system", "Colours: light", "Colours: dark"} <= set(listed)


@pytest.mark.parametrize(
    "typed, first",
    [
        ("arrange", "Arrange"),
        ("sel all", "Select all"),
        ("sd", "Select downstream"),
        ("spiral", "Open example: spiral"),
        ("dark", "Colours: dark"),
        ("shortc", "Keyboard shortcuts"),
        ("go insp", "Go to Inspector"),
    ],
)
def test_a_few_letters_find_it(person, typed, first):
    palette = opens_palette(person)
    person.types(typed)
    assert current(palette) == first


def test_enter_does_it_with_the_canvas_in_front_again(person, window):
    does(person, "select all")
    assert len(window.view.selected()) == 6
    assert window.view.hasFocus()
    does(person, "example spiral")
    assert window.windowTitle().startswith("spiral")


def test_arrow_keys_go_round_and_pages_stop_at_the_ends(person):
    palette = opens_palette(person)
    listed = rows(palette)
    person.presses("Up")
    assert current(palette) == listed[-1]
    person.presses("Down", "Down")
    assert current(palette) == listed[1]
    person.presses("PgUp")
    assert current(palette) == listed[0]
    person.presses("PgDown")
    assert current(palette) == listed[12]


def test_a_click_does_it_too(person, window):
    palette = opens_palette(person)
    person.types("zoom in")
    before = window.view.scale_factor
    at = palette.list.visualItemRect(palette.list.item(0)).center()
    person.clicks(palette.list.viewport(), at)
    assert window.view.scale_factor > before


def test_esc_closes_it_and_the_keyboard_is_where_it_was(person, window):
    field = person.field("learning_rate", window.training)
    field.setFocus()
    opens_palette(person)
    person.types("quit")
    person.presses("Esc")
    assert QApplication.activePopupWidget() is None
    assert field.hasFocus()
    assert window.isVisible()


def test_what_cannot_be_done_now_says_why_and_stays(person, window):
    palette = opens_palette(person)
    person.types("stop")
    assert current(palette) == "Stop"
    assert spoken(palette, "Stop").endswith("cannot be used now: There is no run to stop")
    person.presses("Return")
    assert palette.isVisible()


def test_a_row_is_read_out_with_its_menu_and_its_keys(person):
    assert spoken(opens_palette(person), "Save") == "Save, File, Ctrl+S"


def test_nothing_found_is_said(person):
    palette = opens_palette(person)
    person.types("qqqq")
    assert person.sees("Nothing matches “qqqq”. Esc closes.", palette)
    person.presses("Return", "Down")
    assert palette.isVisible()


def test_what_was_used_last_comes_first_after_a_restart_too(person, window, open_it):
    does(person, "arrange")
    does(person, "select upstream")
    assert rows(opens_palette(person))[:2] == ["Select upstream", "Arrange"]
    person.presses("Esc")
    window.document.graph.history.mark_saved()
    window.close()
    open_it()
    person.presses("Ctrl+Shift+P")
    palette = QApplication.activePopupWidget()
    assert rows(palette)[:2] == ["Select upstream", "Arrange"]


def test_colours_are_chosen_and_kept(person, window, settings):
    does(person, "colours dark")
    assert theme.current() is theme.DARK
    assert settings.value("theme") == "dark"
    does(person, "colours light")
    assert theme.current() is theme.LIGHT
