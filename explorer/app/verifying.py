"""Verification in the worker: bit by bit, between other requests, until it is done or stopped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

from PySide6.QtCore import QObject

from explorer.app.errand import Errand, Work
from explorer.graph import Graph
from explorer.program import Verification
from explorer.program.blaming import Blame
from explorer.program.verify import Check, verifying


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
    """How far it is: so many of so many steps, and the seconds that the rest may take.

    The first so many of them check `gradients`, the others each a backward call by itself.
    """

    done: int
    total: int
    gradients: int
    left: float


@dataclass(frozen=True)
class Verified:
    """All that was found; `is_whole` is false where it was stopped before the end."""

    verification: Verification
    is_whole: bool


VerifyMessage = Verifying | Verified


class VerifyDesk:
    """Lives in the worker thread; one verification at a time. `guarded` tells what goes wrong."""

    def __init__(
        self,
        tell: Callable[[VerifyMessage], object],
        guarded: Callable[[Callable[[], None]], None],
        parent: QObject,
    ):
        self._tell = tell
        self._errand = Errand(tell, guarded, parent)

    def take(self, request: VerifyRequest) -> None:
        """Begin, or stop."""
        self.stop()
        if isinstance(request, Verify):
            self._tell(Verifying(0, 1, 1, 0.0))
            self._errand.begin(self._work(request.graph))

    def stop(self) -> None:
        """Leave it as far as it is."""
        self._errand.stop()

    def _work(self, graph: Graph) -> Work:
        found: list[Check | Blame] = []
        began, is_whole = perf_counter(), False
        try:
            for step in verifying(graph):
                if step.found is not None:
                    found.append(step.found)
                left = (perf_counter() - began) / step.done * (step.total - step.done)
                yield Verifying(step.done, step.total, step.gradients, left)
            is_whole = True
        finally:
            # Whatever becomes of it: who asked waits for an answer.
            self._tell(Verified(_all_of(found), is_whole))


def _all_of(found: Sequence[Check | Blame]) -> Verification:
    checks = tuple(each for each in found if isinstance(each, Check))
    return Verification(checks, tuple(each for each in found if isinstance(each, Blame)))
