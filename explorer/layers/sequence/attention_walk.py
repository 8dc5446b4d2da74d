"""An attention part by part, for those who want to watch: the plain way, whatever the fast one is.

Both walks are made of the very functions that the layer's own forward and backward call.
"""

from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from explorer.layers.randomness import draw_kept
from explorer.layers.sequence import projection
from explorer.layers.sequence import scaled_dot_product as heads
from explorer.layers.sequence.projection import LEARNED
from explorer.layers.walking import Walk


class Stage(NamedTuple):
    """One part of an attention, and what it computes, by name."""

    title: str
    values: dict[str, Tensor]


def forward(
    query: Tensor,
    key: Tensor | None,
    value: Tensor | None,
    key_padding_mask: Tensor | None,
    w_in: Tensor,
    b_in: Tensor | None,
    w_out: Tensor,
    b_out: Tensor | None = None,
    num_heads: int = 4,
    causal: bool = False,
    dropout: float = 0.0,
    need_weights: bool = False,
    training: bool = True,
    seed: int = 0,
) -> Walk:
    """From the projections to the output; ends in what `forward` returns."""
    inputs = projection.wired(query, key, value)
    q, k, v = projection.forward(inputs, w_in, b_in, num_heads)
    yield Stage("projections", {name: x for name, x, *_ in inputs} | {"q": q, "k": k, "v": v})
    scores = heads.score(q, k)
    yield Stage("scores", {"q": q, "k": k, "scores": scores})
    weights = heads.softmax(scores, key_padding_mask, causal)
    yield Stage("softmax", {"scores": scores, "weights": weights})
    drops = dropout if training else 0.0
    mask = draw_kept(weights.shape, drops, seed, q.device) if drops else None
    used = heads.thinned(weights, mask, drops)
    if mask is not None:
        yield Stage("dropout", {"weights": weights, "used": used})
    gathered = heads.merge(torch.matmul(used, v))
    yield Stage("weighted sum", {"used": used, "v": v, "gathered": gathered})
    out = functional.linear(gathered, w_out, b_out)
    yield Stage("output projection", {"gathered": gathered, "out": out})
    kept = heads.Kept(q, k, v, gathered, weights, mask, causal, drops)
    seen = (used.mean(1),) if need_weights else ()
    return out, *seen, (query, key, value, w_in, b_in, w_out, b_out, *kept)


@torch.no_grad()
def backward(*douts_and_cache: Any, needs: tuple[str, ...] = LEARNED) -> Walk:
    """From the output's gradient back to the projections; ends in what `backward` returns."""
    dout, *dmean, (query, key, value, w_in, b_in, w_out, b_out, *rest) = douts_and_cache
    q, k, v, gathered, weights, mask, causal, dropout = heads.Kept(*rest)
    if heads.Kept(*rest).is_fused:
        ignored = None if mask is None else (mask != 0)[:, 0, 0]
        weights, mask = heads.softmax(heads.score(q, k), ignored, causal), None
    dout = torch.zeros_like(query) if dout is None else dout
    rows = dout.flatten(0, 1)
    dw_out = torch.mm(rows.t(), gathered.flatten(0, 1)) if "w_out" in needs else None
    db_out = rows.sum(0) if b_out is not None and "b_out" in needs else None
    dgathered = torch.matmul(dout, w_out)
    yield Stage(
        "output projection",
        _there(dout=dout, dgathered=dgathered, dw_out=dw_out, db_out=db_out),
    )
    used = heads.thinned(weights, mask, dropout)
    dheads = heads.split(dgathered, q.shape[1])
    dv, dused = torch.matmul(used.transpose(2, 3), dheads), torch.matmul(dheads, v.transpose(2, 3))
    if dmean and dmean[0] is not None:
        dused = dused + (dmean[0] / q.shape[1]).unsqueeze(1)
    yield Stage("weighted sum", {"dgathered": dgathered, "dused": dused, "dv": dv})
    dweights = heads.thinned(dused, mask, dropout)
    if mask is not None:
        yield Stage("dropout", {"dused": dused, "dweights": dweights})
    dscores = heads.softmax_backward(dweights, weights)
    yield Stage("softmax", {"dweights": dweights, "dscores": dscores})
    dq, dk = heads.score_backward(dscores, q, k)
    yield Stage("scores", {"dscores": dscores, "dq": dq, "dk": dk})
    inputs = projection.wired(query, key, value)
    found = projection.backward((dq, dk, dv), inputs, w_in, b_in, needs)
    names = ("dquery", "dkey", "dvalue", "dw_in", "db_in")
    given = _there(**dict(zip(names, found, strict=True)))
    yield Stage("projections", {"dq": dq, "dk": dk, "dv": dv} | given)
    return *found, dw_out, db_out


def _there(**values: Tensor | None) -> dict[str, Tensor]:
    return {name: value for name, value in values.items() if value is not None}
