"""A nudged weight: the finite difference beside the gradient, without a trace."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

import explorer
from explorer import Graph, Stepper
from explorer.program.nudging import NudgeError, nudge
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
        ("fc9.w", (0, 0), 1e-4, NudgeError, "fc9.w is no weight that is learned; these are: fc1.w"),
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
