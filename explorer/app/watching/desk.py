"""The part of the worker that reads watches: one after the other, between other requests."""

from collections.abc import Callable
from functools import partial, singledispatchmethod
from time import perf_counter

from PySide6.QtCore import QObject, QTimer
from torch import Tensor

from explorer.app.messages import Message, Refused
from explorer.app.watching.requests import (
    KeepWatched,
    ReadWatches,
    WatchesRead,
    WatchKept,
    WatchRequest,
)
from explorer.program import Program, Stepper
from explorer.program.viewing import Gallery, ViewError
from explorer.program.watching import (
    Names,
    Reading,
    Scope,
    WatchError,
    evaluate,
    read,
)
from explorer.training import Standing

SLICE = 0.015
"""Seconds of one go at many watches."""

Place = tuple[Standing | None, Stepper | None]
"""Where a run stands, and the walk through its batch if there is one."""

_NOTHING_RUNS = "there are no numbers yet: train, or step"


class WatchDesk(QObject):
    """Lives in the worker thread. `where` tells where training and the walk stand by then.

    `guarded` runs what comes later, and tells where it fails.
    """

    def __init__(
        self,
        tell: Callable[[Message], object],
        gallery: Gallery,
        where: Callable[[], Place],
        guarded: Callable[[Callable[[], None]], None],
        parent: QObject,
    ):
        super().__init__(parent)
        self._tell, self._gallery, self._where = tell, gallery, where
        self._names: tuple[Program, Names] | None = None
        self._asked: ReadWatches | None = None
        self._place: tuple[int, ...] = ()
        self._readings: list[Reading] = []
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(partial(guarded, self._go_on))

    @singledispatchmethod
    def take(self, request: WatchRequest) -> None:
        """Answer a request."""
        raise NotImplementedError(f"no answer to {request}")

    @take.register
    def _(self, request: ReadWatches) -> None:
        self._asked, self._readings, self._place = request, [], self._now()
        self._go_on()

    @take.register
    def _(self, request: KeepWatched) -> None:
        try:
            scope = self._scope()
            if scope is None:
                raise WatchError(_NOTHING_RUNS)
            value = evaluate(request.expression, scope)
            if not isinstance(value, Tensor):
                raise WatchError(f"{request.expression} is no tensor: there is no more to see")
            entry = self._gallery.keep(value, f"{request.expression} at {request.when}")
        except (WatchError, ViewError) as error:
            self._tell(Refused(str(error)))
        else:
            self._tell(WatchKept(entry))

    def _go_on(self) -> None:
        """Read on, and answer where that is the end: also where it fails, as who asked waits."""
        if self._asked is None:
            return
        is_done = True
        try:
            is_done = self._read_on(self._asked)
        finally:
            if is_done:
                self._tell(WatchesRead(self._asked.ticket, self._place, tuple(self._readings)))
                self._asked = None

    def _read_on(self, asked: ReadWatches) -> bool:
        """Read as many as there is time for; all anew where the walk has moved meanwhile.

        Whether all are read.
        """
        if (place := self._now()) != self._place and not self._is_running:
            self._readings, self._place = [], place
        scope = self._scope()
        until = perf_counter() + SLICE
        for expression in asked.expressions[len(self._readings) :]:
            nothing = Reading(expression, error=_NOTHING_RUNS)
            self._readings.append(read(expression, scope) if scope else nothing)
            if perf_counter() > until and len(self._readings) < len(asked.expressions):
                self._timer.start()
                return False
        return True

    @property
    def _is_running(self) -> bool:
        trainer, _ = self._where()
        return trainer is not None and trainer.state == "running"

    def _now(self) -> tuple[int, ...]:
        """Which place this is: numbers of two equal places are those of one."""
        trainer, stepper = self._where()
        if trainer is None or stepper is None:
            return (trainer.steps,) if trainer else ()
        within = stepper.inside.position if stepper.inside else -1
        return trainer.steps, stepper.position, within

    def _scope(self) -> Scope | None:
        """The names of now; None where nothing has been trained or stepped through."""
        trainer, stepper = self._where()
        if trainer is None:
            return None
        program = trainer.job.program
        if self._names is None or self._names[0] is not program:
            self._names = program, Names(program, trainer.job.calls)
        self._gallery.show(trainer.session, trainer.memory)
        if stepper is None:
            return Scope(self._gallery, self._names[1])
        inside = stepper.inside
        call = inside.call if inside else stepper.current
        return Scope(self._gallery, self._names[1], call, inside.variables if inside else {})
