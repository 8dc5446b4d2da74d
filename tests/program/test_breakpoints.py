"""Where breakpoints are met as a program is walked, and what they say of it."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor

import explorer
from explorer import Graph, Program, Stepper
from explorer.program import Breakpoint, Lookout, Met, NodeBreakpoint, ValueBreakpoint
from explorer.program.breakpoints import dead_share, in_words

Rows = Callable[..., dict[str, Tensor]]
Make = Callable[..., Graph]


@pytest.fixture
def chain(graphs: dict[str, Callable[[], Graph]]) -> Program:
    return explorer.compile(graphs["chain"]())


def walk(
    program: Program, batch: dict[str, Tensor], *points: Breakpoint, loss_before: float | None = 0.0
) -> list[Met]:
    """Every time that a breakpoint is met from the first call to the last."""
    stepper, lookout = Stepper(program.start(seed=2), batch), Lookout(program, points)
    found = []
    while call := stepper.step():
        if met := lookout.met(stepper.session, call, loss_before):
            found.append(met)
    return found


def places(met: list[Met]) -> list[str]:
    return [f"{each.call.node} {each.call.phase}" for each in met]


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        ("both", ["fc1 forward", "fc1 backward"]),
        ("forward", ["fc1 forward"]),
        ("backward", ["fc1 backward"]),
    ],
)
def test_a_nodes_breakpoint_is_met_behind_its_calls_of_that_phase(
    chain: Program, rows: Rows, phase: Any, expected: list[str]
) -> None:
    met = walk(chain, rows(chain), NodeBreakpoint("fc1", phase))

    assert places(met) == expected
    assert met[-1].sentence == f"fc1 has run {expected[-1].split()[1]}"


def test_a_node_that_is_not_in_the_program_stops_nothing(chain: Program) -> None:
    assert not Lookout(chain, [NodeBreakpoint("nobody"), NodeBreakpoint("data", "backward")])
    assert not Lookout(chain)
    assert Lookout(chain, [NodeBreakpoint("fc1")])


def test_an_addition_of_gradients_is_not_the_nodes_own_call(
    graphs: dict[str, Callable[[], Graph]], rows: Rows
) -> None:
    program = explorer.compile(graphs["three_ways"]())

    met = walk(program, rows(program), NodeBreakpoint("fc1", "backward"))

    assert [each.call.is_addition for each in met] == [False]


def test_gradient_norms_above_and_below_a_limit_are_told_with_both_numbers(
    chain: Program, rows: Rows
) -> None:
    session = chain.start(seed=2)
    session.forward(rows(chain))
    norms = {path: float(g.norm()) for path, g in session.backward().items()}
    limit = 0.999 * max(norms["fc1.w"], norms["fc1.b"], 1e-9)

    above = walk(chain, rows(chain), ValueBreakpoint("gradient_norm_above", limit, "fc1"))
    below = walk(chain, rows(chain), ValueBreakpoint("gradient_norm_below", 1e9))

    assert places(above) == ["fc1 backward"]
    assert f"above {limit:g}" in above[0].sentence
    assert "fc1 backward: the norm of d" in above[0].sentence
    assert places(below) == [f"{call.node} backward" for call in chain.backward_calls]
    assert not walk(chain, rows(chain), ValueBreakpoint("gradient_norm_above", 1e9))
    assert not walk(chain, rows(chain), ValueBreakpoint("gradient_norm_below", 0.0))


def test_a_number_that_is_none_is_met_where_it_first_appears(chain: Program, rows: Rows) -> None:
    batch = rows(chain)
    batch["data.x"][0, 0] = float("nan")

    everywhere = walk(chain, batch, ValueBreakpoint("nonfinite"))
    at_fc1 = walk(chain, batch, ValueBreakpoint("nonfinite", node="fc1", phase="forward"))

    assert places(everywhere)[0] == "data forward"
    assert everywhere[0].sentence == "data forward: 1 of 12 numbers in x is NaN or infinite"
    assert places(at_fc1) == ["fc1 forward"]
    assert not walk(chain, rows(chain), ValueBreakpoint("nonfinite"))


def test_a_sum_beyond_all_numbers_of_numbers_that_are_fine_is_no_reason_to_stop(
    make: Make,
) -> None:
    nodes: dict[str, Any] = {"x": ("Input", {"shape": (2,)}), "mean": ("Mean", {})}
    program = explorer.compile(make(nodes, "x.out mean.x"))
    batch = {"x.out": torch.full((3, 2), 3e38)}

    met = walk(program, batch, ValueBreakpoint("nonfinite", node="x", phase="forward"))

    assert met == []


def test_dead_units_are_counted_over_the_rows_of_a_batch(make: Make) -> None:
    graph = make(
        {"x": ("Input", {"shape": (4,)}), "relu": ("ReLU", {}), "sum": ("Sum", {})},
        *("x.out relu.x", "relu.out sum.x"),
    )
    program = explorer.compile(graph)
    batch = {"x.out": torch.tensor([[-1.0, -1.0, -1.0, 1.0], [-1.0, -2.0, 2.0, -1.0]])}

    half = walk(program, batch, ValueBreakpoint("dead_share_above", 0.49))
    more = walk(program, batch, ValueBreakpoint("dead_share_above", 0.5))
    back = walk(program, batch, ValueBreakpoint("dead_share_above", 0.3, phase="backward"))

    assert places(half) == ["relu forward", "relu backward"]
    assert half[0].sentence == (
        "relu forward: 50 % of the units of out are 0 in every row, more than 49 %"
    )
    assert more == []
    assert places(back) == ["relu backward"]
    assert "units of dx" in back[0].sentence


@pytest.mark.parametrize(
    ("shape", "dead"), [((3, 4), 1), ((3, 5, 4), 1), ((3, 4, 2, 2), 1), ((4,), 0), ((), 0)]
)
def test_a_unit_is_a_feature_or_a_channel(shape: tuple[int, ...], dead: int) -> None:
    values = torch.ones(shape)
    if values.dim() == 4:
        values[:, 0] = 0
    elif values.dim():
        values[..., 0] = 0

    assert dead_share(values) == (0.25 if dead else 0.0)


@pytest.mark.parametrize(("before", "stops"), [(0.1, True), (10.0, False), (None, False)])
def test_a_loss_that_rises_is_met_at_the_loss(
    chain: Program, rows: Rows, before: float | None, stops: bool
) -> None:
    point = ValueBreakpoint("loss_rises_by", 0.2, phase="forward")

    met = walk(chain, rows(chain), point, loss_before=before)

    assert places(met) == (["loss forward"] if stops else [])
    if stops:
        assert met[0].sentence.startswith("the loss rose from 0.1000 to 0.")
        assert met[0].sentence.endswith("by more than 0.2")


def test_the_first_of_several_breakpoints_is_told(chain: Program, rows: Rows) -> None:
    first, second = NodeBreakpoint("fc1", "forward"), ValueBreakpoint("gradient_norm_below", 1e9)

    met = walk(chain, rows(chain), second, first)

    assert met[0].breakpoint == first
    assert {each.breakpoint for each in met} == {first, second}


@pytest.mark.parametrize(
    ("point", "words"),
    [
        (NodeBreakpoint("fc1"), "fc1"),
        (NodeBreakpoint("fc1", "backward"), "fc1 backward"),
        (ValueBreakpoint("gradient_norm_above", 10.0), "gradient norm above 10 at any node"),
        (ValueBreakpoint("gradient_norm_below", 1e-7, "fc1"), "gradient norm below 1e-07 at fc1"),
        (ValueBreakpoint("nonfinite"), "NaN or infinite at any node"),
        (ValueBreakpoint("nonfinite", phase="forward"), "NaN or infinite forward at any node"),
        (ValueBreakpoint("dead_share_above", 0.5), "more than 50 % of the units dead at any node"),
        (ValueBreakpoint("loss_rises_by", 0.5), "the loss rises by more than 0.5"),
    ],
)
def test_breakpoints_are_told_in_a_few_words(point: Breakpoint, words: str) -> None:
    assert in_words(point) == words


QUANTITIES = st.sampled_from(
    ["gradient_norm_above", "gradient_norm_below", "nonfinite", "dead_share_above", "loss_rises_by"]
)
WHEN = st.sampled_from(["forward", "backward", "both"])
NODES = st.sampled_from(["", "data", "fc1", "relu1", "loss", "nobody"])
POINTS = st.one_of(
    st.builds(NodeBreakpoint, NODES, WHEN),
    st.builds(ValueBreakpoint, QUANTITIES, st.floats(-10, 10), NODES, WHEN),
)


@settings(
    deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(points=st.lists(POINTS, max_size=5))
def test_looking_out_changes_nothing_and_says_why_it_stops(
    graphs: dict[str, Callable[[], Graph]], rows: Rows, points: list[Breakpoint]
) -> None:
    program = explorer.compile(graphs["chain"]())
    straight = program.start(seed=2)
    straight.forward(rows(program))
    straight.backward()
    stepper, lookout = Stepper(program.start(seed=2), rows(program)), Lookout(program, points)

    while call := stepper.step():
        met = lookout.met(stepper.session, call, 0.3)
        assert met is None or (met.sentence and met.breakpoint in points and met.call is call)

    found, wanted = stepper.session.gradients(), straight.gradients()
    assert all(torch.equal(found[path], wanted[path]) for path in wanted)
