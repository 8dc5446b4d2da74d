"""Recurrent layers: as torch.nn's, the same step by step as all at once, and in a graph."""

from itertools import product
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.testing import assert_close
from torch.utils._python_dispatch import TorchDispatchMode

import explorer
from explorer import layers
from explorer.layers import Spec

KINDS = ("RNN", "GRU", "LSTM")
N, T, D, H = 3, 4, 5, 6
CLOSE = {"rtol": 1e-12, "atol": 1e-12}


class Example:
    """A recurrent layer with numbers to run on, and the module of torch.nn that it equals."""

    def __init__(
        self,
        name: str,
        num_layers: int = 1,
        bidirectional: bool = False,
        bias: bool = True,
        batch_first: bool = True,
        started: bool = True,
        dtype: torch.dtype = torch.float64,
        **how: Any,
    ):
        torch.manual_seed(1)
        self.kind: Any = getattr(layers, name)
        self.told = {"num_layers": num_layers, "bidirectional": bidirectional}
        self.told |= {"batch_first": batch_first} | how
        self.module = getattr(torch.nn, name)(D, H, bias=bias, **self.told).to(dtype)
        self.weights = [parameter.detach().clone() for parameter in self.module.parameters()]
        lanes = num_layers * (1 + bidirectional)
        self.x = torch.randn(*((N, T, D) if batch_first else (T, N, D)), dtype=dtype)
        self.state = [
            torch.randn(lanes, N, H, dtype=dtype) if started else None for _ in self.kind.inputs[1:]
        ]

    def forward(self) -> tuple[list[Tensor], tuple]:
        *outputs, cache = self.kind.forward(self.x, *self.state, *self.weights, **self.told)
        return outputs, cache

    def backward(self) -> list[Tensor]:
        """Its gradients, without those of what is not there."""
        outputs, cache = self.forward()
        found = self.kind.backward(*self.upstream(outputs), cache)
        return [gradient for gradient in found if gradient is not None]

    @staticmethod
    def upstream(outputs: list[Tensor]) -> list[Tensor]:
        return [
            torch.linspace(-1, 2, output.numel(), dtype=output.dtype).view(output.shape) * (1 + i)
            for i, output in enumerate(outputs)
        ]

    def torch_way(self) -> tuple[list[Tensor], list[Tensor]]:
        """Outputs and gradients of torch.nn and autograd."""
        x = self.x.clone().requires_grad_()
        state = [None if s is None else s.clone().requires_grad_() for s in self.state]
        given = [s for s in state if s is not None]
        hx = (tuple(given) if len(given) == 2 else given[0]) if given else None
        out, finals = self.module(x, hx)
        finals = finals if isinstance(finals, tuple) else (finals,)
        both = self.told["bidirectional"]
        outputs = [out, *finals, torch.cat(list(finals[0][-1 - both :]), -1)]
        leaves = [x, *given, *self.module.parameters()]
        found = torch.autograd.grad(outputs, leaves, self.upstream(outputs))
        return [output.detach() for output in outputs], list(found)


def assert_all_close(found: Any, expected: Any, **tolerance: float) -> None:
    for mine, theirs in zip(found, expected, strict=True):
        assert_close(mine, theirs, **tolerance)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=["float64", "float32"])
@pytest.mark.parametrize("started", [True, False], ids=["from a state", "from 0"])
@pytest.mark.parametrize("bias", [True, False], ids=["biases", "no biases"])
@pytest.mark.parametrize("name", KINDS)
def test_every_output_and_gradient_is_that_of_torch(
    name: str, bias: bool, started: bool, dtype: torch.dtype
) -> None:
    tolerance = CLOSE if dtype == torch.float64 else {"rtol": 1e-4, "atol": 1e-5}
    hows = [{}, {"nonlinearity": "relu"}] if name == "RNN" else [{}]
    for num_layers, both, batch_first, how in product((1, 2), (False, True), (True, False), hows):
        example = Example(name, num_layers, both, bias, batch_first, started, dtype, **how)
        outputs, gradients = example.torch_way()

        assert_all_close(example.forward()[0], outputs, **tolerance)
        assert_all_close(example.backward(), gradients, **tolerance)


