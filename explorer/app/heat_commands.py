"""The commands that paint cards by a quantity."""

from explorer.app.command import Command

_HEAT = "Heat on cards"
_TIPS = {
    "gradient": ("Heat by gradient norm", "Paint each card by the norm of its gradient"),
    "ratio": ("Heat by update / weight", "Paint each card by how much a step changes its weights"),
    "dead": ("Heat by dead units", "Paint each activation by the share of its dead units"),
    "time": ("Heat by time", "Paint each card by what its calls take, as measured"),
    "memory": ("Heat by memory", "Paint each card by what its results take, as measured"),
}

HEAT = (
    Command(
        "next_heat",
        "View",
        "Next quantity",
        "Paint the cards by the next quantity, or by none",
        ("Ctrl+H",),
        submenu=_HEAT,
    ),
    Command(
        "heat_off",
        "View",
        "No heat",
        "Show the cards as they are",
        submenu=_HEAT,
        divider=True,
        checkable=True,
    ),
    *(
        Command(f"heat_{kind}", "View", text, tip, submenu=_HEAT, checkable=True)
        for kind, (text, tip) in _TIPS.items()
    ),
)
