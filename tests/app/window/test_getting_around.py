"""A person without a mouse reaches every part of the window."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLayout
from shiboken6 import dump, isValid

from explorer.app.choice_rows import ABOUT


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


def test_what_was_gone_round_is_still_there_when_one_of_its_forms_is_made_anew(person, window):
    for number in range(len(TITLES)):
        person.presses(f"Alt+{number}")
    person.presses("Alt+0")
    for _ in range(4):
        person.presses("Right")
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    parts = [window.view.viewport(), *window.stepper.findChildren(QLayout)]
    assert [part for part in parts if not isValid(part)] == []
    parents = [line for line in dump(window).splitlines() if line.startswith("parent.")]
    assert parents == [], "PySide takes the window for a part of one of its parts"


def test_enter_goes_to_the_settings_of_the_selected_card(person, window):
    person.presses("Return")
    assert person.toast() == "⚠  Select one node to change its settings"
    person.presses("Right", "Return")
    assert has_keyboard(window, "Inspector")


def wires(palette) -> list[str]:
    return [palette.list.item(row).text() for row in range(palette.list.count())]


def test_a_wire_is_drawn_without_a_mouse_and_undone(person, window):
    window.document.graph.disconnect("fc2.x")
    window.view.select(["relu1"])
    person.presses("W")
    offered = QApplication.activePopupWidget()
    assert wires(offered)[0] == "relu1.out to fc2.x"
    assert "fc1.out to relu1.x" not in wires(offered), "it is there already"
    person.types("to fc2")
    person.presses("Return")
    person.comes_back()
    assert person.graph.wires["fc2.x"].source == "relu1.out"
    assert person.toast() == "fc2.x now reads relu1.out"
    person.presses("Ctrl+Z")
    assert "fc2.x" not in person.graph.wires


def test_a_wire_that_would_take_anothers_place_says_so(person, window):
    window.view.select(["fc1"])
    person.presses("W")
    offered = QApplication.activePopupWidget()
    person.types("fc1.out to fc2.x")
    assert offered.list.item(0).data(ABOUT) == "in the place of relu1.out"
    person.presses("Return")
    person.comes_back()
    assert person.graph.wires["fc2.x"].source == "fc1.out"


def test_without_a_node_or_a_wire_that_fits_it_is_said(person, window):
    person.presses("W")
    assert "Select a node to connect first" in person.toast()
    person.presses("Ctrl+N")
    window.document.graph.add("Data", id="data", dataset="moons")
    window.view.select(["data"])
    person.presses("W")
    assert "No wire fits data" in person.toast()


def test_a_net_is_built_without_a_mouse(person, window):
    person.presses("Ctrl+N")
    for name in ("Data", "Linear", "BCEWithLogits"):
        person.presses("Tab")
        person.types(name)
        person.presses("Return")
        person.comes_back()
    person.presses("Left", "Up")
    for wire in ("data.x to fc1", "data.y to loss"):
        person.presses("W")
        person.types(wire)
        person.presses("Return")
        person.comes_back()
    wired = {wire.source: wire.target for wire in person.graph.wires.values()}
    assert wired == {"data.x": "fc1.x", "fc1.out": "loss.y_hat", "data.y": "loss.y"}


def test_a_first_window_is_as_large_as_planned_however_many_panels_there_are(window):
    assert (window.width(), window.height()) == (1440, 900)


@pytest.mark.parametrize(
    "keys, why",
    [
        ("Ctrl+G", "Select"),
        ("Delete", "Select what to delete first"),
        ("Ctrl+X", "Select nodes to cut first"),
        ("Shift+F11", "Nothing is stepped through"),
    ],
)
def test_a_key_that_can_do_nothing_now_says_why(person, window, keys, why):
    window.view.setFocus()
    person.presses("Esc", keys)
    person.waits_until(lambda: person.toast().startswith(f"⚠  {why}"))


def test_f5_on_a_net_that_cannot_run_says_what_is_wrong(person, window):
    person.hand.click(person.hand.title("loss"))
    person.presses("Del")
    person.waits_until(lambda: window.controller.reason)
    person.presses("F5")
    person.waits_until(lambda: person.toast().startswith("⚠"))
    assert window.controller.reason in person.toast()


def test_what_was_told_goes_when_something_else_is_done(person, window):
    person.hand.click(person.hand.title("relu1"))
    person.presses("Ctrl+C")
    assert person.toast() == "Copied relu1"
    person.presses("M")
    assert "Copied" not in person.toast()


def test_training_and_stepping_show_the_net_that_they_are_about(person, window):
    for keys in ("F5", "F10"):
        person.presses("Ctrl+Shift+H")
        assert not window.view.isVisible()
        person.presses(keys)
        person.waits_until(window.view.isVisible)
