"""A person who listens instead of looking: everything has a name, the canvas tells its state."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QScrollBar,
    QTabBar,
    QTableView,
    QWidget,
)

from explorer.app import keys
from explorer.app.actions import COMMANDS

CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractSlider)
QTS_OWN = (QScrollBar, QHeaderView)
COMPOUND = (QAbstractSpinBox, QComboBox, QLineEdit, QTabBar, QTableView)
"""What has buttons or fields of Qt's inside, which are one with it."""


def name_of(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def is_a_part_of_qts(widget: QWidget) -> bool:
    """Whether it is Qt's own piece of something that has a name."""
    parent = widget.parentWidget()
    inside = isinstance(parent, COMPOUND) and not widget.toolTip()
    is_viewport = isinstance(parent, QAbstractScrollArea) and parent.viewport() is widget
    is_list_of_box = isinstance(widget, QAbstractItemView) and widget.window().inherits(
        "QComboBoxPrivateContainer"
    )
    named_by_qt = widget.objectName().startswith("qt_")
    return isinstance(widget, QTS_OWN) or inside or is_viewport or is_list_of_box or named_by_qt


def those_who_take_keys(window: QWidget) -> list[QWidget]:
    """All of them, but for those that are put away as there is nothing to do with them."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if not widget.isHidden()
        if isinstance(widget, CONTROLS) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if not is_a_part_of_qts(widget)
    ]


def in_words(widget: QWidget) -> str:
    """Which one it is, for who must mend it."""
    chain, at = [], widget
    while at is not None:
        chain.append(f"{type(at).__name__} {at.objectName()}".strip())
        at = at.parentWidget()
    return " in ".join(chain)


@pytest.fixture
def full(person, window):
    """A window in which everything has something to show."""
    person.hand.click(person.hand.title("fc1"))
    person.presses("F8")
    person.waits_until(lambda: window.controller.is_stepping)
    person.presses("Ctrl+F", "Esc", "Ctrl+Shift+H")
    person.waits_until(lambda: window.middle.page)
    return window


def test_whatever_takes_the_keyboard_has_a_name(full):
    nameless = [in_words(w) for w in those_who_take_keys(full) if not name_of(w)]
    assert nameless == []


def test_every_control_tells_what_it_does_in_a_tooltip(full):
    controls = [w for w in those_who_take_keys(full) if isinstance(w, CONTROLS)]
    assert len(controls) > 40
    assert [in_words(w) for w in controls if not w.toolTip()] == []


def test_every_action_has_a_tooltip_with_its_keys(window):
    for command in COMMANDS:
        tip = window.actions_by_name[command.name].toolTip()
        assert tip
        assert keys.shown(command.name) in tip


def test_dialogs_have_names_too(person, window):
    for key in ("F1", "Ctrl+Shift+P"):
        person.presses(key)
        person.waits_until(
            lambda: QApplication.activeModalWidget() or QApplication.activePopupWidget()
        )
        opened = QApplication.activeModalWidget() or QApplication.activePopupWidget()
        assert opened.accessibleName() or opened.windowTitle()
        assert [in_words(w) for w in those_who_take_keys(opened) if not name_of(w)] == []
        opened.close()
        person.comes_back()


def test_the_canvas_tells_what_is_selected(person, window):
    def says() -> str:
        return window.view.accessibleDescription()

    assert says() == "6 cards, none selected"
    person.hand.click(person.hand.title("fc1"))
    assert says() == "fc1, Linear, (N, 64), 1 of 6 selected"
    person.hand.click(person.hand.title("relu1"), Qt.KeyboardModifier.ControlModifier)
    assert says() == "2 of 6 selected, fc1, relu1"
    person.presses("Ctrl+A")
    assert says().startswith("6 of 6 selected, data, ")
    assert says().endswith(", and others")
    person.presses("Del")
    assert says() == "Empty"


def test_the_canvas_tells_what_is_wrong_with_the_selected_card(person, window):
    person.hand.click(person.hand.title("data"))
    person.presses("Del")
    person.hand.click(person.hand.title("flatten"))
    said = window.view.accessibleDescription()
    assert said.startswith("flatten, Flatten, 1 of 5 selected. ")
    assert "not connected" in said
