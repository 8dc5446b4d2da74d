"""What the window asks the worker to do. Frozen, so that they may cross threads."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.app.explain.requests import Explain
from explorer.app.tensors.requests import TensorRequest
from explorer.app.verifying import VerifyRequest
from explorer.app.watching.requests import WatchRequest
from explorer.app.what_if.requests import EditNumber, NudgeRequest, PutBack
from explorer.exchange.page import Page
from explorer.program import Breakpoint
from explorer.program.program import Phase
from explorer.program.strides import Cards
from explorer.training import Job


@dataclass(frozen=True)
class Load:
    """Train and step this from now on, with fresh weights; None where the net is not fit to run."""

    job: Job | None
    device: str


@dataclass(frozen=True)
class Train:
    """Set off, or go on; with what was edited on the walk or without, None if nobody was asked."""

    keeps_edits: bool | None = None


@dataclass(frozen=True)
class Pause:
    """Stand still before the next training step."""


@dataclass(frozen=True)
class Stop:
    """End the run; the weights stay."""


@dataclass(frozen=True)
class Reset:
    """Back to fresh weights and the first batch."""


@dataclass(frozen=True)
class Adjust:
    """Change settings that a run can take over while it goes on."""

    settings: dict[str, Any]


@dataclass(frozen=True)
class UseDevice:
    """Go on from the same state on another device."""

    device: str


@dataclass(frozen=True)
class SetPace:
    """Train at most so many steps a second; 0 is as many as the device can."""

    steps_per_second: float


@dataclass(frozen=True)
class SetBreakpoints:
    """Stop training where one of these is met, and at no other."""

    points: tuple[Breakpoint, ...]


@dataclass(frozen=True)
class TakePictures:
    """Take pictures of what flows from now on, or take none."""

    wanted: bool


@dataclass(frozen=True)
class MeasureLayers:
    """Measure from now on how each layer fares, or do so no longer.

    `at_once` also where nothing was trained or stepped through yet.
    """

    wanted: bool
    at_once: bool = False


@dataclass(frozen=True)
class MeasureCosts:
    """Measure what the calls of the step at hand cost in time and memory, or leave that."""

    wanted: bool = True


@dataclass(frozen=True)
class KeepSteps:
    """Keep the last `count` steps of training, in at most `limit` bytes; with 0 none.

    `goes_on` says whether steps are added now, or those kept are left as they are.
    """

    count: int
    limit: int
    goes_on: bool


@dataclass(frozen=True)
class OpenMoment:
    """Step through a training step, counted from 0, as it was."""

    step: int


@dataclass(frozen=True)
class NextMoment:
    """Step through the kept step before the one that is stepped through, or the one after it.

    Behind the last of them is the step at hand.
    """

    is_earlier: bool


@dataclass(frozen=True)
class StepOver:
    """Run the next call; where nodes share a card, all calls of that. See `strides`."""

    cards: Cards


@dataclass(frozen=True)
class StepBack:
    """Take the last call back; where nodes share a card, all calls of that."""

    cards: Cards


@dataclass(frozen=True)
class StepInto:
    """Run the next part of the next call, or the call where it has no parts."""


@dataclass(frozen=True)
class StepOut:
    """Run what is left of the call, or of the card, that was stepped into."""

    cards: Cards


@dataclass(frozen=True)
class GoTo:
    """Go to where `position` calls have run."""

    position: int


@dataclass(frozen=True)
class GoToNode:
    """Go to right after a node's own call."""

    node: str
    phase: Phase | None = None


@dataclass(frozen=True)
class GoToLoss:
    """Go to the end of the forward pass."""


@dataclass(frozen=True)
class GoToEnd:
    """Go to the end of the backward pass."""


@dataclass(frozen=True)
class NextBatch:
    """Train one step on the batch at hand, and stand before the first call of the next.

    With what was edited on the walk or without, None if nobody was asked.
    """

    keeps_edits: bool | None = None


@dataclass(frozen=True)
class LeaveStepper:
    """Stop stepping; the batch stays the one that training stands at."""


@dataclass(frozen=True)
class RecordAutograd:
    """Run the autograd page on the batch at hand, and tell what autograd records."""

    page: Page


@dataclass(frozen=True)
class ListDevices:
    """Look for this machine's devices."""


@dataclass(frozen=True)
class SaveWeights:
    path: Path


@dataclass(frozen=True)
class LoadWeights:
    path: Path


StepRequest = (
    StepOver
    | StepBack
    | StepInto
    | StepOut
    | GoTo
    | GoToNode
    | GoToLoss
    | GoToEnd
    | OpenMoment
    | NextMoment
    | NextBatch
    | LeaveStepper
    | Explain
    | EditNumber
    | PutBack
)
"""What the walk through a batch answers."""

Request = (
    Load
    | Train
    | Pause
    | Stop
    | Reset
    | Adjust
    | UseDevice
    | SetPace
    | SetBreakpoints
    | TakePictures
    | MeasureLayers
    | MeasureCosts
    | KeepSteps
    | StepRequest
    | NudgeRequest
    | VerifyRequest
    | RecordAutograd
    | ListDevices
    | SaveWeights
    | LoadWeights
    | TensorRequest
    | WatchRequest
)
