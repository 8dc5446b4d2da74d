"""One recurrent layer in one direction, one step at a time: for those who want to watch.

Each step is a call of the cell with all its products, and stops to tell what it computed.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from explorer.layers.sequence.stacking import Moment, Walk
from explorer.layers.sequence.unrolling import (
    Gradients,
    Lane,
    Ran,
    State,
    cell_backward,
    cell_forward,
)

if TYPE_CHECKING:
    from explorer.layers.sequence.recurrent import Recurrent

    Kind = type[Recurrent]


def sweep_forward(kind: "Kind", lane: Lane) -> Walk:
    """Stops after each step of a lane; ends in what `unrolling.sweep_forward` gives."""
    caches: dict[int, tuple] = {}
    for t, cache in _cells(kind, lane):
        caches[t] = cache
        x, (h_before, c_before), (h, c), kept, *_ = cache
        gates = dict(zip(kind.keeps, kept, strict=True))
        seen = {"x": x, "h_before": h_before, "c_before": c_before, **gates, "c": c, "h": h}
        yield _moment(lane, t, seen)
    states = [caches[t][2] for t in range(len(caches))]
    kept_of_each = [caches[t][3] for t in range(len(caches))]
    h = torch.stack([h for h, _ in states])
    return Ran(lane, h, states[lane.times[-1]], ([c for _, c in states], kept_of_each))


def sweep_backward(
    kind: "Kind", ran: Ran, dout: Tensor | None, dafter: State, wanted: Collection[str]
) -> Walk:
    """Stops after each step back; ends in what `unrolling.sweep_backward` gives.

    It goes forward once more first, for the caches of the cells.
    """
    lane = ran.lane
    parts = ("x", *lane.weights.there)
    caches = dict(_cells(kind, lane))
    shares: dict[int, Gradients] = {}
    dh, dc = dafter
    for t in reversed(lane.times):
        if dout is not None:
            dh = dh + dout[t]
        step, dxw, dhw = cell_backward(kind, dh, dc, caches[t])
        seen = {"dh": dh, "dc": dc, **_gate_gradients(kind, dxw, dhw)}
        seen |= {"dh_before": step.h, "dc_before": step.c}
        seen |= {f"d{part}": getattr(step, part) for part in parts}
        yield _moment(lane, t, seen)
        shares[t], dh, dc = step, step.h, step.c
    each = {part: [getattr(shares[t], part) for t in range(len(shares))] for part in parts}
    dx = torch.stack(each.pop("x")) if "x" in wanted else None
    sums = {part: torch.stack(each[part]).sum(0) for part in each if part in wanted}
    return Gradients(dx, dh, dc, **sums)


def _cells(kind: "Kind", lane: Lane) -> Iterator[tuple[int, tuple]]:
    """Each point in time with the cache of its cell, in the order of the lane."""
    state = lane.before
    for t in lane.times:
        state, cache = cell_forward(kind, lane.x[t], state, lane.weights, **lane.how)
        yield t, cache


def _gate_gradients(kind: "Kind", dxw: Tensor, dhw: Tensor) -> dict[str, Tensor]:
    """By the gates' names: of the sums inside them, or of x's and of h's share of the sums."""
    count = len(kind.gates)
    of_x = {f"d{gate}": part for gate, part in zip(kind.gates, dxw.chunk(count, 1), strict=True)}
    if kind.one_sum:
        return of_x
    of_h = {f"d{gate}_h": part for gate, part in zip(kind.gates, dhw.chunk(count, 1), strict=True)}
    return of_x | of_h


def _moment(lane: Lane, time: int, seen: Mapping[str, Tensor | None]) -> Moment:
    values = {name: value for name, value in seen.items() if value is not None}
    direction = "reverse" if lane.reverse else "forward"
    return Moment(lane.layer, direction, time, len(lane.x), values)
