"""Forms show and take settings as people write them."""

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, BeforeValidator, Field
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QWidget

from explorer.app.panels.fields import ChoiceField, CountField
from explorer.app.panels.form import SettingsForm
from explorer.app.panels.reading import reading_of

Pair = Annotated[tuple[int, int], BeforeValidator(lambda value: value)]


class Settings(BaseModel):
    frozen: bool = Field(False, description="Held", json_schema_extra={"last": True})
    start: str = Field(
        "default",
        title="w starts as",
        description="How it starts",
        json_schema_extra={"suggestions": ["default", "zeros", "normal(0.02)"], "last": True},
    )
    weights_from: str = Field(
        "", title="weights from", description="Whose", json_schema_extra={"last": True}
    )
    width: int = Field(3, ge=1, le=9, description="How wide")
    kernel_size: tuple[int, int] = Field((3, 3), description="How far")
    padding: Pair | Literal["same"] = Field((0, 0), description="How much")
    stride: Pair | None = Field(None, description="How far each time")
    dim: int | tuple[int, ...] | None = Field(None, description="Which axes")
    sizes: tuple[int, ...] = Field((), description="How long")
    weight: list[float] | None = Field(None, description="For each class")
    mode: Literal["zeros", "reflect"] | None = Field(None, description="Beyond the edge")
    level: Literal[1, 2] = Field(1, description="Which norm")


@pytest.fixture
def form(qtbot) -> SettingsForm:
    form = SettingsForm(Settings, Settings().model_dump())
    qtbot.addWidget(form)
    form.told = []
    form.changed.connect(lambda name, value: form.told.append((name, value)))
    form.resize(320, 600)
    form.show()
    form.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is form)
    return form


def fill(form: SettingsForm, name: str, text: str) -> None:
    field = form.field(name)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text) if text else QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClick(field, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("kind", "typed", "value", "shown"),
    [
        (tuple[int, int], "5", (5, 5), "5, 5"),
        (tuple[int, int], "3, 5", (3, 5), "3, 5"),
        (tuple[int, int], "(3, 5)", (3, 5), "3, 5"),
        (tuple[int, int], "wide", "wide", None),
        (tuple[int, int, int], "2", (2, 2, 2), "2, 2, 2"),
        (tuple[int, ...], "16", (16,), "16"),
        (tuple[int, ...], "16, 3", (16, 3), "16, 3"),
        (tuple[int, ...], "", (), ""),
        (tuple[float, ...] | None, "", None, ""),
        (tuple[float, ...] | None, "0.1, 1.0", (0.1, 1.0), "0.1, 1"),
        (list[float] | None, "2", [2], "2"),
        (list[float] | None, "0.5, 2", [0.5, 2], "0.5, 2"),
        (list[float] | None, "None", None, ""),
        (int | tuple[int, ...] | None, "1", 1, "1"),
        (int | tuple[int, ...] | None, "1,", (1,), "1,"),
        (int | tuple[int, ...] | None, "0, 1", (0, 1), "0, 1"),
        (Pair | Literal["same"], "same", "same", "same"),
        (Pair | Literal["same"], "1", (1, 1), "1, 1"),
        (Pair | None, "2", (2, 2), "2, 2"),
        (float | None, "1e-3", 0.001, "0.001"),
        (float, "0.123456789", 0.123456789, "0.123456789"),
        (float, "0.10", 0.1, "0.1"),
        (int, "1,000", 1000, "1000"),
        (float | list, "[[1, 2], [3, 4]]", [[1, 2], [3, 4]], "[[1, 2], [3, 4]]"),
    ],
)
def test_what_is_typed_is_read_by_the_settings_type_and_written_back_plainly(
    kind, typed, value, shown
):
    reading = reading_of(kind)
    assert reading.read(typed) == value
    assert shown is None or reading.write(value) == shown


def test_tuples_are_shown_and_taken_without_brackets(form):
    assert form.field("kernel_size").text() == "3, 3"
    fill(form, "kernel_size", "5")
    fill(form, "kernel_size", "5, 7")
    fill(form, "stride", "2")
    fill(form, "weight", "1, 2.5")
    assert form.told == [
        ("kernel_size", (5, 5)),
        ("kernel_size", (5, 7)),
        ("stride", (2, 2)),
        ("weight", [1, 2.5]),
    ]