@pytest.mark.parametrize("name", KINDS)
def test_walking_the_cells_by_hand_gives_what_the_layer_gives(name: str) -> None:
    example = Example(name)
    kind, weights = example.kind, example.weights
    outputs, cache = example.forward()
    douts = example.upstream(outputs)
    expected = kind.backward(*douts, cache)

    state, hs, caches = [s[0] for s in example.state], [], []
    for t in range(T):
        *state, cache = kind.cell_forward(example.x[:, t], *state, *weights)
        hs.append(state[0])
        caches.append(cache)

    assert_close(torch.stack(hs, 1), outputs[0], **CLOSE)
    assert_all_close(state, [final[0] for final in outputs[1:-1]], **CLOSE)
    assert_close(state[0], outputs[-1], **CLOSE)

    dout, *dfinals, dlast = douts
    dstate = [dfinal[0] for dfinal in dfinals]
    dstate[0] = dstate[0] + dlast
    dxs, totals = [], [torch.zeros_like(weight) for weight in weights]
    for t in reversed(range(T)):
        dstate[0] = dstate[0] + dout[:, t]
        dx, *rest = kind.cell_backward(*dstate, caches[t])
        dstate, dweights = rest[: len(dstate)], rest[len(dstate) :]
        dxs.insert(0, dx)
        totals = [total + share for total, share in zip(totals, dweights, strict=True)]

    found = [torch.stack(dxs, 1), *(d[None] for d in dstate), *totals]
    assert_all_close(found, expected, **CLOSE)


def walked(walk: Any) -> tuple[list[Any], Any]:
    """All moments of a walk, and what it ends in."""
    moments = []
    while True:
        try:
            moments.append(next(walk))
        except StopIteration as end:
            return moments, end.value


WALKS = [
    ("RNN", {"bias": False, "nonlinearity": "relu"}),
    ("RNN", {"num_layers": 2, "bidirectional": True}),
    ("GRU", {"num_layers": 2, "bidirectional": True, "batch_first": False}),
    ("GRU", {"bias": False, "started": False}),
    ("LSTM", {"num_layers": 2, "bidirectional": True}),
    ("LSTM", {"num_layers": 3, "bias": False, "started": False, "batch_first": False}),
]


@pytest.mark.parametrize(("name", "settings"), WALKS)
def test_a_walk_ends_where_the_layer_does(name: str, settings: dict[str, Any]) -> None:
    example = Example(name, **settings)
    outputs, cache = example.forward()
    douts = example.upstream(outputs)
    gradients = example.kind.backward(*douts, cache)

    forward = example.kind.walk_forward(example.x, *example.state, *example.weights, **example.told)
    _, (*walked_outputs, walked_cache) = walked(forward)
    assert_all_close(walked_outputs, outputs, **CLOSE)
    for kept in (cache, walked_cache):
        _, found = walked(example.kind.walk_backward(*douts, kept))
        assert_all_close(found, gradients, **CLOSE)
    assert_all_close(example.kind.backward(*douts, walked_cache), gradients, **CLOSE)


@pytest.mark.parametrize("name", KINDS)
def test_a_walk_stops_at_each_step_of_each_direction_and_layer(name: str) -> None:
    example = Example(name, num_layers=2, bidirectional=True)
    outputs, cache = example.forward()
    there, back = range(T), range(T - 1, -1, -1)

    forward, _ = walked(
        example.kind.walk_forward(example.x, *example.state, *example.weights, **example.told)
    )
    backward, _ = walked(example.kind.walk_backward(*example.upstream(outputs), cache))

    assert [moment[:3] for moment in forward] == [
        (layer, direction, time)
        for layer in (0, 1)
        for direction, order in (("forward", there), ("reverse", back))
        for time in order
    ]
    assert [moment[:3] for moment in backward] == [
        (layer, direction, time)
        for layer in (1, 0)
        for direction, order in (("forward", back), ("reverse", there))
        for time in order
    ]


