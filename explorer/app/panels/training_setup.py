"""Where and how to train: the device, the pace, and the settings that belong to the net."""

from typing import Any

from pydantic import BaseModel, create_model
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.app import theme
from explorer.app.panels.fields import Choice
from explorer.app.panels.form import SettingsForm, form_label, form_layout
from explorer.graph import TrainingSettings
from explorer.training import Device

_PACES = (("Full speed", 0.0), ("100 steps/s", 100.0), ("10 steps/s", 10.0), ("1 step/s", 1.0))
_CHOSEN_ELSEWHERE = "loss"


def _fields() -> type[BaseModel]:
    """What a person fills in here; which output is the loss is chosen on the canvas."""
    fields: dict[str, Any] = {
        name: (field.annotation, field)
        for name, field in TrainingSettings.model_fields.items()
        if name != _CHOSEN_ELSEWHERE
    }
    return create_model("TrainingFields", **fields)


class TrainingSetup(QWidget):
    """Device and speed, which may change at any time, and the settings form."""

    setting_changed = Signal(str, object)
    device_changed = Signal(str)
    pace_changed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self._device = _combo("Device", "Where to train; a run goes on there from the same state")
        self._device.addItem("Automatic", "auto")
        self._device.activated.connect(self._on_device)
        self._pace = _combo("Speed", "Slow training down to watch it")
        for words, steps in _PACES:
            self._pace.addItem(words, steps)
        self._pace.activated.connect(self._on_pace)
        self._form = SettingsForm(_fields(), _values(TrainingSettings()))
        self._form.changed.connect(self.setting_changed)
        top = form_layout()
        for words, box in (("&Device", self._device), ("Spee&d", self._pace)):
            top.addRow(form_label(words, box, box.toolTip()), box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACING)
        column.addLayout(top)
        column.addWidget(self._form)

    def show_settings(self, settings: TrainingSettings) -> None:
        """Fill the form in."""
        self._form.show_values(_values(settings))

    def restore(self) -> None:
        """Put the settings in use back into the form."""
        self._form.restore()

    def show_error(self, field: str, sentence: str | None) -> None:
        """Say beside a field what is wrong with it."""
        if field != _CHOSEN_ELSEWHERE:
            self._form.show_error(field, sentence)

    def show_devices(self, devices: list[Device], chosen: str) -> None:
        """Offer these devices, the first of which is what "auto" means."""
        self._device.clear()
        automatic = f"Automatic ({devices[0].id})" if devices else "Automatic"
        self._device.addItem(automatic, "auto")
        self._device.setItemData(0, "The first accelerator, or the CPU", _TOOL_TIP)
        for device in devices:
            self._device.addItem(str(device), device.id)
            self._device.setItemData(self._device.count() - 1, str(device), _TOOL_TIP)
        self._device.setCurrentIndex(max(self._device.findData(chosen), 0))

    @Slot(int)
    def _on_device(self, index: int) -> None:
        self.device_changed.emit(self._device.itemData(index))

    @Slot(int)
    def _on_pace(self, index: int) -> None:
        self.pace_changed.emit(float(self._pace.itemData(index)))


_TOOL_TIP = Qt.ItemDataRole.ToolTipRole


def _values(settings: TrainingSettings) -> dict[str, Any]:
    return settings.model_dump(exclude={_CHOSEN_ELSEWHERE})


def _combo(name: str, what: str) -> Choice:
    box = Choice()
    box.setAccessibleName(name)
    box.setToolTip(what)
    box.setMinimumContentsLength(8)
    return box
