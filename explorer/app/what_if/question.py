"""What becomes of edits where training is to go on: asked, never decided."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox

from explorer.app.panels.numbers import plural

if TYPE_CHECKING:
    from explorer.app.main_window import MainWindow

_NAMED = 5
"""So many edits are named in the question."""
_WHAT_THEN = (
    "Keep: edited weights stay in the net, and the update of this batch is made by the gradients "
    "as they are now.\n\nPut back: training goes on as if nothing had been edited."
)


def go_on(window: "MainWindow", train: Callable[[bool | None], object]) -> None:
    """Train on, with what was edited or without, as the person says; or do not.

    A run that has failed or diverged is begun anew, so that there is nothing to be kept in, and
    what is changed of the past changes nothing of the run.
    """
    controller = window.controller
    held = controller.edits.all
    is_ended = controller.state in ("running", "failed", "diverged")
    if not held or is_ended or controller.is_in_past:
        train(None)
        return
    words = [str(each) for each in held[:_NAMED]]
    if len(held) > _NAMED:
        words.append(f"and {plural(len(held) - _NAMED, 'other')}")
    buttons = QMessageBox.StandardButton
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("Train on")
    box.setText(f"Train on with {'what was' if len(held) > 1 else 'the number that was'} edited?")
    box.setInformativeText("\n".join([*words, "", _WHAT_THEN]))
    box.setStandardButtons(buttons.Yes | buttons.No | buttons.Cancel)
    for button, name in ((buttons.Yes, "&Keep"), (buttons.No, "&Put back")):
        box.button(button).setText(name)
    box.setDefaultButton(buttons.No)
    answer = box.exec()
    if answer in (buttons.Yes, buttons.No):
        train(answer == buttons.Yes)