def test_a_moment_of_an_lstm_shows_what_its_cell_computes() -> None:
    example = Example("LSTM")
    outputs, cache = example.forward()
    dout, *others = example.upstream(outputs)

    moment = next(
        example.kind.walk_forward(example.x, *example.state, *example.weights, **example.told)
    )
    v = moment.values
    assert list(v) == ["x", "h_before", "c_before", "i", "f", "g", "o", "c", "h"]
    assert_close(v["c"], v["f"] * v["c_before"] + v["i"] * v["g"], **CLOSE)
    assert_close(v["h"], v["o"] * torch.tanh(v["c"]), **CLOSE)
    assert_close(v["h"], outputs[0][:, 0], **CLOSE)

    moments, _ = walked(example.kind.walk_backward(dout, *others, cache))
    last, before_last = moments[:2]
    gates = torch.cat([last.values[f"d{gate}"] for gate in "ifgo"], 1)
    assert_close(last.values["dx"], gates @ example.weights[0], **CLOSE)
    assert_close(last.values["dh_before"], gates @ example.weights[1], **CLOSE)
    assert_close(before_last.values["dh"], last.values["dh_before"] + dout[:, T - 2], **CLOSE)
    assert_close(before_last.values["dc"], last.values["dc_before"], **CLOSE)


@pytest.mark.parametrize(
    ("name", "there", "back"),
    [
        ("RNN", ["x", "h_before", "h"], ["dh", "da", "dh_before"]),
        (
            "GRU",
            ["x", "h_before", "r", "z", "n", "n_h", "h"],
            ["dh", "dr", "dz", "dn", "dr_h", "dz_h", "dn_h", "dh_before"],
        ),
    ],
)
def test_a_moment_names_what_it_shows(name: str, there: list[str], back: list[str]) -> None:
    example = Example(name)
    outputs, cache = example.forward()

    forward = next(example.kind.walk_forward(example.x, *example.state, *example.weights))
    backward = next(example.kind.walk_backward(*example.upstream(outputs), cache))

    assert list(forward.values) == there
    assert list(backward.values) == [*back, "dx", "dw_ih", "dw_hh", "db_ih", "db_hh"]


@pytest.mark.parametrize("name", KINDS)
def test_what_the_steps_add_to_a_weights_gradient_is_all_of_it(name: str) -> None:
    example = Example(name)
    outputs, cache = example.forward()
    douts = example.upstream(outputs)
    gradients = dict(zip(example.kind().learns, example.kind.backward(*douts, cache), strict=True))

    moments, _ = walked(example.kind.walk_backward(*douts, cache))

    for part in ("w_ih", "w_hh", "b_ih", "b_hh"):
        total = sum(moment.values[f"d{part}"] for moment in moments)
        assert_close(total, gradients[f"{part}_l0"], **CLOSE)


@pytest.mark.parametrize("name", KINDS)
def test_last_is_what_both_directions_end_in(name: str) -> None:
    example = Example(name, num_layers=2, bidirectional=True)

    (out, *_, last), _ = example.forward()

    assert_close(last, torch.cat((out[:, -1, :H], out[:, 0, H:]), 1))


def scattered(tensor: Tensor | None) -> Tensor | None:
    """The same numbers, laid out with gaps."""
    return None if tensor is None else torch.stack([tensor, tensor], -1)[..., 0]


@pytest.mark.parametrize("both", [False, True], ids=["one way", "both ways"])
@pytest.mark.parametrize("name", KINDS)
def test_in_float32_it_takes_any_layout_and_leaves_all_as_it_was(name: str, both: bool) -> None:
    example = Example(name, num_layers=2, bidirectional=both, dtype=torch.float32)
    outputs, cache = example.forward()
    douts = example.upstream(outputs)
    expected = example.kind.backward(*douts, cache)
    given = [example.x, *example.state, *example.weights, *douts, *outputs]
    before = [tensor.clone() for tensor in given]

    again = example.kind.backward(*douts, cache)
    example.x = scattered(example.x)
    example.state = [scattered(part) for part in example.state]
    example.weights = [scattered(weight) for weight in example.weights]
    skewed, cache = example.forward()
    third = example.kind.backward(*map(scattered, douts), cache)

    assert_all_close(given, before, rtol=0, atol=0)
    assert_all_close(again, expected, rtol=0, atol=0)
    assert_all_close(skewed, outputs)
    assert_all_close(third, expected)


