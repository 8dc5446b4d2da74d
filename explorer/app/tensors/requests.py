"""What the window asks of tensors, and what it is told of them. Numbers come as copies.

Each question has a `ticket`, a number that its answers carry.
"""

from dataclasses import dataclass
from pathlib import Path

from explorer.program.viewing import Address, Answer, Cut, Difference, Entry, Query, Survey


@dataclass(frozen=True)
class TensorRequest:
    """Something asked of tensors."""


@dataclass(frozen=True)
class ListTensors(TensorRequest):
    """Tell all that can be looked at now."""


@dataclass(frozen=True)
class Look(TensorRequest):
    """Answer a question about a tensor at once; without a query only what it is."""

    ticket: int
    address: Address | Difference
    query: Query | None = None


@dataclass(frozen=True)
class Study(TensorRequest):
    """Go through all of a tensor, or of a plane through it, bit by bit, and tell what is known."""

    ticket: int
    address: Address | Difference
    cut: Cut | None
    histogram: bool


@dataclass(frozen=True)
class Forget(TensorRequest):
    """End a study: nobody waits for it any more."""

    ticket: int


@dataclass(frozen=True)
class Pin(TensorRequest):
    """Keep a copy of a tensor as it is; `when` says in words when that was."""

    address: Address
    when: str


@dataclass(frozen=True)
class Unpin(TensorRequest):
    """Let a pin go."""

    address: Address


@dataclass(frozen=True)
class SaveTensor(TensorRequest):
    """Write all of a tensor to a .npy or .csv file, bit by bit."""

    address: Address | Difference
    path: Path


@dataclass(frozen=True)
class StopSaving(TensorRequest):
    """Give up the file that is being written."""


@dataclass(frozen=True)
class TensorMessage:
    """Something told of tensors."""


@dataclass(frozen=True)
class TensorsListed(TensorMessage):
    """All that can be looked at now; the pins among it take `pinned` bytes."""

    entries: tuple[Entry, ...]
    pinned: int


@dataclass(frozen=True, eq=False)
class Seen(TensorMessage):
    """The answer to a Look; None where it was only asked what there is."""

    ticket: int
    entry: Entry
    answer: Answer | None


@dataclass(frozen=True)
class Unseen(TensorMessage):
    """Why a Look or a Study has no answer; the entry where there is one all the same."""

    ticket: int
    sentence: str
    entry: Entry | None = None


@dataclass(frozen=True, eq=False)
class Studied(TensorMessage):
    """What a Study has found so far; the last one is complete."""

    ticket: int
    survey: Survey


@dataclass(frozen=True)
class Pinned(TensorMessage):
    """A copy was kept."""

    entry: Entry


@dataclass(frozen=True)
class Saving(TensorMessage):
    """How much of a file is written, from 0 to 1; None when nothing is being written any more."""

    path: Path
    share: float | None
