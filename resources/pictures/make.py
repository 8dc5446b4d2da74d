"""Makes the README's pictures anew: each starter graph as `main.py show` draws it, and the window.

Needs no screen: python resources/pictures/make.py
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic

FOLDER = Path(__file__).resolve().parent
EXAMPLES = FOLDER.parent / "examples"
ROOT = FOLDER.parents[1]
PATIENCE = 60.0


def draw_examples() -> None:
    for example in sorted(EXAMPLES.glob("*.json")):
        picture = FOLDER / f"{example.stem}.png"
        command = [sys.executable, str(ROOT / "main.py"), "show", str(example)]
        subprocess.run([*command, "--out", str(picture)], check=True)


def photograph_window() -> None:
    """The window while it trains, with what each unit answers; with each layer over time; within a
    backward pass, with a number of it explained; in dark.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.path.insert(0, str(ROOT))
    from PySide6.QtCore import QEventLoop, QSettings
    from PySide6.QtWidgets import QApplication

    from explorer.app import theme
    from explorer.app.start import open_window
    from explorer.graph import examples

    app = QApplication([])

    def wait_for(holds: Callable[[], bool]) -> None:
        end = monotonic() + PATIENCE
        while not holds():
            if monotonic() > end:
                raise TimeoutError("the window did not get where its picture was to be taken")
            app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def shoot(name: str) -> None:
        settled = monotonic() + 1
        wait_for(lambda: monotonic() > settled)
        window.toast.hide()
        window.grab().save(str(FOLDER / f"{name}.png"))

    with tempfile.TemporaryDirectory() as folder:
        theme.apply(app, theme.LIGHT)
        settings = QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat)
        window = open_window(settings)
        controller, actions = window.controller, window.actions_by_name

        def train(steps: int) -> None:
            actions["train"].trigger()
            wait_for(lambda: controller.steps > steps)
            actions["train"].trigger()
            wait_for(lambda: controller.state == "paused")

        window.files.open_example("spiral")
        train(2500)
        shoot("live_pictures")
        window.files.open_example(examples.FIRST)
        train(900)
        shoot("training")
        actions["over_time"].trigger()
        train(1400)
        shoot("over_time")
        actions["to_loss"].trigger()
        for _ in range(3):
            actions["step"].trigger()
        wait_for(lambda: controller.is_stepping)
        shoot("stepping")
        window.raise_panel("Explain")
        actions["step"].trigger()
        page = window.explain.page
        wait_for(lambda: page.explanation is not None and page.explanation.call.node == "fc1")
        shoot("explaining")
        theme.apply(app, theme.DARK)
        shoot("stepping_dark")
        window.document.graph.history.mark_saved()
        window.close()


if __name__ == "__main__":
    draw_examples()
    photograph_window()