@pytest.mark.parametrize("read", range(4), ids=["out", "h_n", "c_n", "last"])
def test_in_float32_a_gradient_that_nobody_sends_counts_as_zero(read: int) -> None:
    example = Example("LSTM", num_layers=2, bidirectional=True, dtype=torch.float32)
    outputs, cache = example.forward()
    douts = example.upstream(outputs)
    alone = [dout if i == read else None for i, dout in enumerate(douts)]
    zeros = [dout if i == read else dout * 0 for i, dout in enumerate(douts)]

    found = example.kind.backward(*alone, cache)

    assert_all_close(found, example.kind.backward(*zeros, cache))


def test_in_float32_autograd_can_follow_forward() -> None:
    example = Example("LSTM", dtype=torch.float32)
    _, expected = example.torch_way()
    leaves = [t.requires_grad_() for t in (example.x, *example.state, *example.weights)]

    outputs, _ = example.forward()

    found = torch.autograd.grad(outputs, leaves, example.upstream(outputs))
    assert_all_close(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", KINDS)
def test_backward_takes_weights_that_autograd_follows(name: str) -> None:
    example = Example(name, dtype=torch.float32)
    expected = example.backward()
    example.weights = [torch.nn.Parameter(weight) for weight in example.weights]

    found = example.backward()

    assert_all_close(found, expected, rtol=1e-4, atol=1e-5)
    assert not any(gradient.requires_grad for gradient in found)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=["float64", "float32"])
@pytest.mark.parametrize("name", KINDS)
def test_no_two_gradients_share_their_numbers(name: str, dtype: torch.dtype) -> None:
    gradients = Example(name, num_layers=2, bidirectional=True, dtype=dtype).backward()

    assert len({gradient.data_ptr() for gradient in gradients}) == len(gradients)


@pytest.mark.parametrize("needed", ["x", "h0", "w_hh_l0", "b_ih_l1", "w_ih_l1_reverse"])
@pytest.mark.parametrize("name", KINDS)
def test_one_gradient_alone_is_that_of_them_all(name: str, needed: str) -> None:
    example = Example(name, num_layers=2, bidirectional=True, dtype=torch.float32)
    names = example.kind(num_layers=2, bidirectional=True).learns
    outputs, cache = example.forward()
    douts = example.upstream(outputs)
    whole = dict(zip(names, example.kind.backward(*douts, cache), strict=True))

    alone = dict(zip(names, example.kind.backward(*douts, cache, needs=(needed,)), strict=True))

    assert [name for name, gradient in alone.items() if gradient is not None] == [needed]
    assert torch.equal(alone[needed], whole[needed])


@pytest.mark.parametrize("bias", [True, False], ids=["biases", "no biases"])
@pytest.mark.parametrize("name", KINDS)
def test_weights_have_the_names_shapes_and_first_numbers_of_torch(name: str, bias: bool) -> None:
    settings = {"num_layers": 2, "bidirectional": True, "bias": bias}
    layer = getattr(layers, name)(hidden_size=100, **settings)
    module = getattr(torch.nn, name)(7, 100, **settings)
    inputs = [Spec(("N", T, 7), torch.float32), *[None] * (len(layer.inputs) - 1)]

    specs = layer.parameters(*inputs)

    theirs = {
        key.replace("weight_", "w_").replace("bias_", "b_"): tuple(parameter.shape)
        for key, parameter in module.named_parameters()
    }
    assert {key: spec.shape for key, spec in specs.items()} == theirs
    assert list(specs) == list(theirs)
    assert layer.learns == (*layer.inputs, *specs)
    for spec in specs.values():
        w = spec.init(torch.Generator().manual_seed(0))
        assert float(w.abs().max()) == pytest.approx(0.1, rel=0.05)
        assert float(w.std()) == pytest.approx(0.1 / 3**0.5, rel=0.15)


def test_its_start_is_set_for_all_matrices_and_all_vectors() -> None:
    layer = layers.LSTM(hidden_size=4, num_layers=2, w_init="orthogonal", b_init="ones")
    specs = layer.parameters(Spec(("N", T, 3), torch.float32), None, None)
    drawn = {key: spec.init(torch.Generator().manual_seed(0)) for key, spec in specs.items()}

    for key, value in drawn.items():
        if key.startswith("w"):
            assert_close(value.t() @ value, torch.eye(value.shape[1]), rtol=0, atol=1e-5)
        else:
            assert (value == 1).all()


