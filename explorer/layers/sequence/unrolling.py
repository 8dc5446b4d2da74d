"""One recurrent layer in one direction, unrolled over time: the same cell at every step.

First the cell by itself, one step with all its products. Then all steps at once, time first:
x's share of every step is one product, and so is the gradient of each weight; only what truly
goes from step to step is in the loops. Both run the kind's own `step_forward` and
`step_backward`, so they differ in nothing but the order of additions.
"""

from collections.abc import Collection
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import linear

if TYPE_CHECKING:
    from explorer.layers.sequence.recurrent import Recurrent

    Kind = type[Recurrent]

State = tuple[Tensor, Tensor | None]
"""What one step hands to the next: h (N, H) and, where the kind has it, c (N, H)."""


class Weights(NamedTuple):
    """The weights of one layer in one direction, as torch.nn lays them out, for G gates."""

    w_ih: Tensor  # (G·H, D)
    w_hh: Tensor  # (G·H, H)
    b_ih: Tensor | None = None  # (G·H,)
    b_hh: Tensor | None = None  # (G·H,)

    @property
    def there(self) -> tuple[str, ...]:
        """The names of those that there are."""
        return self._fields if self.b_ih is not None else self._fields[:2]


class Gradients(NamedTuple):
    """What a way back gives, over one step or over all; None for what was not wanted."""

    x: Tensor | None
    h: Tensor
    c: Tensor | None
    w_ih: Tensor | None = None
    w_hh: Tensor | None = None
    b_ih: Tensor | None = None
    b_hh: Tensor | None = None


class Lane(NamedTuple):
    """One layer in one direction, and what it runs on."""

    layer: int
    reverse: bool
    x: Tensor  # (T, N, D)
    before: State
    weights: Weights
    how: dict[str, Any]  # what `step_forward` takes besides, by name

    @property
    def times(self) -> range:
        """The points in time in the order in which it reads them."""
        steps = len(self.x)
        return range(steps - 1, -1, -1) if self.reverse else range(steps)


class Ran(NamedTuple):
    """A lane that has run."""

    lane: Lane
    h: Tensor  # (T, N, H), of every step
    after: State  # at the end
    kept: Any  # what backward needs besides


def cell_forward(
    kind: "Kind", x: Tensor, before: State, weights: Weights, **how: Any
) -> tuple[State, tuple]:
    """One step: x (N, D) -> the state after it, and the cache of the step."""
    xw = _share_of_x(kind, x, weights)
    after, kept = kind.step_forward(xw, before, weights.w_hh, weights.b_hh, **how)
    return after, (x, before, after, kept, weights, how)


@torch.no_grad()
def cell_backward(
    kind: "Kind", dh: Tensor, dc: Tensor | None, cache: tuple
) -> tuple[Gradients, Tensor, Tensor]:
    """One step back; also the gradients of both shares of the gates' sums, x's and h's."""
    x, before, after, kept, weights, how = cache
    dhw = dh.new_empty(len(dh), len(weights.w_hh))
    apart = None if kind.one_sum else torch.empty_like(dh)
    direct, dc = kind.step_backward(dh, dc, before, after, kept, dhw, apart, **how)
    dxw = dhw if apart is None else torch.cat((dhw[:, : -apart.shape[1]], apart), 1)
    gradients = Gradients(
        x=dxw @ weights.w_ih,
        h=_through(dhw, weights.w_hh, direct),
        c=dc,
        w_ih=dxw.t() @ x,
        w_hh=dhw.t() @ before[0],
        b_ih=None if weights.b_ih is None else dxw.sum(0),
        b_hh=None if weights.b_hh is None else dhw.sum(0),
    )
    return gradients, dxw, dhw


