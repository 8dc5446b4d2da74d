"""What can be stepped through and looked at: a run where it stands, or a step of it once more."""

from collections.abc import Mapping
from typing import Protocol

import torch
from torch import Tensor

from explorer.graph import TrainingSettings
from explorer.program import Session, Stepper
from explorer.program.what_if import Edits
from explorer.training.events import State
from explorer.training.feeder import Batch
from explorer.training.job import Job


class Standing(Protocol):
    """Stands before a training step, with its weights and its batch. See Trainer for each."""

    job: Job
    session: Session
    device: torch.device
    steps: int
    state: State

    @property
    def settings(self) -> TrainingSettings: ...
    @property
    def batch(self) -> Batch: ...
    @property
    def batch_seed(self) -> int: ...
    @property
    def edits(self) -> Edits: ...
    @property
    def memory(self) -> dict[tuple[str, str], Tensor]: ...

    def sample(self, rows: int) -> Batch: ...
    def updated(self, gradients: Mapping[str, Tensor]) -> dict[str, Tensor]: ...
    def walk(self) -> Stepper: ...
    def leave(self) -> None: ...
