"""The last steps of a run, as they were before each: all that it takes to make them once more.

To copy all weights before each step of a small net takes a third as long as the step. So of several
steps the first is copied whole, and of those behind it what they alone had: as a step gives the
same bits whenever it is made, they are made again from there.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from explorer.graph import TrainingSettings
from explorer.program.what_if import Edits
from explorer.training import faults, seeds
from explorer.training.feeder import Batch

TOGETHER = 8
"""Of so many steps on the CPU one is copied whole; elsewhere each is, as sums vary there."""

_SHARE = 0.25
"""The most of the room that goes at once."""

Memory = Mapping[tuple[str, str], Tensor]
Run = Callable[[], tuple[Mapping[str, Tensor], Memory]]


@dataclass(frozen=True, eq=False)
class Drawn:
    """What a training step alone has; its tensors are copies on the run's device.

    Attributes:
        step: counted from 0.
        edits: what somebody had changed on the walk through it, and trained on with.
    """

    step: int
    settings: TrainingSettings
    batch: Batch
    edits: Edits

    @property
    def seed(self) -> int:
        """What its random numbers start from."""
        return seeds.of_step(self.settings.seed, self.step)


@dataclass(eq=False)
class Stretch:
    """Steps that follow each other, and a copy of the run before the first of them.

    Attributes:
        state: parameters and buffers by path.
        memory: what the optimizer remembered of each weight.
        nbytes: how much memory all of it takes.
    """

    state: dict[str, Tensor]
    memory: dict[tuple[str, str], Tensor]
    nbytes: int
    steps: list[Drawn] = field(default_factory=list)

    def up_to(self, step: int) -> "Stretch":
        """The same, with that step as its last."""
        steps = [drawn for drawn in self.steps if drawn.step <= step]
        return Stretch(self.state, self.memory, self.nbytes, steps)


@dataclass(frozen=True)
class Kept:
    """Which steps are kept, counted from 0, and how many bytes they take.

    `wanted` steps are to be kept, in at most `limit` bytes. `one` is what a step takes at most, 0
    before the first. `fault` says why none are kept any more, "" where the device has room.
    """

    steps: tuple[int, ...] = ()
    nbytes: int = 0
    wanted: int = 0
    limit: int = 0
    one: int = 0
    fault: str = ""


class Snapshots:
    """Keeps the last `wanted` steps, fewer where they would take more than `limit` bytes.

    They follow each other: where steps were left out, those before them go.
    """

    def __init__(self, device: torch.device):
        self._together = TOGETHER if device.type == "cpu" else 1
        self._wanted = self._limit = self._one = self._nbytes = 0
        self._fault, self._goes_on = "", True
        self._stretches: deque[Stretch] = deque()
        self._count = 0

    @property
    def is_on(self) -> bool:
        return self._wanted > 0 and self._goes_on and not self._fault

    @property
    def kept(self) -> Kept:
        steps = tuple(drawn.step for stretch in self._stretches for drawn in stretch.steps)
        last = steps[-self._wanted :] if self._wanted else ()
        return Kept(last, self._nbytes, self._wanted, self._limit, self._one, self._fault)

    def want(self, count: int, limit: int, goes_on: bool = True) -> None:
        """Keep so many from now on, in so many bytes; what is too much goes, the oldest first.

        Unless it `goes_on`, no step is added to those kept, which go once it does again further on.
        """
        self._wanted, self._limit, self._fault = count, limit, ""
        self._goes_on = goes_on
        self._make_room(0)

    def on(self, device: torch.device) -> "Snapshots":
        """As many steps to be kept on another device; there are none yet."""
        other = Snapshots(device)
        other.want(self._wanted, self._limit, self._goes_on)
        return other

    def clear(self) -> None:
        self._stretches.clear()
        self._count = self._nbytes = 0

    def at(self, step: int) -> Stretch | None:
        """The steps from the last whole copy up to that one; None where it is not kept."""
        if step not in self.kept.steps:
            return None
        found = (s for s in self._stretches if s.steps[0].step <= step <= s.steps[-1].step)
        return next(found).up_to(step)

    def keep(
        self, step: int, settings: TrainingSettings, batch: Batch, edits: Edits, run: Run
    ) -> None:
        """Copy a step before it is made, unless it takes more than there is room for.

        `run` gives the state of the run and the memory of its optimizer, as they are.
        """
        try:
            # In inference mode nothing could be edited or differentiated in a walk later.
            with torch.inference_mode(False):
                size = sum([value.nbytes for value in batch.values()])
                if self._stretches and self._stretches[-1].steps[-1].step + 1 != step:
                    self.clear()
                self._make_room(size)
                if not self._fits_on(size) and not self._begin(size, *run()):
                    return
                copies = {path: value.clone() for path, value in batch.items()}
                self._append(Drawn(step, settings, copies, edits), size)
        except (RuntimeError, MemoryError) as error:
            if not faults.is_out_of_memory(error):
                raise
            self._fault = "the device has no room to keep steps"
            self.clear()

    def _fits_on(self, size: int) -> bool:
        """Whether it can be made from the last whole copy, and not so many have to go at once."""
        if not self._stretches:
            return False
        last = self._stretches[-1]
        return (
            len(last.steps) < min(self._together, self._wanted)
            and last.nbytes + size <= self._limit * _SHARE
        )

    def _begin(self, size: int, state: Mapping[str, Tensor], memory: Memory) -> bool:
        """Begin a stretch, for a first step of that size, if there is room for it."""
        whole = sum(tensor.nbytes for tensor in (*state.values(), *memory.values()))
        self._one = whole + size
        self._make_room(self._one)
        if self._one > self._limit:
            return False
        new = Stretch(
            state={path: tensor.clone() for path, tensor in state.items()},
            memory={key: tensor.clone() for key, tensor in memory.items()},
            nbytes=whole,
        )
        self._stretches.append(new)
        self._nbytes += whole
        return True

    def _append(self, drawn: Drawn, size: int) -> None:
        stretch = self._stretches[-1]
        stretch.steps.append(drawn)
        stretch.nbytes += size
        self._nbytes += size
        self._count += 1

    def _make_room(self, nbytes: int) -> None:
        """Let the oldest go until one of that size can come."""
        coming = nbytes > 0
        while self._stretches and (
            self._count + coming - len(self._stretches[0].steps) >= self._wanted
            or self._nbytes + nbytes > self._limit
        ):
            gone = self._stretches.popleft()
            self._count -= len(gone.steps)
            self._nbytes -= gone.nbytes
