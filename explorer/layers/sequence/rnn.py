"""The plain recurrent layer."""

from typing import Any, ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.base import Spec
from explorer.layers.sequence.recurrent import WEIGHTS, Recurrent, weight_equations
from explorer.layers.sequence.unrolling import State, Weights, cell_backward, cell_forward

Nonlinearity = Literal["tanh", "relu"]


class RNN(Recurrent):
    """Recurrent layer: at each step of a sequence it mixes what it reads into what it remembers.

    Shapes: x (N, T, D); h0 (L, N, H) for L layers times directions, 0 if not wired;
    out (N, T, H), or (N, T, 2H) in both directions: every h of the top layer;
    h_n (L, N, H), the h that each ends in;
    last (N, H) or (N, 2H), the h that the top layer ends in, for a classifier: after the last
    step, and beside it that of the reverse direction, which ends at the first step.
    Weights: w_ih_l0 (H, D), w_hh_l0 (H, H), b_ih_l0 (H,), b_hh_l0 (H,), then _l1 for the next
    layer, which reads out of the one below, and _l0_reverse for the other direction.
    Source: torch.nn.RNN; Elman 1990, "Finding structure in time". Dropout between its layers is
    a Dropout between two RNNs here.

    `cell_forward` and `cell_backward` are one step with all its products, and what
    `walk_forward` and `walk_backward` call, stopping after each. `forward` and `backward` differ
    from that only in the order of additions: x · w_ihᵀ + b_ih + b_hh is one product for all
    steps, each gradient of a weight is one product over all steps, and the loop over time runs
    what is left of the cell, `step_forward` and `step_backward`.
    """

    family: ClassVar[str] = "Sequence"
    synonyms: ClassVar[tuple[str, ...]] = ("elman", "recurrent", "sequence", "time series")
    equations: ClassVar[dict[str, str]] = {
        "out": "out[t] = h[t] = tanh(a[t]),  a[t] = x[t] · w_ihᵀ + b_ih + h[t−1] · w_hhᵀ + b_hh",
        "h_n": "h_n = h[T]",
        "last": "last = h[T] of the top layer",
        "dh": "dh[t] = dout[t] + da[t+1] · w_hh,  da[t] = dh[t] · (1 − h[t]²)",
        "dx": "dx[t] = da[t] · w_ih",
        "dh0": "dh0 = da[1] · w_hh",
        **weight_equations("da", "da"),
    }
    gates: ClassVar[tuple[str, ...]] = ("a",)
    keeps: ClassVar[tuple[str, ...]] = ()

    nonlinearity: Nonlinearity = Field("tanh", description="What h goes through at each step")

    @staticmethod
    def forward(
        x: Tensor,
        h0: Tensor | None = None,
        *weights: Tensor | None,
        num_layers: int = 1,
        batch_first: bool = True,
        bidirectional: bool = False,
        nonlinearity: Nonlinearity = "tanh",
    ) -> tuple[Tensor, Tensor, Tensor, tuple]:
        return RNN.run_forward(
            x, (h0,), weights, num_layers, bidirectional, batch_first, nonlinearity=nonlinearity
        )

    @staticmethod
    def backward(
        dout: Tensor | None,
        dh_n: Tensor | None,
        dlast: Tensor | None,
        cache: tuple,
        needs: tuple[str, ...] = ("x", "h0", *WEIGHTS),
    ) -> tuple[Tensor | None, ...]:
        return RNN.run_backward((dout, dh_n, dlast), cache, needs)

    @staticmethod
    def cell_forward(
        x: Tensor,
        h: Tensor,
        w_ih: Tensor,
        w_hh: Tensor,
        b_ih: Tensor | None = None,
        b_hh: Tensor | None = None,
        nonlinearity: Nonlinearity = "tanh",
    ) -> tuple[Tensor, tuple]:
        """One step: x (N, D) and h (N, H) -> the next h, cache."""
        weights = Weights(w_ih, w_hh, b_ih, b_hh)
        (h, _), cache = cell_forward(RNN, x, (h, None), weights, nonlinearity=nonlinearity)
        return h, cache

    @staticmethod
    def cell_backward(dh: Tensor, cache: tuple) -> tuple[Tensor | None, ...]:
        """One step back -> dx, dh, dw_ih, dw_hh, db_ih, db_hh."""
        (dx, dh_before, _, *dweights), *_ = cell_backward(RNN, dh, None, cache)
        return dx, dh_before, *dweights

    @staticmethod
    def step_forward(
        xw: Tensor,
        before: State,
        w_hh: Tensor,
        b_hh: Tensor | None,
        nonlinearity: Nonlinearity = "tanh",
    ) -> tuple[State, tuple]:
        a = torch.addmm(xw, before[0], w_hh.t())
        h = torch.tanh(a) if nonlinearity == "tanh" else torch.relu(a)
        return (h, None), ()

    @staticmethod
    def step_backward(
        dh: Tensor,
        dc: None,
        before: State,
        after: State,
        kept: tuple,
        dhw: Tensor,
        apart: None,
        nonlinearity: Nonlinearity = "tanh",
    ) -> tuple[None, None]:
        h, _ = after
        if nonlinearity == "tanh":
            torch.ops.aten.tanh_backward.grad_input(dh, h, grad_input=dhw)
        else:
            torch.ops.aten.threshold_backward.grad_input(dh, h, 0, grad_input=dhw)
        return None, None

    @property
    def _kernel(self) -> str:
        return f"torch.rnn_{self.nonlinearity}"

    def nn_settings(self, x: Spec, *initial_state: Spec | None) -> dict[str, Any]:
        found = super().nn_settings(x, *initial_state)
        return found if self.nonlinearity == "tanh" else {**found, "nonlinearity": "relu"}
