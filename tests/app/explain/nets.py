"""One small net for each layer whose page is read: something that learns before it, a loss behind.

The layer's node has the name that is given; whatever is fed is called "x" and "y".
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from explorer import Graph
from tests.nets import build

Feed = dict[str, Tensor]


def between(
    node: str, layer: str, before: tuple[int, ...], after: tuple[int, ...], **settings: Any
) -> tuple[Graph, Feed]:
    """What learns, the layer, MSELoss; `before` and `after` are the shapes without the rows."""
    first: tuple[str, dict[str, Any]] = ("Linear", {"out_features": before[-1]})
    if len(before) == 3:
        first = ("Conv2d", {"out_channels": before[0], "kernel_size": 1})
    graph = build(
        {
            "x": ("Input", {"shape": before}),
            "fc": first,
            node: (layer, settings),
            "y": ("Input", {"shape": after}),
            "loss": ("MSELoss", {}),
        },
        *("x.out fc.x", f"fc.out {node}.x", f"{node}.out loss.y_hat", "y.out loss.y"),
    )
    return graph, {"x.out": numbers(1, *before), "y.out": numbers(2, *after)}


def attention(node: str) -> tuple[Graph, Feed]:
    graph = build(
        {
            "x": ("Input", {"shape": (5, 4)}),
            "fc": ("Linear", {"out_features": 4}),
            node: ("MultiheadAttention", {"num_heads": 2, "causal": True}),
            "y": ("Input", {"shape": (5, 4)}),
            "loss": ("MSELoss", {}),
        },
        *("x.out fc.x", f"fc.out {node}.query", f"fc.out {node}.key", f"fc.out {node}.value"),
        *(f"{node}.out loss.y_hat", "y.out loss.y"),
    )
    return graph, {"x.out": numbers(1, 5, 4), "y.out": numbers(2, 5, 4)}


def embedding(node: str) -> tuple[Graph, Feed]:
    graph = build(
        {
            "x": ("Data", {"dataset": "text", "length": 8}),
            node: ("Embedding", {"num_embeddings": 66, "embedding_dim": 4}),
            "mean": ("Mean", {}),
        },
        *(f"x.x {node}.x", f"{node}.out mean.x"),
    )
    letters = torch.tensor([[3, 7, 3, 1, 0, 4, 3, 5], [9, 3, 7, 2, 2, 8, 6, 9]])
    return graph, {"x.x": letters, "x.y": letters}


def cross_entropy(node: str) -> tuple[Graph, Feed]:
    graph = build(
        {
            "x": ("Data", {"dataset": "iris"}),
            "fc": ("Linear", {"out_features": 3}),
            node: ("CrossEntropyLoss", {}),
        },
        *("x.x fc.x", f"fc.out {node}.y_hat", f"x.y {node}.y"),
    )
    return graph, {"x.x": numbers(1, 4), "x.y": torch.tensor([0, 2, 1, 1, 0, 2])}


def numbers(seed: int, *shape: int, rows: int = 6) -> Tensor:
    return torch.randn(rows, *shape, generator=torch.Generator().manual_seed(seed))


NETS: dict[str, Callable[[str], tuple[Graph, Feed]]] = {
    "Linear": lambda node: between(node, "Linear", (4,), (3,), out_features=3),
    "Conv2d": lambda node: between(
        node, "Conv2d", (2, 6, 6), (3, 4, 4), out_channels=3, kernel_size=3
    ),
    "ReLU": lambda node: between(node, "ReLU", (5,), (5,)),
    "Sigmoid": lambda node: between(node, "Sigmoid", (5,), (5,)),
    "Softmax": lambda node: between(node, "Softmax", (4,), (4,)),
    "CrossEntropyLoss": cross_entropy,
    "BatchNorm1d": lambda node: between(node, "BatchNorm1d", (4,), (4,)),
    "LayerNorm": lambda node: between(node, "LayerNorm", (4,), (4,)),
    "Dropout": lambda node: between(node, "Dropout", (5,), (5,)),
    "MaxPool2d": lambda node: between(node, "MaxPool2d", (2, 6, 6), (2, 3, 3), kernel_size=2),
    "LSTM": lambda node: between(node, "LSTM", (5, 3), (5, 4), hidden_size=4),
    "MultiheadAttention": attention,
    "Embedding": embedding,
}