def sum_of(name: str, ports: tuple[str, ...], **settings: Any) -> explorer.Graph:
    """A graph that ends in the sum over some outputs of a recurrent layer, squared."""
    graph = explorer.Graph()
    graph.add("Input", id="x", shape=(3, 2))
    graph.add(name, id="seq", hidden_size=2, **settings)
    graph.connect("x.out", "seq.x")
    end = ""
    for port in ports:
        graph.add("Multiply", id=f"square_{port}")
        graph.connect(f"seq.{port}", f"square_{port}.a")
        graph.connect(f"seq.{port}", f"square_{port}.b")
        graph.add("Sum", id=f"sum_{port}")
        graph.connect(f"square_{port}.out", f"sum_{port}.x")
        if end:
            graph.add("Add", id=f"add_{port}")
            graph.connect(end, f"add_{port}.a")
            graph.connect(f"sum_{port}.out", f"add_{port}.b")
        end = f"add_{port}.out" if end else f"sum_{port}.out"
    return graph


@pytest.mark.parametrize(
    ("name", "ports"),
    [("RNN", ("last",)), ("GRU", ("out", "h_n", "last")), ("LSTM", ("out", "h_n", "c_n", "last"))],
)
def test_a_graph_that_reads_several_of_its_outputs_verifies(
    name: str, ports: tuple[str, ...]
) -> None:
    graph = sum_of(name, ports, bidirectional=True)

    assert graph.problems() == []
    assert graph.shapes()["seq.out"] == ("N", 3, 4)
    assert graph.shapes()["seq.h_n"] == (2, "N", 2)
    assert graph.shapes()["seq.last"] == ("N", 4)
    assert explorer.verify(graph).ok


def test_a_decoder_starts_from_the_state_its_encoder_ends_in() -> None:
    graph = explorer.Graph()
    graph.add("Input", id="x", shape=(4, 3))
    graph.add("LSTM", id="encoder", hidden_size=2, num_layers=2)
    graph.add("LSTM", id="decoder", hidden_size=2, num_layers=2)
    graph.add("Sum", id="total")
    for wire in ("x.out encoder.x", "x.out decoder.x", "encoder.h_n decoder.h0"):
        graph.connect(*wire.split())
    graph.connect("encoder.c_n", "decoder.c0")
    graph.connect("decoder.last", "total.x")

    assert graph.problems() == []
    assert explorer.verify(graph).ok


def test_the_page_names_the_weights_of_both_layers() -> None:
    graph = sum_of("GRU", ("last",), num_layers=2, bias=False)

    source = " ".join(explorer.compile(graph).source.split())

    assert "x, None, seq_w_ih_l0, seq_w_hh_l0, None" in source
    assert "seq_w_ih_l1, seq_w_hh_l1, num_layers=2, batch_first=True" in source


def test_the_weights_by_hand_need_no_gaps() -> None:
    example = Example("GRU", num_layers=2, bias=False, started=False)
    outputs, _ = example.forward()
    first, second = example.weights[:2], example.weights[2:]
    gaps = [None] * 6

    *spaced, _ = layers.GRU.forward(example.x, None, *first, *gaps, *second, **example.told)

    assert_all_close(spaced, outputs, rtol=0, atol=0)


def test_weights_that_do_not_add_up_are_told() -> None:
    example = Example("GRU", num_layers=2)

    with pytest.raises(ValueError, match=r"take 4 weights, or 8 with biases; they get 7"):
        layers.GRU.forward(example.x, None, *example.weights[1:], num_layers=2)


class Counting(TorchDispatchMode):
    """Counts torch's calls."""

    calls = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.calls += 1
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("name", KINDS)
def test_its_shapes_are_told_at_once_however_long_the_sequence(name: str) -> None:
    example = Example(name, num_layers=2, bidirectional=True, dtype=torch.float32)
    weights = [weight.to("meta") for weight in example.weights]
    x = torch.empty(7, 1000, D, device="meta")

    with Counting() as counting:
        out, *_ = example.kind.forward(x, *[None] * len(example.state), *weights, **example.told)

    assert out.shape == (7, 1000, 2 * H)
    assert counting.calls < 100
