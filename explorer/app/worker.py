"""The worker thread: requests in, events and messages out, both by queued signals.

It owns the trainer, the stepper and every tensor. Training runs in slices of a few milliseconds,
and requests are taken up in between.
"""

import logging
import sys
from collections.abc import Callable, Mapping
from functools import singledispatchmethod
from time import perf_counter

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot
from torch import Tensor

from explorer.app import requests
from explorer.app.errand import Errand, Work
from explorer.app.garbage import Garbage
from explorer.app.messages import (
    AutogradRecorded,
    CostsRefused,
    DevicesFound,
    Loaded,
    Message,
    Refused,
    Told,
)
from explorer.app.step_desk import StepDesk
from explorer.app.tensors.desk import TensorDesk
from explorer.app.tensors.requests import TensorRequest
from explorer.app.verifying import VerifyDesk, VerifyRequest
from explorer.app.watching.desk import WatchDesk
from explorer.app.watching.requests import WatchRequest
from explorer.app.what_if.nudge_desk import NudgeDesk
from explorer.app.what_if.requests import NudgeRequest
from explorer.data import DataError
from explorer.exchange.recording import record
from explorer.graph import FileError, GraphError
from explorer.program import Breakpoint, FeedError, Stepper, WeightsError
from explorer.program.what_if import EditError
from explorer.training import (
    Camera,
    DeviceError,
    Event,
    Job,
    Kept,
    Monitor,
    Observer,
    Standing,
    StateChanged,
    Trainer,
    TrainingError,
    devices,
    load_weights,
    save_weights,
)
from explorer.training.profiling import profiling

SLICE = 0.02
"""Seconds of training between two looks at what the window asks for."""

_KEPT_EVERY = 0.25
"""Seconds between two times of telling which steps are kept."""

PATIENCE_MS = 10_000
"""How long closing waits for the step, or the data set, that is at work."""

SWITCH_INTERVAL = 0.001
"""Seconds after which Python hands over between threads: short, so that the window stays swift."""

_LOG = logging.getLogger(__name__)
_LEFT_BEHIND: list[tuple[QThread, QObject]] = []
"""Threads that did not end: Qt aborts where such a one is taken down."""


def has_left_behind() -> bool:
    """Whether a worker still runs that was asked to end."""
    return any(thread.isRunning() for thread, _ in _LEFT_BEHIND)


_EXPECTED = (
    GraphError,
    FileError,
    DataError,
    DeviceError,
    EditError,
    FeedError,
    TrainingError,
    WeightsError,
)


class Worker(QObject):
    """The window's end of the worker thread: `ask` from the window, listen to `told`."""

    told = Signal(object)
    _asked = Signal(object)

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_INTERVAL))
        self._garbage = Garbage(self)
        self._thread = QThread()
        self._thread.setObjectName("worker")
        self._desk = _Desk()
        self._desk.moveToThread(self._thread)
        self._asked.connect(self._desk.take, Qt.ConnectionType.QueuedConnection)
        self._desk.told.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._thread.started.connect(self._desk.begin)
        self._thread.finished.connect(self._desk.end)
        self._thread.finished.connect(self._desk.deleteLater)
        self._thread.start()

    def ask(self, request: requests.Request) -> None:
        """Hand a request over; the answer comes as events and messages."""
        self._asked.emit(request)

    def close(self) -> None:
        """End training after the step that runs, then the thread. Nothing is told after this."""
        if not self._thread.isRunning():
            return
        self._desk.closing = True
        self._thread.quit()
        if not self._thread.wait(PATIENCE_MS):
            _LOG.error("the worker does not end: its device may hang")
            _LEFT_BEHIND.append((self._thread, self._desk))
        self._garbage.stop()

    @Slot(object)
    def _hear(self, event: Event | Message) -> None:
        # What was told before the end may still be on its way after it.
        if not self._desk.closing:
            self.told.emit(event)


