"""What a right click offers: all that can be done with what is under the pointer."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from explorer.app.main_window import MainWindow

_CHANGING = ("cut", "copy", "duplicate", "delete", "delete_and_join")
_ALIGNING = (
    *("align_left", "align_column", "align_right", "align_top", "align_row", "align_bottom"),
    *("distribute_across", "distribute_down"),
)
_OFFERED: dict[str, tuple[tuple[str, ...], ...]] = {
    "node": (
        ("run_to_node", "breakpoint"),
        ("rename", "replace", "mute", "collapse"),
        _CHANGING,
        ("group", "select_upstream", "select_downstream", "frame_selection"),
    ),
    "group": (
        ("enter_group", "expand_group", "save_group", "rename"),
        ("run_to_node", "breakpoint"),
        _CHANGING,
        ("group", "select_upstream", "select_downstream", "frame_selection"),
    ),
    "several": (
        ("group", "frame", "mute", "collapse"),
        _CHANGING,
        ("arrange", "select_upstream", "select_downstream", "frame_selection"),
    ),
    "wire": (("insert_on_wire", "bend", "straighten", "delete"),),
    "bend": (("delete",),),
    "annotation": (("rename", "cut", "copy", "duplicate", "delete"),),
    "empty": (
        ("quick_add", "add_note", "paste"),
        ("select_all", "frame_all", "find"),
        ("arrange", "arrange_down", "leave_group"),
    ),
}


def show_context_menu(window: "MainWindow", what: str, at: QPoint) -> None:
    """Offer what can be done with a thing of that kind; what cannot be done now is left out."""
    actions = window.actions_by_name
    window.refresh_commands()
    idle = window.view.commands.wires.idle
    menu = QMenu(window)
    menu.setToolTipsVisible(True)
    for names in _OFFERED[what]:
        usable = [actions[n] for n in names if actions[n].isEnabled() and n not in idle]
        if usable and not menu.isEmpty():
            menu.addSeparator()
        menu.addActions(usable)
    if what == "several":
        menu.addMenu("Align").addActions([actions[name] for name in _ALIGNING])
    with window.view.pointing.held_at(at):
        menu.exec(at)
    menu.deleteLater()
