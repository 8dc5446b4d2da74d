"""Every layer in the catalogue with inputs that it takes: a new layer is found by itself."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import torch
from torch import Tensor

from explorer import Graph, layers
from explorer.layers import Layer, Spec

ROWS = 5
SHAPES = ((6,), (4, 6), (3, 8, 8), ())


def numbers(*shape: int) -> Tensor:
    return torch.randn(
        shape, generator=torch.Generator().manual_seed(sum(shape)), dtype=torch.float64
    )


def shares(*shape: int) -> Tensor:
    """Numbers well inside (0, 1), unlike those of `numbers`."""
    return torch.sigmoid(1 - 2 * numbers(*shape, 1).squeeze(-1))


def classes(count: int, *shape: int) -> Tensor:
    return torch.arange(ROWS * 7).reshape(-1)[: torch.Size(shape).numel()].reshape(shape) % count


@dataclass(frozen=True, eq=False)
class Case:
    """A layer with settings, and float64 arguments for its forward, by name and in order."""

    layer: Layer
    arguments: dict[str, Tensor]
    label: str = field(default="")

    @property
    def differentiable(self) -> tuple[str, ...]:
        """What its backward gives a gradient for with these settings."""
        return tuple(name for name in self.layer.differentiable if name in self.arguments)

    def forward(self) -> tuple[tuple[Tensor, ...], tuple]:
        *outputs, cache = self.layer.forward(*self.arguments.values(), **self.layer.keywords)
        return tuple(outputs), cache

    def backward(self, douts: tuple[Tensor, ...], cache: tuple, **keywords: Any) -> tuple:
        """One entry per name in the layer's `differentiable`."""
        found = self.layer.backward(*douts, cache, **keywords)
        return found if isinstance(found, tuple) else (found,)

    def gradients(self, douts: tuple[Tensor, ...] | None = None) -> dict[str, Tensor]:
        _, cache = self.forward()
        found = self.backward(douts or self.upstream(), cache)
        return dict(zip(self.layer.differentiable, found, strict=True))

    def upstream(self) -> tuple[Tensor, ...]:
        """A gradient for each output, different everywhere."""
        outputs, _ = self.forward()
        return tuple(
            torch.linspace(-1, 2, o.numel(), dtype=torch.float64).reshape(o.shape).to(o)
            for o in outputs
        )

    def map(self, change: Callable[[Tensor], Tensor]) -> "Case":
        """The same layer with each argument changed."""
        return replace(self, arguments={k: change(v) for k, v in self.arguments.items()})


SPECIAL: dict[str, list[tuple[dict[str, Any], dict[str, Tensor]]]] = {
    "BCELoss": [
        ({}, {"y_hat": shares(ROWS, 3), "y": shares(1, ROWS, 3)[0]}),
        ({"reduction": "sum"}, {"y_hat": shares(ROWS, 1), "y": shares(ROWS, 1).round()}),
    ],
    "BCEWithLogitsLoss": [
        ({}, {"y_hat": numbers(ROWS, 3), "y": shares(ROWS, 3)}),
        ({"reduction": "sum"}, {"y_hat": numbers(ROWS, 1), "y": shares(ROWS, 1)}),
    ],
    "CrossEntropyLoss": [
        ({}, {"y_hat": numbers(ROWS, 4), "y": classes(4, ROWS)}),
        ({"reduction": "sum"}, {"y_hat": numbers(ROWS, 4), "y": classes(4, ROWS)}),
        ({}, {"y_hat": numbers(ROWS, 4, 3), "y": classes(4, ROWS, 3)}),
        ({"reduction": "sum"}, {"y_hat": numbers(ROWS, 4, 2, 3), "y": classes(4, ROWS, 2, 3)}),
    ],
}

