"""Every command of the window by name: its text, shortcut and tooltip."""

from explorer.app.command import CANVAS, Command
from explorer.app.moving_commands import MOVING

PALETTE = "command_palette"
GO_TO = "Go to"
PARTS = (
    CANVAS,
    "Layers",
    "Inspector",
    "Training",
    "Values",
    "Curves",
    "Code",
    "Steps",
    "Problems",
)
"""What a digit with Alt goes to, from 0."""


COMMANDS = (
    Command("new", "File", "New", "Start with an empty canvas", ("Ctrl+N",)),
    Command("open", "File", "Open…", "Open a graph from a file", ("Ctrl+O",), icon="open"),
    Command(
        "start_page",
        "File",
        "Start page",
        "See recent files and the starter graphs, or go back to the canvas",
        ("Ctrl+Shift+H",),
    ),
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
    Command(
        "delete",
        "Edit",
        "Delete",
        "Delete what is selected",
        ("Del", "Backspace"),
        divider=True,
        where=CANVAS,
    ),
    Command(
        "delete_and_join",
        "Edit",
        "Delete and join",
        "Delete the selected nodes and join the wires before and behind them",
        ("Ctrl+Del", "Ctrl+Backspace"),
        where=CANVAS,
    ),
    Command(
        "rename", "Edit", "Rename", "Give the selected node another name", ("F2",), where=CANVAS
    ),
    Command(
        "mute",
        "Edit",
        "Mute",
        "Pass the selected nodes over, or let them compute again",
        ("M",),
        where=CANVAS,
    ),
    Command(
        "collapse",
        "Edit",
        "Collapse",
        "Show the titles of the selected nodes alone, or their full cards again",
        ("H",),
        where=CANVAS,
    ),
    Command(
        "group",
        "Edit",
        "Group",
        "Make one card of the selected nodes; nothing that runs changes",
        ("Ctrl+G",),
        divider=True,
        where=CANVAS,
    ),
    Command(
        "expand_group",
        "Edit",
        "Expand group",
        "Put the nodes of the selected group in its place",
        ("Ctrl+Shift+G",),
        where=CANVAS,
    ),
    Command(
        "enter_group",
        "Edit",
        "Enter group",
        "Look into the selected group",
        ("Ctrl+Return",),
        where=CANVAS,
    ),
    Command(
        "leave_group",
        "Edit",
        "Leave group",
        "Back to what the group is in",
        ("Ctrl+Shift+Return",),
        where=CANVAS,
    ),
    Command(
        "frame",
        "Edit",
        "Frame",
        "Draw a frame with a title around what is selected",
        ("Ctrl+J",),
        where=CANVAS,
    ),
    Command(
        "add_note", "Edit", "Add a note", "Write on the canvas, in Markdown", ("N",), where=CANVAS
    ),
    Command(
        "save_group",
        "Edit",
        "Save group to layers…",
        "Keep the selected group among the layers, to add it to any net",
        ("Ctrl+Alt+G",),
    ),
    Command(
        "select_all", "Edit", "Select all", "Select every node and wire", ("Ctrl+A",), where=CANVAS
    ),
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
    Command(
        "quick_add",
        "Edit",
        "Add a layer…",
        "Add a layer at the pointer, by a word for it",
        ("Tab",),
        divider=True,
        where=CANVAS,
    ),
    Command(
        "find",
        "Edit",
        "Find…",
        "Find what is on the canvas by its name, layer, shape or problem",
        ("Ctrl+F",),
        divider=True,
    ),
    Command("find_layer", "Edit", "Find a layer", "Search the list of layers", ("Ctrl+Shift+F",)),
    Command(
        "arrange",
        "Edit",
        "Arrange",
        "Lay out the nodes, or those selected, from left to right",
        ("L", "Ctrl+L"),
        divider=True,
        where=CANVAS,
    ),
    Command(
        "arrange_down",
        "Edit",
        "Arrange top down",
        "Lay out the nodes, or those selected, from top to bottom",
        ("Shift+L",),
        where=CANVAS,
    ),
    *MOVING,
    Command("zoom_in", "View", "Zoom in", "Show less, larger", ("Ctrl++", "Ctrl+=")),
    Command("zoom_out", "View", "Zoom out", "Show more, smaller", ("Ctrl+-",)),
    Command("zoom_reset", "View", "Actual size", "Show the canvas at 100 %", ("Ctrl+0",)),
    Command("frame_all", "View", "Show all", "Fit every node into view", ("Home",), where=CANVAS),
    Command(
        "frame_selection",
        "View",
        "Show selection",
        "Fit the selected nodes into view",
        ("F",),
        where=CANVAS,
    ),
    Command(
        PALETTE,
        "View",
        "Command palette…",
        "Find anything that can be done by a few letters of it",
        ("Ctrl+Shift+P",),
        divider=True,
    ),
    Command("next_panel", "View", "Next panel", "Give the next panel the keyboard", ("F6",)),
    Command(
        "previous_panel",
        "View",
        "Previous panel",
        "Give the panel before the keyboard",
        ("Shift+F6",),
    ),
    *(
        Command(
            f"go_to_{title.lower()}",
            GO_TO,
            title,
            f"Show {title} and give it the keyboard",
            (f"Alt+{number}",),
            listed=False,
        )
        for number, title in enumerate(PARTS)
    ),
    Command(
        "minimap",
        "View",
        "Map",
        "Show a small map while not all of the net can be seen",
        ("Ctrl+M",),
        divider=True,
        checkable=True,
    ),
    Command(
        "add_bookmark",
        "View",
        "Add bookmark",
        "Keep what is shown now as a place to come back to",
        ("Ctrl+B",),
        divider=True,
    ),
    *(
        Command(
            f"bookmark_{number}",
            "View",
            f"Go to bookmark {number}",
            f"Look where bookmark {number} was made",
            (str(number),),
            where=CANVAS,
            listed=False,
        )
        for number in range(1, 10)
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
    Command("run_to_node", "Step", "Run to node", "Run to the selected node's call", ("Ctrl+F9",)),
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
    Command(
        "breakpoint",
        "Step",
        "Toggle breakpoint",
        "Stop training at the selected nodes, or no longer",
        ("F9",),
        divider=True,
    ),
    Command(
        "clear_breakpoints",
        "Step",
        "Remove all breakpoints",
        "Let training stop nowhere by itself",
        ("Ctrl+Shift+F9",),
    ),
    Command(
        "log_scale",
        "Curves",
        "Logarithmic scale",
        "Draw the loss by powers of ten",
        ("L",),
        where="Curves",
        listed=False,
    ),
    Command(
        "fit_curves",
        "Curves",
        "See all of the curves",
        "See all and follow the run",
        ("R",),
        where="Curves",
        listed=False,
    ),
    Command(
        "save_curves",
        "Curves",
        "Save the curves…",
        "Save the curves as a picture or a table",
        ("S",),
        where="Curves",
        listed=False,
    ),
    Command(
        "copy_code",
        "Code",
        "Copy the program",
        "Copy the whole page of code",
        ("Ctrl+Shift+C",),
        listed=False,
    ),
    Command(
        "save_code",
        "Code",
        "Save the program…",
        "Save the page of code as a Python file",
        ("Ctrl+Shift+E",),
        listed=False,
    ),
    Command(
        "shortcuts",
        "Help",
        "Keyboard shortcuts…",
        "See every shortcut, and choose others",
        ("F1", "?"),
    ),
    Command("about", "Help", "About", "What this program is"),
)
