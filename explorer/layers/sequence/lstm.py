"""Long short-term memory."""

from collections.abc import Collection
from typing import Any, ClassVar

import torch
from torch import Tensor

from explorer.layers.sequence import onednn_lstm
from explorer.layers.sequence.recurrent import WEIGHTS, Recurrent, weight_equations
from explorer.layers.sequence.unrolling import (
    Gradients,
    Lane,
    Ran,
    State,
    Weights,
    cell_backward,
    cell_forward,
)

aten = torch.ops.aten


class LSTM(Recurrent):
    """Long short-term memory: at each step gates decide what its memory forgets, adds and tells.

    Shapes: x (N, T, D); h0, c0 (L, N, H) for L layers times directions, 0 if not wired;
    out (N, T, H), or (N, T, 2H) in both directions: every h of the top layer;
    h_n, c_n (L, N, H), the h and the c that each ends in;
    last (N, H) or (N, 2H), the h that the top layer ends in, for a classifier: after the last
    step, and beside it that of the reverse direction, which ends at the first step.
    Weights: w_ih_l0 (4H, D), w_hh_l0 (4H, H), b_ih_l0 (4H,), b_hh_l0 (4H,), their rows those of
    i, f, g, o; then _l1 for the next layer, which reads out of the one below, and _l0_reverse
    for the other direction.
    Source: torch.nn.LSTM; Hochreiter & Schmidhuber 1997, "Long short-term memory". Dropout
    between its layers is a Dropout between two LSTMs here.

    `cell_forward` and `cell_backward` are one step with all its products, and what
    `walk_forward` and `walk_backward` call, stopping after each. `forward` and `backward` differ
    from that only in the order of additions: x · w_ihᵀ + b_ih + b_hh is one product for all
    steps, each gradient of a weight is one product over all steps, and the loop over time runs
    what is left of the cell, `step_forward` and `step_backward`. In float32 on the CPU oneDNN
    computes the same in one call for all steps, equal to rounding in float32.
    """

    family: ClassVar[str] = "Sequence"
    inputs: ClassVar[tuple[str, ...]] = ("x", "h0", "c0")
    outputs: ClassVar[tuple[str, ...]] = ("out", "h_n", "c_n", "last")
    optional: ClassVar[tuple[str, ...]] = ("h0", "c0")
    differentiable: ClassVar[tuple[str, ...]] = ("x", "h0", "c0", *WEIGHTS)
    synonyms: ClassVar[tuple[str, ...]] = ("long short-term memory", "recurrent", "sequence", "rnn")
    equations: ClassVar[dict[str, str]] = {
        "out": "out[t] = h[t] = o · tanh(c[t]),  c[t] = f · c[t−1] + i · g",
        "gates": "i = σ(z_i), f = σ(z_f), g = tanh(z_g), o = σ(z_o)",
        "z": "z = x[t] · w_ihᵀ + b_ih + h[t−1] · w_hhᵀ + b_hh, z_i, z_f, z_g, z_o its quarters",
        "h_n": "h_n = h[T]",
        "c_n": "c_n = c[T]",
        "last": "last = h[T] of the top layer",
        "dh": "dh[t] = dout[t] + dz[t+1] · w_hh",
        "dc": "dc[t] = f[t+1] · dc[t+1] + dh[t] · o · (1 − tanh²(c[t]))",
        "dz": "dz_i = dc · g · i · (1 − i), dz_f = dc · c[t−1] · f · (1 − f), "
        "dz_g = dc · i · (1 − g²), dz_o = dh · tanh(c) · o · (1 − o); dz all four",
        "dx": "dx[t] = dz[t] · w_ih",
        "dh0": "dh0 = dz[1] · w_hh",
        "dc0": "dc0 = f[1] · dc[1]",
        **weight_equations("dz", "dz"),
    }
    gates: ClassVar[tuple[str, ...]] = ("i", "f", "g", "o")
    keeps: ClassVar[tuple[str, ...]] = gates

    @staticmethod
    def forward(
        x: Tensor,
        h0: Tensor | None = None,
        c0: Tensor | None = None,
        *weights: Tensor | None,
        num_layers: int = 1,
        batch_first: bool = True,
        bidirectional: bool = False,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, tuple]:
        return LSTM.run_forward(x, (h0, c0), weights, num_layers, bidirectional, batch_first)

    @staticmethod
    def backward(
        dout: Tensor | None,
        dh_n: Tensor | None,
        dc_n: Tensor | None,
        dlast: Tensor | None,
        cache: tuple,
        needs: tuple[str, ...] = ("x", "h0", "c0", *WEIGHTS),
    ) -> tuple[Tensor | None, ...]:
        return LSTM.run_backward((dout, dh_n, dc_n, dlast), cache, needs)

    @classmethod
    def sweep_forward(cls, lane: Lane) -> Ran:
        if onednn_lstm.takes(lane):
            return onednn_lstm.sweep_forward(lane)
        return super().sweep_forward(lane)

    @classmethod
    def sweep_backward(
        cls, ran: Ran, dout: Tensor | None, dafter: State, wanted: Collection[str]
    ) -> Gradients:
        if onednn_lstm.gave(ran):
            return onednn_lstm.sweep_backward(ran, dout, dafter, wanted)
        return super().sweep_backward(ran, dout, dafter, wanted)

    @staticmethod
    def cell_forward(
        x: Tensor,
        h: Tensor,
        c: Tensor,
        w_ih: Tensor,
        w_hh: Tensor,
        b_ih: Tensor | None = None,
        b_hh: Tensor | None = None,
    ) -> tuple[Any, ...]:
        """One step: x (N, D), h and c (N, H) -> the next h and c, cache."""
        after, cache = cell_forward(LSTM, x, (h, c), Weights(w_ih, w_hh, b_ih, b_hh))
        return *after, cache

    @staticmethod
    def cell_backward(dh: Tensor, dc: Tensor, cache: tuple) -> tuple[Tensor | None, ...]:
        """One step back -> dx, dh, dc, dw_ih, dw_hh, db_ih, db_hh."""
        gradients, *_ = cell_backward(LSTM, dh, dc, cache)
        return tuple(gradients)

    @staticmethod
    def step_forward(
        xw: Tensor, before: tuple[Tensor, Tensor], w_hh: Tensor, b_hh: Tensor | None
    ) -> tuple[State, tuple]:
        h, c = before
        i, f, g, o = torch.addmm(xw, h, w_hh.t()).chunk(4, 1)
        i, f, g, o = torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
        c = torch.addcmul(f * c, i, g)
        return (o * torch.tanh(c), c), (i, f, g, o)

    @staticmethod
    def step_backward(
        dh: Tensor,
        dc: Tensor,
        before: tuple[Tensor, Tensor],
        after: tuple[Tensor, Tensor],
        kept: tuple,
        dhw: Tensor,
        apart: None,
    ) -> tuple[None, Tensor]:
        (_, c_before), (_, c), (i, f, g, o) = before, after, kept
        told = torch.tanh(c)
        dc = dc + aten.tanh_backward(dh * o, told)
        di = aten.sigmoid_backward(dc * g, i)
        df = aten.sigmoid_backward(dc * c_before, f)
        dg = aten.tanh_backward(dc * i, g)
        do = aten.sigmoid_backward(dh * told, o)
        torch.cat((di, df, dg, do), 1, out=dhw)
        return None, dc * f
