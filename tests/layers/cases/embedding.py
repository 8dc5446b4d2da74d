"""Embedding, on indices that come up once, often, or never."""

import torch
from torch import Tensor

from tests.layers.cases.inputs import ROWS, classes


def embedding(x: Tensor, w: Tensor, padding_idx: int | None) -> Tensor:
    if padding_idx is not None:
        # As torch starts it, and keeps it.
        w = w.index_fill(0, torch.tensor(padding_idx), 0)
    return torch.nn.functional.embedding(x, w, padding_idx)


CASES = {
    "Embedding": [
        ({"num_embeddings": 7, "embedding_dim": 3}, {"x": classes(4, ROWS)}),
        ({"num_embeddings": 6, "embedding_dim": 2, "padding_idx": 1}, {"x": classes(6, ROWS, 4)}),
        ({"num_embeddings": 3, "embedding_dim": 1}, {"x": classes(3, ROWS, 2, 2).int()}),
        ({"num_embeddings": 2, "embedding_dim": 4, "padding_idx": 0}, {"x": classes(1, ROWS, 1)}),
    ],
}
REFERENCES = {"Embedding": embedding}
