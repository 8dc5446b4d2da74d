"""What each command does, and when it can be used."""

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING

from explorer.app.about import show_about
from explorer.app.actions import PALETTE, PARTS
from explorer.app.canvas.heat.heat import KINDS
from explorer.app.clipboard import Clipboard
from explorer.app.own_blocks import save_group
from explorer.app.stepping import Stepping
from explorer.app.switches import connect_switches
from explorer.app.what_if.question import go_on
from explorer.app.window_layout import make_room
from explorer.graph import FileError, Graph
from explorer.graph.fragments import downstream, upstream
from explorer.graph.grouping import nodes_of

if TYPE_CHECKING:
    from explorer.app.main_window import MainWindow

RUNNING = ("train", "verify", "load_weights", "save_weights")


class Commands:
    """The window's commands by the names of `actions.COMMANDS`."""

    def __init__(self, window: "MainWindow"):
        self._window = window
        files, view, controller = window.files, window.view, window.controller
        clipboard = Clipboard(window)
        self._stepping = Stepping(window)
        answers: dict[str, Callable[[], object]] = {
            "new": files.new,
            "open": files.open,
            "start_page": window.middle.turn,
            "save": files.save,
            "save_as": files.save_as,
            "save_picture": self._save_picture,
            "load_weights": self._load_weights,
            "save_weights": self._save_weights,
            "quit": window.close,
            "undo": self._undo,
            "redo": self._redo,
            "cut": clipboard.cut,
            "copy": clipboard.copy,
            "paste": clipboard.paste,
            "duplicate": clipboard.duplicate,
            "select_upstream": partial(self._select_along, upstream),
            "select_downstream": partial(self._select_along, downstream),
            "save_group": partial(save_group, window),
            "find": self._find,
            "find_layer": self._find_layer,
            "verify": self._verify,
            "add_bookmark": view.bookmarks.add,
            "zoom_in": view.zoom_in,
            "zoom_out": view.zoom_out,
            "zoom_reset": view.zoom_reset,
            PALETTE: self._open_palette,
            "connect": self._offer_wires,
            "next_panel": window.panel_focus.next,
            "previous_panel": window.panel_focus.previous,
            **{
                f"go_to_{title.lower()}": partial(window.panel_focus.go_to, title)
                for title in PARTS
            },
            "over_time": self._open_over_time,
            "train": partial(go_on, window, controller.train_or_pause),
            "stop": controller.stop,
            "reset": controller.reset,
            "explain": partial(window.panel_focus.go_to, "Explain"),
            "add_watch": partial(window.panel_focus.go_to, "Watch"),
            "shortcuts": self._open_shortcuts,
            "about": partial(show_about, window),
            **self._stepping.answers,
            **view.commands.answers,
            **window.plots.answers,
            **window.over_time.answers,
            **window.heat.answers,
            **window.tensors.answers,
            **window.code.answers,
        }
        window.actions_by_name.connect_answers(answers)
        connect_switches(window)

    def refresh(self) -> None:
        """Enable what can be used now; tooltips say why not, and what undo would undo."""
        window = self._window
        controller, history = window.controller, window.document.graph.history
        runnable = controller.program is not None
        has_nodes = bool(window.document.graph.nodes)
        usable = {
            "undo": (history.undo_label is not None, ""),
            "redo": (history.redo_label is not None, ""),
            **dict.fromkeys(("arrange", "arrange_down"), (has_nodes, "The canvas is empty")),
            **window.view.groups.usable,
            **window.view.aligner.usable,
            "stop": (controller.state in ("running", "paused"), "There is no run to stop"),
            "reset": (runnable and controller.steps > 0, "Nothing has been trained yet"),
            **dict.fromkeys(RUNNING, (runnable, controller.reason)),
            **self._stepping.usable,
            **window.over_time.keeping.usable,
        }
        for name, (can, reason) in usable.items():
            window.actions_by_name.allow(name, can, reason)
        for kind in ("off", *KINDS):
            window.actions_by_name[f"heat_{kind}"].setChecked(window.heat.kind == kind)
        for name, text in window.view.commands.words.items():
            window.actions_by_name[name].setText(text)
        _say(window, "undo", "Undo", history.undo_label)
        _say(window, "redo", "Redo", history.redo_label)

    # Commands that need more than one part

    def _undo(self) -> None:
        label = self._window.document.graph.undo()
        if label:
            self._window.toast.tell(f"Undone: {_lower(label)}")

    def _redo(self) -> None:
        label = self._window.document.graph.redo()
        if label:
            self._window.toast.tell(f"Done again: {_lower(label)}")

    def _open_palette(self) -> None:
        from explorer.app.choices import choices
        from explorer.app.command_palette import CommandPalette

        window = self._window
        palette = CommandPalette(window.view, choices(window), window.settings)
        palette.open_over(window)

    def _offer_wires(self) -> None:
        from explorer.app.connecting import offer_wires

        offer_wires(self._window)

    def _open_shortcuts(self) -> None:
        from explorer.app.shortcut_dialog import ShortcutDialog

        ShortcutDialog(self._window, self._window.settings).open()

    def _verify(self) -> None:
        self._window.docks["Verify"].show()
        self._window.raise_panel("Verify")
        self._window.controller.verify()

    def _open_over_time(self) -> None:
        make_room(self._window, self._window.docks["Over time"])
        self._window.panel_focus.go_to("Over time")

    def _find(self) -> None:
        self._window.view.find_bar.open()

    def _find_layer(self) -> None:
        dock = self._window.docks["Layers"]
        dock.show()
        dock.raise_()
        self._window.palette_panel.focus_search()

    def _select_along(self, way: Callable[[Graph, Collection[str]], set[str]]) -> None:
        chosen = self._window.view.selected()
        graph, scene = self._window.document.graph, self._window.scene
        if chosen:
            found = map(scene.shown_as, way(graph, nodes_of(graph, chosen)))
            self._window.view.select([id for id in found if id is not None])
        else:
            self._window.toast.tell("Select a node first", refused=True)

    def _save_picture(self) -> None:
        from explorer.app.picture import render

        if path := self._window.files.ask_picture():
            self._try(lambda: render(self._window.document.graph, path), f"Saved to {path}")

    def _load_weights(self) -> None:
        if path := self._window.files.ask_weights_to_load():
            self._window.controller.load_weights(path)

    def _save_weights(self) -> None:
        if path := self._window.files.ask_weights_to_save():
            self._window.controller.save_weights(path)

    def _try(self, work: Callable[[], object], done: str) -> None:
        try:
            work()
        except FileError as error:
            self._window.toast.tell(str(error), refused=True)
        else:
            self._window.toast.tell(done)


def _say(window: "MainWindow", name: str, verb: str, label: str | None) -> None:
    action = window.actions_by_name[name]
    action.setText(f"{verb} {_lower(label)}" if label else verb)
    action.setIconText(verb)
    tip = f"{verb} {_lower(label)}" if label else f"Nothing to {verb.lower()}"
    window.actions_by_name.explain(name, tip)


def _lower(label: str) -> str:
    """A label within a sentence: "Move fc1" is "move fc1"."""
    return label[:1].lower() + label[1:]