MORE: dict[str, list[tuple[dict[str, Any], dict[str, Tensor]]]] = {
    "Linear": [
        ({"out_features": 3}, {"x": numbers(ROWS, 4)}),
        ({"out_features": 3, "bias": False}, {"x": numbers(ROWS, 4)}),
        ({"out_features": 3}, {"x": numbers(ROWS, 2, 4)}),
        ({"out_features": 1, "bias": False}, {"x": numbers(ROWS, 2, 4)}),
    ],
    "Flatten": [
        ({}, {"x": numbers(ROWS, 2, 3, 4)}),
        ({"start_dim": 0}, {"x": numbers(ROWS, 2, 3)}),
        ({"start_dim": 1, "end_dim": 2}, {"x": numbers(ROWS, 2, 3, 4)}),
        ({"start_dim": 2, "end_dim": -1}, {"x": numbers(ROWS, 2, 3, 4)}),
    ],
    "MSELoss": [
        ({"reduction": "sum"}, {"y_hat": numbers(ROWS, 3), "y": numbers(ROWS, 3)[:, [2, 0, 1]]}),
        ({}, {"y_hat": numbers(ROWS, 2, 3), "y": shares(ROWS, 2, 3)}),
    ],
    **{
        name: [
            ({}, {"a": numbers(ROWS, 3), "b": shares(3)}),
            ({}, {"a": shares(3), "b": numbers(ROWS, 3)}),
            ({}, {"a": numbers(ROWS, 1, 3), "b": shares(ROWS, 4, 1)}),
            ({}, {"a": numbers(ROWS, 3), "b": numbers()}),
            ({}, {"a": numbers(), "b": numbers()}),
        ]
        for name in ("Add", "Multiply")
    },
    **{
        name: [
            ({"dim": dim, "keepdim": keep}, {"x": numbers(ROWS, 2, 3)})
            for dim in (None, 0, 1, -1, (0, 2), (-1, -2), (0, 1, 2))
            for keep in (False, True)
        ]
        + [({}, {"x": numbers()})]
        for name in ("Sum", "Mean")
    },
}


def cases_of(kind: type[Layer]) -> list[Case]:
    """Cases for one layer. It fails, loudly, where no inputs for it are known."""
    rows = SPECIAL.get(kind.name()) or [*_generic(kind), *MORE.get(kind.name(), [])]
    return [_case(kind, settings, inputs) for settings, inputs in rows]


def _generic(kind: type[Layer]) -> list[tuple[dict[str, Any], dict[str, Tensor]]]:
    """Random floats at every port: with the first shape that the layer takes at its defaults."""
    layer = kind.parse({})
    if feeds := layer.feeds():
        return [({}, {f"fed {p}": _fed(spec) for p, spec in feeds.items()})]
    for shape in SHAPES:
        graph = Graph()
        graph.add(kind.name(), id="node")
        for port in kind.inputs:
            graph.add("Input", id=port, shape=shape)
            graph.connect(f"{port}.out", f"node.{port}")
        if graph.analysis.report("node").outputs:
            apart = enumerate(kind.inputs)
            return [({}, {port: numbers(ROWS, *shape) * (1 + i) for i, port in apart})]
    pytest.fail(f"no inputs are known that {kind.name()} takes: give it a row in SPECIAL")


def _fed(spec: Spec) -> Tensor:
    shape = (ROWS, *(int(dim) for dim in spec.shape[1:]))
    return numbers(*shape) if spec.dtype.is_floating_point else classes(spec.classes or 2, *shape)


def _case(kind: type[Layer], settings: dict[str, Any], inputs: dict[str, Tensor]) -> Case:
    layer = kind.parse(settings)
    specs = [
        Spec(("N", *t.shape[1:]) if t.dim() and len(t) == ROWS else tuple(t.shape), t.dtype)
        for t in (inputs[port] for port in kind.inputs)
    ]
    layer.check(*specs)
    found = layer.parameters(*specs)
    weights = {name: numbers(*found[name].shape) for name in kind.weights if name in found}
    shapes = ", ".join(str(tuple(t.shape)) for t in inputs.values())
    chosen = ", ".join(f"{key}={value}" for key, value in settings.items())
    return Case(layer, inputs | weights, f"{kind.name()}({chosen}) {shapes}".strip())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give `kind` every layer; `case` all its inputs, `learning` those that get gradients,
    `choosing` those where a gradient can be left out."""
    catalogue = layers.catalogue().values()
    if "kind" in metafunc.fixturenames:
        metafunc.parametrize("kind", catalogue, ids=lambda kind: kind.name())
    for name, gradients in (("case", 0), ("learning", 1), ("choosing", 2)):
        if name in metafunc.fixturenames:
            every = [case for kind in catalogue for case in cases_of(kind)]
            found = [case for case in every if len(case.differentiable) >= gradients]
            metafunc.parametrize(name, found, ids=lambda case: case.label)
