"""The gated recurrent unit."""

from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import linear

from explorer.layers.sequence.recurrent import WEIGHTS, Recurrent, weight_equations
from explorer.layers.sequence.unrolling import State, Weights, cell_backward, cell_forward

aten = torch.ops.aten


class GRU(Recurrent):
    """Gated recurrent unit: at each step gates decide what it forgets and what it takes in.

    Shapes: x (N, T, D); h0 (L, N, H) for L layers times directions, 0 if not wired;
    out (N, T, H), or (N, T, 2H) in both directions: every h of the top layer;
    h_n (L, N, H), the h that each ends in;
    last (N, H) or (N, 2H), the h that the top layer ends in, for a classifier: after the last
    step, and beside it that of the reverse direction, which ends at the first step.
    Weights: w_ih_l0 (3H, D), w_hh_l0 (3H, H), b_ih_l0 (3H,), b_hh_l0 (3H,), their rows those of
    r, z, n; then _l1 for the next layer, which reads out of the one below, and _l0_reverse for
    the other direction.
    Source: torch.nn.GRU; Cho et al. 2014, "Learning phrase representations using RNN
    encoder-decoder", with r applied after the product, as in cuDNN. Dropout between its layers
    is a Dropout between two GRUs here.

    `cell_forward` and `cell_backward` are one step with all its products, and what
    `walk_forward` and `walk_backward` call, stopping after each. `forward` and `backward` differ
    from that only in the order of additions: x · w_ihᵀ + b_ih is one product for all steps, each
    gradient of a weight is one product over all steps, and the loop over time runs what is left
    of the cell, `step_forward` and `step_backward`.
    """

    family: ClassVar[str] = "Sequence"
    synonyms: ClassVar[tuple[str, ...]] = ("gated recurrent unit", "recurrent", "sequence", "rnn")
    equations: ClassVar[dict[str, str]] = {
        "out": "out[t] = h[t] = (1 − z) · n + z · h[t−1]",
        "gates": "r = σ(r_x + r_h),  z = σ(z_x + z_h),  n = tanh(n_x + r · n_h)",
        "shares": "r_x z_x n_x = x[t] · w_ihᵀ + b_ih,  r_h z_h n_h = h[t−1] · w_hhᵀ + b_hh",
        "h_n": "h_n = h[T]",
        "last": "last = h[T] of the top layer",
        "dh": "dh[t] = dout[t] + z · dh[t+1] + dhw[t+1] · w_hh",
        "dn": "dn = dh · (1 − z) · (1 − n²),  dz = dh · (h[t−1] − n) · z · (1 − z)",
        "dr": "dr = dn · n_h · r · (1 − r),  dn_h = dn · r",
        "dx": "dx[t] = dxw[t] · w_ih,  dxw = dr dz dn,  dhw = dr dz dn_h",
        "dh0": "dh0 = z · dh[1] + dhw[1] · w_hh",
        **weight_equations("dxw", "dhw"),
    }
    gates: ClassVar[tuple[str, ...]] = ("r", "z", "n")
    keeps: ClassVar[tuple[str, ...]] = ("r", "z", "n", "n_h")
    one_sum: ClassVar[bool] = False

    @staticmethod
    def forward(
        x: Tensor,
        h0: Tensor | None = None,
        *weights: Tensor | None,
        num_layers: int = 1,
        batch_first: bool = True,
        bidirectional: bool = False,
    ) -> tuple[Tensor, Tensor, Tensor, tuple]:
        return GRU.run_forward(x, (h0,), weights, num_layers, bidirectional, batch_first)

    @staticmethod
    def backward(
        dout: Tensor | None,
        dh_n: Tensor | None,
        dlast: Tensor | None,
        cache: tuple,
        needs: tuple[str, ...] = ("x", "h0", *WEIGHTS),
    ) -> tuple[Tensor | None, ...]:
        return GRU.run_backward((dout, dh_n, dlast), cache, needs)

    @staticmethod
    def cell_forward(
        x: Tensor,
        h: Tensor,
        w_ih: Tensor,
        w_hh: Tensor,
        b_ih: Tensor | None = None,
        b_hh: Tensor | None = None,
    ) -> tuple[Tensor, tuple]:
        """One step: x (N, D) and h (N, H) -> the next h, cache."""
        (h, _), cache = cell_forward(GRU, x, (h, None), Weights(w_ih, w_hh, b_ih, b_hh))
        return h, cache

    @staticmethod
    def cell_backward(dh: Tensor, cache: tuple) -> tuple[Tensor | None, ...]:
        """One step back -> dx, dh, dw_ih, dw_hh, db_ih, db_hh."""
        (dx, dh_before, _, *dweights), *_ = cell_backward(GRU, dh, None, cache)
        return dx, dh_before, *dweights

    @staticmethod
    def step_forward(
        xw: Tensor, before: State, w_hh: Tensor, b_hh: Tensor | None
    ) -> tuple[State, tuple]:
        h, _ = before
        both = 2 * h.shape[1]
        hw = linear(h, w_hh, b_hh)
        r, z = torch.sigmoid(xw[:, :both] + hw[:, :both]).chunk(2, 1)
        # A copy: a view would keep all of hw.
        n_h = hw[:, both:].clone()
        n = torch.tanh(torch.addcmul(xw[:, both:], r, n_h))
        return (torch.lerp(n, h, z), None), (r, z, n, n_h)

    @staticmethod
    def step_backward(
        dh: Tensor, dc: None, before: State, after: State, kept: tuple, dhw: Tensor, dn: Tensor
    ) -> tuple[Tensor, None]:
        (h, _), (r, z, n, n_h) = before, kept
        direct = dh * z
        aten.tanh_backward.grad_input(dh - direct, n, grad_input=dn)
        dz = aten.sigmoid_backward(dh * (h - n), z)
        dr = aten.sigmoid_backward(dn * n_h, r)
        torch.cat((dr, dz, dn * r), 1, out=dhw)
        return direct, None
