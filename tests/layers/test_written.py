"""What layers declare of the code that people write for them computes what they compute."""

import math
from collections.abc import Collection
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.testing import assert_close

from explorer.exchange.module import arguments, class_of
from explorer.exchange.nodes import Subject, known_of, needed, statements, written
from explorer.layers import Layer, Spec
from explorer.layers.written import Lines, Unwritable

TOO_LONG = {
    *("RNN", "GRU", "LSTM"),
    *("Conv1d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"),
    *("MaxPool1d", "MaxPool3d", "AvgPool1d", "AvgPool3d", "LPPool2d"),
    *("Upsample", "LocalResponseNorm", "AlphaDropout"),
    *("CTCLoss", "CosineEmbeddingLoss", "TripletMarginLoss"),
}
"""What nobody writes by hand here: loops over time, and windows over other than images."""


def specs(case: Any) -> list[Spec | None]:
    given = [case.arguments.get(port) for port in case.layer.takes]
    return [None if x is None else Spec(tuple(x.shape), x.dtype) for x in given]


def is_random(case: Any) -> bool:
    return "seed" in case.told and case.told.get("training", False)


def has_way_back(case: Any) -> bool:
    """Whether pages want its gradient: they train, on rows that all have labels."""
    is_evaluated = case.buffers and not case.told.get("training", True)
    y = case.arguments.get("y")
    is_unlabelled = y is not None and not y.is_floating_point() and bool((y < 0).any())
    return not is_evaluated and not (is_unlabelled and hasattr(case.layer, "ignore_index"))


def run(case: Any, lines: Lines, wanted: Collection[str], values: dict[str, Any]) -> dict[str, Any]:
    """What the lines compute, by name."""
    outputs, _ = case.forward()
    shapes = {name: tuple(value.shape) for name, value in case.arguments.items()}
    shapes |= {port: tuple(o.shape) for port, o in zip(case.layer.gives, outputs, strict=True)}
    known = known_of(case.layer, shapes)
    space = {"torch": torch, "F": functional, "nn": nn, "math": math} | values
    space["training"] = case.told.get("training", True)
    for statement in needed(statements(lines, known), wanted):
        names = {name: name for name in (*statement.targets, *statement.uses)}
        exec(written(statement, names), space)
    return space


def leaves(case: Any) -> dict[str, Tensor]:
    found = {name: value.clone() for name, value in case.arguments.items()}
    if getattr(case.layer, "padding_idx", None) is not None:
        # So it starts, and so it stays.
        found["w"][case.layer.padding_idx] = 0
    return {name: v.requires_grad_(name in case.differentiable) for name, v in found.items()}


def assert_same_way_back(case: Any, found: dict[str, Any], given: dict[str, Tensor]) -> None:
    """Outputs, and the gradients that autograd finds through them, are the layer's own."""
    outputs, _ = case.forward()
    theirs = [found[port] for port in case.layer.gives]
    for output, other in zip(outputs, theirs, strict=True):
        assert_close(other.detach(), output, rtol=1e-9, atol=1e-10)
    pairs = [(o, d) for o, d in zip(theirs, case.upstream(), strict=True) if o.requires_grad]
    gradients = torch.autograd.grad(
        [o for o, _ in pairs],
        [given[name] for name in case.differentiable],
        [d for _, d in pairs],
        allow_unused=True,
    )
    own = case.gradients()
    for name, gradient in zip(case.differentiable, gradients, strict=True):
        assert_close(gradient, own[name], rtol=1e-8, atol=1e-10)


def test_torchs_operations_compute_the_same(learning: Any) -> None:
    layer: Layer = learning.layer
    if layer.feeds() or is_random(learning):
        return
    lines = layer.torch_lines(*specs(learning))
    given = leaves(learning)

    found = run(learning, lines, layer.gives, dict(given))

    assert_same_way_back(learning, found, given)


def test_torch_nn_computes_the_same(learning: Any) -> None:
    layer: Layer = learning.layer
    kind = class_of(layer)
    if kind is None or is_random(learning):
        return
    inputs = specs(learning)
    shapes = {name: tuple(value.shape) for name, value in learning.arguments.items()}
    one = Subject("node", layer.name(), layer, tuple(inputs), known_of(layer, shapes), {})
    module = eval(f"nn.{kind.__name__}({arguments(one, kind)})", {"nn": nn, "torch": torch})
    module.double().train(learning.told.get("training", True))
    given = leaves(learning)
    state = {
        layer.nn_weights[name].removesuffix(".T"): (
            given[name].t() if layer.nn_weights[name].endswith(".T") else given[name].clone()
        )
        for name in (*layer.weights, *layer.buffers)
        if name in given
    }
    ports = ", ".join(port for port in layer.takes if port in given)
    lines = layer.nn_lines(*inputs) or {layer.gives[0]: f"module({ports})"}

    def call(*arguments: Any, **named: Any) -> Any:
        return torch.func.functional_call(module, state, arguments, named)

    found = run(learning, lines, layer.gives, {**given, "module": call})

    assert_same_way_back(learning, found, given)


def test_by_hand_gives_the_same_gradients(learning: Any) -> None:
    layer: Layer = learning.layer
    if layer.feeds() or is_random(learning) or not has_way_back(learning):
        return
    try:
        by_hand = layer.hand_lines(*specs(learning))
    except Unwritable as reason:
        assert str(reason) and reason.hint
        return
    if layer.name() in TOO_LONG:
        assert not by_hand
        return
    lines = by_hand
    if not set(layer.gives) <= set(by_hand):
        lines = {**layer.torch_lines(*specs(learning)), **by_hand}
    outputs, _ = learning.forward()
    douts = zip(layer.gives, learning.upstream(), strict=True)
    given = dict(learning.arguments) | {f"d{port}": dout for port, dout in douts}
    wanted = [*layer.gives, *(f"d{name}" for name in learning.differentiable)]

    found = run(learning, lines, wanted, {k: v.clone() for k, v in given.items()})

    for port, output in zip(layer.gives, outputs, strict=True):
        assert_close(found[port], output, rtol=1e-9, atol=1e-10)
    for name, gradient in learning.gradients().items():
        if name in learning.differentiable:
            assert_close(found[f"d{name}"], gradient, rtol=1e-7, atol=1e-8)


def test_every_layer_says_how_torch_writes_it(kind: type[Layer]) -> None:
    is_source = bool(kind.parse({}).feeds())

    assert is_source or kind.in_torch or kind.torch_lines is not Layer.torch_lines


def test_every_layer_is_written_by_hand_but_those_that_are_too_long(kind: type[Layer]) -> None:
    says = bool(kind.by_hand) or kind.hand_lines is not Layer.hand_lines

    assert says or kind.name() in TOO_LONG or kind.parse({}).feeds()
