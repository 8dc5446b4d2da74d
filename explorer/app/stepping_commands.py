"""The commands that walk through a batch, and where training stops by itself."""

from explorer.app.command import Command

STEPPING = (
    Command("step", "Step", "Step over", "Run the next call", ("F10",), icon="step"),
    Command(
        "step_into",
        "Step",
        "Step into",
        "Run the next part: a time step, a part of an attention, a node of a group",
        ("F11",),
        icon="step_into",
    ),
    Command(
        "step_out",
        "Step",
        "Step out",
        "Run what is left of the call, or of the group, that was stepped into",
        ("Shift+F11",),
        icon="step_out",
    ),
    Command(
        "step_back", "Step", "Step back", "Take the last step back", ("Shift+F10",), icon="back"
    ),
    Command(
        "run_to_node",
        "Step",
        "Run to node",
        "Run to the selected node's call",
        ("Ctrl+F9",),
        divider=True,
    ),
    Command(
        "to_loss", "Step", "Run to loss", "Run the whole forward pass", ("F8",), icon="to_loss"
    ),
    Command(
        "to_end",
        "Step",
        "Run to first layer",
        "Run the whole backward pass: every gradient is there",
        ("Shift+F8",),
        icon="to_end",
    ),
    Command(
        "play",
        "Step",
        "Play",
        "Step by itself, as fast as the panel says, or stand still",
        ("Ctrl+F11",),
        icon="autoplay",
    ),
    Command("play_faster", "Step", "Play faster", "Let Play take more steps a second", ("Ctrl+.",)),
    Command(
        "play_slower", "Step", "Play slower", "Let Play take fewer steps a second", ("Ctrl+,",)
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
    Command(
        "earlier_moment",
        "Step",
        "Earlier step",
        "Step through the training step before, as it was",
        ("Alt+PgUp",),
        divider=True,
    ),
    Command(
        "later_moment",
        "Step",
        "Later step",
        "Step through the training step after, as it was, up to the one at hand",
        ("Alt+PgDown",),
    ),
    Command(
        "explain",
        "Step",
        "Explain",
        "See how the call that ran last computes, number by number",
        ("Ctrl+E",),
        icon="explain",
    ),
    Command(
        "add_watch",
        "Step",
        "Add watch",
        "Type a name or an expression to see behind each step: dw.norm() / w.norm()",
        ("Shift+F9",),
        icon="watch",
    ),
    Command(
        "put_last_back",
        "Step",
        "Put the last edit back",
        "Let the number that was edited last be as the net computes it",
        ("Ctrl+Alt+Z",),
        divider=True,
        icon="undo",
    ),
    Command(
        "put_all_back",
        "Step",
        "Put all edits back",
        "Let every number be as the net computes it",
        ("Ctrl+Alt+Shift+Z",),
    ),
    Command("leave_stepper", "Step", "Leave stepping", "Show the net as drawn", ("Shift+Esc",)),
    Command(
        "breakpoint",
        "Step",
        "Toggle breakpoint",
        "Stop training at the selected nodes, or at the call on the line of code, or no longer",
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
)
