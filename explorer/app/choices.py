"""All that can be done from the command palette: commands, panels, files, examples, colours."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from explorer.app import keys
from explorer.app.actions import COMMANDS, GO_TO, PALETTE
from explorer.app.choice_popup import Choice
from explorer.app.menus import THEMES, choose_theme
from explorer.graph import examples

if TYPE_CHECKING:
    from explorer.app.main_window import MainWindow


def choices(window: "MainWindow") -> list[Choice]:
    """What there is to choose at this moment, in the order of the menus."""
    return [*_commands(window), *_panels(window), *_files(window), *_themes(window)]


def _commands(window: "MainWindow") -> Iterator[Choice]:
    actions = window.actions_by_name
    for command in COMMANDS:
        if command.name == PALETTE:
            continue
        action = actions[command.name]
        before = f"{GO_TO} " if command.menu == GO_TO else ""
        yield Choice(
            f"command:{command.name}",
            before + action.text().removesuffix("…"),
            "Panel" if before else command.menu,
            action.trigger,
            keys.shown(command.name),
            "" if action.isEnabled() else actions.reason(command.name) or action.statusTip(),
            (command.tip,),
        )


def _panels(window: "MainWindow") -> Iterator[Choice]:
    """The panels that no command goes to."""
    known = {command.text for command in COMMANDS if command.menu == GO_TO}
    for title in window.docks:
        if title not in known:
            go = partial(window.panel_focus.go_to, title)
            yield Choice(f"panel:{title}", f"{GO_TO} {title}", "Panel", go)


def _files(window: "MainWindow") -> Iterator[Choice]:
    for path in window.files.recent:
        yield Choice(
            f"file:{path}",
            f"Open {path.name}",
            str(path.parent),
            partial(window.files.open, path),
            others=("recent",),
        )
    for name in examples.names():
        yield Choice(
            f"example:{name}",
            f"Open example: {name}",
            "Example",
            partial(window.files.open_example, name),
        )


def _themes(window: "MainWindow") -> Iterator[Choice]:
    now = str(window.settings.value("theme", "auto"))
    for name, text in THEMES.items():
        yield Choice(
            f"theme:{name}",
            f"Colours: {text[:1].lower()}{text[1:]}",
            "Now" if name == now else "View",
            partial(choose_theme, window, name),
            others=("theme",),
        )
