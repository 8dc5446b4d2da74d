"""Recurrent layers on top of each other, each in one direction or in both.

One walk serves two ends. With sweeps that take all steps of a layer and direction at once it is
`forward` and `backward`; with sweeps that stop after each step it is what a debugger drives.
"""

from collections.abc import Callable, Collection, Generator, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from explorer.layers.sequence.unrolling import Gradients, Lane, Ran, State, Weights


class Moment(NamedTuple):
    """One time step of one layer in one direction, and what it computes, by name."""

    layer: int
    direction: str  # "forward" or "reverse"
    time: int
    times: int
    values: dict[str, Tensor]

    @property
    def title(self) -> str:
        """Where it is, in words: "t = 3 of 64", "layer 2, reverse, t = 3 of 64"."""
        where = [f"layer {self.layer + 1}"] if self.layer else []
        where += ["reverse"] if self.direction == "reverse" else []
        return ", ".join([*where, f"t = {self.time} of {self.times}"])


Walk = Generator[Moment, None, Any]
Sweep = Callable[..., Walk]
Rows = list[list[Ran]]  # a row for each layer, in it a lane for each direction


def at_once(sweep: Callable[..., Any]) -> Sweep:
    """A sweep as a walk that stops nowhere."""

    def walk(*arguments: Any) -> Walk:
        yield from ()
        return sweep(*arguments)

    return walk


def weight_names(num_layers: int, bidirectional: bool, bias: bool = True) -> tuple[str, ...]:
    """As torch.nn counts them: w_ih_l0, w_hh_l0, b_ih_l0, b_hh_l0, w_ih_l0_reverse …"""
    parts = Weights._fields if bias else Weights._fields[:2]
    return tuple(
        _weight_name(part, layer, reverse)
        for layer in range(num_layers)
        for reverse in _ways(bidirectional)
        for part in parts
    )


def walk_forward(
    sweep: Sweep,
    x: Tensor,
    initial: tuple[Tensor | None, ...],
    weights: Sequence[Tensor | None],
    num_layers: int = 1,
    bidirectional: bool = False,
    batch_first: bool = True,
    **how: Any,
) -> Walk:
    """Ends in the outputs and the cache of `forward`."""
    ways = _ways(bidirectional)
    below = x.transpose(0, 1) if batch_first else x
    own = _by_lane(weights, num_layers * len(ways))
    starts = _starts(initial, below, own)
    rows: Rows = []
    for layer in range(num_layers):
        row = []
        for reverse in ways:
            place = layer * len(ways) + reverse
            lane = Lane(layer, reverse, below, starts[place], own[place], how)
            row.append((yield from sweep(lane)))
        below, row = _joined(row)
        rows.append(row)
    # No output is a part of another: each has a gradient of its own.
    ends = [ran.after for row in rows for ran in row]
    finals = [torch.stack(parts) for parts in zip(*ends, strict=True) if parts[0] is not None]
    last = torch.cat([ran.after[0] for ran in rows[-1]], -1)
    out = below.transpose(0, 1) if batch_first else below
    return out, *finals, last, (x, initial, rows, batch_first)


def walk_backward(
    sweep: Sweep, douts: Sequence[Tensor | None], cache: tuple, needs: Collection[str]
) -> Walk:
    """Ends in the gradients that `backward` returns."""
    _, initial, rows, batch_first = cache
    dout, *dfinals, dlast = douts
    if batch_first and dout is not None:
        dout = dout.transpose(0, 1)
    dends = _at_the_ends(rows, dfinals, dlast)
    wanted = [[_wanted(ran.lane, needs) for ran in row] for row in rows]
    lowest = _lowest(wanted, needs)
    found: dict[int, list[Gradients]] = {}
    for layer in range(len(rows) - 1, lowest - 1, -1):
        onward = {"x"} if layer > lowest or "x" in needs else set()
        halves = (None,) * len(rows[layer]) if dout is None else dout.chunk(len(rows[layer]), -1)
        found[layer] = []
        lanes = zip(rows[layer], halves, dends[layer], wanted[layer], strict=True)
        for ran, half, dend, parts in lanes:
            found[layer].append((yield from sweep(ran, half, dend, parts | onward)))
        dout = _sum([gradients.x for gradients in found[layer]])
    dx = dout.transpose(0, 1) if batch_first and dout is not None else dout
    return dx, *_initial_gradients(found, initial, needs), *_weight_gradients(found, rows)


