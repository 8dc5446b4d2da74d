"""Nudges in the worker: each bit by bit, so that a large net holds nobody up."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from explorer.app.errand import Errand, Work
from explorer.app.what_if.requests import (
    Nudge,
    NudgeAnswered,
    NudgeMessage,
    NudgeRequest,
    Nudging,
    StopNudging,
)
from explorer.program import Stepper
from explorer.program.nudging import NudgeError, nudging
from explorer.program.what_if import EditError, path_of


class NudgeDesk:
    """Lives in the worker thread; one nudge at a time, on the walk that `need_walk` gives."""

    def __init__(
        self,
        tell: Callable[[NudgeMessage], object],
        need_walk: Callable[[], Stepper],
        guarded: Callable[[Callable[[], None]], None],
        parent: QObject,
    ):
        self._tell, self._need_walk = tell, need_walk
        self._errand = Errand(tell, guarded, parent)

    def take(self, request: NudgeRequest) -> None:
        """Begin, or stop."""
        if isinstance(request, StopNudging):
            self.stop()
        else:
            self._errand.begin(self._work(request))

    def stop(self) -> None:
        """Leave it as far as it is."""
        self._errand.stop()

    def _work(self, request: Nudge) -> Work:
        answer = NudgeAnswered(request, None, "it could not be nudged")
        try:
            stepper = self._need_walk()
            path = path_of(stepper.session.program, request.variable)
            work = nudging(stepper, path, request.index, request.epsilon)
            while True:
                yield Nudging(request, *next(work))
        except StopIteration as end:
            answer = NudgeAnswered(request, end.value)
        except GeneratorExit:
            answer = NudgeAnswered(request, None, "it was stopped")
            raise
        except (NudgeError, EditError) as error:
            answer = NudgeAnswered(request, None, str(error))
        finally:
            # Whatever becomes of it: who asked waits for an answer.
            self._tell(answer)
