"""The controls of a settings form, one class for each kind of setting.

Each has a signal `edited` with the value that the person wants, and `show_value`, which never
tells. What cannot be read as the kind is handed on as it was typed: the model says what is wrong.
"""

from collections.abc import Callable, Sequence
from typing import Any

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from explorer.app import theme
from explorer.app.panels.reading import choices_of, reading_of
from explorer.app.panels.suggestions import Suggestions
from explorer.layers.base import extra

_LARGEST_SPIN = 2**31 - 1


class CheckField(QCheckBox):
    """Yes or no."""

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.clicked.connect(self._tell)

    def show_value(self, value: Any) -> None:
        self.setChecked(bool(value))

    @Slot(bool)
    def _tell(self, checked: bool) -> None:
        self.edited.emit(checked)


class Choice(QComboBox):
    """A list to choose from. The wheel changes it only while it has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def wheelEvent(self, event: QWheelEvent) -> None:
        _turn(super().wheelEvent, self, event)


class ChoiceField(Choice):
    """One of a few values, None among them as the word none."""

    edited = Signal(object)

    def __init__(self, choices: Sequence[Any]):
        super().__init__()
        self._choices = list(choices)
        self.addItems(["none" if choice is None else str(choice) for choice in choices])
        self.activated.connect(self._tell)

    def show_value(self, value: Any) -> None:
        self.setCurrentIndex(self._choices.index(value) if value in self._choices else -1)

    @Slot(int)
    def _tell(self, place: int) -> None:
        self.edited.emit(self._choices[place])


class CountField(QSpinBox):
    """A whole number within bounds. Esc takes back what was typed.

    The wheel changes it only while it has the focus.
    """

    edited = Signal(object)

    def __init__(self, low: int, high: int):
        super().__init__()
        self.setRange(low, high)
        self.setGroupSeparatorShown(True)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._is_showing = False
        self._has_told = False
        self.valueChanged.connect(self._tell)
        self.lineEdit().textEdited.connect(self._on_typing)

    def show_value(self, value: Any) -> None:
        self._is_showing = True
        self.setValue(int(value))
        self._is_showing = False

    def event(self, event: QEvent) -> bool:
        return _keeps_undo(event, self._has_told) and super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        kept = self.textFromValue(self.value())
        if event.key() == Qt.Key.Key_Escape and self.text() != kept:
            self.lineEdit().setText(kept)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        _turn(super().wheelEvent, self, event)

    @Slot(int)
    def _tell(self, value: int) -> None:
        if not self._is_showing:
            self._has_told = True
            self.edited.emit(value)

    @Slot()
    def _on_typing(self) -> None:
        self._has_told = False


class TextField(QLineEdit):
    """Anything that is typed: told on Enter or when the focus goes; Esc takes it back.

    It may suggest words, which the arrow at its end and the Down key list.
    """

    edited = Signal(object)

    def __init__(self, read: Callable[[str], Any], write: Callable[[Any], str] = str):
        super().__init__()
        self._read, self._write = read, write
        self._shown = ""
        self._told = ""
        self._has_told = False
        self._suggestions: Suggestions | None = None
        self.returnPressed.connect(self._insist)
        self.editingFinished.connect(self._tell)
        self.textEdited.connect(self._on_typing)

    def suggest(self, words: Sequence[str]) -> None:
        """Offer words to choose from; any other may still be typed."""
        if self._suggestions is None and words:
            self._suggestions = Suggestions(self)
            self._suggestions.chosen.connect(self._choose)
        if self._suggestions is not None:
            self._suggestions.offer(words)

    def show_value(self, value: Any) -> None:
        text = self._write(value)
        if text != self._shown or (self.text() != text and not self.hasFocus()):
            self.restore(value)

    @property
    def is_as_shown(self) -> bool:
        """Whether it holds the value last shown, and nothing else was typed."""
        return self.text() == self._shown

    def restore(self, value: Any) -> None:
        """Show a value in place of whatever is being typed."""
        self._shown = self._told = self._write(value)
        self.setText(self._shown)
        if not self.hasFocus():
            self.setCursorPosition(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Who only reads it wants to see how it begins."""
        super().focusOutEvent(event)
        lent = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if event.reason() not in lent:
            self.setCursorPosition(0)

    def event(self, event: QEvent) -> bool:
        return _keeps_undo(event, self._has_told) and super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        offers = self._suggestions
        if offers is not None and offers.is_open:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape and self.text() != self._shown:
            self.setText(self._shown)
            self._tell()
        elif event.key() == Qt.Key.Key_Down and offers is not None:
            offers.show_all()
        else:
            super().keyPressEvent(event)

    @Slot(str)
    def _choose(self, word: str) -> None:
        self.setText(word)
        self._tell()

    @Slot()
    def _insist(self) -> None:
        """What was refused is told again by Enter: what stood against it may be gone."""
        self._told = self._shown

    @Slot()
    def _tell(self) -> None:
        text = self.text().strip()
        if text != self._told:
            self._told = text
            self._has_told = True
            self.edited.emit(self._read(text))

    @Slot()
    def _on_typing(self) -> None:
        self._has_told = False


