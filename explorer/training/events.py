"""What a trainer tells while it runs: small, frozen, without tensors, so they can cross threads."""

from dataclasses import dataclass, field
from typing import Literal

State = Literal["ready", "running", "paused", "stopped", "done", "diverged", "failed"]


@dataclass(frozen=True)
class EpochRow:
    """One epoch. Losses are means over its rows; accuracies are shares from 0 to 1.

    `steps` counts all training steps of the run up to the epoch's end; `seconds` the run's time.
    """

    epoch: int
    steps: int
    seconds: float
    loss: float
    accuracy: float | None = None
    validation_loss: float | None = None
    validation_accuracy: float | None = None


@dataclass(frozen=True)
class Started:
    """A run, or the rest of one, begins. `note` says what was wished for and cannot be had."""

    device: str
    epochs: int
    steps_per_epoch: int
    rows: int
    validation_rows: int
    note: str = ""


@dataclass(frozen=True)
class Progress:
    """What happened since the event before: `losses[i]` is the loss of step `first_step + i`.

    Steps count from 0. `accuracies` is as long as `losses`, or empty where the loss knows none.
    """

    first_step: int
    losses: tuple[float, ...] = field(repr=False)
    accuracies: tuple[float, ...] = field(repr=False)
    epochs: tuple[EpochRow, ...]
    step: int
    total_steps: int
    epoch: int
    total_epochs: int
    steps_per_second: float
    seconds_left: float


@dataclass(frozen=True)
class StateChanged:
    """The trainer stands at another state; `message` says why where that is not obvious."""

    state: State
    step: int
    message: str = ""


Event = Started | Progress | StateChanged
