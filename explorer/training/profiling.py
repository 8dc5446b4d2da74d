"""What each node's calls cost: time and memory, measured on the batch at hand, never guessed."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import torch

from explorer.graph.costs import place_of, tensors_in
from explorer.layers.walking import to_the_end
from explorer.program import Call, Session, threads
from explorer.training import faults
from explorer.training.faults import TrainingError
from explorer.training.standing import Standing

PASSES = 5
"""The most passes that times are the medians of."""
_ENOUGH = 2.0
"""Seconds after which no other pass is begun."""


@dataclass(frozen=True)
class NodeCost:
    """What a node's calls take.

    Attributes:
        forward, backward: seconds, the medians over the passes; additions at forks are backward.
        nbytes: memory that what they give takes, and that nothing before them took.
    """

    forward: float
    backward: float
    nbytes: int

    @property
    def seconds(self) -> float:
        return self.forward + self.backward


@dataclass(frozen=True, eq=False)
class Profile:
    """What every node that runs costs, by id, on so many rows; medians of so many passes.

    `left_out` counts the numbers that were edited on the walk then: no call takes more by them.
    """

    nodes: dict[str, NodeCost]
    rows: int
    passes: int
    left_out: int = 0


@dataclass(frozen=True)
class Profiling:
    """How far a measurement is: so many calls of so many have run."""

    done: int
    total: int


def profile(standing: Standing) -> Profile:
    """Measure the calls of the step that a run stands before; it leaves no trace there.

    Raises TrainingError where the device has no room for it.
    """
    return to_the_end(profiling(standing))


def profiling(standing: Standing) -> Generator[Profiling, None, Profile]:
    """The same call by call; the run may go on in between."""
    try:
        return (yield from _profile(standing))
    except (RuntimeError, MemoryError) as error:
        why = faults.explain(error, standing.device, standing.settings.batch_size)
        raise TrainingError(f"what calls cost cannot be measured: {why}") from error


def _profile(standing: Standing) -> Generator[Profiling, None, Profile]:
    program, batch, seed = standing.job.program, standing.batch, standing.batch_seed
    rows = max((len(value) for value in batch.values()), default=1)
    calls, edits = program.calls, len(standing.edits.as_made)
    session = standing.session.beside()
    passes: list[list[float]] = []
    # The first one gets ready what later ones find.
    for number in range(1 + PASSES):
        session.clear(batch, seed)
        seconds: list[float] = []
        for call in calls:
            seconds.append(_timed(session, call, program.multiplications * rows))
            yield Profiling(number * len(calls) + len(seconds), (1 + PASSES) * len(calls))
        passes += [seconds] if number else []
        if sum(map(sum, passes)) >= _ENOUGH:
            break
    medians = [median(times) for times in zip(*passes, strict=True)]
    return Profile(_by_node(session, medians), rows, len(passes), edits)


def _timed(session: Session, call: Call, multiplications: int) -> float:
    """Run a call; the seconds that it takes, on as many threads as suit so large a step."""
    if call.index == len(session.program.forward_calls):
        session.start_backward()
    with threads.suited_to(multiplications):
        begun = perf_counter()
        session.run(call)
        if session.device.type != "cpu":
            torch.accelerator.synchronize(session.device)
        return perf_counter() - begun


def _by_node(session: Session, seconds: Iterable[float]) -> dict[str, NodeCost]:
    spent: dict[str, dict[str, float]] = {}
    nbytes = _memory(session)
    for call, time in zip(session.program.calls, seconds, strict=True):
        of_node = spent.setdefault(call.node, {"forward": 0.0, "backward": 0.0})
        of_node[call.phase] += time
    return {
        node: NodeCost(times["forward"], times["backward"], nbytes[node])
        for node, times in spent.items()
    }


def _memory(session: Session) -> dict[str, int]:
    """The bytes that each node's results hold, each place in memory counted where it is new."""
    space = session.namespace
    given = {variable for call in session.program.calls for variable in call.outputs}
    known = {
        place_of(tensor)
        for name, value in space.items()
        if name not in given
        for tensor in tensors_in(value)
    }
    found: dict[str, int] = {}
    for call in session.program.calls:
        found[call.node] = found.get(call.node, 0) + _new_bytes(session, call, known)
    return found


def _new_bytes(session: Session, call: Call, known: set[int]) -> int:
    total = 0
    for variable in call.outputs:
        for tensor in tensors_in(session.namespace.get(variable)):
            if place_of(tensor) not in known:
                known.add(place_of(tensor))
                total += tensor.untyped_storage().nbytes()
    return total
