"""A step of a run once more: on the weights, the batch and the optimizer that it had then."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from torch import Tensor

from explorer.graph import TrainingSettings
from explorer.program import Stepper
from explorer.training import optimizers
from explorer.training.events import State
from explorer.training.feeder import Batch
from explorer.training.snapshots import Snapshot
from explorer.training.updates import Updates, after_step, learned

if TYPE_CHECKING:
    from explorer.training.trainer import Trainer


class Replay:
    """Stands before that step as the run did, and walks through it, apart from the run.

    It gives the very bits that training had. Nothing of the run changes by it.
    """

    def __init__(self, trainer: "Trainer", snapshot: Snapshot):
        self._trainer = trainer
        self.job = replace(trainer.job, settings=snapshot.settings)
        self.device = trainer.device
        self.steps = snapshot.step
        self.state: State = "paused"
        self.session = trainer.session.apart(snapshot.state)
        self.batch: Batch = dict(snapshot.batch)
        self.batch_seed = snapshot.seed
        self._learned = learned(self.job.program)
        self._weights = [self.session.parameters[path] for path in self._learned]
        self._optimizer = optimizers.make(self.settings, self._weights)
        optimizers.remember(self._optimizer, self._learned, snapshot.memory)
        self._edits = snapshot.edits
        self._stepper: Stepper | None = None

    @property
    def settings(self) -> TrainingSettings:
        return self.job.settings

    @property
    def stands_at(self) -> int:
        """The step that the run itself stands before, counted from 0."""
        return self._trainer.steps

    @property
    def memory(self) -> dict[tuple[str, str], Tensor]:
        return optimizers.memory(self._optimizer, self._learned)

    def sample(self, rows: int) -> Batch:
        return self._trainer.sample(rows)

    def updated(self, gradients: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The weights that this step left, by these gradients."""
        wide = [self._trainer.as_kept(gradients[path]) for path in self._learned]
        after, _ = after_step(self._optimizer, self.settings, self._weights, wide)
        return dict(zip(self._learned, after, strict=True))

    def walk(self) -> Stepper:
        """The walk through this step, and its update."""
        if self._stepper is None:
            updates = Updates(
                self.job.program, self.settings, self._optimizer, self._trainer.as_kept
            )
            self._stepper = Stepper(self.session, self.batch, self.batch_seed, updates.steps)
            self._stepper.begin_with(self._edits)
        return self._stepper

    def leave(self) -> None:
        """Walk neither through this step nor through the one that the run stands before."""
        self._stepper = None
        self._trainer.leave()
