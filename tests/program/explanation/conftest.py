"""Calls of every layer, as computations; and graphs, stepped through up to some call."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor

from explorer import Graph, compile
from explorer.program import Call, Stepper, threads
from explorer.program.explanation import Explanation, explain
from explorer.program.explanation.computation import Computation
from tests.layers.conftest import Case
from tests.program.conftest import some_rows


def computation_of(case: Case, backward: bool) -> Computation:
    """A layer's case as a call of a program would be."""
    layer = case.layer
    outputs, cache = case.forward()

    def forward(numbers: dict[str, Tensor]) -> dict[str, Tensor]:
        kept = {name: case.arguments[name].clone() for name in case.buffers}
        arguments = case.positional(case.arguments | kept | numbers)
        *found, _ = layer.forward(*arguments, **case.keywords)
        return dict(zip(layer.gives, found, strict=True))

    def give_back(numbers: dict[str, Tensor], cache: tuple) -> dict[str, Tensor]:
        found = case.backward(tuple(numbers[f"d{port}"] for port in layer.gives), cache)
        pairs = zip(layer.learns, found, strict=True)
        return {f"d{name}": gradient for name, gradient in pairs if gradient is not None}

    named = [f"d{port}" for port in layer.gives]
    upstream = dict(zip(named, case.upstream(), strict=True)) if backward else {}
    return Computation(
        layer=type(layer),
        operands=case.arguments,
        outputs=dict(zip(layer.gives, outputs, strict=True)),
        cache=cache,
        upstream=upstream,
        gradients=give_back(upstream, cache) if backward else {},
        settings=case.keywords,
        forward=forward,
        backward=give_back,
    )


class Walk:
    """A graph that is stepped through; weights and batch are what a test sets them to."""

    def __init__(self, graph: Graph, batch: dict[str, Any] | None = None, **weights: Any):
        self.program = compile(graph)
        session = self.program.start(dtype=torch.float64)
        for path, value in weights.items():
            parameter = session.parameters[path.replace("__", ".")]
            parameter.copy_(torch.as_tensor(value, dtype=torch.float64).expand_as(parameter))
        fed = some_rows(self.program, dtype=torch.float64) if batch is None else batch
        self.stepper = Stepper(session, fed)

    def to(self, node: str, phase: str) -> Call:
        call = self.stepper.run_to(node, phase)  # type: ignore[arg-type]
        assert call is not None
        return call

    def explain(self, node: str, name: str, *index: int, phase: str = "backward") -> Explanation:
        call = self.to(node, phase)
        return explain(self.stepper.session, call, name, index)


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Tensors as small as these are not worth a second thread, which would only wait."""
    with threads.suited_to(0):
        yield


@pytest.fixture
def walk() -> Callable[..., Walk]:
    """`Walk`, to step through a graph."""
    return Walk
