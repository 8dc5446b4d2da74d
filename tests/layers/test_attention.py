"""Attention and positions: what they compute, what they say, and where torch gives NaN."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.testing import assert_close

import explorer
from explorer import Graph, layers
from explorer.layers import Mismatch, Spec, shape_text
from explorer.layers.sequence import scaled_dot_product

N = "N"
Attention = layers.MultiheadAttention


def weights(width: int, dtype: torch.dtype = torch.float64) -> list[Tensor]:
    """w_in, b_in, w_out and b_out, as a net has them before it trains."""
    specs = Attention().parameters(Spec((N, 3, width), dtype)).values()
    return [spec.init(torch.Generator().manual_seed(0)).to(dtype) for spec in specs]


def numbers(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def told(layer: layers.Layer, *inputs: Spec | None) -> str:
    """The sentence that a person reads; "" where the layer takes these inputs."""
    try:
        layer.check(*inputs)
    except Mismatch as found:
        met = inputs[layer.takes.index(found.port)]
        gets = found.gets or shape_text(met.shape)
        return f"{found.port} expects {found.expects}; it gets {gets}: {found.hint}"
    return ""


def floats(*shape: int | str) -> Spec:
    return Spec(shape, torch.float32)


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        ((floats(N, 6, 8),), ""),
        ((floats(N, 6, 8), floats(N, 3, 8), floats(N, 3, 8), floats(N, 3)), ""),
        ((floats(N, 6, 8), None, floats(N, 6, 8), Spec((N, 6), torch.bool)), ""),
        ((Spec((N, 6, 8), torch.int64),), "query expects numbers with a fraction"),
        ((floats(N, 8),), "query expects (N, T, D); it gets (N, 8): wire sequences to it"),
        ((floats(6, 8, N),), "query expects (N, T, D) with a fixed D; it gets (6, 8, N)"),
        (
            (floats(N, 6, 10),),
            "query expects a number of features that 4 heads can share evenly; it gets "
            "(N, 6, 10): set num_heads to 5, or make D a multiple of 4",
        ),
        ((floats(N, 6, 8), floats(N, 3, 4)), "key expects (N, S, 8), rows and features of query"),
        ((floats(N, 6, 8), floats(5, 3, 8)), "key expects (N, S, 8), rows and features of query"),
        ((floats(N, 6, 8), floats(N, 8)), "key expects (N, S, 8), rows and features of query"),
        (
            (floats(N, 6, 8), floats(N, 3, 8), floats(N, 6, 8)),
            "value expects the shape of key, (N, 3, 8); it gets (N, 6, 8): give each position",
        ),
        (
            (floats(N, 6, 8), None, floats(N, 3, 8)),
            "value expects the shape of query, (N, 6, 8); it gets (N, 3, 8)",
        ),
        (
            (floats(N, 6, 8), floats(N, 3, 8), None, floats(N, 6)),
            "key_padding_mask expects (N, 3); it gets (N, 6): give each position of key one",
        ),
    ],
)
def test_attention_says_what_it_cannot_take(inputs: tuple[Spec | None, ...], sentence: str) -> None:
    found = told(Attention(), *inputs)

    assert sentence in found
    assert bool(found) is bool(sentence)


@pytest.mark.parametrize(
    ("settings", "shape", "sentence"),
    [
        ({}, (N, 600, 3), ""),
        ({"kind": "learned", "max_len": 6}, (N, 6, 3), ""),
        ({"kind": "learned"}, (N, 600, 3), "at most 512 positions; it gets (N, 600, 3): set max"),
        ({}, (N, 3), "x expects (N, T, D); it gets (N, 3): wire sequences to it"),
        ({}, (6, N, 3), "x expects (N, T, D) with a fixed T and D; it gets (6, N, 3): keep the"),
    ],
)
def test_positions_say_what_they_cannot_take(
    settings: dict[str, Any], shape: tuple, sentence: str
) -> None:
    found = told(layers.PositionalEncoding.parse(settings), floats(*shape))

    assert sentence in found
    assert bool(found) is bool(sentence)


@pytest.mark.parametrize(
    ("name", "settings", "sentence"),
    [
        ("MultiheadAttention", {"num_heads": 0}, "num_heads must be greater than or equal to 1"),
        ("MultiheadAttention", {"dropout": 1}, "dropout must be less than 1"),
        ("PositionalEncoding", {"max_len": 0}, "max_len must be greater than or equal to 1"),
        ("PositionalEncoding", {"kind": "rotary"}, "kind must be 'sinusoidal' or 'learned'"),
    ],
)
def test_a_setting_out_of_range_is_told(name: str, settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(layers.SettingError) as error:
        layers.find(name).parse(settings)

    assert str(error.value).startswith(sentence)


def test_attention_starts_as_in_torch() -> None:
    specs = Attention(num_heads=2).parameters(floats(N, 3, 100))
    theirs = torch.nn.MultiheadAttention(100, 2)

    found = {name: spec.init(torch.Generator().manual_seed(0)) for name, spec in specs.items()}

    assert found["w_in"].shape == theirs.in_proj_weight.shape
    assert float(found["w_in"].abs().max()) == pytest.approx(math.sqrt(6 / 400), rel=0.01)
    assert float(theirs.in_proj_weight.detach().abs().max()) == pytest.approx(
        math.sqrt(6 / 400), rel=0.01
    )
    assert float(found["w_out"].abs().max()) == pytest.approx(0.1, rel=0.01)
    assert float(theirs.out_proj.weight.detach().abs().max()) == pytest.approx(0.1, rel=0.01)
    assert not found["b_in"].any() and not found["b_out"].any()


def test_learned_positions_start_small() -> None:
    layer = layers.PositionalEncoding(kind="learned", max_len=200)

    w = layer.parameters(floats(N, 3, 100))["w"].init(torch.Generator().manual_seed(0))

    assert w.shape == (200, 100)
    assert float(w.std()) == pytest.approx(0.02, rel=0.02)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("keys", [7, 40])
def test_the_fused_kernel_and_the_plain_way_agree(causal: bool, padded: bool, keys: int) -> None:
    q, k, v = numbers(2, 3, 33, 5), numbers(2, 3, keys, 5), numbers(2, 3, keys, 5).flip(0)
    ignored = torch.arange(keys) >= torch.tensor([[keys - 3], [0]]) if padded else None
    dout = numbers(2, 33, 15)

    fused = scaled_dot_product.fused(q, k, v, ignored, causal)
    plain, _ = scaled_dot_product.plain(q, k, v, ignored, causal)

    assert_close(fused.gathered, plain.gathered)
    for mine, theirs in zip(
        scaled_dot_product.backward(dout, None, fused),
        scaled_dot_product.backward(dout, None, plain),
        strict=True,
    ):
        assert_close(mine, theirs)


@pytest.mark.parametrize("need_weights", [False, True])
def test_where_every_key_is_ignored_nothing_is_gathered(need_weights: bool) -> None:
    x, (w_in, b_in, w_out, b_out) = numbers(2, 3, 4), weights(4)
    ignored = torch.tensor([[True, True, True], [False, True, False]])

    out, *seen, cache = Attention.forward(
        x, None, None, ignored, w_in, b_in, w_out, b_out + 1, need_weights=need_weights
    )
    dx, *_ = Attention.backward(torch.ones_like(out), *[None] * len(seen), cache)

    assert_close(out[0], torch.ones(3, 4, dtype=torch.float64))
    assert not dx[0].any()
    assert dx[1].isfinite().all() and dx[1].any()
    for w in seen:
        assert not w[0].any() and not w[1, :, 1].any()
        assert_close(w[1].sum(1), torch.ones(3, dtype=torch.float64))


def test_no_position_hears_of_those_behind_it() -> None:
    x, w = numbers(1, 5, 4), weights(4)
    changed = x.clone()
    changed[:, 3:] += 1

    before, _ = Attention.forward(x, None, None, None, *w, causal=True)
    after, _ = Attention.forward(changed, None, None, None, *w, causal=True)

    assert_close(before[:, :3], after[:, :3])
    assert not torch.isclose(before[:, 3:], after[:, 3:]).any()


def test_attention_to_oneself_is_that_with_three_equal_wires() -> None:
    x, w, dout = numbers(2, 3, 4), weights(4), numbers(2, 3, 4).flip(1)

    out, cache = Attention.forward(x, None, None, None, *w)
    same, wired = Attention.forward(x, x, x, None, *w)
    dquery, dkey, dvalue, *_ = Attention.backward(dout, cache)

    assert_close(out, same)
    assert dkey is None and dvalue is None
    assert_close(dquery, sum(Attention.backward(dout, wired)[:3]))


def test_equal_seeds_drop_equal_weights() -> None:
    x, w = numbers(2, 6, 4), weights(4)

    def run(seed: int, training: bool = True) -> Tensor:
        out, _ = Attention.forward(
            x, None, None, None, *w, dropout=0.5, training=training, seed=seed
        )
        return out

    assert torch.equal(run(1), run(1))
    assert not torch.equal(run(1), run(2))
    assert_close(run(1, training=False), Attention.forward(x, None, None, None, *w)[0])


def test_a_block_of_a_transformer_trains_and_verifies() -> None:
    graph = Graph()
    graph.add("Input", id="x", shape=(5, 6))
    graph.add("PositionalEncoding", id="where", kind="learned", max_len=8)
    graph.add("MultiheadAttention", id="look", num_heads=3, causal=True, need_weights=True)
    graph.add("PositionalEncoding", id="waves")
    graph.add("MultiheadAttention", id="ask", num_heads=2, dropout=0.3)
    graph.add("Mean", id="mean")
    graph.add("Mean", id="seen")
    graph.add("Add", id="end")
    for wire in (
        *("x.out where.x", "where.out look.query", "look.out waves.x"),
        *("waves.out ask.query", "x.out ask.key", "ask.out mean.x"),
        *("look.weights seen.x", "mean.out end.a", "seen.out end.b"),
    ):
        graph.connect(*wire.split())

    assert graph.problems() == []
    assert graph.shapes()["look.weights"] == (N, 5, 5)
    assert "waves.w" not in explorer.compile(graph).parameters
    assert explorer.verify(graph).ok


@pytest.mark.parametrize("width", [1, 6, 7])
def test_waves_are_the_same_everywhere_and_all_different(width: int) -> None:
    table, _ = layers.PositionalEncoding.forward(torch.zeros(2, 50, width))

    assert torch.equal(table[0], table[1])
    assert table.abs().max() <= 1
    assert len(table[0].unique(dim=0)) == 50


def test_positions_that_are_not_reached_learn_nothing() -> None:
    x, w = numbers(2, 3, 4), numbers(5, 4)

    _, cache = layers.PositionalEncoding.forward(x, w)
    _, dw = layers.PositionalEncoding.backward(torch.ones_like(x), cache)

    assert dw.tolist() == [[2.0] * 4] * 3 + [[0.0] * 4] * 2
