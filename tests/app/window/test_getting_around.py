"""A person without a mouse reaches every part of the window."""

import pytest
from PySide6.QtWidgets import QApplication


def has_keyboard(window, title: str) -> bool:
    """Whether what is typed now goes to that panel, or to the canvas."""
    focused = QApplication.focusWidget()
    if title == "Canvas":
        return focused is window.view
    dock = window.docks[title]
    return focused is dock or dock.isAncestorOf(focused)


TITLES = (
    "Canvas", "Layers", "Inspector", "Training", "Values", "Curves", "Code", "Steps", "Problems",
)  # fmt: skip


@pytest.mark.parametrize("number, title", list(enumerate(TITLES)))
def test_a_digit_with_alt_brings_a_panel_to_the_front_and_gives_it_the_keyboard(
    person, window, number, title
):
    person.presses(f"Alt+{number}")
    assert has_keyboard(window, title)
    assert title == "Canvas" or person.has_in_front(title)


def test_a_panel_that_was_closed_is_shown_again(person, window):
    window.docks["Code"].close()
    person.presses("Alt+6")
    assert person.has_in_front("Code")
    assert has_keyboard(window, "Code")


def test_f6_goes_round_the_parts_that_are_shown(person, window):
    seen = []
    for _ in range(5):
        person.presses("F6")
        seen.append(next(title for title in TITLES if has_keyboard(window, title)))
    assert seen == ["Curves", "Code", "Training", "Layers", "Canvas"]
    person.presses("Shift+F6")
    assert has_keyboard(window, "Layers")
