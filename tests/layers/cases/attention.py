"""Attention and positions, on sequences."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from explorer.layers.randomness import draw_kept
from tests.layers.cases.inputs import ROWS, numbers, shares

QUERY = numbers(ROWS, 3, 4) / 2
KEY = numbers(ROWS, 2, 4) / 2
VALUE = shares(ROWS, 2, 4)
IGNORED = torch.arange(3) > torch.tensor([[0], [1], [2], [1], [0]])
"""Keys behind the end of each row's sequence."""

CASES = {
    "MultiheadAttention": [
        ({"num_heads": 2}, {"query": QUERY}),
        ({"num_heads": 1, "bias": False, "causal": True}, {"query": QUERY, "key": KEY}),
        (
            {"num_heads": 4},
            {"query": QUERY, "key": KEY, "value": VALUE, "key_padding_mask": IGNORED[:, :2]},
        ),
        ({"num_heads": 2, "causal": True}, {"query": KEY, "value": VALUE}),
        (
            {"num_heads": 2, "causal": True, "need_weights": True},
            {"query": QUERY, "key_padding_mask": IGNORED.double()},
        ),
        ({"num_heads": 1, "bias": False, "dropout": 0.4}, {"query": KEY, "key": QUERY}),
        ({"num_heads": 2, "dropout": 0.25, "need_weights": True}, {"query": QUERY}),
    ],
    "PositionalEncoding": [
        ({}, {"x": numbers(ROWS, 3, 4)}),
        ({}, {"x": numbers(ROWS, 4, 3)}),
        ({}, {"x": numbers(ROWS, 2, 1)}),
        ({"kind": "learned", "max_len": 3}, {"x": numbers(ROWS, 3, 2)}),
        ({"kind": "learned", "max_len": 4}, {"x": numbers(ROWS, 2, 3)}),
    ],
}


def attention(
    query: Tensor,
    key: Tensor | None,
    value: Tensor | None,
    key_padding_mask: Tensor | None,
    w_in: Tensor,
    b_in: Tensor | None,
    w_out: Tensor,
    b_out: Tensor | None = None,
    **settings: Any,
) -> Any:
    """torch's own attention, in which dropout, where there is any, keeps what the seed says."""
    key = query if key is None else key
    value = key if value is None else value
    steps, keys, heads = query.shape[1], key.shape[1], settings["num_heads"]
    mask = None
    if settings["causal"]:
        mask = torch.ones(steps, keys, dtype=torch.bool).triu(1)
    if settings["dropout"] and settings["training"]:
        return _dropping(query, key, value, w_in, b_in, w_out, b_out, settings)
    out, weights = functional.multi_head_attention_forward(
        *(x.transpose(0, 1) for x in (query, key, value)),
        query.shape[2],
        heads,
        w_in,
        b_in,
        None,
        None,
        False,
        0.0,
        w_out,
        b_out,
        key_padding_mask=None if key_padding_mask is None else key_padding_mask != 0,
        need_weights=True,
        attn_mask=mask,
    )
    return (out.transpose(0, 1), weights) if settings["need_weights"] else out.transpose(0, 1)


def _dropping(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    w_in: Tensor,
    b_in: Tensor | None,
    w_out: Tensor,
    b_out: Tensor | None,
    settings: dict[str, Any],
) -> Any:
    biases = (None,) * 3 if b_in is None else b_in.chunk(3)
    projected = map(functional.linear, (query, key, value), w_in.chunk(3), biases)
    q, k, v = (x.unflatten(2, (settings["num_heads"], -1)).transpose(1, 2) for x in projected)
    weights = (q @ k.mT / q.shape[-1] ** 0.5).softmax(-1)
    p = settings["dropout"]
    weights = weights * draw_kept(weights.shape, p, settings["seed"], weights.device) / (1 - p)
    out = functional.linear((weights @ v).transpose(1, 2).flatten(2), w_out, b_out)
    return (out, weights.mean(1)) if settings["need_weights"] else out


def positions(x: Tensor, w: Tensor | None = None) -> Tensor:
    """The formula of the paper, number by number."""
    length, width = x.shape[1:]
    if w is not None:
        return x + w[:length]
    table = [
        [
            torch.tensor(t / 10000 ** (2 * (i // 2) / width), dtype=torch.float64)
            for i in range(width)
        ]
        for t in range(length)
    ]
    angles = torch.stack([torch.stack(row) for row in table])
    return x + torch.where(torch.arange(width) % 2 == 0, angles.sin(), angles.cos())


REFERENCES = {"MultiheadAttention": attention, "PositionalEncoding": positions}
