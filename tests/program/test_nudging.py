"""A nudged weight: the finite difference beside the gradient, without a trace."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import ClassVar

import pytest
import torch
from torch import Tensor

import explorer
from explorer import Graph, Stepper, layers
from explorer.layers import Layer
from explorer.layers.base import _CATALOGUE
from explorer.program.nudging import Nudged, NudgeError, nudge
from explorer.program.what_if import EditError

Graphs = dict[str, Callable[[], Graph]]
Rows = Callable[..., dict[str, Tensor]]


def test_the_slope_of_the_loss_is_the_gradient(stepper: Stepper) -> None:
    found = nudge(stepper, "fc1.w", (1, 3))
    stepper.run_to_end()

    assert found.relative_error < 1e-6
    assert found.gradient == pytest.approx(float(stepper.session.gradient("fc1.w")[1, 3]), 1e-4)
    assert found.value == pytest.approx(float(stepper.session.parameters["fc1.w"][1, 3]))
    assert min(found.loss_below, found.loss_above) < found.loss
    assert found.finite_difference == (found.loss_above - found.loss_below) / 2e-4


def test_a_nudge_leaves_the_walk_as_it_is(stepper: Stepper) -> None:
    stepper.run_to_loss()
    before = {n: v.clone() for n, v in stepper.session.namespace.items() if isinstance(v, Tensor)}

    nudge(stepper, "fc2.b", (0,), 0.1)

    after = stepper.session.namespace
    assert stepper.position == 5
    assert all(torch.equal(after[name], value) for name, value in before.items())


def test_what_was_edited_on_the_way_holds_for_the_nudge(stepper: Stepper) -> None:
    stepper.run_to_end()
    plain = nudge(stepper, "fc2.w", (0, 0))
    stepper.edit("relu1", (0, 0), 10.0)
    stepper.edit("fc2_w", (0, 0), 0.5)

    edited = nudge(stepper, "fc2.w", (0, 0))

    assert edited.value == 0.5
    assert edited.loss == pytest.approx(float(stepper.session.value("loss.loss")), rel=1e-5)
    assert edited.gradient != pytest.approx(plain.gradient)
    assert edited.relative_error < 1e-6


@pytest.mark.parametrize(
    ("path", "index", "epsilon", "error", "message"),
    [
        ("fc9.w", (0, 0), 1e-4, NudgeError, "fc9.w has no gradient to compare with"),
        ("data.x", (0, 0), 1e-4, NudgeError, "data.x has no gradient to compare with"),
        ("", (0, 0), 1e-4, NudgeError, "this has no gradient to compare with"),
        ("fc1.w", (0, 99), 1e-4, EditError, "fc1.w has no place"),
        ("fc1.w", (0, 0), 0.0, NudgeError, "ε must be a number above 0"),
        ("fc1.w", (0, 0), float("nan"), NudgeError, "ε must be a number above 0"),
    ],
)
def test_what_cannot_be_nudged_is_told(
    stepper: Stepper,
    path: str,
    index: tuple[int, ...],
    epsilon: float,
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        nudge(stepper, path, index, epsilon)


def test_mixed_precision_is_too_coarse_for_a_nudge(graphs: Graphs, rows: Rows) -> None:
    program = explorer.compile(graphs["chain"](), precision="mixed")
    session = program.start(compute=torch.bfloat16)

    with pytest.raises(NudgeError, match="set the precision to float32 first"):
        nudge(Stepper(session, rows(program)), "fc1.w", (0, 0))


def test_dropout_drops_the_same_in_every_loss_of_a_nudge(
    make: Callable[..., Graph], rows: Rows
) -> None:
    graph = make(
        {
            "x": ("Input", {"shape": (6,)}),
            "fc": ("Linear", {"out_features": 8}),
            "drop": ("Dropout", {}),
            "sum": ("Sum", {}),
        },
        *("x.out fc.x", "fc.out drop.x", "drop.out sum.x"),
    )
    program = explorer.compile(graph)

    found = nudge(Stepper(program.start(), rows(program), seed=5), "fc.w", (2, 3))

    assert found.relative_error < 1e-6


def test_a_value_can_be_nudged_too_wherever_the_walk_stands(stepper: Stepper) -> None:
    stepper.run_to("fc2", "forward")
    index = tuple(stepper.session.namespace["relu1"].nonzero()[0].tolist())

    found = nudge(stepper, "relu1.out", index)

    assert found.gradient != 0
    assert found.relative_error < 1e-6
    assert found.meaning == "They agree: the backward pass gives the slope of the loss"
    assert stepper.position == 4
    stepper.run_to_end()
    gradient = float(stepper.session.gradient("relu1.out")[index])
    assert found.gradient == pytest.approx(gradient, 1e-4)


def test_a_value_that_is_read_twice_has_the_slope_of_both_ways(graphs: Graphs, rows: Rows) -> None:
    program = explorer.compile(graphs["square"]())
    found = nudge(Stepper(program.start(), rows(program)), "fc1.out", (0, 0))

    assert found.gradient == pytest.approx(2 * found.value)
    assert found.relative_error < 1e-6


def test_an_edit_on_the_way_is_told_where_it_parts_the_two(stepper: Stepper) -> None:
    stepper.run_to_end()
    row = int(stepper.session.namespace["relu1"][:, 0].argmax())
    stepper.edit("relu1", (row, 0), 2.0)

    found = nudge(stepper, "fc1.w", (0, 0))

    assert found.relative_error > 1e-3
    assert "a value or a gradient was edited on this walk" in found.meaning


FOUND = Nudged("fc1.w", (0, 0), 1.0, 0.5, 1.0, 2.0, 3.0, 2.0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "They agree"),
        ({"loss_below": 2.0, "loss_above": 2.0, "gradient": 0.0}, "Both are 0"),
        ({"loss_below": float("nan")}, "no number any more: take a smaller ε"),
        ({"gradient": 1.9, "agrees_at": 0.25}, "the loss bends within ε, .* with ε = 0.25 they"),
        ({"gradient": 1.9}, "some backward is wrong"),
        ({"loss_below": 2.0, "loss_above": 2.0}, "lost in rounding: take a larger ε"),
    ],
)
def test_what_a_nudge_means_is_told(changes: dict[str, float], words: str) -> None:
    assert re.search(words, replace(FOUND, **changes).meaning)


def test_a_loss_that_is_no_number_has_no_slope(stepper: Stepper) -> None:
    stepper.run_to_loss()
    stepper.edit("fc2", (0, 0), float("nan"))

    with pytest.raises(NudgeError, match="the loss is nan: it has no slope"):
        nudge(stepper, "fc1.w", (0, 0))


@pytest.fixture
def noise() -> Iterator[type[Layer]]:
    """A layer whose random numbers nobody can draw again."""

    class Noise(Layer):
        """Adds noise that nobody can draw again.

        Shapes: x any, out as x.
        """

        family: ClassVar[str] = "Regularization"

        @staticmethod
        def forward(x: Tensor) -> tuple[Tensor, tuple[()]]:
            return x + torch.randn_like(x), ()

        @staticmethod
        def backward(dout: Tensor, cache: tuple[()]) -> Tensor:
            return dout

    yield Noise
    _CATALOGUE.pop("Noise")
    vars(layers).pop("Noise", None)


@pytest.fixture
def crooked() -> Iterator[type[Layer]]:
    """A layer whose backward is wrong."""

    class Crooked(Layer):
        """Squares what it gets, and forgets the 2 in backward.

        Shapes: x any, out as x.
        """

        family: ClassVar[str] = "Arithmetic"

        @staticmethod
        def forward(x: Tensor) -> tuple[Tensor, tuple[Tensor]]:
            return x * x, (x,)

        @staticmethod
        def backward(dout: Tensor, cache: tuple[Tensor]) -> Tensor:
            return dout * cache[0]

    yield Crooked
    _CATALOGUE.pop("Crooked")
    vars(layers).pop("Crooked", None)


def test_a_net_that_draws_other_numbers_each_time_cannot_be_nudged(
    make: Callable[..., Graph], rows: Rows, noise: type[Layer]
) -> None:
    graph = make(
        {
            "x": ("Input", {"shape": (6,)}),
            "fc": ("Linear", {"out_features": 8}),
            "noise": ("Noise", {}),
            "sum": ("Sum", {}),
        },
        *("x.out fc.x", "fc.out noise.x", "noise.out sum.x"),
    )
    program = explorer.compile(graph)
    stepper = Stepper(program.start(), rows(program))

    with pytest.raises(NudgeError, match="other random numbers each time"):
        nudge(stepper, "fc.w", (0, 0))


def test_a_kink_within_epsilon_is_not_blamed_on_the_backward_pass(
    make: Callable[..., Graph], rows: Rows
) -> None:
    graph = make(
        {
            "x": ("Input", {"shape": (6,)}),
            "fc": ("Linear", {"out_features": 8}),
            "relu": ("ReLU", {}),
            "sum": ("Sum", {}),
        },
        *("x.out fc.x", "fc.out relu.x", "relu.out sum.x"),
    )
    program = explorer.compile(graph)
    stepper = Stepper(program.start(), rows(program))
    stepper.run_to("fc", "forward")
    near = float(stepper.session.value("fc.out")[:, 0].abs().min())

    found = nudge(stepper, "fc.b", (0,), 1.5 * near)

    assert not found.agrees
    assert found.agrees_at == pytest.approx(0.15 * near)
    assert "the loss bends within ε" in found.meaning


def test_a_wrong_backward_is_told_from_a_kink(
    make: Callable[..., Graph], rows: Rows, crooked: type[Layer]
) -> None:
    graph = make(
        {
            "x": ("Input", {"shape": (6,)}),
            "fc": ("Linear", {"out_features": 8}),
            "crooked": ("Crooked", {}),
            "sum": ("Sum", {}),
        },
        *("x.out fc.x", "fc.out crooked.x", "crooked.out sum.x"),
    )
    program = explorer.compile(graph)

    found = nudge(Stepper(program.start(), rows(program)), "fc.w", (0, 0))

    assert found.agrees_at is None
    assert "some backward is wrong" in found.meaning
