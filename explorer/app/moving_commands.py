"""The commands that line things up, go from node to node, and move a little."""

from explorer.app.command import CANVAS, Command

_ALIGNING = (
    ("align_left", "Align left", "Put the left edges on one line", "Shift+A"),
    ("align_column", "Align in a column", "Put the middles on one line, top down", "Shift+C"),
    ("align_right", "Align right", "Put the right edges on one line", "Shift+D"),
    ("align_top", "Align top", "Put the upper edges on one line", "Shift+W"),
    ("align_row", "Align in a row", "Put the middles on one line, left to right", "Shift+R"),
    ("align_bottom", "Align bottom", "Put the lower edges on one line", "Shift+S"),
    ("distribute_across", "Distribute across", "Make the gaps from left to right equal", "Shift+H"),
    ("distribute_down", "Distribute down", "Make the gaps from top to bottom equal", "Shift+V"),
)
_WALKING = (
    ("Left", "Select the node that feeds the selected one"),
    ("Right", "Select the node that reads the selected one"),
    ("Up", "Select the node above, on a wire beside it if there is one"),
    ("Down", "Select the node below, on a wire beside it if there is one"),
)
_NUDGE, _A_LITTLE = 10, 1

MOVING = (
    *(
        Command(
            name,
            "Edit",
            text,
            tip,
            (key,),
            divider=name == "distribute_across",
            where=CANVAS,
            submenu="Align",
        )
        for name, text, tip, key in _ALIGNING
    ),
    *(
        Command(
            f"walk_{way.lower()}",
            "Edit",
            f"Go {way.lower()}",
            tip,
            (way,),
            where=CANVAS,
            listed=False,
        )
        for way, tip in _WALKING
    ),
    *(
        Command(
            f"nudge_{way.lower()}{ending}",
            "Edit",
            f"Move {way.lower()}{words}",
            f"Move what is selected {way.lower()} by {by}",
            (f"{keys}+{way}",),
            where=CANVAS,
            listed=False,
        )
        for ending, words, by, keys in (
            ("", "", _NUDGE, "Alt"),
            ("_a_little", " a little", _A_LITTLE, "Alt+Shift"),
        )
        for way, _ in _WALKING
    ),
)
