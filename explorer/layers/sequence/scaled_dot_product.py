"""What every head of an attention computes: softmax(q · kᵀ / √E) · v, and its way back.

Source: Vaswani et al. 2017, "Attention is all you need"; Dao et al. 2022, "FlashAttention".
"""

from typing import NamedTuple

import torch
from torch import Tensor

from explorer.layers.randomness import draw_kept, keep

_aten = torch.ops.aten
_fused = _aten._scaled_dot_product_flash_attention_for_cpu.default
_fused_backward = _aten._scaled_dot_product_flash_attention_for_cpu_backward.default
_safe_softmax = _aten._safe_softmax.default
_softmax_backward = _aten._softmax_backward_data.default


class Kept(NamedTuple):
    """What `backward` needs of heads (N, H, length, E).

    `weights` are the attention weights (N, H, T, S) of the plain way; of the fused way, which
    never holds them all, the logarithm of their denominators (N, H, T). `mask` is what dropout
    kept (N, H, T, S), or in the fused way what is added to the scores (N, 1, 1, S).
    """

    q: Tensor
    k: Tensor
    v: Tensor
    gathered: Tensor
    weights: Tensor
    mask: Tensor | None
    causal: bool
    dropout: float

    @property
    def is_fused(self) -> bool:
        return self.weights.dim() == 3


def split(x: Tensor, num_heads: int) -> Tensor:
    """(N, length, D) as heads (N, H, length, D / H), without a copy."""
    return x.unflatten(-1, (num_heads, -1)).transpose(1, 2)


def merge(heads: Tensor) -> Tensor:
    """The inverse of `split`; heads that came from it are not copied."""
    return heads.transpose(1, 2).flatten(2)


def fused(q: Tensor, k: Tensor, v: Tensor, ignored: Tensor | None, causal: bool) -> Kept:
    """One kernel that holds no more than a block of the weights; for the CPU."""
    mask = None
    if ignored is not None:
        mask = torch.zeros_like(ignored, dtype=q.dtype).masked_fill(ignored != 0, -torch.inf)
        mask = mask[:, None, None]
    heads, log_sums = _fused(q, k, v, 0.0, causal, attn_mask=mask)
    return Kept(q, k, v, merge(heads), log_sums, mask, causal, 0.0)


def plain(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    ignored: Tensor | None,
    causal: bool,
    dropout: float = 0.0,
    seed: int = 0,
) -> tuple[Kept, Tensor]:
    """The same step by step, with dropout on the weights; returns what became of them too."""
    weights = softmax(score(q, k), ignored, causal)
    mask = draw_kept(weights.shape, dropout, seed, q.device) if dropout else None
    used = thinned(weights, mask, dropout)
    return Kept(q, k, v, merge(torch.matmul(used, v)), weights, mask, causal, dropout), used


def score(q: Tensor, k: Tensor) -> Tensor:
    """How well each key fits each query, (N, H, T, S)."""
    return torch.matmul(q * q.shape[-1] ** -0.5, k.transpose(2, 3))


def softmax(scores: Tensor, ignored: Tensor | None, causal: bool) -> Tensor:
    """The attention weights: 0 for keys that are ignored, and for later ones where it is causal."""
    blocked = None
    if causal:
        blocked = torch.ones(scores.shape[2:], dtype=torch.bool, device=scores.device).triu(1)
    if ignored is not None:
        padding = (ignored != 0)[:, None, None]
        blocked = padding if blocked is None else blocked | padding
    if blocked is None:
        return torch.softmax(scores, -1)
    # Safe: where all keys are blocked the weights are 0, not NaN.
    return _safe_softmax(scores.masked_fill(blocked, -torch.inf), -1)


def thinned(weights: Tensor, mask: Tensor | None, dropout: float) -> Tensor:
    """What dropout keeps of the weights, or of their gradient, made up for what it takes."""
    return weights if mask is None else keep(weights, mask, 1 / (1 - dropout))


def backward(dgathered: Tensor, dused: Tensor | None, kept: Kept) -> tuple[Tensor, Tensor, Tensor]:
    """dq, dk and dv, from the gradients of what was gathered (N, T, D) and of the used weights."""
    q, k, v, gathered, weights, mask, causal, dropout = kept
    num_heads = q.shape[1]
    dheads = split(dgathered, num_heads)
    if kept.is_fused:
        heads = split(gathered, num_heads)
        return _fused_backward(dheads, q, k, v, heads, weights, 0.0, causal, attn_mask=mask)
    dv = torch.matmul(thinned(weights, mask, dropout).transpose(2, 3), dheads)
    dweights = torch.matmul(dheads, v.transpose(2, 3))
    if dused is not None:
        dweights = dweights + dused
    dscores = softmax_backward(thinned(dweights, mask, dropout), weights)
    return *score_backward(dscores, q, k), dv


def softmax_backward(dweights: Tensor, weights: Tensor) -> Tensor:
    """The gradient of the scores, dS = P (dP − Σ P dP)."""
    return _softmax_backward(dweights, weights, -1, weights.dtype)


def score_backward(dscores: Tensor, q: Tensor, k: Tensor) -> tuple[Tensor, Tensor]:
    """dq and dk."""
    dscores = dscores * q.shape[-1] ** -0.5
    return torch.matmul(dscores, k), torch.matmul(dscores.transpose(2, 3), q)
