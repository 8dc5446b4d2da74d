"""What the window asks of watches, and what it is told. Numbers come as copies."""

from dataclasses import dataclass

from explorer.program.viewing import Entry
from explorer.program.watching import Reading


@dataclass(frozen=True)
class WatchRequest:
    """Something asked of watches."""


@dataclass(frozen=True)
class ReadWatches(WatchRequest):
    """Tell what these expressions come to where the walk stands, or training does.

    The answer carries the same `ticket`. Whoever asks waits for it before asking again.
    """

    ticket: int
    expressions: tuple[str, ...]


@dataclass(frozen=True)
class KeepWatched(WatchRequest):
    """Pin what an expression comes to now, to look at; `when` says in words when that was."""

    expression: str
    when: str


@dataclass(frozen=True)
class WatchMessage:
    """Something told of watches."""


@dataclass(frozen=True, eq=False)
class WatchesRead(WatchMessage):
    """The answer to ReadWatches; all of it was read at one `place` of one training step."""

    ticket: int
    place: tuple[int, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class WatchKept(WatchMessage):
    """What was to be kept is pinned."""

    entry: Entry