class FileField(QWidget):
    """The path of a file: typed, or chosen in a dialog."""

    edited = Signal(object)

    def __init__(self, kinds: str):
        super().__init__()
        self._kinds = kinds
        self._path = TextField(str)
        self._path.setPlaceholderText("No file chosen")
        self._path.edited.connect(self.edited)
        browse = QPushButton("Choose…")
        browse.setToolTip("Choose the file in a dialog (Space)")
        browse.clicked.connect(self._choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACING)
        row.addWidget(self._path, 1)
        row.addWidget(browse)
        self.setFocusProxy(self._path)

    def show_value(self, value: Any) -> None:
        self._path.show_value(value)

    @Slot()
    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Choose a file", self._path.text(), self._kinds)
        if path:
            self.edited.emit(path)


Field = CheckField | ChoiceField | CountField | TextField | FileField


def field_for(info: FieldInfo) -> Field:
    """The control for a setting, from its type, its bounds and its `json_schema_extra`."""
    told = extra(info)
    if isinstance(choices := told.get("choices"), list):
        return ChoiceField(choices)
    if isinstance(kinds := told.get("file"), str):
        return FileField(kinds)
    kind = info.annotation
    if kind is bool:
        return CheckField()
    if few := choices_of(kind):
        return ChoiceField(few)
    if kind is int:
        low, high = _bounds(info)
        if high <= _LARGEST_SPIN:
            return CountField(low, high)
    reading = reading_of(kind)
    field = TextField(reading.read, reading.write)
    field.setPlaceholderText("—" if reading.may_be_none else "")
    words = told.get("suggestions")
    field.suggest([*reading.words, *(map(str, words) if isinstance(words, list) else ())])
    return field


def _bounds(info: FieldInfo) -> tuple[int, int]:
    low, high = -_LARGEST_SPIN, 2**63
    for bound in info.metadata:
        match bound:
            case Ge(ge=value):
                low = int(value)  # type: ignore[call-overload]
            case Gt(gt=value):
                low = int(value) + 1  # type: ignore[call-overload]
            case Le(le=value):
                high = int(value)  # type: ignore[call-overload]
            case Lt(lt=value):
                high = int(value) - 1  # type: ignore[call-overload]
    return low, high


def _keeps_undo(event: QEvent, has_told: bool) -> bool:
    """Whether a field handles this event: once it has told its value, undoing is the window's."""
    if event.type() != QEvent.Type.ShortcutOverride or not has_told:
        return True
    assert isinstance(event, QKeyEvent), "Qt sends such events for keys"
    undoes = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
    if any(event.matches(key) for key in undoes):
        event.ignore()
        return False
    return True


def _turn(handle: Callable[[QWheelEvent], None], field: QWidget, event: QWheelEvent) -> None:
    """Let a wheel turn a field that has the focus; otherwise the panel scrolls."""
    if field.hasFocus():
        handle(event)
    else:
        event.ignore()
