"""Every command of the window by name: its text, shortcut and tooltip."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence

from explorer.app import theme
from explorer.app.icons import icon


@dataclass(frozen=True)
class Command:
    """One action. `shortcuts` are portable key names, the first of which tooltips show.

    `icon` names its drawing; those without one stand in menus alone.
    """

    name: str
    menu: str
    text: str
    tip: str
    shortcuts: tuple[str, ...] = ()
    divider: bool = False
    icon: str = ""


COMMANDS = (
    Command("new", "File", "New", "Start with an empty canvas", ("Ctrl+N",)),
    Command("open", "File", "Open…", "Open a graph from a file", ("Ctrl+O",), icon="open"),
    Command(
        "save",
        "File",
        "Save",
        "Write the graph to its file",
        ("Ctrl+S",),
        divider=True,
        icon="save",
    ),
    Command("save_as", "File", "Save as…", "Write the graph to another file", ("Ctrl+Shift+S",)),
    Command(
        "save_picture",
        "File",
        "Save picture…",
        "Write the whole net as PNG, SVG or PDF",
        ("Ctrl+P",),
    ),
    Command(
        "load_weights",
        "File",
        "Load weights…",
        "Go on from weights in a .safetensors file",
        ("Ctrl+Shift+O",),
        divider=True,
    ),
    Command(
        "save_weights",
        "File",
        "Save weights…",
        "Write the weights as they are now to a .safetensors file",
        ("Ctrl+Alt+S",),
    ),
    Command("quit", "File", "Quit", "Close the program", ("Ctrl+Q",), divider=True),
    Command("undo", "Edit", "Undo", "Take back the last change", ("Ctrl+Z",), icon="undo"),
    Command(
        "redo", "Edit", "Redo", "Make the change again", ("Ctrl+Shift+Z", "Ctrl+Y"), icon="redo"
    ),
    Command(
        "cut", "Edit", "Cut", "Copy the selected nodes and delete them", ("Ctrl+X",), divider=True
    ),
    Command("copy", "Edit", "Copy", "Copy the selected nodes, as text", ("Ctrl+C",)),
    Command("paste", "Edit", "Paste", "Add the nodes that were copied", ("Ctrl+V",)),
    Command(
        "duplicate",
        "Edit",
        "Duplicate",
        "Add copies of the selected nodes, fed by the same wires",
        ("Ctrl+D",),
    ),
    Command("delete", "Edit", "Delete", "Delete what is selected", ("Del",), divider=True),
    Command(
        "delete_and_join",
        "Edit",
        "Delete and join",
        "Delete the selected nodes and join the wires before and behind them",
        ("Ctrl+Del", "Ctrl+Backspace"),
    ),
    Command("rename", "Edit", "Rename", "Give the selected node another name", ("F2",)),
    Command("select_all", "Edit", "Select all", "Select every node", ("Ctrl+A",)),
    Command(
        "select_upstream",
        "Edit",
        "Select upstream",
        "Select all that the selected nodes depend on",
        ("Ctrl+Shift+Left",),
    ),
    Command(
        "select_downstream",
        "Edit",
        "Select downstream",
        "Select all that depends on the selected nodes",
        ("Ctrl+Shift+Right",),
    ),
    Command("find_layer", "Edit", "Find a layer", "Search the palette", ("Ctrl+F",)),
    Command("arrange", "Edit", "Arrange", "Lay out the nodes from left to right", ("Ctrl+L",)),
    Command("zoom_in", "View", "Zoom in", "Show less, larger", ("Ctrl++", "Ctrl+=")),
    Command("zoom_out", "View", "Zoom out", "Show more, smaller", ("Ctrl+-",)),
    Command("zoom_reset", "View", "Actual size", "Show the canvas at 100 %", ("Ctrl+0",)),
    Command("frame_all", "View", "Show all", "Fit every node into view", ("Home",)),
    Command(
        "frame_selection", "View", "Show selection", "Fit the selected nodes into view", ("F",)
    ),
    Command("train", "Train", "Train", "Train, pause, or go on", ("F5",), icon="play"),
    Command(
        "stop", "Train", "Stop", "End the run and keep the weights", ("Shift+F5",), icon="stop"
    ),
    Command("reset", "Train", "Reset", "Back to fresh weights", ("Ctrl+Shift+F5",), icon="reset"),
    Command("step", "Step", "Step", "Run the next call", ("F10",), icon="step"),
    Command(
        "step_back", "Step", "Step back", "Take the last call back", ("Shift+F10",), icon="back"
    ),
    Command("run_to_node", "Step", "Run to node", "Run to the selected node's call", ("F9",)),
    Command(
        "to_loss", "Step", "Run to loss", "Run the whole forward pass", ("F8",), icon="to_loss"
    ),
    Command(
        "to_end", "Step", "Run to end", "Run the whole backward pass", ("Shift+F8",), icon="to_end"
    ),
    Command(
        "restart",
        "Step",
        "Restart",
        "Back to before the first call",
        ("Ctrl+F10",),
        divider=True,
        icon="restart",
    ),
    Command(
        "next_batch",
        "Step",
        "Next batch",
        "Train one step on this batch and stand at the next",
        ("Ctrl+F8",),
        icon="next_batch",
    ),
    Command("leave_stepper", "Step", "Leave stepping", "Show the net as drawn", ("Shift+Esc",)),
    Command("shortcuts", "Help", "Keyboard shortcuts", "List every shortcut", ("F1",)),
    Command("about", "Help", "About", "What this program is"),
)


class Actions(QObject):
    """The QActions by name: `actions["save"]`."""

    def __init__(self, parent: QObject):
        super().__init__(parent)
        self._by_name = {command.name: self._make(command) for command in COMMANDS}
        self._icons = {command.name: command.icon for command in COMMANDS if command.icon}
        theme.notifier.changed.connect(self._retint)
        self._retint()

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def show_icon(self, name: str, drawing: str) -> None:
        """Give an action another drawing, as it now does another thing."""
        self._icons[name] = drawing
        self._by_name[name].setIcon(icon(drawing))

    @Slot()
    def _retint(self) -> None:
        for name, drawing in self._icons.items():
            self._by_name[name].setIcon(icon(drawing))

    def _make(self, command: Command) -> QAction:
        action = QAction(command.text, self)
        action.setObjectName(command.name)
        action.setShortcuts([QKeySequence(keys) for keys in command.shortcuts])
        explain(action, command.tip)
        return action


def explain(action: QAction, tip: str) -> None:
    """Set an action's tooltip and status line, its shortcut named in the former."""
    action.setToolTip(_with_keys(action, tip))
    action.setStatusTip(tip)


def allow(action: QAction, allowed: bool, reason: str = "") -> None:
    """Enable an action, or disable it and say why in the tooltip."""
    action.setEnabled(allowed)
    tip = _with_keys(action, action.statusTip())
    action.setToolTip(tip if allowed or not reason else f"{tip}\n{reason}")


def _with_keys(action: QAction, tip: str) -> str:
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return f"{tip} ({keys})" if keys else tip
