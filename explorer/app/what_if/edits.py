"""The edits that hold in the walk, as the window knows them, and whether there can be others."""

from PySide6.QtCore import QObject, Signal

from explorer.app.messages import StepperMoved
from explorer.app.what_if.requests import Edited
from explorer.training import StateChanged

_NO_WALK = "Nothing is stepped through: step {step}, then edit numbers"
_RUNNING = "Training changes the numbers: pause it {train}, then step {step} to edit them"
_AT_START = "No call has run yet: step {step}, then edit numbers"
_WITHIN = "A call is stepped into: step out of it {step_out}, then edit numbers"


class HeldEdits(QObject):
    """What the worker has told last, in the order in which it was edited.

    `refusal` is a sentence that says why no number can be edited now, with {step} for that
    command's key; "" where numbers can be.

    `changed` tells of every change.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self.all: tuple[Edited, ...] = ()
        self.refusal = _NO_WALK
        self._is_running = False

    def of_variable(self, variable: str) -> tuple[Edited, ...]:
        """Those of the numbers of one variable."""
        return tuple(each for each in self.all if each.edit.variable == variable)

    def at(self, variable: str, index: tuple[int, ...] | None) -> Edited | None:
        """That of one number, if it is edited."""
        found = (each for each in self.of_variable(variable) if each.edit.index == index)
        return next(found, None)

    def show_step(self, moved: StepperMoved) -> None:
        """The walk stands somewhere."""
        within = _WITHIN if moved.part else ""
        self._take(moved.edits, within or ("" if moved.position else _AT_START))

    def end(self) -> None:
        """There is no walk any more."""
        self._take((), _RUNNING if self._is_running else _NO_WALK)

    def show_state(self, changed: StateChanged) -> None:
        """Training goes, or stands still."""
        self._is_running = changed.state == "running"
        if self.refusal in (_RUNNING, _NO_WALK):
            self.end()

    def _take(self, held: tuple[Edited, ...], refusal: str) -> None:
        if (held, refusal) != (self.all, self.refusal):
            self.all, self.refusal = held, refusal
            self.changed.emit()
