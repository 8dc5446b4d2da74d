"""How Bilinear and Embedding start, and what padding and half precision do to an Embedding."""

import pytest
import torch
from torch.testing import assert_close

import explorer
from explorer import Graph, layers


@pytest.mark.parametrize("bias", [True, False])
def test_bilinear_starts_as_in_torch(bias: bool) -> None:
    features = layers.Spec(("N", 25), torch.float32), layers.Spec(("N", 40), torch.float32)

    specs = layers.Bilinear(out_features=30, bias=bias).parameters(*features)

    w = specs["w"].init(torch.Generator().manual_seed(0))
    assert w.shape == (30, 25, 40)
    assert float(w.abs().max()) == pytest.approx(0.2, rel=0.01)
    assert float(w.std()) == pytest.approx(0.2 / 3**0.5, rel=0.02)
    assert ("b" in specs) is bias


@pytest.mark.parametrize(("init", "std"), [("default", 1.0), ("normal(0.02)", 0.02)])
def test_embedding_starts_normal_with_0_for_padding(init: str, std: float) -> None:
    layer = layers.Embedding(num_embeddings=200, embedding_dim=100, padding_idx=3, w_init=init)

    spec = layer.parameters(layers.Spec(("N",), torch.int64))["w"]

    w = spec.init(torch.Generator().manual_seed(0))
    assert torch.equal(w[3], torch.zeros(100))
    assert float(w.std()) == pytest.approx(std, rel=0.02)


def test_padding_gives_0_and_learns_nothing() -> None:
    x, w = torch.tensor([[2, 0], [1, 2]]), torch.randn(3, 4)

    out, cache = layers.Embedding.forward(x, w, padding_idx=2)
    dw = layers.Embedding.backward(torch.ones_like(out), cache)

    assert_close(out, torch.stack([torch.stack([w[0] * 0, w[0]]), torch.stack([w[1], w[0] * 0])]))
    assert_close(dw, torch.tensor([1.0, 1.0, 0.0]).unsqueeze(1).expand(3, 4))


def test_half_precision_adds_up_what_comes_up_often() -> None:
    x, w = torch.zeros(5000, dtype=torch.int64), torch.zeros(2, 1, dtype=torch.bfloat16)

    out, cache = layers.Embedding.forward(x, w)
    dw = layers.Embedding.backward(torch.ones_like(out), cache)

    assert dw.dtype == torch.bfloat16
    assert_close(dw.float(), torch.tensor([[5000.0], [0.0]]), rtol=0.01, atol=0)


def test_an_unknown_index_is_an_index_error() -> None:
    with pytest.raises(IndexError):
        layers.Embedding.forward(torch.tensor([5]), torch.randn(5, 2))


def test_a_text_model_with_padding_verifies() -> None:
    graph = Graph()
    graph.add("Data", id="data", dataset="text", length=4)
    graph.add("Embedding", id="emb1", embedding_dim=3, padding_idx=0)
    graph.add("Sum", id="sum")
    graph.connect("data.x", "emb1.x")
    graph.connect("emb1.out", "sum.x")

    verified = explorer.verify(graph)

    assert verified.ok
    assert verified["emb1.w"].checked > 0
