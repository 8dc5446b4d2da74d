"""Graphs that the tests compile, and ways to feed them."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from explorer import Graph, Program, Stepper, compile
from explorer.graph.meta import concrete
from tests.nets import build

Feed = dict[str, Tensor]


def chain() -> Graph:
    return build(
        {
            "data": ("Data", {}),
            "fc1": ("Linear", {"out_features": 8}),
            "relu1": ("ReLU", {}),
            "fc2": ("Linear", {"out_features": 1}),
            "loss": ("BCEWithLogitsLoss", {}),
        },
        *("data.x fc1.x", "fc1.out relu1.x", "relu1.out fc2.x"),
        *("fc2.out loss.y_hat", "data.y loss.y"),
    )


def scalar() -> Graph:
    return build(
        {
            "a": ("Parameter", {"value": 3.0}),
            "b": ("Parameter", {"value": 5.0}),
            "c": ("Multiply", {}),
        },
        *("a.out c.a", "b.out c.b"),
    )


def residual() -> Graph:
    return build(
        {
            "x": ("Input", {"shape": (4,)}),
            "fc1": ("Linear", {"out_features": 4}),
            "tanh1": ("Tanh", {}),
            "skip": ("Add", {}),
            "mean": ("Mean", {}),
        },
        *("x.out fc1.x", "fc1.out tanh1.x", "tanh1.out skip.a", "x.out skip.b", "skip.out mean.x"),
    )


def square() -> Graph:
    return build(
        {
            "x": ("Input", {"shape": (3,)}),
            "fc1": ("Linear", {"out_features": 3}),
            "sq": ("Multiply", {}),
            "sum": ("Sum", {}),
        },
        *("x.out fc1.x", "fc1.out sq.a", "fc1.out sq.b", "sq.out sum.x"),
    )


def three_ways() -> Graph:
    return build(
        {
            "x": ("Input", {"shape": (3,)}),
            "fc1": ("Linear", {"out_features": 3}),
            "one": ("Tanh", {}),
            "two": ("Sigmoid", {}),
            "gate": ("Multiply", {}),
            "join": ("Add", {}),
            "sum": ("Sum", {}),
        },
        *("x.out fc1.x", "fc1.out one.x", "fc1.out two.x", "one.out gate.a", "two.out gate.b"),
        *("gate.out join.a", "fc1.out join.b", "join.out sum.x"),
    )


def diamond() -> Graph:
    return build(
        {
            "data": ("Data", {"dataset": "iris"}),
            "left": ("Linear", {"out_features": 3}),
            "right": ("Linear", {"out_features": 3, "bias": False}),
            "join": ("Add", {}),
            "loss": ("CrossEntropyLoss", {"reduction": "sum"}),
        },
        *("data.x left.x", "data.x right.x", "left.out join.a", "right.out join.b"),
        *("join.out loss.y_hat", "data.y loss.y"),
    )


def nothing_to_learn() -> Graph:
    return build(
        {"data": ("Data", {}), "sig": ("Sigmoid", {}), "sum": ("Sum", {})},
        *("data.x sig.x", "sig.out sum.x"),
    )


GRAPHS: dict[str, Callable[[], Graph]] = {
    make.__name__: make
    for make in (chain, scalar, residual, square, three_ways, diamond, nothing_to_learn)
}


def some_rows(program: Program, rows: int = 6, dtype: torch.dtype = torch.float32) -> Feed:
    """Numbers for everything that a program is fed; labels stay below two."""
    generator = torch.Generator().manual_seed(1)
    fed = {}
    for path, spec in program.feeds.items():
        shape = concrete(spec.shape, rows)
        numbers = torch.randn(shape, generator=generator, dtype=torch.float64)
        if path.endswith(".y"):
            numbers = (numbers > 0).double()
        fed[path] = numbers.to(dtype if spec.dtype.is_floating_point else spec.dtype)
    return fed


@pytest.fixture(params=GRAPHS)
def graph(request: pytest.FixtureRequest) -> Graph:
    """Each of the graphs above in turn."""
    return GRAPHS[request.param]()


@pytest.fixture
def graphs() -> dict[str, Callable[[], Graph]]:
    """The graphs above by name, each made when called."""
    return GRAPHS


@pytest.fixture
def make() -> Callable[..., Graph]:
    """`build`, for graphs of a test's own."""
    return build


@pytest.fixture
def rows() -> Callable[..., Feed]:
    """`some_rows`, to feed a program."""
    return some_rows


@pytest.fixture
def stepper(graphs: dict[str, Callable[[], Graph]], rows: Callable[..., Feed]) -> Stepper:
    """A walk through Linear, ReLU, Linear, BCE, before its first call."""
    program = compile(graphs["chain"]())
    return Stepper(program.start(seed=2), rows(program))