def test_choices_keep_their_type_and_may_be_none(form):
    mode, level = form.field("mode"), form.field("level")
    assert isinstance(mode, ChoiceField)
    assert mode.currentText() == "none"
    for field, key in ((mode, Qt.Key.Key_Up), (level, Qt.Key.Key_Down)):
        QTest.keyClick(field, key)
    assert form.told == [("mode", "reflect"), ("level", 2)]


def test_what_is_seldom_changed_comes_last_under_a_heading(form):
    tops = {
        widget.objectName() or widget.text(): widget.mapTo(form, widget.rect().topLeft()).y()
        for widget in form.findChildren(QWidget)
        if widget.objectName() in Settings.model_fields
        or (isinstance(widget, QLabel) and widget.text() == "More")
    }
    order = sorted(tops, key=tops.get)
    assert order[0] == "width"
    assert order[-4:] == ["More", "frozen", "start", "weights_from"]


def test_a_form_of_nothing_else_has_no_such_heading(qtbot):
    class Few(BaseModel):
        frozen: bool = Field(False, description="Held", json_schema_extra={"last": True})

    form = SettingsForm(Few, {"frozen": False})
    qtbot.addWidget(form)
    assert "More" not in [label.text() for label in form.findChildren(QLabel)]


def test_names_begin_with_a_capital_unless_they_are_symbols(form):
    words = [label.text() for label in form.findChildren(QLabel)]
    assert {"Kernel size", "Weights from", "w starts as"} <= set(words)


def test_suggestions_are_listed_by_the_down_key_and_chosen_with_enter(form, qtbot):
    field = form.field("start")
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    popup = QApplication.activePopupWidget()
    assert popup.model().rowCount() == 3
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert form.told == [("start", "zeros")]
    assert field.text() == "zeros"


def test_typing_narrows_suggestions_down_and_any_text_may_be_typed(form, qtbot):
    field = form.field("start")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "norm")
    popup = QApplication.activePopupWidget()
    assert popup.model().rowCount() == 1
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None
    assert field.text() == "norm"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert form.told == [("start", "norm")]


def test_the_arrow_of_a_field_lists_its_suggestions_too(form, qtbot):
    field = form.field("start")
    (arrow,) = field.actions()
    arrow.trigger()
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    QApplication.activePopupWidget().close()


def test_words_can_be_suggested_later_and_taken_away_again(form):
    field = form.field("weights_from")
    assert isinstance(field, QLineEdit)
    assert not field.actions()
    form.suggest("weights_from", ["fc1", "fc2"])
    (arrow,) = field.actions()
    assert arrow.isVisible()
    form.suggest("weights_from", [])
    assert not arrow.isVisible()


def test_one_word_of_a_type_is_a_suggestion(form):
    assert len(form.field("padding").actions()) == 1


def test_a_refused_number_may_be_stepped_over_and_goes_when_one_leaves(form):
    width = form.field("width")
    assert isinstance(width, CountField)
    form.changed.connect(
        lambda name, value: form.show_error(name, "must be odd" if value % 2 == 0 else None)
    )
    width.setFocus()
    QTest.keyClick(width, Qt.Key.Key_Up)
    assert width.value() == 4
    QTest.keyClick(width, Qt.Key.Key_Up)
    assert width.value() == 5
    QTest.keyClick(width, Qt.Key.Key_Up)
    assert _errors(form) == ["⚠ Must be odd"]
    form.field("kernel_size").setFocus()
    assert width.value() == 3, "what is in use"
    assert _errors(form) == ["⚠ Must be odd"]
    form.show_values(Settings().model_dump())
    assert _errors(form) == []


def test_a_refused_check_mark_is_taken_back_at_once(form):
    frozen = form.field("frozen")
    form.changed.connect(lambda name, value: form.show_error(name, "cannot be held"))
    frozen.setFocus()
    QTest.keyClick(frozen, Qt.Key.Key_Space)
    assert not frozen.isChecked()
    assert _errors(form) == ["⚠ Cannot be held"]


def test_enter_tries_a_refused_text_again(form):
    form.changed.connect(lambda name, value: form.show_error(name, "has no such port"))
    fill(form, "kernel_size", "4")
    QTest.keyClick(form.field("kernel_size"), Qt.Key.Key_Return)
    assert form.told == [("kernel_size", (4, 4))] * 2
    assert form.field("kernel_size").text() == "4"


def test_choices_are_no_free_text(form):
    assert all(not box.isEditable() for box in form.findChildren(QComboBox))


def _errors(form: SettingsForm) -> list[str]:
    found = form.findChildren(QLabel)
    return [label.text() for label in found if label.text().startswith("⚠") and label.isVisible()]
