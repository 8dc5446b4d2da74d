"""Steps over a card of several nodes, into it, back over it and out of it."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import explorer
from explorer import Graph, Program
from explorer.program import strides

CARDS = {"one": "group", "two": "group", "gate": "group"}


@pytest.fixture
def program(graphs: dict[str, Callable[[], Graph]]) -> Program:
    return explorer.compile(graphs["three_ways"]())


def names(program: Program) -> list[str]:
    return [f"{call.node} {call.phase}" for call in program.calls]


def test_a_step_over_a_card_runs_all_of_its_calls(program: Program) -> None:
    order = names(program)
    before = order.index("one forward")

    after = strides.over(program.calls, before, CARDS)

    assert order[before:after] == ["one forward", "two forward", "gate forward"]
    assert strides.back(program.calls, after, CARDS) == before
    assert strides.over(program.calls, 0, CARDS) == 1


def test_within_a_card_steps_go_call_by_call_and_out_of_it(program: Program) -> None:
    first = names(program).index("one forward")

    assert strides.over(program.calls, first + 1, CARDS) == first + 2
    assert strides.back(program.calls, first + 2, CARDS) == first + 1
    assert strides.out(program.calls, first + 1, CARDS) == first + 3
    assert strides.out(program.calls, first, CARDS) is None
    assert strides.out(program.calls, first + 3, CARDS) is None


def test_the_way_back_is_a_stride_of_its_own(program: Program) -> None:
    order = names(program)
    first = order.index("gate backward")

    after = strides.over(program.calls, first, CARDS)

    assert {"gate backward", "two backward", "one backward"} <= set(order[first:after])
    assert "fc1 backward" not in order[first:after]


def test_where_every_node_has_its_own_card_a_stride_is_one_call(program: Program) -> None:
    for position in range(len(program.calls)):
        assert strides.over(program.calls, position, {}) == position + 1
        assert strides.back(program.calls, position + 1, {}) == position
        assert strides.out(program.calls, position, {}) is None


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cards=st.dictionaries(
        st.sampled_from(["x", "fc1", "one", "two", "gate", "join", "sum"]), st.sampled_from("ab")
    ),
    position=st.integers(0, 20),
)
def test_strides_always_move_and_stay_within(
    program: Program, cards: dict[str, str], position: int
) -> None:
    calls = program.calls
    position = min(position, len(calls))

    after, before = strides.over(calls, position, cards), strides.back(calls, position, cards)
    outside = strides.out(calls, position, cards)

    assert position < after <= len(calls) or after == position == len(calls)
    assert 0 <= before < position or before == position == 0
    assert outside is None or position < outside <= len(calls)
