"""Attention as people write it: with torch's operations, with torch.nn, and by hand."""

from collections.abc import Collection

from explorer.layers.base import Spec
from explorer.layers.written import Lines, Unwritable

_HEADS = ".unflatten(-1, (num_heads, -1)).transpose(1, 2)"
"""(N, T, D) as (N, heads, T, D / heads)."""


def in_torch(wired: Collection[str], lengths: tuple[int, int], width: int, causal: bool) -> Lines:
    """With torch's own kernel for what every head computes."""
    told = []
    mask = _seen(wired, lengths, causal)
    if mask and "key_padding_mask" in wired:
        told.append("attn_mask=seen")
    elif causal:
        told.append("is_causal=True")
    told += ["dropout_p=dropout if training else 0.0"]
    call = f"F.scaled_dot_product_attention(q, k, v, {', '.join(told)})"
    if "key_padding_mask" not in wired:
        mask = {}
    plain = f"F.scaled_dot_product_attention(q, k, v, {', '.join(told[:-1])})".replace(", )", ")")
    return {
        **_projected(wired, width),
        **mask,
        "heads": f"{call} if dropout else {plain}",
        "out": "F.linear(heads.transpose(1, 2).flatten(2), w_out, b_out)",
    }


def step_by_step(
    wired: Collection[str], lengths: tuple[int, int], width: int, causal: bool
) -> dict[str, str]:
    """With every product written out, so that the weights P are there to be seen."""
    mask = _seen(wired, lengths, causal)
    scores = "q @ k.mT / math.sqrt(q.shape[-1])"
    if mask:
        scores = f"({scores}).masked_fill(~seen, -math.inf)"
    return {
        **_projected(wired, width),
        **mask,
        "scores": scores,
        "P": "F.softmax(scores, -1)",
        "used": "F.dropout(P, p=dropout, training=training)",
        "gathered": "((used if dropout else P) @ v).transpose(1, 2).flatten(2)",
        "out": "F.linear(gathered, w_out, b_out)",
        "weights": "(used if dropout else P).mean(1)",
    }


def by_hand(
    wired: Collection[str], lengths: tuple[int, int], width: int, causal: bool, need_weights: bool
) -> Lines:
    """And all the way back, for a sequence that looks at itself."""
    if {"key", "value"} & set(wired):
        hint = "wire its query alone, or look at how Autograd writes it"
        raise Unwritable("looks at another sequence", hint)
    lines = step_by_step(wired, lengths, width, causal)
    both = "gathered @ w_out.T"
    return {
        **lines,
        "out": f"{both} if b_out is None else {both} + b_out",
        "dw_out": "dout.flatten(0, 1).T @ gathered.flatten(0, 1)",
        "db_out": "dout.sum((0, 1))",
        "dheads": f"(dout @ w_out){_HEADS}",
        "dv": "P.mT @ dheads",
        "dP": "dheads @ v.mT + dweights[:, None] / num_heads" if need_weights else "dheads @ v.mT",
        "dscores": "P * (dP - (dP * P).sum(-1, keepdim=True)) / math.sqrt(q.shape[-1])",
        "dq": "dscores @ k",
        "dk": "dscores.mT @ q",
        "dqkv": "torch.stack((dq, dk, dv), 3).permute(0, 2, 3, 1, 4).flatten(2)",
        "dw_in": "dqkv.flatten(0, 1).T @ query.flatten(0, 1)",
        "db_in": "dqkv.sum((0, 1))",
        "dquery": "dqkv @ w_in",
    }


def in_nn(
    wired: Collection[str], lengths: tuple[int, int], causal: bool, need_weights: bool
) -> Lines:
    """A call of torch.nn.MultiheadAttention, which blocks what its masks name."""
    key = "key" if "key" in wired else "query"
    told = ["query", key, "value" if "value" in wired else key]
    if "key_padding_mask" in wired:
        told.append("key_padding_mask=key_padding_mask != 0")
    if causal:
        told.append(f"attn_mask=torch.ones{lengths}.triu(1).bool()")
    if not need_weights:
        told.append("need_weights=False")
    return {"out, weights" if need_weights else "out, _": f"module({', '.join(told)})"}


def lengths_of(query: Spec, key: Spec | None) -> tuple[int, int]:
    """How many positions look, and at how many."""
    return int(query.shape[1]), int((key or query).shape[1])


def _projected(wired: Collection[str], width: int) -> dict[str, str]:
    """q, k and v of every head."""
    if not {"key", "value"} & set(wired):
        sizes = "unflatten(-1, (3, num_heads, -1)).permute(2, 0, 3, 1, 4)"
        return {"qkv": "F.linear(query, w_in, b_in)", "q, k, v": f"qkv.{sizes}"}
    key = "key" if "key" in wired else "query"
    sources = ("query", key, "value" if "value" in wired else key)
    found = {}
    for third, (name, source) in enumerate(zip("qkv", sources, strict=True)):
        rows = f"[{third * width}:{(third + 1) * width}]"
        bias = f"None if b_in is None else b_in{rows}"
        found[name] = f"F.linear({source}, w_in{rows}, {bias}){_HEADS}"
    return found


def _seen(wired: Collection[str], lengths: tuple[int, int], causal: bool) -> dict[str, str]:
    """Which positions each may look at; nothing where it may look at all."""
    parts = []
    if "key_padding_mask" in wired:
        parts.append("(key_padding_mask == 0)[:, None, None]")
    if causal:
        parts.append(f"torch.ones{lengths}.tril().bool()")
    return {"seen": " & ".join(parts)} if parts else {}
