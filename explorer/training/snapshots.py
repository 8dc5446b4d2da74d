"""The last steps of a run, as they were before each: all that it takes to make them once more."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.graph import TrainingSettings
from explorer.program.what_if import Edits
from explorer.training.feeder import Batch

Memory = Mapping[tuple[str, str], Tensor]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A training step before it was made; its tensors are copies on the run's device.

    Attributes:
        step: counted from 0.
        seed: what its random numbers start from.
        state: parameters and buffers by path.
        memory: what the optimizer remembered of each weight.
        edits: what somebody had changed on the walk through it, and trained on with.
    """

    step: int
    seed: int
    settings: TrainingSettings
    batch: Batch
    state: dict[str, Tensor]
    memory: dict[tuple[str, str], Tensor]
    edits: Edits

    @property
    def tensors(self) -> list[Tensor]:
        return [*self.batch.values(), *self.state.values(), *self.memory.values()]

    @property
    def nbytes(self) -> int:
        return sum(tensor.nbytes for tensor in self.tensors)


@dataclass(frozen=True)
class Kept:
    """Which steps are kept, counted from 0, and how many bytes they take.

    `wanted` steps are to be kept, in at most `limit` bytes. `one` is what a step takes, 0 before
    the first. `fault` says why none are kept any more, "" where the device has room for them.
    """

    steps: tuple[int, ...] = ()
    nbytes: int = 0
    wanted: int = 0
    limit: int = 0
    one: int = 0
    fault: str = ""


class Snapshots:
    """Keeps the last `wanted` steps, fewer where they would take more than `limit` bytes."""

    def __init__(self) -> None:
        self._wanted = self._limit = self._one = 0
        self._fault = ""
        self._ring: deque[Snapshot] = deque()

    @property
    def is_on(self) -> bool:
        return self._wanted > 0 and not self._fault

    @property
    def kept(self) -> Kept:
        steps = tuple(snapshot.step for snapshot in self._ring)
        return Kept(steps, self._nbytes, self._wanted, self._limit, self._one, self._fault)

    @property
    def _nbytes(self) -> int:
        return sum(snapshot.nbytes for snapshot in self._ring)

    def want(self, count: int, limit: int) -> None:
        """Keep so many from now on, in so many bytes; what is too much goes, the oldest first."""
        self._wanted, self._limit, self._fault = count, limit, ""
        self._make_room(0)

    def clear(self) -> None:
        self._ring.clear()

    def at(self, step: int) -> Snapshot | None:
        """That step, None where it is not kept."""
        return next((snapshot for snapshot in self._ring if snapshot.step == step), None)

    def keep(
        self,
        step: int,
        seed: int,
        settings: TrainingSettings,
        batch: Batch,
        state: Mapping[str, Tensor],
        memory: Memory,
        edits: Edits,
    ) -> None:
        """Copy a step before it is made, unless it takes more than there is room for."""
        live = [*batch.values(), *state.values(), *memory.values()]
        self._one = sum(tensor.nbytes for tensor in live)
        old = self._make_room(self._one)
        if self._one > self._limit:
            return
        try:
            copies = iter(_copies(live, old))
        except (RuntimeError, MemoryError):
            self._fault = "the device has no room to keep steps"
            self.clear()
            return
        self._ring.append(
            Snapshot(
                step,
                seed,
                settings,
                batch={path: next(copies) for path in batch},
                state={path: next(copies) for path in state},
                memory={key: next(copies) for key in memory},
                edits=edits,
            )
        )

    def _make_room(self, nbytes: int) -> Snapshot | None:
        """Let old ones go until there is room for one of that size; the one that went last."""
        most = self._wanted - (nbytes > 0)
        gone, taken = None, self._nbytes
        while self._ring and (len(self._ring) > most or taken + nbytes > self._limit):
            gone = self._ring.popleft()
            taken -= gone.nbytes
        return gone


def _copies(tensors: Sequence[Tensor], old: Snapshot | None) -> Sequence[Tensor]:
    """Copies of them all, in the memory of a snapshot that has gone where that is alike."""
    # Out of inference mode, or nothing could be edited or differentiated in a walk later.
    with torch.inference_mode(False), torch.no_grad():
        room = old.tensors if old is not None else []
        if [_form(tensor) for tensor in room] != [_form(tensor) for tensor in tensors]:
            return [tensor.clone() for tensor in tensors]
        torch._foreach_copy_(room, list(tensors))
        return room


def _form(tensor: Tensor) -> tuple[torch.Size, tuple[int, ...], torch.dtype]:
    return tensor.shape, tensor.stride(), tensor.dtype
