"""What is typed never works in secret, and what was refused does not stay about."""

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QSpinBox

from explorer.app import theme


def test_keys_go_to_the_canvas_when_the_field_they_went_to_is_covered(person, window):
    person.fills(person.field("epochs", window.training), "3")
    person.presses("F10")
    person.waits_until(lambda: person.has_in_front("Values"))
    assert not window.training.isAncestorOf(QApplication.focusWidget())
    person.presses("Up", "Up")
    assert window.document.graph.training.epochs == 3


def test_ctrl_z_takes_back_a_number_that_its_field_has_taken_over(person, window):
    epochs = person.field("epochs", window.training)
    assert isinstance(epochs, QSpinBox)
    before = epochs.value()
    person.fills(epochs, "3")
    person.presses("Ctrl+Z")
    person.waits_until(lambda: window.document.graph.training.epochs == before)
    assert epochs.value() == before


def test_a_refused_setting_goes_when_another_graph_is_opened(person, window):
    rate = person.field("learning_rate", window.training)
    assert isinstance(rate, QLineEdit)
    person.fills(rate, "nan")
    assert person.sees("must be a finite number", window.training)
    person.opens_example("spiral")
    assert not person.sees("must be a finite number", window.training)
    assert float(rate.text()) == window.document.graph.training.learning_rate


def test_a_run_shows_the_settings_that_it_uses(person, window):
    rate = person.field("learning_rate", window.training)
    person.fills(rate, "1e9")
    window.view.setFocus()
    person.presses("F5")
    person.waits_until(lambda: window.controller.steps > 0)
    assert rate.text() == "0.05"
    assert not person.sees("⚠ ", window.training)


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=lambda t: t.name)
@pytest.mark.parametrize("field", ["epochs", "optimizer", "learning_rate"])
def test_all_kinds_of_fields_have_one_border(person, window, field, colours, qapp):
    theme.apply(qapp, colours)
    try:
        shown = person.field(field, window.training).grab().toImage()
    finally:
        theme.apply(qapp, theme.LIGHT)
    assert shown.pixelColor(shown.width() // 2, 0).name() == colours.border
    assert shown.pixelColor(0, shown.height() // 2).name() == colours.border
    assert shown.pixelColor(3, shown.height() // 2).name() == colours.field
