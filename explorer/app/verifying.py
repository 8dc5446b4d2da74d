"""Verification in the worker: bit by bit, between other requests, until it is done or stopped."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Slot

from explorer.graph import Graph
from explorer.program import Verification
from explorer.program.blaming import Blame
from explorer.program.verify import Check, Progress, verifying

SLICE = 0.03
"""Seconds of one go."""


@dataclass(frozen=True)
class Verify:
    """Check every gradient of a graph, which nobody else changes."""

    graph: Graph


@dataclass(frozen=True)
class StopVerifying:
    """Leave it as far as it is."""


VerifyRequest = Verify | StopVerifying


@dataclass(frozen=True)
class Verifying:
    """How far it is: so many of so many steps, and the seconds that the rest may take."""

    done: int
    total: int
    left: float


@dataclass(frozen=True)
class Verified:
    """All that was found; `is_whole` is false where it was stopped before the end."""

    verification: Verification
    is_whole: bool


VerifyMessage = Verifying | Verified


class VerifyDesk(QObject):
    """Lives in the worker thread; one verification at a time. `guarded` tells what goes wrong."""

    def __init__(
        self,
        tell: Callable[[VerifyMessage], object],
        guarded: Callable[[Callable[[], None]], None],
        parent: QObject,
    ):
        super().__init__(parent)
        self._tell, self._guarded = tell, guarded
        self._steps: Iterator[Progress] | None = None
        self._found: list[Check | Blame] = []
        self._began = 0.0
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._work_on)

    def take(self, request: VerifyRequest) -> None:
        """Begin, or stop."""
        if isinstance(request, StopVerifying):
            self._end(is_whole=False)
            return
        self._steps, self._found = verifying(request.graph), []
        self._began = perf_counter()
        self._tell(Verifying(0, 1, 0.0))
        self._timer.start()

    @Slot()
    def _work_on(self) -> None:
        self._guarded(self._go_on)

    def _go_on(self) -> None:
        """A slice of it; where it fails there is nothing to go on with."""
        steps, self._steps = self._steps, None
        if steps is None:
            return
        until = perf_counter() + SLICE
        while (step := next(steps, None)) is not None and perf_counter() < until:
            self._keep(step)
        self._steps = steps
        if step is None:
            self._end(is_whole=True)
        else:
            self._keep(step)
            taken = perf_counter() - self._began
            left = taken / step.done * (step.total - step.done)
            self._tell(Verifying(step.done, step.total, left))
            self._timer.start()

    def _keep(self, step: Progress) -> None:
        if step.found is not None:
            self._found.append(step.found)

    def _end(self, is_whole: bool) -> None:
        if self._steps is None:
            return
        self._steps = None
        checks = tuple(found for found in self._found if isinstance(found, Check))
        blamed = tuple(found for found in self._found if isinstance(found, Blame))
        self._tell(Verified(Verification(checks, blamed), is_whole))
