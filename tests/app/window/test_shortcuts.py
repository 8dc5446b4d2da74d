"""A person looks up shortcuts, gives commands other keys, and has them again after a restart."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from explorer.app import keys
from explorer.app.actions import COMMANDS
from explorer.app.shortcut_dialog import ShortcutDialog

CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture(autouse=True)
def factory_keys():
    yield
    keys.reset()


def opens_shortcuts(person, by: str = "F1") -> ShortcutDialog:
    person.presses(by)
    person.waits_until(lambda: isinstance(QApplication.activeModalWidget(), ShortcutDialog))
    dialog = QApplication.activeModalWidget()
    person.waits_until(dialog.isActiveWindow)
    return dialog


def gives(person, dialog, name: str, key: Qt.Key, modifiers=NONE) -> None:
    """Choose a command in the list, press Enter, then its new keys."""
    dialog.list.setFocus()
    dialog.list.choose(name)
    person.presses("Return")
    assert dialog.edit.hasFocus()
    QTest.keyClick(dialog.edit, key, modifiers)


def closes(person, dialog) -> None:
    dialog.list.setFocus()
    person.presses("Esc")
    person.comes_back()
    person.window.view.setFocus()


def rows(dialog) -> dict[str, str]:
    """The rows that are shown, with their keys."""
    found = {}
    root = dialog.list.invisibleRootItem()
    for menu in (root.child(at) for at in range(root.childCount())):
        for row in (menu.child(at) for at in range(menu.childCount())):
            if not row.isHidden():
                found[row.text(0)] = row.text(1)
    return found


def test_f1_and_the_question_mark_list_every_command_with_its_keys(person):
    for key in ("F1", "?"):
        dialog = opens_shortcuts(person, key)
        listed = rows(dialog)
        for command in COMMANDS:
            shown = " or ".join(keys.as_written(key) for key in command.shortcuts)
            assert listed[command.text.removesuffix("…")] == shown
        assert listed["Zoom at the pointer"] == "Wheel"
        closes(person, dialog)


def test_a_question_mark_typed_into_a_field_stays_text(person, window):
    window.palette_panel.search.setFocus()
    person.types("what?")
    assert window.palette_panel.search.text() == "what?"
    assert QApplication.activeModalWidget() is None


@pytest.mark.parametrize("words, first", [("sele", "Select all"), ("ctrl+s", "Save")])
def test_it_is_searched_by_words_and_by_keys(person, words, first):
    dialog = opens_shortcuts(person)
    dialog.search.setFocus()
    person.types(words)
    assert first in rows(dialog)
    assert "Quit" not in rows(dialog)
    person.presses("Down")
    assert dialog.list.hasFocus()


def test_nothing_found_is_said(person):
    dialog = opens_shortcuts(person)
    dialog.search.setFocus()
    person.types("qqqq")
    assert person.sees("Nothing matches “qqqq”", dialog)
    assert not dialog.edit.isEnabled()


def test_new_keys_are_in_force_at_once_and_told_by_tooltips_and_sentences(person, window):
    dialog = opens_shortcuts(person)
    gives(person, dialog, "train", Qt.Key.Key_F12, CTRL)
    assert person.sees("Train is now Ctrl+F12", dialog)
    assert rows(dialog)["Train"] == "Ctrl+F12"
    assert "(Ctrl+F12)" in window.actions_by_name["train"].toolTip()
    assert "(Ctrl+F12)" in person.button("Train", window.training).toolTip()
    assert person.sees("Press Train (Ctrl+F12) to see the curves", window.plots)
    closes(person, dialog)
    person.presses("F5")
    assert window.controller.state == "ready"
    person.presses("Ctrl+F12")
    person.waits_until(lambda: window.controller.steps > 0)


def test_keys_of_another_command_are_told_and_taken_only_when_asked(person, window):
    dialog = opens_shortcuts(person)
    gives(person, dialog, "arrange", Qt.Key.Key_S, CTRL)
    assert person.sees("Ctrl+S is the shortcut of Save", dialog)
    assert keys.of("save") == ("Ctrl+S",)
    assert dialog.take.text() == "Take it from Save"
    person.presses("Space")
    assert person.sees("Arrange is now Ctrl+S", dialog)
    assert keys.of("save") == ()
    closes(person, dialog)
    person.presses("Ctrl+S")
    assert window.document.path is None
    assert "(" not in window.actions_by_name["save"].toolTip()


def test_the_same_key_may_mean_something_else_in_another_panel(person):
    dialog = opens_shortcuts(person)
    gives(person, dialog, "fit_curves", Qt.Key.Key_F)
    assert person.sees("See all of the curves is now F", dialog)
    assert keys.of("frame_selection") == ("F",)


def test_keys_that_fields_need_are_refused(person):
    dialog = opens_shortcuts(person)
    gives(person, dialog, "train", Qt.Key.Key_Space)
    assert person.sees("Space cannot be a shortcut", dialog)
    assert keys.of("train") == ("F5",)


def test_esc_gives_up_and_changes_nothing(person):
    dialog = opens_shortcuts(person)
    gives(person, dialog, "train", Qt.Key.Key_Escape)
    assert keys.of("train") == ("F5",)
    assert dialog.list.hasFocus()
    assert dialog.isVisible()


def test_a_command_can_have_no_keys_and_be_reset(person, window):
    dialog = opens_shortcuts(person)
    dialog.list.choose("train")
    assert not dialog.reset.isEnabled()
    person.clicks(dialog.none)
    assert rows(dialog)["Train"] == ""
    assert person.sees("Press Train to see the curves", window.plots)
    person.clicks(dialog.reset)
    assert rows(dialog)["Train"] == "F5"


def test_all_can_be_reset_at_once(person):
    dialog = opens_shortcuts(person)
    gives(person, dialog, "train", Qt.Key.Key_F12, CTRL)
    gives(person, dialog, "step", Qt.Key.Key_F11, CTRL)
    person.clicks(dialog.reset_all)
    assert keys.of("train") == ("F5",)
    assert keys.of("step") == ("F10",)


def test_chosen_keys_survive_a_restart(person, window, open_it, settings):
    dialog = opens_shortcuts(person)
    gives(person, dialog, "select_all", Qt.Key.Key_F7, CTRL)
    closes(person, dialog)
    window.close()
    keys.reset()
    again = open_it()
    person.window = again
    person.presses("Ctrl+F7")
    assert len(again.view.selected()) == 6


@pytest.mark.parametrize("broken", ["{", "[]", '{"train": 3, "nobody": ["F1"], "step": [7, "F7"]}'])
def test_settings_that_cannot_be_read_are_passed_over(open_it, settings, broken):
    settings.setValue("shortcuts", broken)
    window = open_it()
    assert window.actions_by_name["train"].shortcut().toString() == "F5"


def test_single_keys_belong_to_the_canvas(person, window):
    window.view.select(["fc1"])
    person.presses("Alt+6")
    for key in ("F", "Home", "Del", "Left"):
        person.presses(key)
    assert "fc1" in person.graph.nodes
    assert person.graph.history.undo_label is None


def test_no_two_commands_come_with_keys_that_clash():
    for command in COMMANDS:
        for key in command.shortcuts:
            assert keys.holder(key, command.name) is None, f"{key} of {command.name}"
