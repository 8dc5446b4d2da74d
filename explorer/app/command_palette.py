"""The command palette: type a few letters of anything that can be done, and press Enter."""

from collections.abc import Sequence

from PySide6.QtCore import QSettings, Slot
from PySide6.QtWidgets import QWidget

from explorer.app.choice_popup import Choice, ChoicePopup

_REMEMBERED = 30
_SETTING = "palette/used"


class CommandPalette(ChoicePopup):
    """Offers what was used last first, over starts of the program."""

    def __init__(self, owner: QWidget, offered: Sequence[Choice], settings: QSettings):
        used = {key: place for place, key in enumerate(_used(settings))}
        latest_first = sorted(offered, key=lambda choice: used.get(choice.key, len(used)))
        super().__init__(owner, "Commands", "Type what you want to do", latest_first)
        self._settings = settings
        self.chosen.connect(self._remember)

    @Slot(object)
    def _remember(self, choice: Choice) -> None:
        used = [choice.key, *(key for key in _used(self._settings) if key != choice.key)]
        self._settings.setValue(_SETTING, used[:_REMEMBERED])


def _used(settings: QSettings) -> list[str]:
    """The keys of what was chosen before, the latest first."""
    stored = settings.value(_SETTING, [])
    return [str(key) for key in stored] if isinstance(stored, list) else [str(stored)]
