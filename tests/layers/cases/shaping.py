"""Layers that rearrange numbers, join them, and keep a part of them."""

import torch
from torch import Tensor

from tests.layers.cases.inputs import ROWS, numbers

PADDED = [
    ({}, {"x": numbers(ROWS, 3)}),
    ({"padding": (2, 0, 1, 3), "value": 1.5}, {"x": numbers(ROWS, 2, 3)}),
    ({"padding": (0, 0, 0, 0, 1, 0)}, {"x": numbers(ROWS, 2, 3)}),
    ({"padding": (-1, 2, 0, -1)}, {"x": numbers(ROWS, 2, 3)}),
    ({"padding": (-1, -1)}, {"x": numbers(ROWS, 2, 4)}),
    *(
        ({"padding": padding, "mode": mode}, {"x": numbers(ROWS, *shape)})
        for mode in ("reflect", "replicate", "circular")
        for padding, shape in (
            ((1, 2), (3,)),
            ((1, 0, 0, 1), (2, 3)),
            ((1, 1), (2, 2, 2)),
            ((1, 0, 0, 1, 1, 1), (2, 2, 2, 2)),
        )
    ),
    ({"padding": (2, 1, 1, 2), "mode": "circular"}, {"x": numbers(ROWS, 1, 3, 2)}),
    ({"padding": (0, 1, 1, 0, 0, 0), "mode": "reflect"}, {"x": numbers(ROWS, 1, 2, 3)}),
]


def sliced(x: Tensor, dim: int, start: int, stop: int | None, step: int) -> Tensor:
    return x.movedim(dim, 0)[start:stop:step].movedim(0, dim)


def padded(x: Tensor, padding: tuple[int, ...], mode: str, value: float) -> Tensor:
    if mode == "constant":
        return torch.nn.functional.pad(x, padding, mode, value)
    for place in range(len(padding) // 2):
        axis = x.dim() - 1 - place
        lines = x.movedim(axis, -1)
        before, behind = padding[2 * place : 2 * place + 2]
        flat = torch.nn.functional.pad(lines.flatten(0, -2), (before, behind), mode)
        x = flat.unflatten(0, lines.shape[:-1]).movedim(-1, axis)
    return x


CASES = {
    "Flatten": [
        ({}, {"x": numbers(ROWS, 2, 3, 4)}),
        ({"start_dim": 0}, {"x": numbers(ROWS, 2, 3)}),
        ({"start_dim": 1, "end_dim": 2}, {"x": numbers(ROWS, 2, 3, 4)}),
        ({"start_dim": 2, "end_dim": -1}, {"x": numbers(ROWS, 2, 3, 4)}),
    ],
    "Reshape": [
        ({}, {"x": numbers(ROWS, 2, 3)}),
        ({"shape": (3, 1, 4)}, {"x": numbers(ROWS, 12)}),
        ({"shape": (2, -1)}, {"x": numbers(ROWS, 2, 2, 3)}),
        ({"shape": ()}, {"x": numbers(ROWS, 1)}),
        ({"shape": (1,)}, {"x": numbers(ROWS)}),
    ],
    "Unflatten": [
        ({}, {"x": numbers(ROWS, 6)}),
        ({"dim": -1, "sizes": (2, -1)}, {"x": numbers(ROWS, 2, 6)}),
        ({"sizes": (3, 1, 2)}, {"x": numbers(ROWS, 6, 2)}),
        ({"dim": 0, "sizes": (-1, 1)}, {"x": numbers(ROWS, 2)}),
    ],
    "Squeeze": [
        ({}, {"x": numbers(ROWS, 1)}),
        ({"dim": -2}, {"x": numbers(ROWS, 2, 1, 3)}),
    ],
    "Unsqueeze": [
        ({}, {"x": numbers(ROWS, 3)}),
        ({"dim": -2}, {"x": numbers(ROWS, 2, 3)}),
        ({"dim": -1}, {"x": numbers(ROWS)}),
        ({"dim": 0}, {"x": numbers()}),
    ],
    "Permute": [
        ({}, {"x": numbers(ROWS, 2, 3)}),
        ({"dims": (0, 3, 1, -2)}, {"x": numbers(ROWS, 2, 3, 4)}),
        ({"dims": (2, 0, 1)}, {"x": numbers(ROWS, 2, 3)}),
    ],
    "Transpose": [
        ({}, {"x": numbers(ROWS, 2, 3)}),
        ({"dim0": 0, "dim1": -1}, {"x": numbers(ROWS, 2, 3)}),
        ({"dim0": 1, "dim1": 1}, {"x": numbers(ROWS, 2)}),
    ],
    "Concat": [
        ({}, {"x1": numbers(ROWS, 2), "x2": numbers(ROWS, 3)}),
        ({"dim": 0}, {"x1": numbers(ROWS, 2), "x2": 2 * numbers(ROWS, 2)}),
        (
            {"count": 3, "dim": -1},
            {"x1": numbers(ROWS, 2, 1), "x2": numbers(ROWS, 2, 3), "x3": numbers(ROWS, 2, 2)},
        ),
    ],
    "Stack": [
        ({}, {"x1": numbers(ROWS, 2), "x2": 2 * numbers(ROWS, 2)}),
        ({"count": 3, "dim": -1}, {f"x{i}": i * numbers(ROWS, 2, 3) for i in (1, 2, 3)}),
        ({"dim": 0}, {"x1": numbers(), "x2": 2 * numbers()}),
    ],
    "Split": [
        ({}, {"x": numbers(ROWS, 6)}),
        ({"count": 3, "dim": -1}, {"x": numbers(ROWS, 2, 6)}),
        ({"sizes": (1, 3, 2), "dim": -2}, {"x": numbers(ROWS, 6, 2)}),
    ],
    "Slice": [
        ({}, {"x": numbers(ROWS, 3)}),
        ({"start": 1, "stop": 4}, {"x": numbers(ROWS, 6, 2)}),
        ({"dim": -1, "start": -4, "stop": -1}, {"x": numbers(ROWS, 2, 6)}),
        ({"start": 1, "stop": 100, "step": 3}, {"x": numbers(ROWS, 6, 2)}),
    ],
    "Select": [
        ({}, {"x": numbers(ROWS, 3)}),
        ({"dim": -1, "index": -2}, {"x": numbers(ROWS, 2, 3)}),
        ({"dim": 0, "index": -1}, {"x": numbers(ROWS, 3)}),
    ],
    "Expand": [
        ({}, {"x": numbers(ROWS, 3)}),
        ({"sizes": (-1, 4, 3)}, {"x": numbers(ROWS, 1, 3)}),
        ({"sizes": (2, -1, 4)}, {"x": numbers(ROWS, 1)}),
        ({"sizes": (2, 3)}, {"x": numbers()}),
    ],
    "Pad": PADDED,
}
REFERENCES = {
    "Reshape": lambda x, shape: torch.reshape(x, (len(x), *shape)),
    "Unflatten": torch.unflatten,
    "Squeeze": torch.squeeze,
    "Unsqueeze": torch.unsqueeze,
    "Permute": torch.permute,
    "Transpose": torch.transpose,
    "Concat": lambda *xs, dim: torch.cat(xs, dim),
    "Stack": lambda *xs, dim: torch.stack(xs, dim),
    "Split": lambda x, count, sizes, dim: torch.split(x, sizes or x.shape[dim] // count, dim),
    "Slice": sliced,
    "Select": torch.select,
    "Expand": lambda x, sizes: x.expand(sizes),
    "Pad": padded,
}
