"""Every layer in the catalogue with inputs that it takes: a new layer is found by itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import torch
from torch import Tensor

from explorer import Graph, layers
from explorer.layers import Layer, Spec
from tests.layers.cases import CASES, Row
from tests.layers.cases.inputs import ROWS, classes, numbers, shares

SHAPES = ((6,), (4, 6), (3, 8, 8), ())


@dataclass(frozen=True, eq=False)
class Case:
    """A layer with settings, and float64 arguments for its forward, by name and in order."""

    layer: Layer
    arguments: dict[str, Tensor]
    label: str = ""
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def differentiable(self) -> tuple[str, ...]:
        """What its backward gives a gradient for with these settings."""
        return tuple(name for name in self.layer.learns if name in self.arguments)

    @property
    def buffers(self) -> tuple[str, ...]:
        """What its forward may change in place."""
        return tuple(name for name in self.layer.buffers if name in self.arguments)

    @property
    def keywords(self) -> dict[str, Any]:
        """What forward takes by name: settings, and what it is told of the run."""
        return self.layer.keywords | self.told

    def positional(self, arguments: dict[str, Any]) -> list[Any]:
        """These arguments in forward's order, with None for what is not there."""
        layer = self.layer
        if layer.feeds():
            return list(arguments.values())
        found = [arguments.get(n) for n in (*layer.takes, *layer.weights, *layer.buffers)]
        while found and found[-1] is None:
            found.pop()
        return found

    def forward(self) -> tuple[tuple[Tensor, ...], tuple]:
        *outputs, cache = self.layer.forward(*self.positional(self.arguments), **self.keywords)
        return tuple(outputs), cache

    def backward(self, douts: tuple[Tensor | None, ...], cache: tuple, **keywords: Any) -> tuple:
        """One entry per name in what the layer learns."""
        found = self.layer.backward(*douts, cache, **keywords)
        return found if isinstance(found, tuple) else (found,)

    def gradients(self, douts: tuple[Tensor | None, ...] | None = None) -> dict[str, Tensor]:
        _, cache = self.forward()
        found = self.backward(douts or self.upstream(), cache)
        return dict(zip(self.layer.learns, found, strict=True))

    def upstream(self) -> tuple[Tensor, ...]:
        """A gradient for each output, different everywhere."""
        outputs, _ = self.forward()
        return tuple(
            torch.linspace(-1, 2, o.numel(), dtype=torch.float64).reshape(o.shape).to(o)
            for o in outputs
        )

    @property
    def batch_axes(self) -> dict[str, int]:
        """The inputs that have a batch, and along which axis."""
        given = {port: self.arguments[port] for port in self.layer.takes if port in self.arguments}
        if self.layer.name() == "CTCLoss":
            return {port: int(port == "y_hat") for port in given}
        if hasattr(self.layer, "batch_first"):
            return {port: int(port != "x" or not self.layer.batch_first) for port in given}
        # Images have their batch first even where it is a small one.
        return {port: 0 for port, v in given.items() if v.shape[:1] == (ROWS,) or v.dim() >= 4}

    def only_first(self) -> "Case":
        """The same layer with the first row alone of its batch."""
        axes = self.batch_axes.items()
        first = {port: self.arguments[port].narrow(axis, 0, 1).clone() for port, axis in axes}
        return replace(self, arguments=self.arguments | first)

    def map(self, change: Callable[[Tensor], Tensor]) -> "Case":
        """The same layer with each argument changed."""
        return replace(self, arguments={k: change(v) for k, v in self.arguments.items()})


def cases_of(kind: type[Layer]) -> list[Case]:
    """Cases for one layer. It fails, loudly, where no inputs for it are known."""
    rows = CASES.get(kind.name()) or _generic(kind)
    return [
        _case(kind, settings, inputs, training)
        for settings, inputs in rows
        for training in ((True, False) if "training" in kind.parse(settings).modes else (True,))
    ]


def _generic(kind: type[Layer]) -> list[Row]:
    """Random floats at every port: with the first shape that the layer takes at its defaults."""
    layer = kind.parse({})
    if feeds := layer.feeds():
        return [({}, {f"fed {p}": _fed(spec) for p, spec in feeds.items()})]
    for shape in SHAPES:
        graph = Graph()
        graph.add(kind.name(), id="node")
        for port in layer.takes:
            graph.add("Input", id=port, shape=shape)
            graph.connect(f"{port}.out", f"node.{port}")
        if graph.analysis.report("node").outputs:
            apart = enumerate(layer.takes)
            return [({}, {port: numbers(ROWS, *shape) * (1 + i) for i, port in apart})]
    pytest.fail(
        f"no inputs are known that {kind.name()} takes: give it a row in tests/layers/cases"
    )


def _fed(spec: Spec) -> Tensor:
    shape = (ROWS, *(int(dim) for dim in spec.shape[1:]))
    return numbers(*shape) if spec.dtype.is_floating_point else classes(spec.classes or 2, *shape)


def _case(
    kind: type[Layer], settings: dict[str, Any], inputs: dict[str, Tensor], training: bool
) -> Case:
    layer = kind.parse(settings)
    specs = [_spec(inputs.get(port)) for port in layer.takes]
    layer.check(*specs)
    weights = {n: numbers(*spec.shape) for n, spec in layer.parameters(*specs).items()}
    # Statistics as they could be: variances are positive.
    buffers = {n: shares(*spec.shape) for n, spec in layer.state(*specs).items()}
    shapes = ", ".join(str(tuple(t.shape)) for t in inputs.values())
    modes = {"training": training, "seed": 3}
    told = {name: modes[name] for name in layer.modes}
    chosen = ", ".join(f"{key}={value}" for key, value in (settings | told).items())
    label = f"{kind.name()}({chosen}) {shapes}".strip()
    return Case(layer, inputs | weights | buffers, label, told)


def _spec(value: Tensor | None) -> Spec | None:
    if value is None:
        return None
    shape = ("N", *value.shape[1:]) if value.dim() and len(value) == ROWS else tuple(value.shape)
    return Spec(shape, value.dtype)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give `kind` every layer; `case` all its inputs, `learning` those that get gradients,
    `choosing` those where a gradient can be left out, `giving` those with several outputs,
    `batched` those with a batch."""
    catalogue = layers.catalogue().values()
    if "kind" in metafunc.fixturenames:
        metafunc.parametrize("kind", catalogue, ids=lambda kind: kind.name())
    for name, gradients in (("case", 0), ("learning", 1), ("choosing", 2)):
        if name in metafunc.fixturenames:
            every = [case for kind in catalogue for case in cases_of(kind)]
            found = [case for case in every if len(case.differentiable) >= gradients]
            metafunc.parametrize(name, found, ids=lambda case: case.label)
    if "batched" in metafunc.fixturenames:
        every = [case for kind in catalogue for case in cases_of(kind)]
        found = [case for case in every if case.batch_axes]
        metafunc.parametrize("batched", found, ids=lambda case: case.label)
    if "giving" in metafunc.fixturenames:
        every = [case for kind in catalogue for case in cases_of(kind)]
        found = [case for case in every if len(case.layer.gives) > 1 and case.differentiable]
        metafunc.parametrize("giving", found, ids=lambda case: case.label)


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Tensors as small as these are not worth a second thread, which would only wait."""
    usual = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(usual)