def sweep_forward(kind: "Kind", lane: Lane) -> Ran:
    """All steps of a lane."""
    weights, how = lane.weights, lane.how
    shares = _share_of_x(kind, lane.x, weights).unbind(0)
    states: list[State] = [lane.before] * len(shares)
    gates: list[tuple] = [()] * len(shares)
    state = lane.before
    # Without numbers one step tells the shapes of all.
    for t in lane.times[:1] if lane.x.is_meta else lane.times:
        state, gates[t] = kind.step_forward(shares[t], state, weights.w_hh, weights.b_hh, **how)
        states[t] = state
    h = torch.cat([h for h, _ in states]).view(len(states), *state[0].shape)
    return Ran(lane, h, state, ([c for _, c in states], gates))


@torch.no_grad()
def sweep_backward(
    kind: "Kind", ran: Ran, dout: Tensor | None, dafter: State, wanted: Collection[str]
) -> Gradients:
    """All steps back: `dout` (T, N, H) arrives at every h, `dafter` at the state at the end."""
    lane, h, _, (cs, gates) = ran
    w_hh, how = lane.weights.w_hh, lane.how
    states = list(zip(h.unbind(0), cs, strict=True))
    arriving = [None] * len(h) if dout is None else dout.unbind(0)
    dhw = h.new_empty(*h.shape[:2], len(w_hh))
    apart = None if kind.one_sum else h.new_empty(h.shape)
    dh, dc = dafter
    order = lane.times[::-1]
    if dout is not None:
        dh = dh + dout[order[0]]
    for t, earlier in pairwise([*order, None]):
        before = lane.before if earlier is None else states[earlier]
        there = None if apart is None else apart[t]
        direct, dc = kind.step_backward(dh, dc, before, states[t], gates[t], dhw[t], there, **how)
        reaching = None if earlier is None else arriving[earlier]
        dh = _through(dhw[t], w_hh, direct, reaching)
    found = _through_h(lane, h, dhw, wanted)
    if apart is not None:
        # h's share is done with: its place is x's from here on.
        dhw[..., -apart.shape[-1] :] = apart
    found |= _through_x(lane, dhw, wanted)
    return Gradients(found.pop("x", None), dh, dc, **found)


def _share_of_x(kind: "Kind", x: Tensor, weights: Weights) -> Tensor:
    """x · w_ihᵀ and the biases that may be added to it, for as many steps as x holds."""
    bias = weights.b_ih
    if bias is not None and weights.b_hh is not None and kind.one_sum:
        bias = bias + weights.b_hh
    return linear(x, weights.w_ih, bias)


def _through(dhw: Tensor, w_hh: Tensor, *others: Tensor | None) -> Tensor:
    """The gradient of the h that a step began with: through w_hh, and by other ways."""
    found = [other for other in others if other is not None]
    if not found:
        return dhw @ w_hh
    return torch.addmm(found[0] if len(found) == 1 else found[0] + found[1], dhw, w_hh)


def _through_h(lane: Lane, h: Tensor, dhw: Tensor, wanted: Collection[str]) -> dict[str, Tensor]:
    """The gradients of w_hh and b_hh: one product, one sum over all steps."""
    found: dict[str, Tensor] = {}
    if "w_hh" in wanted:
        first, later, earlier = (
            (dhw[-1], dhw[:-1], h[1:]) if lane.reverse else (dhw[0], dhw[1:], h[:-1])
        )
        found["w_hh"] = later.flatten(0, 1).t() @ earlier.flatten(0, 1)
        found["w_hh"].addmm_(first.t(), lane.before[0])
    if "b_hh" in wanted:
        found["b_hh"] = dhw.sum((0, 1))
    return found


def _through_x(lane: Lane, dxw: Tensor, wanted: Collection[str]) -> dict[str, Tensor]:
    """The gradients of x, w_ih and b_ih: one product, one sum over all steps."""
    found: dict[str, Tensor] = {}
    flat = dxw.flatten(0, 1)
    if "x" in wanted:
        found["x"] = (flat @ lane.weights.w_ih).view(lane.x.shape)
    if "w_ih" in wanted:
        found["w_ih"] = flat.t() @ lane.x.flatten(0, 1)
    if "b_ih" in wanted:
        found["b_ih"] = flat.sum(0)
    return found
