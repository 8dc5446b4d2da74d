"""How an attention gets q, k and v of each head from its inputs, and the way back."""

import torch
from torch import Tensor
from torch.nn import functional

from explorer.layers.sequence import scaled_dot_product as heads

PORTS = ("query", "key", "value")
WEIGHTS = ("w_in", "b_in", "w_out", "b_out")
LEARNED = PORTS + WEIGHTS
"""What an attention's backward returns gradients for, in its order."""

Source = tuple[str, Tensor, int, int]
"""An input's name, itself, and from and up to which third of w_in it is projected by."""


def wired(query: Tensor, key: Tensor | None, value: Tensor | None) -> list[Source]:
    """The inputs that are wired. Each stands for those behind it that are not."""
    found: list[Source] = []
    for third, (name, x) in enumerate(zip(PORTS, (query, key, value), strict=True)):
        if x is not None:
            found.append((name, x, third, third + 1))
        else:
            name, x, start, _ = found.pop()
            found.append((name, x, start, third + 1))
    return found


def forward(
    sources: list[Source], w_in: Tensor, b_in: Tensor | None, num_heads: int
) -> list[Tensor]:
    """q, k and v of each head, in one product for each input."""
    width = w_in.shape[1]
    found: list[Tensor] = []
    for _, x, start, stop in sources:
        rows = slice(start * width, stop * width)
        all_heads = functional.linear(x, w_in[rows], None if b_in is None else b_in[rows])
        found += (heads.split(part, num_heads) for part in all_heads.split(width, -1))
    return found


def backward(
    dparts: tuple[Tensor, Tensor, Tensor],
    sources: list[Source],
    w_in: Tensor,
    b_in: Tensor | None,
    needs: tuple[str, ...],
) -> tuple[Tensor | None, ...]:
    """dquery, dkey, dvalue, dw_in and db_in."""
    width = w_in.shape[1]
    dinputs: dict[str, Tensor] = {}
    dw_in: list[Tensor] = []
    db_in: list[Tensor] = []
    for name, x, start, stop in sources:
        dpart = _joined([heads.merge(part) for part in dparts[start:stop]], -1).flatten(0, 1)
        if name in needs:
            dinputs[name] = torch.mm(dpart, w_in[start * width : stop * width]).view(x.shape)
        if "w_in" in needs:
            dw_in.append(torch.mm(dpart.t(), x.flatten(0, 1)))
        if b_in is not None and "b_in" in needs:
            db_in.append(dpart.sum(0))
    return (
        *(dinputs.get(name) for name in PORTS),
        _joined(dw_in, 0) if dw_in else None,
        _joined(db_in, 0) if db_in else None,
    )


def _joined(tensors: list[Tensor], dim: int) -> Tensor:
    return tensors[0] if len(tensors) == 1 else torch.cat(tensors, dim)
