"""The part of the worker that walks through a batch: it moves as requests ask, and tells where."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import singledispatchmethod

from explorer.app import requests
from explorer.app.explain.requests import Explain, Explained
from explorer.app.messages import Message, Refused, StepperMoved, SteppingEnded, Told
from explorer.app.panels.numbers import plural
from explorer.app.what_if.requests import Edited, EditNumber, PutBack
from explorer.program import Stepper, TensorSummary, inspect, strides
from explorer.program.explanation import UnknownElementError, explain
from explorer.program.flow import Flow, Gauge
from explorer.program.inspection import inspect_part
from explorer.program.session import Session
from explorer.program.what_if import EditError
from explorer.training import Replay, Trainer, TrainingError, faults

_MOST_NAMED = 3
"""So many edits are named one by one where something is told of them."""


class StepDesk:
    """Walks through the batch that a trainer stands at, or through a step that it has made.

    `need_trainer` gives the one at hand; `look` shows anew what it computes where it stands.
    """

    def __init__(
        self,
        tell: Callable[[Message], object],
        need_trainer: Callable[[], Trainer],
        look: Callable[[], object],
    ):
        self._tell, self._need_trainer, self._look = tell, need_trainer, look
        self._trainer: Trainer | Replay | None = None
        self._gauge: Gauge | None = None
        self._told: tuple[Edited, ...] = ()

    @property
    def replay(self) -> Replay | None:
        """The step of the past that is walked through, if one is."""
        return self._trainer if isinstance(self._trainer, Replay) else None

    @property
    def stepper(self) -> Stepper | None:
        """The walk, while one steps."""
        return self._trainer.walk() if self._trainer is not None else None

    def end(self) -> None:
        """Let the values of the walk go; the trainer stands at the same batch."""
        if self._trainer is not None:
            self._trainer.leave()
            self.hand_back()

    def hand_back(self) -> None:
        """Training goes on, from where the walk stands if it looks out for breakpoints."""
        if self._trainer is not None:
            self._trainer = self._gauge = None
            self._tell_gone((), "stepping has ended")
            self._tell(SteppingEnded())

    def settle_edits(self, keeps: bool | None) -> None:
        """Train on with what was edited on the walk, or without; what is past stays as it was.

        EditError where nobody was asked: it was edited just before that.
        """
        if not isinstance(self._trainer, Trainer) or not (held := self._held(self._trainer)):
            return
        if keeps is None:
            raise EditError(f"just edited: {_listed(held)}. Go on again to say what becomes of it")
        self._trainer.keep_edits(keeps)
        if keeps:
            self._tell(Told(f"Trained on with {_listed(held)}"))
        else:
            self._trainer.leave()
            self._look()
        self._told = ()

    def stop_at_breakpoint(self, trainer: Trainer) -> None:
        """Show where training has stopped by itself, and why."""
        assert trainer.met is not None
        self._trainer = trainer
        self._show(trainer.met.sentence)

    def _need_stepper(self) -> Stepper:
        if self.replay is not None:
            return self.replay.walk()
        self._trainer = self._need_standing_trainer()
        return self._trainer.walk()

    def _need_standing_trainer(self) -> Trainer:
        trainer = self._need_trainer()
        if trainer.state == "running":
            trainer.pause()
            trainer.advance(0.0)
        if trainer.state == "failed":
            raise TrainingError("this run failed: reset or train again, then step")
        return trainer

    def need_walk(self) -> Stepper:
        """The walk that is under way. EditError where there is none: another has other numbers."""
        if self._trainer is None:
            raise EditError("nothing is stepped through: step first")
        return self._need_stepper()

    def _held(self, trainer: Trainer | Replay) -> tuple[Edited, ...]:
        stepper = trainer.walk()
        program = stepper.session.program
        return tuple(Edited.of(program, edit) for edit in stepper.edits.as_made)

    def _tell_gone(self, held: tuple[Edited, ...], why: str) -> None:
        """Tell which edits hold no longer though nobody put them back."""
        places = {each.place for each in held}
        gone = [each for each in self._told if each.place not in places]
        if gone:
            self._tell(Told(f"Put back, as {why}: {_listed(gone)}"))
        self._told = held

    @contextmanager
    def _computing_anew(self) -> Iterator[None]:
        """Where the device fails at it there is no walk any more."""
        assert self._trainer is not None, "a walk is under way"
        device, rows = self._trainer.device, self._trainer.settings.batch_size
        try:
            yield
        except (RuntimeError, MemoryError) as error:
            self.end()
            raise TrainingError(faults.explain(error, device, rows)) from error

    def _show(self, stopped: str = "") -> None:
        trainer = self._trainer
        assert trainer is not None
        stepper = trainer.walk()
        session, inside = stepper.session, stepper.inside
        call = inside.call if inside else stepper.current
        tensors: tuple[TensorSummary, ...] = ()
        if inside is not None:
            tensors = inspect_part(session, inside)
        elif call is not None:
            tensors = inspect(session, call)
        computed = stepper.position >= len(session.program.forward_calls)
        batch, held = trainer.batch, self._held(trainer)
        self._tell_gone(held, "you went back to before it")
        self._tell(
            StepperMoved(
                position=stepper.position,
                call=call,
                tensors=tensors,
                loss=float(session.value(session.program.loss)) if computed else None,
                batch=trainer.steps,
                rows=len(next(iter(batch.values()))) if batch else 0,
                flow=self._flow(session),
                stopped=stopped,
                loss_after=_loss_after(stepper),
                part=inside.part.title if inside and inside.part else "",
                edits=held,
                stands_at=self.replay.stands_at if self.replay else None,
            )
        )

    def _flow(self, session: Session) -> Flow:
        if self._gauge is None or self._gauge.program is not session.program:
            self._gauge = Gauge(session.program)
        return self._gauge.read(session.namespace)

    def show_again(self) -> None:
        """Something beside the walk has changed what it shows."""
        if self._trainer is not None:
            self._show()

    def take(self, request: requests.StepRequest) -> None:
        """Do what is asked, and tell where the walk stands then.

        EditError where a call further on cannot compute with what was edited before it: a label
        that is no class, for one. The walk stands before that call.
        """
        try:
            self._do(request)
        except (RuntimeError, IndexError) as error:
            held = self._held(self._trainer) if self._trainer is not None else ()
            if isinstance(error, TrainingError) or isinstance(request, Explain) or not held:
                raise
            self._show()
            first = str(error).partition("\n")[0]
            sentence = f"the next call cannot compute with {_listed(held)}: put it back ({first})"
            raise EditError(sentence) from error

    # One method for each request

    @singledispatchmethod
    def _do(self, request: object) -> None:
        raise NotImplementedError(f"no answer to {request}")

    @_do.register
    def _(self, request: requests.StepOver) -> None:
        stepper = self._need_stepper()
        if stepper.inside is not None:
            stepper.step_over()
        else:
            stepper.go_to(strides.over(stepper.calls, stepper.position, request.cards))
        self._show()

    @_do.register
    def _(self, request: requests.StepBack) -> None:
        stepper = self._need_stepper()
        if stepper.inside is not None:
            stepper.step_back()
        else:
            stepper.go_to(strides.back(stepper.calls, stepper.position, request.cards))
        self._show()

    @_do.register
    def _(self, request: requests.StepInto) -> None:
        self._need_stepper().step_into()
        self._show()

    @_do.register
    def _(self, request: requests.StepOut) -> None:
        stepper = self._need_stepper()
        outside = strides.out(stepper.calls, stepper.position, request.cards)
        if stepper.inside is not None:
            stepper.step()
        elif outside is not None:
            stepper.go_to(outside)
        else:
            self._tell(Refused("Nothing is stepped into: there is nothing to step out of"))
        self._show()

    @_do.register
    def _(self, request: requests.GoTo) -> None:
        self._need_stepper().go_to(request.position)
        self._show()

    @_do.register
    def _(self, request: requests.GoToNode) -> None:
        stepper = self._need_stepper()
        if stepper.run_to(request.node, request.phase) is None:
            what = f"{request.phase} " if request.phase else ""
            self._tell(Refused(f"{request.node} has no {what}call in this program"))
        self._show()

    @_do.register
    def _(self, request: requests.GoToLoss) -> None:
        self._need_stepper().run_to_loss()
        self._show()

    @_do.register
    def _(self, request: requests.GoToEnd) -> None:
        self._need_stepper().run_to_end()
        self._show()

    @_do.register
    def _(self, request: requests.OpenMoment) -> None:
        ran = self._need_trainer().state == "running"
        trainer = self._need_standing_trainer()
        kept = trainer.snapshots.kept.steps
        if ran and request.step not in kept:
            now = f"; steps {kept[0] + 1:,} to {kept[-1] + 1:,} are kept now" if kept else ""
            raise TrainingError(
                f"step {request.step + 1:,} went by before training stood still{now}"
            )
        self._open(trainer, request.step)

    @_do.register
    def _(self, request: requests.NextMoment) -> None:
        trainer = self._need_standing_trainer()
        at = self.replay.steps if self.replay else trainer.steps
        steps = (*trainer.snapshots.kept.steps, trainer.steps)
        before, after = [s for s in steps if s < at], [s for s in steps if s > at]
        if not (before if request.is_earlier else after):
            which = "earlier" if request.is_earlier else "later"
            raise TrainingError(f"no {which} step is kept")
        self._open(trainer, before[-1] if request.is_earlier else after[0])

    def _open(self, trainer: Trainer, step: int) -> None:
        """Stand before a step of the run, or before the one that it has come to."""
        opened = trainer if step == trainer.steps else trainer.replay(step)
        if opened is not self._trainer:
            if self._trainer is trainer:
                trainer.walk().put_back()
            self._tell_gone((), "another step is opened")
        self._trainer = opened
        self._show()

    @_do.register
    def _(self, request: requests.NextBatch) -> None:
        if self.replay is not None:
            self._do(requests.NextMoment(is_earlier=False))
            return
        self._need_stepper()
        self.settle_edits(request.keeps_edits)
        self._need_trainer().step()
        self._need_stepper()
        self._show()

    @_do.register
    def _(self, request: requests.LeaveStepper) -> None:
        self.end()

    @_do.register
    def _(self, request: Explain) -> None:
        answer = Explained(request.ticket, None)
        try:
            stepper = self._trainer.walk() if self._trainer else None
            if stepper and stepper.current and stepper.position == request.position:
                page = explain(stepper.session, stepper.current, request.name, request.index)
                answer = Explained(request.ticket, page)
        except UnknownElementError as error:
            answer = Explained(request.ticket, None, str(error))
        finally:
            # Whatever becomes of it: who asked asks nothing else until there is an answer.
            self._tell(answer)

    @_do.register
    def _(self, request: EditNumber) -> None:
        stepper = self.need_walk()
        if not stepper.position:
            raise EditError("no call has run yet: step, then edit numbers")
        with self._computing_anew():
            stepper.edit(request.variable, request.index, request.value)
        self._told = ()
        self._show()

    @_do.register
    def _(self, request: PutBack) -> None:
        stepper = self.need_walk()
        with self._computing_anew():
            stepper.put_back(request.edit)
        self._told = ()
        self._show()


def _listed(edits: Sequence[Edited]) -> str:
    """Some edits in a few words."""
    if len(edits) > _MOST_NAMED:
        return plural(len(edits), "number")
    return ", ".join(map(str, edits))


def _loss_after(stepper: Stepper) -> float | None:
    call = stepper.current
    if call is None or call.phase != "update":
        return None
    (loss,) = (o.variable for o in call.writes if o.label == "loss_so_far")
    return float(stepper.session.namespace[loss])
