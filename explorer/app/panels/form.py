"""A form made from a model's declared fields: controls, words, bounds and what is wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLabel, QWidget

from explorer.app import theme
from explorer.app.panels.fields import CheckField, ChoiceField, FileField, TextField, field_for
from explorer.app.panels.notice import as_sentence, wrapping_label
from explorer.layers.base import extra, settings_of

_LABEL_WIDTH = 96


class SettingsForm(QWidget):
    """One row for each field of a pydantic model. It tells what a person wants, and no more.

    A field whose `json_schema_extra` has "when" is shown while one of the form's choices is one
    of the values listed there.
    """

    changed = Signal(str, object)

    def __init__(self, model: type[BaseModel], values: Mapping[str, Any]):
        super().__init__()
        self._values = dict(values)
        self._layout = form_layout(self)
        self._rows: dict[str, _Row] = {}
        for name, info in settings_of(model).items():
            if extra(info).get("last") and self._rows and not self._has_more():
                self._layout.addRow(_more())
            self._rows[name] = self._row(name, info)
        self.show_values(values)

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Fill the form in; what a person is typing into a field stays unless its value changed."""
        self._values = dict(values)
        for name, row in self._rows.items():
            row.field.show_value(self._values[name])
            if not isinstance(row.field, TextField) or row.field.is_as_shown:
                row.show_error(None)
        self._show_wanted_rows()

    def restore(self) -> None:
        """Put the values that are in use back into every field, whatever is typed there."""
        for name, row in self._rows.items():
            if isinstance(row.field, TextField):
                row.field.restore(self._values[name])
            row.show_error(None)
        self._show_wanted_rows()

    def take_back_refused(self) -> None:
        """What stood against a refused value may be gone: show the values in use, and no error.

        A text that was refused stays, to be told again by Enter.
        """
        for name, row in self._rows.items():
            if row.error.text() and not isinstance(row.field, TextField | FileField):
                self._take_back(name)
                row.show_error(None)
        self._show_wanted_rows()

    def show_error(self, field: str, sentence: str | None) -> None:
        """Say below a field what is wrong with what was typed; None when it is mended."""
        row = self._rows[field]
        row.show_error(sentence)
        if sentence and not (row.keeps_what_is_refused and row.field.hasFocus()):
            self._take_back(field)
        self._show_wanted_rows()

    def error(self, name: str) -> QLabel:
        """The line below a field that says what is wrong with it."""
        return self._rows[name].error

    def suggest(self, field: str, words: Sequence[str]) -> None:
        """Offer words to choose from in a field that takes any text."""
        control = self._rows[field].field
        if isinstance(control, TextField):
            control.suggest(words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Nobody is trying a refused value any more once they have gone elsewhere."""
        row = self._rows.get(watched.objectName())
        if event.type() == QEvent.Type.FocusOut and row is not None and row.error.text():
            self._take_back(watched.objectName())
        return super().eventFilter(watched, event)

    def _take_back(self, name: str) -> None:
        """Show the value in use; a text that was refused stays, to be mended."""
        field = self._rows[name].field
        if not isinstance(field, TextField | FileField):
            field.show_value(self._values[name])

    def field(self, name: str) -> QWidget:
        """The control of that setting."""
        return self._rows[name].field

    def _row(self, name: str, info: FieldInfo) -> "_Row":
        row = _Row(name, info)
        row.field.edited.connect(lambda value: self.changed.emit(name, value))
        row.field.installEventFilter(self)
        self._layout.addRow(row.label, row.field)
        self._layout.addRow(row.error)
        return row

    def _has_more(self) -> bool:
        return any(row.is_last for row in self._rows.values())

    def _show_wanted_rows(self) -> None:
        chosen = {
            str(self._values[name])
            for name, row in self._rows.items()
            if isinstance(row.field, ChoiceField)
        }
        for row in self._rows.values():
            is_wanted = row.when is None or bool(chosen & row.when)
            self._layout.setRowVisible(row.field, is_wanted)
            self._layout.setRowVisible(row.error, is_wanted and bool(row.error.text()))


def form_layout(owner: QWidget | None = None) -> QFormLayout:
    """The layout of all forms: labels of one width on the left, controls that fill the rest."""
    layout = QFormLayout(owner)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setHorizontalSpacing(theme.MARGIN)
    layout.setVerticalSpacing(theme.SPACING)
    layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return layout


def form_label(words: str, control: QWidget, tip: str) -> QLabel:
    """The name of a control, which it explains."""
    label = QLabel(words)
    label.setBuddy(control)
    label.setMinimumWidth(_LABEL_WIDTH)
    for widget in (label, control):
        widget.setToolTip(tip)
    control.setAccessibleName(words.replace("&", ""))
    return label


class _Row:
    """One setting: its name, its control, and a line below for what is wrong with it."""

    def __init__(self, name: str, info: FieldInfo):
        when = extra(info).get("when")
        self.is_last = bool(extra(info).get("last"))
        self.when = frozenset(map(str, when)) if isinstance(when, list) else None
        self.field = field_for(info)
        words = _words(info.title or name.replace("_", " "))
        self.label = form_label(words, self.field, f"{info.description} · {name}")
        self.error = wrapping_label()
        self.error.setProperty("role", "error")
        self.field.setAccessibleDescription(info.description or "")
        self.field.setObjectName(name)

    @property
    def keeps_what_is_refused(self) -> bool:
        """A number is tried one after the other: one that is refused lies on the way to others."""
        return not isinstance(self.field, CheckField)

    def show_error(self, sentence: str | None) -> None:
        self.error.setText(f"⚠ {as_sentence(sentence)}" if sentence else "")


def _words(name: str) -> str:
    """A setting's name with a capital, unless it begins with a symbol such as w or w_ih."""
    first = name.partition(" ")[0]
    return name[:1].upper() + name[1:] if len(first) > 1 and first.isalpha() else name


def _more() -> QWidget:
    """Sets apart what is seldom changed."""
    words = QLabel("More")
    words.setFont(theme.font(theme.SMALL_SIZE, bold=True))
    words.setProperty("role", "soft")
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    line.setProperty("role", "divider")
    heading = QWidget()
    row = QHBoxLayout(heading)
    row.setContentsMargins(0, theme.SPACING, 0, 0)
    row.setSpacing(theme.MARGIN)
    row.addWidget(words)
    row.addWidget(line, 1)
    return heading
