"""Values and gradients are those of the layer of the same name in torch.nn."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.testing import assert_close

from explorer import layers
from tests.layers.cases import REFERENCES


def reference(case: Any) -> Callable[..., Any] | None:
    """The same computation in torch: a row of the cases, or the torch.nn module of that name."""
    name = case.layer.name()
    if name in REFERENCES:
        return lambda *arguments: REFERENCES[name](*arguments, **case.keywords)
    module = getattr(torch.nn, name, None)
    if module is None or case.layer.weights:
        return None
    taken = inspect.signature(module).parameters
    return module(**{k: v for k, v in case.keywords.items() if k in taken})


def test_it_computes_what_torch_computes(learning: Any) -> None:
    torch_way = reference(learning)
    if torch_way is None:
        return
    leaves = {
        name: value.clone().requires_grad_(name in learning.differentiable)
        for name, value in learning.arguments.items()
    }
    expected = torch_way(*learning.positional(leaves))
    expected = expected if isinstance(expected, tuple) else (expected,)
    douts = learning.upstream()
    wanted = [leaves[name] for name in learning.differentiable]

    outputs, _ = learning.forward()
    found = learning.gradients(douts)

    for output, theirs in zip(outputs, expected, strict=True):
        assert_close(output, theirs.detach(), rtol=1e-12, atol=1e-12)
    learning_outputs = [o.requires_grad for o in expected]
    theirs = torch.autograd.grad(
        [o for o, learns in zip(expected, learning_outputs, strict=True) if learns],
        wanted,
        [d for d, learns in zip(douts, learning_outputs, strict=True) if learns],
    )
    for name, gradient in zip(learning.differentiable, theirs, strict=True):
        assert_close(found[name], gradient, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("bias", [True, False])
def test_linear_starts_as_in_torch(bias: bool) -> None:
    layer = layers.Linear(out_features=400, bias=bias)
    specs = layer.parameters(layers.Spec(("N", 100), torch.float32))

    w = specs["w"].init(torch.Generator().manual_seed(0))

    assert w.shape == (100, 400) and w.is_contiguous()
    assert float(w.abs().max()) == pytest.approx(0.1, rel=0.01)
    assert float(w.std()) == pytest.approx(0.1 / 3**0.5, rel=0.02)
    assert ("b" in specs) is bias


@pytest.mark.parametrize(
    ("init", "std"),
    [
        ("xavier_uniform", (2 / 500) ** 0.5),
        ("kaiming_uniform", (2 / 100) ** 0.5),
        ("normal(0.5)", 0.5),
        ("uniform(-1, 1)", (1 / 3) ** 0.5),
        ("constant(2.5)", 0.0),
        ("zeros", 0.0),
        ("ones()", 0.0),
    ],
)
def test_a_weight_starts_as_the_setting_says(init: str, std: float) -> None:
    layer = layers.Linear(out_features=400, w_init=init)
    spec = layer.parameters(layers.Spec(("N", 100), torch.float32))["w"]

    w = spec.init(torch.Generator().manual_seed(0))

    assert float(w.std()) == pytest.approx(std, rel=0.03, abs=1e-7)
    assert torch.equal(w, spec.init(torch.Generator().manual_seed(0)))


@pytest.mark.parametrize(
    "init",
    [
        *("", "zeroes", "uniform", "uniform(1)", "uniform(2, 1)", "normal(-1)", "normal(inf)"),
        *("constant('a')", "normal(__import__('os'))", "zeros(1)", "constant((1, 2))"),
        *("default(1)", "normal(1", "uniform(0 1)", "normal(1e999)"),
    ],
)
def test_an_unreadable_start_is_told(init: str) -> None:
    with pytest.raises(layers.SettingError, match=r"^w_init must .*; it is"):
        layers.Linear.parse({"w_init": init})
