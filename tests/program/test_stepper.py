"""Stepping runs the same lines one by one; going back leaves all that is kept as it was."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor

import explorer
from explorer import Graph, Program, Session, Stepper

Graphs = dict[str, Callable[[], Graph]]
Rows = Callable[..., dict[str, Tensor]]


def tensors(session: Session) -> dict[str, Any]:
    """Copies of every tensor in a session, those in caches too."""
    found: dict[str, Any] = {}
    for name, value in session.namespace.items():
        if isinstance(value, Tensor):
            found[name] = value.clone()
        elif isinstance(value, tuple):
            inside = enumerate(value)
            found |= {f"{name}[{i}]": v.clone() for i, v in inside if isinstance(v, Tensor)}
            found[name] = len(value)
    return found


def same(a: dict[str, Any], b: dict[str, Any]) -> bool:
    return a.keys() == b.keys() and all(
        torch.equal(a[n], b[n]) if isinstance(a[n], Tensor) else a[n] == b[n] for n in a
    )


def start(program: Program, rows: Rows) -> Stepper:
    return Stepper(program.start(seed=2), rows(program))


def test_stepping_gives_the_bits_of_a_straight_run(graph: Graph, rows: Rows) -> None:
    program = explorer.compile(graph)
    straight = program.start(seed=2)
    loss, _, cache = program.functions.forward(rows(program), *straight.parameters.values())
    gradients = program.functions.backward(torch.ones(()), cache)
    stepper = start(program, rows)

    ran = []
    while call := stepper.step():
        ran.append(call)

    assert tuple(ran) == program.calls
    assert torch.equal(stepper.session.value(program.loss), loss)
    found = stepper.session.gradients()
    assert found.keys() == gradients.keys()
    assert all(torch.equal(found[path], gradients[path]) for path in found)


def test_going_back_and_forth_leaves_each_moment_as_it_was(graph: Graph, rows: Rows) -> None:
    stepper = start(explorer.compile(graph), rows)
    moments = [tensors(stepper.session)]
    while stepper.step():
        moments.append(tensors(stepper.session))

    for moment in reversed(moments[:-1]):
        stepper.back()
        assert same(tensors(stepper.session), moment)
    assert stepper.back() is None and stepper.current is None
    for moment in moments[1:]:
        stepper.step()
        assert same(tensors(stepper.session), moment)
    assert stepper.step() is None and stepper.next is None


MOVES = st.one_of(
    st.sampled_from(["step", "back", "restart", "run_to_loss", "run_to_end"]),
    st.tuples(st.just("go_to"), st.integers(-2, 20)),
    st.tuples(st.just("run_to"), st.sampled_from(["fc1", "one", "join", "x", "sum", "nobody"])),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(MOVES, max_size=15))
def test_any_walk_ends_as_straight_execution_does(
    graphs: Graphs, rows: Rows, moves: list[Any]
) -> None:
    program = explorer.compile(graphs["three_ways"]())
    stepper, straight = start(program, rows), start(program, rows)

    for move in moves:
        name, arguments = (move, ()) if isinstance(move, str) else (move[0], move[1:])
        getattr(stepper, name)(*arguments)
        assert 0 <= stepper.position <= len(program.calls)

    for _ in range(stepper.position):
        straight.step()
    assert stepper.current == straight.current
    assert same(tensors(stepper.session), tensors(straight.session))
    stepper.run_to_end()
    straight.run_to_end()
    assert same(tensors(stepper.session), tensors(straight.session))


def test_run_to_stops_right_after_a_nodes_own_call(graphs: Graphs, rows: Rows) -> None:
    program = explorer.compile(graphs["three_ways"]())
    stepper = start(program, rows)

    first, second = stepper.run_to("fc1"), stepper.run_to("fc1")

    assert first is not None and second is not None
    assert (first.node, first.phase) == ("fc1", "forward")
    assert (second.node, second.phase, second.is_addition) == ("fc1", "backward", False)
    assert stepper.run_to("fc1", "forward") == first
    assert stepper.position == first.index + 1
    assert stepper.run_to("nobody") is None
    assert stepper.run_to("x", "backward") is None
    assert stepper.position == first.index + 1, "nowhere to go is no move"


def test_run_to_the_loss_then_to_the_end(graphs: Graphs, rows: Rows) -> None:
    program = explorer.compile(graphs["chain"]())
    stepper = start(program, rows)

    at_loss = stepper.run_to_loss()
    assert at_loss is not None and at_loss.node == "loss"
    assert stepper.session.gradients() == {}
    at_end = stepper.run_to_end()
    assert at_end is not None and at_end.node == "fc1"
    assert set(stepper.session.gradients()) == set(program.parameters)
    assert stepper.run_to("loss") == at_loss


def test_a_step_that_fails_leaves_the_stepper_where_it_stood(
    graphs: Graphs, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    stepper = start(explorer.compile(graphs["chain"]()), rows)
    stepper.run_to("fc1")
    before, position = tensors(stepper.session), stepper.position

    def fails(x: Tensor) -> tuple:
        raise RuntimeError("planted")

    with monkeypatch.context() as patched:
        patched.setattr(explorer.layers.ReLU, "forward", staticmethod(fails))
        with pytest.raises(RuntimeError, match="planted"):
            stepper.step()

    assert stepper.position == position
    assert same(tensors(stepper.session), before)
    stepper.run_to_end()
    assert stepper.session.gradients()