class _Desk(QObject):
    """Lives in the worker thread and takes up one request at a time."""

    told = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.closing = False
        self._job: Job | None = None
        self._device = "auto"
        self._pace = 0.0
        self._trainer: Trainer | None = None
        self._breakpoints: tuple[Breakpoint, ...] = ()
        self._wanted_steps = requests.KeepSteps(0, 0, False)
        self._told_kept, self._tell_kept_at = Kept(), 0.0
        self._camera, self._monitor = Camera(self.told.emit), Monitor(self.told.emit)
        self._observers: tuple[Observer, ...] = (self._camera, self._monitor)
        self._steps = StepDesk(self.told.emit, self._need_trainer, self._look)

    @Slot()
    def begin(self) -> None:
        """Make what must be made in the thread itself."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._train_on)
        self._tensors = TensorDesk(self.told.emit, self)
        self._verifier = VerifyDesk(self.told.emit, self._guarded, self)
        self._nudges = NudgeDesk(self.told.emit, self._steps.need_walk, self._guarded, self)
        self._costs = Errand(self.told.emit, self._guarded, self)
        gallery = self._tensors.gallery
        self._watches = WatchDesk(self.told.emit, gallery, self._standing, self._guarded, self)

    @Slot()
    def end(self) -> None:
        """Leave nothing half done: the thread ends."""
        self._tensors.end()
        for errand in (self._verifier, self._nudges, self._costs):
            errand.stop()

    @Slot(object)
    def take(self, request: requests.Request) -> None:
        if not self.closing:
            self._guarded(lambda: self._do(request))

    @Slot()
    def _train_on(self) -> None:
        if not self.closing:
            self._guarded(self._slice)

    def _guarded(self, work: Callable[[], None]) -> None:
        """Run it, and tell the window in a sentence where it fails: the thread goes on."""
        try:
            work()
        except _EXPECTED as error:
            self.told.emit(Refused(str(error)))
            self._tell_state()
        except Exception as error:  # noqa: BLE001  a bug must not take the user's net with it
            _LOG.exception("the worker failed")
            self.told.emit(Refused(f"the program made a mistake ({error}): save, then start anew"))
            self._tell_state()

    def _tell_state(self) -> None:
        trainer = self._trainer
        if trainer is None:
            self.told.emit(StateChanged("ready", 0))
        else:
            self.told.emit(StateChanged(trainer.state, trainer.steps, trainer.message))

    def _slice(self) -> None:
        trainer = self._trainer
        if trainer is None or trainer.state != "running":
            return
        trainer.advance(0.0 if self._pace else SLICE)
        if trainer.state == "running":
            self._timer.start(round(1000 / self._pace) if self._pace else 0)
            for observer in self._observers:
                observer.glance(trainer)
            self._tell_kept(trainer)
            return
        if trainer.met is not None:
            self._steps.stop_at_breakpoint(trainer)
        self._look()

    def _look(self) -> None:
        """Show what flows where training stands still, unless that is shown already."""
        if self._trainer is not None and self._trainer.state != "running":
            for observer in self._observers:
                observer.catch_up(self._steps.replay or self._trainer)
        self._tell_kept(self._trainer)

    def _tell_kept(self, trainer: Trainer | None) -> None:
        """Tell which steps are kept, where that is news; while training runs, now and then."""
        is_running = trainer is not None and trainer.state == "running"
        if is_running and perf_counter() < self._tell_kept_at:
            return
        kept = trainer.snapshots.kept if trainer is not None else Kept()
        self._tell_kept_at = perf_counter() + _KEPT_EVERY
        if kept != self._told_kept:
            self._told_kept = kept
            self.told.emit(kept)

    def _turn(self, observer: Observer, is_on: bool) -> None:
        observer.is_on = is_on
        observer.forget()
        self._look()

    def _forget(self) -> None:
        """There is another trainer, or none."""
        self._costs.stop()
        for observer in self._observers:
            observer.forget()

    # What a request needs

    def _need_job(self) -> Job:
        if self._job is None:
            raise TrainingError("the net cannot run yet: mend what Problems lists")
        return self._job

    def _standing(self) -> tuple[Standing | None, Stepper | None]:
        """Where training stands, or a step of its past, and the walk through that if any."""
        return self._steps.replay or self._trainer, self._steps.stepper

    def _need_trainer(self) -> Trainer:
        """The trainer at hand, whatever became of its run; a fresh one where there is none."""
        if self._trainer is None:
            self._trainer = self._new_trainer()
        return self._trainer

    def _new_trainer(self, weights: Mapping[str, Tensor] | None = None) -> Trainer:
        trainer = Trainer(self._need_job(), self._device, self.told.emit, weights)
        trainer.break_at(self._breakpoints)
        self._keep(trainer)
        return trainer

    def _keep(self, trainer: Trainer) -> None:
        asked = self._wanted_steps
        trainer.snapshots.want(asked.count, asked.limit, asked.goes_on)

    def _replace_ended_run(self) -> None:
        """After a run that failed or diverged there is a new one, from the weights last kept."""
        old = self._trainer
        if old is not None and old.state in ("failed", "diverged"):
            self._steps.end()
            self._trainer = self._new_trainer(old.weights if old.state == "failed" else None)

    # One method for each request

    @singledispatchmethod
    def _do(self, request: object) -> None:
        raise NotImplementedError(f"no answer to {request}")

    @_do.register
    def _(self, request: requests.Load) -> None:
        self._steps.end()
        self._job, self._device, self._trainer = request.job, request.device, None
        self._forget()
        self.told.emit(Loaded())
        self._tell_state()
        self._look()

    @_do.register
    def _(self, request: requests.Reset) -> None:
        self._steps.end()
        self._trainer = None
        self._forget()
        self._tell_state()
        self._look()

    @_do.register
    def _(self, request: requests.Train) -> None:
        self._replace_ended_run()
        self._steps.settle_edits(request.keeps_edits)
        self._need_trainer().start()
        self._steps.hand_back()
        self._timer.start(0)

    @_do.register
    def _(self, request: requests.Pause) -> None:
        if self._trainer is not None and self._trainer.state == "running":
            self._trainer.pause()
            self._trainer.advance(0.0)
            self._look()

    @_do.register
    def _(self, request: requests.Stop) -> None:
        if self._trainer is not None:
            self._steps.end()
            self._trainer.stop()
            self._trainer.advance(0.0)
            self._look()

    @_do.register
    def _(self, request: requests.Adjust) -> None:
        if self._job is not None:
            self._job = self._job.adjusted(**request.settings)
        if self._trainer is not None:
            self._trainer.adjust(**request.settings)
            self._steps.show_again()

    @_do.register
    def _(self, request: requests.UseDevice) -> None:
        devices.pick(request.device)
        self._costs.stop()
        self._device = request.device
        self._steps.end()
        if self._trainer is not None and self._trainer.state != "failed":
            self._trainer.move(request.device)
            self._look()

    @_do.register
    def _(self, request: requests.SetPace) -> None:
        self._pace = request.steps_per_second
        if self._timer.isActive():
            self._timer.start(0)

    @_do.register
    def _(self, request: requests.SetBreakpoints) -> None:
        self._breakpoints = request.points
        if self._trainer is not None:
            self._trainer.break_at(request.points)

    @_do.register
    def _(self, request: requests.TakePictures) -> None:
        self._turn(self._camera, request.wanted)

    @_do.register
    def _(self, request: requests.MeasureLayers) -> None:
        if request.at_once:
            self._need_trainer()
        self._turn(self._monitor, request.wanted)

    @_do.register
    def _(self, request: requests.MeasureCosts) -> None:
        if request.wanted:
            self._costs.begin(self._measured_costs())
        else:
            self._costs.stop()

    def _measured_costs(self) -> Work:
        try:
            standing = self._steps.replay or self._need_trainer()
            self.told.emit((yield from profiling(standing)))
        except Exception:
            self.told.emit(CostsRefused())
            raise

    @_do.register
    def _(self, request: requests.KeepSteps) -> None:
        self._wanted_steps = request
        if self._trainer is not None:
            self._keep(self._trainer)
        self._look()

    @_do.register
    def _(self, request: requests.StepRequest) -> None:
        self._steps.take(request)
        self._look()

    @_do.register
    def _(self, request: NudgeRequest) -> None:
        self._nudges.take(request)

    @_do.register
    def _(self, request: VerifyRequest) -> None:
        self._verifier.take(request)

    @_do.register
    def _(self, request: requests.RecordAutograd) -> None:
        standing = self._steps.replay or self._need_trainer()
        session, seed = standing.session, standing.batch_seed
        parts = (session.program, standing.batch, session.parameters, session.buffers)
        self.told.emit(AutogradRecorded(record(request.page, *parts, seed), standing.steps))

    @_do.register
    def _(self, request: TensorRequest) -> None:
        self._tensors.take(request, self._steps.replay or self._trainer)

    @_do.register
    def _(self, request: WatchRequest) -> None:
        self._watches.take(request)

    @_do.register
    def _(self, request: requests.ListDevices) -> None:
        self.told.emit(DevicesFound(tuple(devices.available())))

    @_do.register
    def _(self, request: requests.SaveWeights) -> None:
        save_weights(request.path, self._need_trainer().weights)
        self.told.emit(Told(f"Weights saved to {request.path}"))

    @_do.register
    def _(self, request: requests.LoadWeights) -> None:
        weights = load_weights(request.path)
        # A new one, so that those trained so far stay where these do not fit.
        trainer = self._new_trainer(weights)
        self._steps.end()
        self._trainer = trainer
        self._tell_state()
        self._look()
        self.told.emit(Told(f"Weights loaded from {request.path}"))
