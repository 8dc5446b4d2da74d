"""What a command of the window is."""

from dataclasses import dataclass

CANVAS = "Canvas"


@dataclass(frozen=True)
class Command:
    """One action. `shortcuts` are portable key names, the first of which tooltips show.

    `icon` names its drawing; those without one stand in menus alone. `where` is the part of the
    window that must have the keyboard for the shortcuts to be heard, "" for any: whatever has a
    single key belongs to a part. `listed` tells whether the menu shows it, or its `submenu`. One
    that is `checkable` turns something on and off.
    """

    name: str
    menu: str
    text: str
    tip: str
    shortcuts: tuple[str, ...] = ()
    divider: bool = False
    icon: str = ""
    where: str = ""
    listed: bool = True
    checkable: bool = False
    submenu: str = ""
