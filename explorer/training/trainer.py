"""Training: the program's own source, mini-batch by mini-batch, to be paused at any step."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import torch
from torch import Tensor

from explorer.graph import Graph, GraphError, Problem, TrainingSettings
from explorer.layers import catalogue
from explorer.program import Breakpoint, Met, Stepper, threads
from explorer.program.what_if import Edits
from explorer.training import capture, devices, faults, optimizers, seeds
from explorer.training.events import Event, Progress, Started, State, StateChanged
from explorer.training.faults import TrainingError
from explorer.training.feeder import Batch, Feeder
from explorer.training.history import History, Result, Step
from explorer.training.job import Job
from explorer.training.metrics import metric
from explorer.training.precision import DTYPES
from explorer.training.replay import Replay
from explorer.training.snapshots import Snapshots
from explorer.training.updates import Update, Updates, after_step, learned
from explorer.training.watching import Watch

ADJUSTABLE = ("learning_rate", "momentum", "epochs")
"""Settings that a run takes over as it goes on; others need a new one."""

INTERVAL = 0.05
"""Seconds between Progress events: the rate that an eye can use."""


class Trainer:
    """Trains a graph, or a job made from one; everything that is random comes from the seed.

    `run` trains to the end; `advance` for a slice of time, so that one thread can do other things
    in between. `pause` and `stop` may be called from `on_event` or another thread; they take
    effect after the step that is running. Equal seeds on the CPU give runs equal bit for bit.

    `weights` to start from, by path, in place of fresh ones. Raises GraphError where the graph,
    its data or a setting is not fit to train, DeviceError where there is no such device, and
    TrainingError where the device fails.
    """

    def __init__(
        self,
        graph: Graph | Job,
        device: str | torch.device = "cpu",
        on_event: Callable[[Event], object] = lambda event: None,
        weights: Mapping[str, Tensor] | None = None,
        **settings: Any,
    ):
        self.job = graph if isinstance(graph, Job) else Job.of(graph, **settings)
        self.device = devices.pick(device)
        self.state: State = "ready"
        self.message = ""
        self.steps = 0
        self._on_event = on_event
        is_sum = self.job.program.loss_settings.get("reduction") == "sum"
        self._history = History(self.settings.batch_size if is_sum else None)
        self._first_epoch = 0
        self._wanted: State | None = None
        self._told = 0.0
        self._kept: tuple[float, dict[str, Tensor]] = (0.0, {})
        self._validating = False
        self._watch = Watch(self.job.program, self._begin_walk)
        self.snapshots = Snapshots(self.device)
        self._diverged_at: int | None = None
        self._cause: BaseException | None = None
        self._work = self._forever()
        with self._faults():
            self._prepare(weights)
        if self.state == "failed":
            raise TrainingError(self.message) from self._cause

    def _prepare(self, weights: Mapping[str, Tensor] | None) -> None:
        program, settings = self.job.program, self.settings
        dtypes = DTYPES[settings.precision]
        self._feeder = Feeder(program, self.job.sources, settings, self.device, dtypes)
        self.session = program.start(self.device, dtypes.kept, settings.seed, dtypes.compute)
        self._is_mixed = dtypes.compute != dtypes.kept
        if settings.channels_last:
            self.session.lay_out(torch.channels_last)
        if weights is not None:
            self.session.load(weights)
        self._learned = learned(program)
        self._bind()
        self._optimizer = optimizers.make(self.settings, self._tensors)
        self._plan_step()
        rows = min(self.settings.batch_size, max(self._feeder.rows, 1))
        self._multiplications = program.multiplications * rows
        self.session.usual_rows = rows
        self._metric = metric(program)
        self._forward = program.functions.forward
        self._backward = program.functions.backward
        if self.device.type != "cpu":
            self._kept = (perf_counter(), self.weights)

    # What a caller may ask

    @property
    def batch(self) -> Batch:
        """The batch that training stands at: the next step will use it."""
        return self._feeder.peek()

    @property
    def batch_seed(self) -> int:
        """What the random numbers of that batch start from: Dropout's masks, for one."""
        return seeds.of_step(self.settings.seed, self.steps)

    def sample(self, rows: int) -> Batch:
        """The first training rows, at most so many, on the CPU: not those of any step."""
        return self._feeder.sample(rows)

    @property
    def met(self) -> Met | None:
        """The breakpoint that training has stopped at."""
        return self._watch.met

    @property
    def settings(self) -> TrainingSettings:
        return self.job.settings

    @property
    def epochs(self) -> int:
        """The epoch, counted from the very start, at which this run is done."""
        return self._first_epoch + self.settings.epochs

    @property
    def total_steps(self) -> int:
        return self.epochs * self._feeder.steps_per_epoch

    @property
    def result(self) -> Result:
        """The run so far."""
        return self._history.result(self.state, self.message)

    @property
    def weights(self) -> dict[str, Tensor]:
        """A copy of parameters and buffers on the CPU; if the device failed, those last kept."""
        if self.state == "failed" and self.device.type != "cpu":
            return dict(self._kept[1])
        return {path: t.detach().cpu().clone() for path, t in self.session.state.items()}

    @property
    def memory(self) -> dict[tuple[str, str], Tensor]:
        """What the optimizer remembers of each weight, live: {("fc1.w", "exp_avg"): tensor, …}."""
        return optimizers.memory(self._optimizer, self._learned)

    def updated(self, gradients: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The weights that a step by these gradients, by path, would leave; nothing changes."""
        weights = [self.session.parameters[path] for path in self._learned]
        wide = [self.as_kept(gradients[path]) for path in self._learned]
        after, _ = after_step(self._optimizer, self.settings, weights, wide)
        return dict(zip(self._learned, after, strict=True))

    # Going

    def run(self) -> Result:
        """Train until all epochs are done, or until paused, stopped or diverged."""
        self.start()
        while self.state == "running":
            self.advance(INTERVAL)
        if self.state == "failed":
            raise TrainingError(self.message) from self._cause
        return self.result

    def start(self) -> None:
        """Set off, or go on after a pause; after the end, for as many epochs again."""
        if self.state in ("running", "failed"):
            return
        feeder = self._feeder
        self._go_beyond_the_end()
        self._wanted = None
        self._watch.is_resting = False
        self._set_off()
        self.state = "running"  # before anyone is told, who may pause or stop it at once
        rows = feeder.rows, feeder.validation_rows
        device, note = str(self.device), self._note
        self._on_event(Started(device, self.epochs, feeder.steps_per_epoch, *rows, note))
        self._enter("running")

    def advance(self, seconds: float) -> None:
        """Train for about that long, at least one step, and tell what happened."""
        until = perf_counter() + seconds
        with self._faults(), threads.suited_to(self._multiplications), torch.inference_mode():
            while self.state == "running":
                self._tick()
                now = perf_counter()
                if now - self._told >= INTERVAL:
                    self._tell()
                if now >= until:
                    break

    def step(self) -> None:
        """Train exactly one step, past all breakpoints, and stand paused before the next one."""
        if self.state in ("running", "failed"):
            return
        before = self.steps
        self._go_beyond_the_end()
        self._watch.is_resting = True
        self._set_off()
        self._history.start_clock()
        with self._faults(), threads.suited_to(self._multiplications), torch.inference_mode():
            while self.steps == before or self._validating:
                next(self._work)
            self._enter("paused")

    def _go_beyond_the_end(self) -> None:
        """After the end of a run there are as many epochs again to go."""
        if self.state in ("done", "stopped", "diverged"):
            self._first_epoch = self.steps // self._feeder.steps_per_epoch

    def walk(self) -> Stepper:
        """The batch that training stands at, to be walked through call by call, and its update.

        It stands right behind the call where a breakpoint was met, else before the first. As long
        as there are breakpoints, training goes on from where it stands, to the next of them.
        """
        return self._watch.walk()

    @property
    def edits(self) -> Edits:
        """The numbers that are edited on the walk; none where there is no walk."""
        return self._watch.edits

    def replay(self, step: int) -> Replay:
        """A step, counted from 0, as it was when it was made. TrainingError if it is not kept."""
        stretch = self.snapshots.at(step)
        if stretch is None:
            raise TrainingError(f"step {step + 1:,} is not kept: have more steps kept")
        return Replay(self, stretch)

    def leave(self) -> None:
        """Walk no longer, and forget its values with their memory; the batch stays the same."""
        self._watch.leave()
        self.session.release()

    def keep_edits(self, kept: bool) -> None:
        """Whether what is edited on this walk is trained on with: gradients and weights as edited.

        By default training goes on by its own numbers, from the start of the batch. It holds for
        this batch.
        """
        self._watch.keeps_edits = kept

    def break_at(self, points: Iterable[Breakpoint]) -> None:
        """Pause from now on where one of these is met: within the step, before its update.

        A step that is walked for them gives the same bits as one that is not.
        """
        self._watch.look_out_for(points)

    def pause(self) -> None:
        """Stand still after the step that is running."""
        self._wanted = "paused"

    def stop(self) -> None:
        """End the run after the step that is running; the weights stay."""
        self._wanted = "stopped"
        if self.state in ("paused", "ready"):
            self._enter("stopped")

    def adjust(self, **settings: Any) -> None:
        """Change the learning rate, the momentum or the number of epochs as training goes on.

        Raises GraphError where a setting is out of range or decides the whole run; all stays as
        it was.
        """
        if fixed := [name for name in settings if name not in ADJUSTABLE]:
            text = f"training: {', '.join(fixed)} cannot change while a run goes on"
            raise GraphError(Problem.error(text, "start a new run with it"))
        self.job = self.job.adjusted(**settings)
        optimizers.adjust(self._optimizer, self.settings)
        self._plan_step()
        self._watch.follow_with(self._updates)

    def move(self, device: str | torch.device) -> None:
        """Go on from the very same state on another device."""
        chosen = devices.pick(device)
        with self._faults():
            self._bring_over()
            self.leave()
            self.device = chosen
            self.snapshots = self.snapshots.on(chosen)
            self._feeder.move(self.device)
            self.session.move(self.device)
            self._bind()
            self._optimizer = optimizers.move(self._optimizer, self.settings, self._tensors)
            self._plan_step()

    # One step at a time

    def _bind(self) -> None:
        parameters = self.session.parameters
        program = self.job.program
        self._parameters = [parameters[path] for path in program.parameters]
        self._buffers = [self.session.buffers[path] for path in program.buffers]
        self._tensors = [parameters[path] for path in self._learned]
        kind = program.loss_kind
        self._loss_is_new = catalogue()[kind].is_loss
        wide = self.session.dtype if self._loss_is_new else self.session.compute
        self._one = torch.ones((), device=self.device, dtype=wide)

    def _plan_step(self) -> None:
        """Settle how a step is made: with these settings, and recorded if that is wanted."""
        self._update = optimizers.Update(self._optimizer)
        self._learn: Callable[[Batch], capture.Outcome] = self._learn_from
        self._note = ""
        if self.settings.capture:
            self._note = capture.why_not(self.job.program, self.device, self._optimizer)
            if not self._note:
                self._learn = capture.CapturedStep(self._learn_from)

    def _tick(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None or self._diverged_at is not None:
            self._enter(wanted or "diverged")
        elif self.steps >= self.total_steps and not self._validating:
            self._enter("done")
        else:
            next(self._work)
            if self._watch.met is not None:
                self._enter("paused", self._watch.met.sentence)

    def _forever(self) -> Iterator[None]:
        """Training steps without end, with the validation of each epoch in pieces in between."""
        while True:
            if self._watch.is_on and not self._watch.goes_through(self._history.last_loss):
                yield
                continue
            self._train_step()
            if self.steps % self._feeder.steps_per_epoch == 0:
                yield from self._validate()
                self._keep_weights()
            yield

    def _set_off(self) -> None:
        """Go on from where a walk stands if it is to be walked on, else from the batch's start."""
        self._watch.forget_edits()
        if not self._watch.is_on:
            self.leave()

    def _begin_walk(self) -> Stepper:
        return Stepper(self.session, self.batch, self.batch_seed, self._updates())

    def _updates(self) -> tuple[Update, ...]:
        """The updates that would follow the backward pass, to be stepped through."""
        program, settings = self.job.program, self.settings
        return Updates(program, settings, self._optimizer, self.as_kept).steps

    def _train_step(self) -> None:
        learn = self._learn_as_walked if self._watch.is_on else self._learn
        batch = self._feeder.take()
        if self.snapshots.is_on:
            self._keep_step(batch)
        loss, accuracy = learn(batch)
        self._history.add(loss, accuracy, len(next(iter(batch.values()))) if batch else 1)
        self.steps += 1
        self._watch.go_on()

    def _keep_step(self, batch: Batch) -> None:
        """Keep what it takes to make this step once more."""
        edits = self._watch.edits_to_keep
        self.snapshots.keep(self.steps, self.settings, batch, edits, self._as_it_is)

    def _as_it_is(self) -> tuple[dict[str, Tensor], dict[tuple[str, str], Tensor]]:
        return self.session.state, self.memory

    def _learn_from(self, batch: Batch) -> capture.Outcome:
        """Forward, backward and update; the loss and the accuracy before it."""
        loss, compared, cache = self._run_forward(batch, training=True)
        outcome = self._outcome(loss, compared)
        self._learn_by(self._backward(self._one, cache))
        return outcome

    def _learn_as_walked(self, batch: Batch) -> capture.Outcome:
        """The update by what a walk through this batch has computed."""
        session, program = self.session, self.job.program
        session.keep_buffers()
        if self._watch.has_edits_to_keep:
            self._watch.walk().keep_weights()
        compared = [session.namespace[variable] for variable in program.compared]
        outcome = self._outcome(session.value(program.loss), compared)
        self._learn_by(session.gradients())
        return outcome

    def _outcome(self, loss: Tensor, compared: Sequence[Tensor]) -> capture.Outcome:
        accuracy = self._metric(*compared) if self._metric else None
        # A loss that is not new may be a view of a weight, which is about to change.
        return loss if self._loss_is_new else loss.clone(), accuracy

    def _learn_by(self, gradients: Mapping[str, Tensor]) -> None:
        self._update([self.as_kept(gradients[path]) for path in self._learned])

    def as_kept(self, gradient: Tensor) -> Tensor:
        """A gradient in the numbers that weights are kept in."""
        return gradient.to(self.session.dtype) if self._is_mixed else gradient

    def _run_forward(self, batch: Batch, training: bool) -> tuple[Tensor, Any, list[Any]]:
        """The page's forward, told what some layer of it wants to know of the run."""
        modes = self.job.program.modes
        told: dict[str, Any] = {"training": training} if "training" in modes else {}
        if "seed" in modes:
            told["seed"] = self.batch_seed
        weights = self._parameters
        if self._is_mixed:
            weights = [weight.to(self.session.compute) for weight in weights]
        return self._forward(batch, *weights, *self._buffers, **told)

    def _validate(self) -> Iterator[None]:
        self._validating = True
        chunks: list[Step] = []
        for batch, rows in self._feeder.validation():
            loss, compared = self._run_forward(batch, training=False)[:2]
            chunks.append((loss, self._metric(*compared) if self._metric else None, rows))
            yield
        self._history.end_epoch(chunks)
        self._validating = False

    def _keep_weights(self) -> None:
        """Hold a copy where a vanishing device cannot take it, at most once a second."""
        if self.device.type != "cpu" and perf_counter() - self._kept[0] > 1:
            self._kept = (perf_counter(), self.weights)

    # Telling

    def _bring_over(self) -> None:
        """Leave no number behind on this device."""
        with torch.inference_mode():
            while self._validating:
                next(self._work)
        self._tell()
        self._kept = (perf_counter(), self.weights)

    def _enter(self, state: State, message: str = "") -> None:
        self._tell()
        if self._diverged_at is not None:
            state, message = "diverged", self._divergence(self._diverged_at)
            self._diverged_at = None
        self.state, self.message = state, message
        if state == "running":
            self._history.start_clock()
        else:
            self._history.stop_clock()
        self._on_event(StateChanged(state, self.steps, message))

    def _tell(self) -> None:
        self._told = perf_counter()
        block = self._history.flush()
        if not len(block.losses) and not block.epochs:
            return
        if block.diverged_at is not None:
            self._diverged_at = block.diverged_at
        rate = self._history.steps_per_second
        self._on_event(
            Progress(
                block.first_step,
                tuple(block.losses.tolist()),
                tuple(block.accuracies.tolist()),
                block.epochs,
                step=self.steps,
                total_steps=self.total_steps,
                epoch=-(-self.steps // self._feeder.steps_per_epoch),
                total_epochs=self.epochs,
                steps_per_second=rate,
                seconds_left=max(self.total_steps - self.steps, 0) / rate if rate else 0.0,
            )
        )

    def _divergence(self, step: int) -> str:
        where = f"since step {step} (epoch {step // self._feeder.steps_per_epoch + 1})"
        loss, kind = float(self._history.losses[step]), self.job.program.loss_kind
        return faults.divergence(where, loss, kind, self.settings.learning_rate)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (RuntimeError, IndexError, MemoryError) as error:
            self._cause, self.state = error, "failed"
            self.message = faults.explain(error, self.device, self.settings.batch_size)
            self._history.stop_clock()
            self._on_event(StateChanged("failed", self.steps, self.message))
        except BaseException as error:
            # A bug, or Ctrl-C within a step: what was half done cannot be gone on with.
            self._cause, self.state = error, "failed"
            self.message = f"training was cut off by {type(error).__name__}: start a new run"
            self._history.stop_clock()
            raise
