"""A step of a run once more: on the weights, the batch and the optimizer that it had then."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from explorer.graph import TrainingSettings
from explorer.program import Stepper
from explorer.program.what_if import Edits
from explorer.training import optimizers
from explorer.training.events import State
from explorer.training.snapshots import Drawn, Stretch
from explorer.training.updates import Updates, after_step, learned

if TYPE_CHECKING:
    from explorer.training.trainer import Trainer


class Replay:
    """Stands before the last step of a stretch as the run did, and walks through it, apart from it.

    It gives the very bits that training had. Nothing of the run changes by it.
    """

    def __init__(self, trainer: "Trainer", stretch: Stretch):
        self._trainer = trainer
        self.device = trainer.device
        self.state: State = "paused"
        self.session = trainer.session.apart(stretch.state)
        self._learned = learned(trainer.job.program)
        self._weights = [self.session.parameters[path] for path in self._learned]
        *before, step = stretch.steps
        self._optimizer = optimizers.make(step.settings, self._weights)
        optimizers.remember(self._optimizer, self._learned, stretch.memory)
        for earlier in before:
            self._make(earlier)
        optimizers.adjust(self._optimizer, step.settings)
        self.job = replace(trainer.job, settings=step.settings)
        self.steps, self.batch_seed, self._edits = step.step, step.seed, step.edits
        self.batch = dict(step.batch)
        self._stepper: Stepper | None = None

    def _make(self, step: Drawn) -> None:
        """Make a step as training did, to stand before the next one."""
        session = self.session
        stepper = Stepper(session, step.batch, step.seed)
        stepper.begin_with(step.edits)
        stepper.run_to_end()
        session.keep_buffers()
        with torch.no_grad():
            if step.edits:
                stepper.keep_weights()
            optimizers.adjust(self._optimizer, step.settings)
            gradients = session.gradients()
            wide = [self._trainer.as_kept(gradients[path]) for path in self._learned]
            optimizers.Update(self._optimizer)(wide)

    @property
    def settings(self) -> TrainingSettings:
        return self.job.settings

    @property
    def stands_at(self) -> int:
        """The step that the run itself stands before, counted from 0."""
        return self._trainer.steps

    @property
    def edits(self) -> Edits:
        """The numbers that are edited on the walk; those that the run had, before there is one."""
        return self._edits if self._stepper is None else self._stepper.edits

    @property
    def memory(self) -> dict[tuple[str, str], Tensor]:
        return optimizers.memory(self._optimizer, self._learned)

    def sample(self, rows: int) -> dict[str, Tensor]:
        return self._trainer.sample(rows)

    def updated(self, gradients: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The weights that this step left, by these gradients."""
        wide = [self._trainer.as_kept(gradients[path]) for path in self._learned]
        after, _ = after_step(self._optimizer, self.settings, self._weights, wide)
        return dict(zip(self._learned, after, strict=True))

    def walk(self) -> Stepper:
        """The walk through this step, and its update."""
        if self._stepper is None:
            parts = (self.job.program, self.settings, self._optimizer, self._trainer.as_kept)
            steps = Updates(*parts).steps
            self._stepper = Stepper(self.session, self.batch, self.batch_seed, steps)
            self._stepper.begin_with(self._edits)
        return self._stepper

    def leave(self) -> None:
        """Walk neither through this step nor through the one that the run stands before."""
        self._stepper = None
        self._trainer.leave()
