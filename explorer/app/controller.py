"""Between the document and the worker: what runs is always what is drawn."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance, Slot

from explorer.app import messages, requests
from explorer.app.breakpoints import Breakpoints
from explorer.app.command import CANVAS
from explorer.app.document import Document
from explorer.app.explain.requests import Explain, Explained
from explorer.app.tensors.requests import TensorMessage, TensorRequest
from explorer.app.verifying import StopVerifying, Verified, Verify, Verifying
from explorer.app.watching.requests import WatchMessage, WatchRequest
from explorer.app.what_if.edits import HeldEdits
from explorer.app.what_if.requests import EditNumber, NudgeAnswered, NudgeRequest, Nudging, PutBack
from explorer.app.worker import Worker
from explorer.exchange.page import Page
from explorer.graph import Graph, GraphError, Problem
from explorer.graph.fragments import fragment
from explorer.program import Call, Program, compile
from explorer.program.program import Phase
from explorer.program.strides import Cards
from explorer.training import (
    ADJUSTABLE,
    Event,
    Job,
    Kept,
    Measured,
    Pictures,
    Profile,
    Profiling,
    Progress,
    Started,
    StateChanged,
)

_OF_ONE_NET = (
    Started,
    Progress,
    StateChanged,
    Pictures,
    Measured,
    Kept,
    Profile,
    Profiling,
    messages.CostsRefused,
    messages.StepperMoved,
    messages.AutogradRecorded,
    Explained,
    Nudging,
    NudgeAnswered,
)
"""What is passed over until the worker has taken over the net that is drawn: it is of another."""


class Controller(QObject):
    """Compiles the graph after each edit, hands it to the worker, and hands on what comes back.

    Signals:
        program_changed(Program | None, problems): what the graph compiles to now.
        runnable_changed(bool, reason): whether the net can be trained and stepped.
    """

    program_changed = Signal(object, list)
    runnable_changed = Signal(bool, str)
    started = Signal(object)
    progressed = Signal(object)
    pictured = Signal(object)
    measured = Signal(object)
    kept_told = Signal(object)
    profiling = Signal(object)
    profiled = Signal(object)
    costs_refused = Signal(object)
    state_changed = Signal(object)
    stepper_moved = Signal(object)
    stepping_ended = Signal()
    autograd_recorded = Signal(object, int)
    devices_found = Signal(object)
    tensors_told = Signal(object)
    verify_told = Signal(object)
    explained = Signal(object)
    nudged = Signal(object)
    watches_told = Signal(object)
    message = Signal(str)
    refused = Signal(str)

    def __init__(self, document: Document, parent: QObject | None = None):
        super().__init__(parent)
        self.program: Program | None = None
        self.reason = ""
        self.state = "ready"
        self._told_state: StateChanged | None = None
        self.is_stepping = self.is_in_past = False
        self._document = document
        self._device = "auto"
        self._measured_for: set[str] = set()
        self._job: Job | None = None
        self._key: tuple[Any, ...] | None = None
        self._drawn: tuple[Any, ...] = ()
        self._compiled: tuple[Job | None, list[Problem]] = (None, [])
        self.steps = 0
        self._loading = 0
        self._signals: dict[type, SignalInstance] = {
            Started: self.started,
            Pictures: self.pictured,
            Measured: self.measured,
            Kept: self.kept_told,
            Profiling: self.profiling,
            Profile: self.profiled,
            messages.CostsRefused: self.costs_refused,
            Explained: self.explained,
            Nudging: self.nudged,
            NudgeAnswered: self.nudged,
            Verifying: self.verify_told,
            Verified: self.verify_told,
        }
        self._worker = Worker(self)
        self._worker.told.connect(self._hear)
        self.breakpoints = Breakpoints(self)
        self.breakpoints.changed.connect(self._set_breakpoints)
        self.edits = HeldEdits(self)
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self.settle)
        document.replaced.connect(self._replaced)
        self._graph = document.graph
        self._graph.edited.connect(self._edited)
        self._worker.ask(requests.ListDevices())

    @property
    def calls(self) -> tuple[Call, ...]:
        """All that can be stepped through: the program's calls, and the updates behind them."""
        return self._job.calls if self._job and self.program else ()

    # The graph

    @Slot(object)
    def _replaced(self, graph: Graph) -> None:
        self._graph.edited.disconnect(self._edited)
        self._graph, self._key = graph, None
        # Another net may have nodes of the same names.
        self.breakpoints.keep_those_of(())
        graph.edited.connect(self._edited)
        self.settle()

    def _edited(self, label: str) -> None:
        self._settle.start()

    def settle(self) -> None:
        """Compile what is drawn, if it changed, and hand it to the worker."""
        self._settle.stop()
        self.breakpoints.keep_those_of(self._graph.nodes)
        job, problems = self._compile()
        key = _key(self._graph, job) if job else None
        if job is not None and key == self._key:
            self._adjust(job)
        elif job is None and self._key is not None:
            self._hold()
        elif job is not None or self._job is not None:
            self._tell_why_it_ends(key)
            self._loading += 1
            self._worker.ask(requests.Load(job, self._device))
            # The worker may be at a long step of the run before: this net's has not begun.
            self._enter(StateChanged("ready", 0))
            self._key = key
        self._job = job or (self._job if self._key is not None else None)
        self.program = job.program if job else None
        self.program_changed.emit(self.program, problems)
        errors = [problem for problem in problems if problem.severity == "error"]
        self.reason = str(errors[0]) if errors else ""
        self.runnable_changed.emit(not errors, self.reason)

    def catch_up(self) -> None:
        """Compile what was drawn just now, if that is still to be done."""
        if self._settle.isActive():
            self.settle()

    def _compile(self) -> tuple[Job | None, list[Problem]]:
        """What is drawn as a job, or why it is none: anew only where that can differ."""
        problems = self._graph.problems()
        name = Path(self._document.title).stem
        drawn = (name, *_computed(self._graph), problems)
        if drawn != self._drawn:
            self._drawn, self._compiled = drawn, self._compile_anew(name, problems)
        return self._compiled

    def _compile_anew(self, name: str, problems: list[Problem]) -> tuple[Job | None, list[Problem]]:
        graph = self._graph
        if any(problem.severity == "error" for problem in problems):
            return None, problems
        try:
            return Job.of(graph, compile(graph, name=name)), problems
        except GraphError as error:
            return None, [*error.problems, *problems]

    def _hold(self) -> None:
        """The net cannot run as it is drawn: the worker keeps its run, until another net can."""
        if self.program is None:
            return
        if self._has_run:
            self.message.emit(
                "The net cannot run as it is now: training waits. Undo brings both back"
            )
        self._worker.ask(requests.LeaveStepper())
        self._worker.ask(requests.Pause())

    @property
    def _has_run(self) -> bool:
        return self.steps > 0 or self.state == "running"

    def _tell_why_it_ends(self, key: tuple[Any, ...] | None) -> None:
        before = self._key
        if before is None or key is None or not self._has_run:
            return
        if key[:-1] == before[:-1]:
            self.message.emit("The settings changed: training starts afresh")
        else:
            self.message.emit("The net changed: training starts afresh")

    def _adjust(self, job: Job) -> None:
        assert self._job is not None
        before, now = self._job.settings.model_dump(), job.settings.model_dump()
        if changed := {key: now[key] for key in ADJUSTABLE if now[key] != before[key]}:
            self._worker.ask(requests.Adjust(changed))

    # What a person asks for

    def train_or_pause(self, keeps_edits: bool | None = None) -> None:
        """Pause, or go on: with what is edited on the walk or without, None if nothing is."""
        if self.state == "running":
            self._ask(requests.Pause())
            return
        self._ask(requests.Train(keeps_edits))
        # Data may take a while to load; whoever presses the button again means to pause.
        self._enter(StateChanged("running", self.steps, "Getting ready…"))

    def stop(self) -> None:
        self._ask(requests.Stop())

    def reset(self) -> None:
        self._ask(requests.Reset())

    def use_device(self, device: str) -> None:
        self._device = device
        self._ask(requests.UseDevice(device))

    def set_pace(self, steps_per_second: float) -> None:
        self._ask(requests.SetPace(steps_per_second))

    @Slot()
    def _set_breakpoints(self) -> None:
        self._worker.ask(requests.SetBreakpoints(self.breakpoints.active))

    def verify(self) -> None:
        """Check every gradient of the net as it is drawn."""
        self._ask(Verify(fragment(self._graph, self._graph.nodes, trains=True)))

    def stop_verifying(self) -> None:
        self._worker.ask(StopVerifying())

    def take_pictures(self, wanted: bool) -> None:
        """Have pictures taken of what flows, or none."""
        self._worker.ask(requests.TakePictures(wanted))

    def measure_layers(self, who: str, wanted: bool) -> None:
        """Have each layer measured for a part of the window, or no longer for that.

        What is to be seen on the canvas is measured at once, if the net can run.
        """
        (self._measured_for.add if wanted else self._measured_for.discard)(who)
        at_once = wanted and who == CANVAS and self.program is not None
        self._worker.ask(requests.MeasureLayers(bool(self._measured_for), at_once))

    def measure_costs(self, wanted: bool) -> None:
        """Have measured what the calls of the net cost, or no longer."""
        if self.program is not None or not wanted:
            self._ask(requests.MeasureCosts(wanted))

    def keep_steps(self, count: int, megabytes: int, goes_on: bool) -> None:
        """Have the last steps of training kept, in at most so much memory."""
        self._worker.ask(requests.KeepSteps(count, megabytes * 2**20, goes_on))

    def open_moment(self, step: int) -> None:
        """Step through a step of the run as it was, counted from 0."""
        self._ask(requests.OpenMoment(step))

    def next_moment(self, is_earlier: bool) -> None:
        """Step through the kept step before the one stepped through, or the one after it."""
        self._ask(requests.NextMoment(is_earlier))

    def step(self, cards: Cards) -> None:
        self._ask(requests.StepOver(cards))

    def step_into(self) -> None:
        self._ask(requests.StepInto())

    def step_out(self, cards: Cards) -> None:
        self._ask(requests.StepOut(cards))

    def step_back(self, cards: Cards) -> None:
        self._ask(requests.StepBack(cards))

    def restart(self) -> None:
        self._ask(requests.GoTo(0))

    def go_to(self, position: int) -> None:
        self._ask(requests.GoTo(position))

    def run_to_node(self, node: str, phase: Phase | None = None) -> None:
        self._ask(requests.GoToNode(node, phase))

    def run_to_loss(self) -> None:
        self._ask(requests.GoToLoss())

    def run_to_end(self) -> None:
        self._ask(requests.GoToEnd())

    def next_batch(self, keeps_edits: bool | None = None) -> None:
        self._ask(requests.NextBatch(keeps_edits))

    def leave_stepper(self) -> None:
        self._ask(requests.LeaveStepper())

    def record_autograd(self, page: Page) -> None:
        self._ask(requests.RecordAutograd(page))

    def save_weights(self, path: Path) -> None:
        self._ask(requests.SaveWeights(path))

    def load_weights(self, path: Path) -> None:
        self._told_state = None  # a run that has not begun begins anew with them
        self._ask(requests.LoadWeights(path))

    def explain(self, request: Explain) -> None:
        self._ask(request)

    def what_if(self, request: EditNumber | PutBack | NudgeRequest) -> None:
        """Have a number edited, put back or nudged, or nudged no longer."""
        self._ask(request)

    def ask_tensors(self, request: TensorRequest) -> None:
        self._ask(request)

    def ask_watches(self, request: WatchRequest) -> None:
        self._ask(request)

    def close(self) -> None:
        """End the worker; nothing is told after this."""
        self._settle.stop()
        self._worker.close()

    def _ask(self, request: requests.Request) -> None:
        self.catch_up()
        self._worker.ask(request)

    # What the worker tells

    @Slot(object)
    def _hear(self, event: Event | messages.Message) -> None:
        self.catch_up()
        if isinstance(event, messages.Loaded):
            self._loading -= 1
        elif not self._is_of_another_net(event):
            self._hand_on(event)

    def _is_of_another_net(self, event: Event | messages.Message) -> bool:
        """Whether it is about a net that is no longer drawn."""
        if self._loading:
            return isinstance(event, _OF_ONE_NET)
        return self.program is None and isinstance(event, messages.StepperMoved)

    def _hand_on(self, event: Event | messages.Message) -> None:
        match event:
            case Progress():
                self.steps = event.step
                self.progressed.emit(event)
            case StateChanged():
                # Where something was refused it is told again: nothing has changed then.
                if event != self._told_state:
                    self._enter(event)
            case messages.StepperMoved():
                self.is_stepping, self.is_in_past = True, event.stands_at is not None
                self.edits.show_step(event)
                self.stepper_moved.emit(event)
            case messages.SteppingEnded():
                self.is_stepping = self.is_in_past = False
                self.edits.end()
                self.stepping_ended.emit()
            case _:
                self._pass_on(event)

    def _enter(self, changed: StateChanged) -> None:
        self._told_state = changed
        self.state, self.steps = changed.state, changed.step
        self.edits.show_state(changed)
        self.state_changed.emit(changed)

    def _pass_on(self, event: Event | messages.Message) -> None:
        """Hand on what changes nothing that is known here."""
        if (signal := self._signals.get(type(event))) is not None:
            signal.emit(event)
            return
        match event:
            case messages.AutogradRecorded():
                self.autograd_recorded.emit(event.values, event.batch)
            case TensorMessage():
                self.tensors_told.emit(event)
            case WatchMessage():
                self.watches_told.emit(event)
            case messages.DevicesFound():
                self.devices_found.emit(event.devices)
            case messages.Told():
                self.message.emit(event.sentence)
            case messages.Refused():
                self.refused.emit(event.sentence)


def _computed(graph: Graph) -> tuple[Any, ...]:
    """All of a graph that a program is made of: where cards stand, for one, is not."""
    nodes = [(id, node.layer, node.title, node.is_muted) for id, node in graph.nodes.items()]
    wires = [(wire.source, wire.target) for wire in graph.wires.values()]
    return nodes, wires, graph.training, graph.analysis.specs()


def _key(graph: Graph, job: Job) -> tuple[Any, ...]:
    """What a run cannot take over while it goes on: equal keys, same run."""
    program = job.program
    unused = {*program.left_out, *(id for id, node in graph.nodes.items() if node.is_muted)}
    layers = [(id, node.layer) for id, node in graph.nodes.items() if id not in unused]
    settings = job.settings.model_dump(exclude={*ADJUSTABLE})
    return [call.text for call in program.calls], layers, program.shapes, settings
