"""Commands that turn something on the canvas on and off, and stay so at the next start."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from explorer.app.main_window import MainWindow


def connect_switches(window: "MainWindow") -> None:
    """Take up what was on before, and keep what the person switches from now on."""
    view = window.view
    switches: dict[str, tuple[bool, Callable[[bool], object]]] = {
        "minimap": (True, view.minimap.show_wanted),
        "snap_to_grid": (False, view.snapping.use_grid),
    }
    for name, (is_on_at_first, use) in switches.items():
        action = window.actions_by_name[name]
        action.setChecked(bool(window.settings.value(name, is_on_at_first, bool)))
        use(action.isChecked())
        action.toggled.connect(partial(_keep, window, name, use))


def _keep(window: "MainWindow", name: str, use: Callable[[bool], object], is_on: bool) -> None:
    window.settings.setValue(name, is_on)
    use(is_on)