def _ways(bidirectional: bool) -> tuple[bool, ...]:
    """For each direction whether it reads in reverse."""
    return (False, True) if bidirectional else (False,)


def _weight_name(part: str, layer: int, reverse: bool) -> str:
    return f"{part}_l{layer}_reverse" if reverse else f"{part}_l{layer}"


def _by_lane(weights: Sequence[Tensor | None], count: int) -> list[Weights]:
    """The weights that are there, shared out to so many lanes: two each, or four with biases."""
    there = [weight for weight in weights if weight is not None]
    each = len(there) // count
    if each not in (2, 4) or each * count != len(there):
        raise ValueError(
            f"{count} layers times directions take {2 * count} weights, or {4 * count} with "
            f"biases; they get {len(there)}"
        )
    return [Weights(*there[i : i + each]) for i in range(0, len(there), each)]


def _starts(initial: tuple[Tensor | None, ...], x: Tensor, own: list[Weights]) -> list[State]:
    """The state that each lane starts from: 0 where none is given."""
    zero = x.new_zeros(x.shape[1], own[0].w_hh.shape[1])
    return [
        _state([zero if given is None else given[place] for given in initial])
        for place in range(len(own))
    ]


def _state(parts: Sequence[Tensor]) -> State:
    return parts[0], parts[1] if len(parts) > 1 else None


def _joined(row: list[Ran]) -> tuple[Tensor, list[Ran]]:
    """A layer's output, and its lanes with their h as views of it, so that it is held once."""
    if len(row) == 1:
        return row[0].h, row
    out = torch.cat([ran.h for ran in row], -1)
    halves = out.chunk(len(row), -1)
    return out, [ran._replace(h=half) for ran, half in zip(row, halves, strict=True)]


def _at_the_ends(
    rows: Rows, dfinals: Sequence[Tensor | None], dlast: Tensor | None
) -> list[list[State]]:
    """What arrives at the state in which each lane ends, by h_n, c_n and last."""
    zero = torch.zeros_like(rows[0][0].after[0])
    ways = len(rows[0])
    found = [
        [[zero if d is None else d[layer * ways + way] for d in dfinals] for way in range(ways)]
        for layer in range(len(rows))
    ]
    if dlast is not None:
        for parts, half in zip(found[-1], dlast.chunk(ways, -1), strict=True):
            parts[0] = parts[0] + half
    return [[_state(parts) for parts in row] for row in found]


def _wanted(lane: Lane, needs: Collection[str]) -> set[str]:
    """The parts of a lane's weights whose gradient somebody reads."""
    return {
        part for part in lane.weights.there if _weight_name(part, lane.layer, lane.reverse) in needs
    }


def _lowest(wanted: list[list[set[str]]], needs: Collection[str]) -> int:
    """The layer below which nobody reads a gradient."""
    if not {"x", "h0", "c0"}.isdisjoint(needs):
        return 0
    return next(layer for layer, row in enumerate(wanted) if any(row))


def _sum(parts: list[Tensor | None]) -> Tensor | None:
    """The gradient of what both directions read."""
    there = [part for part in parts if part is not None]
    return there[0] + there[1] if len(there) == 2 else next(iter(there), None)


def _initial_gradients(
    found: dict[int, list[Gradients]], initial: tuple[Tensor | None, ...], needs: Collection[str]
) -> list[Tensor | None]:
    lanes = [gradients for layer in sorted(found) for gradients in found[layer]]
    return [
        torch.stack([getattr(gradients, part) for gradients in lanes])
        if given is not None and f"{part}0" in needs
        else None
        for part, given in zip(("h", "c"), initial, strict=False)
    ]


def _weight_gradients(found: dict[int, list[Gradients]], rows: Rows) -> list[Tensor | None]:
    """One for each weight that there is, in the order of the weights."""
    return [
        getattr(found[layer][way], part) if layer in found else None
        for layer, row in enumerate(rows)
        for way, ran in enumerate(row)
        for part in ran.lane.weights.there
    ]
