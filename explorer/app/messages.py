"""What the worker tells the window besides a trainer's own events. No live tensors."""

from dataclasses import dataclass

from explorer.app.explain.requests import Explained
from explorer.app.tensors.requests import TensorMessage
from explorer.app.verifying import VerifyMessage
from explorer.app.watching.requests import WatchMessage
from explorer.app.what_if.requests import Edited, NudgeMessage
from explorer.exchange.recording import Recorded
from explorer.program import Call, TensorSummary
from explorer.program.flow import Flow
from explorer.training import Device, Kept, Measured, Pictures, Profile, Profiling


@dataclass(frozen=True)
class Loaded:
    """Another net was taken over: what is told from now on is of that one."""


@dataclass(frozen=True, eq=False)
class StepperMoved:
    """The stepper stands somewhere else.

    Attributes:
        position: how many calls have run.
        call: the one that ran last, None before the first; the next one, while one stands within.
        part: what ran last within it, in words; "" while one stands within none.
        stands_at: the step that training stands before, where it is another than `batch`.
        tensors: all that it read and wrote.
        loss: the loss of this batch, once it is computed.
        loss_after: what it is with the updates stepped through so far, behind the first of them.
        batch: the training step, counted from 0, that this batch belongs to.
        rows: how many rows the batch has.
        flow: what gradients have come back along wires by now, and where they met.
        stopped: why training has stopped here by itself, "" if somebody stepped here.
        edits: the numbers that are not as the net computes them, in the order of the edits.
    """

    position: int
    call: Call | None
    tensors: tuple[TensorSummary, ...]
    loss: float | None
    batch: int
    rows: int
    flow: Flow = Flow()
    stopped: str = ""
    loss_after: float | None = None
    part: str = ""
    edits: tuple[Edited, ...] = ()
    stands_at: int | None = None

    @property
    def when(self) -> str:
        """Where it stands in a few words, counted as the step panel does: "batch 1, call 10"."""
        return f"batch {self.batch + 1:,}, call {self.position}"

    @property
    def moment(self) -> str:
        """Which step of the past this is, in a sentence; "" for the one at hand."""
        if self.stands_at is None:
            return ""
        now = f"{self.stands_at:,}"
        return f"Step {self.batch + 1:,} of {now}, as it was; going on trains on from {now}"


@dataclass(frozen=True)
class SteppingEnded:
    """Training went on, or the net changed: there is nothing to step through."""


@dataclass(frozen=True)
class AutogradRecorded:
    """What autograd recorded of each value of its page, on a batch counted from 0."""

    values: tuple[Recorded, ...]
    batch: int


@dataclass(frozen=True)
class Refused:
    """A request that could not be done; `sentence` says why and how to mend it."""

    sentence: str


@dataclass(frozen=True)
class Told:
    """Something that was asked for is done; `sentence` says what."""

    sentence: str


@dataclass(frozen=True)
class CostsRefused:
    """What calls cost could not be measured; why is told as Refused."""


@dataclass(frozen=True)
class DevicesFound:
    devices: tuple[Device, ...]


Message = (
    Loaded
    | StepperMoved
    | SteppingEnded
    | AutogradRecorded
    | Refused
    | Told
    | DevicesFound
    | Pictures
    | Measured
    | Kept
    | Profile
    | Profiling
    | CostsRefused
    | TensorMessage
    | VerifyMessage
    | WatchMessage
    | Explained
    | NudgeMessage
)
