"""What if a number were another: all that depends on it follows, and all can be put back."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor

import explorer
from explorer import Graph, Stepper
from explorer.program import what_if
from explorer.program.what_if import EditError

Graphs = dict[str, Callable[[], Graph]]
Rows = Callable[..., dict[str, Tensor]]


def values(stepper: Stepper) -> dict[str, Any]:
    found = stepper.session.namespace.items()
    return {name: value.clone() for name, value in found if isinstance(value, Tensor)}


def same(a: dict[str, Any], b: dict[str, Any]) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def test_a_value_that_is_edited_changes_what_is_computed_from_it_and_nothing_else(
    stepper: Stepper,
) -> None:
    stepper.run_to_loss()
    before = values(stepper)

    stepper.edit("relu1", (0, 3), 7.5)

    after, position = values(stepper), stepper.position
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed == {"relu1", "fc2", "loss"}
    assert float(after["relu1"][0, 3]) == 7.5
    assert position == 5
    assert [str(edit) for edit in stepper.edits.all] == [
        f"relu1[0, 3] = 7.5 (was {float(before['relu1'][0, 3]):.6g})"
    ]


def test_a_weight_that_is_edited_gives_the_gradients_of_that_weight(
    stepper: Stepper, rows: Rows
) -> None:
    stepper.run_to_end()
    stepper.edit("fc1_w", (1, 2), 0.5)

    program = stepper.session.program
    other = program.start(seed=2)
    other.parameters["fc1.w"][1, 2] = 0.5
    other.forward(rows(program))
    wanted = other.backward()

    found = stepper.session.gradients()
    assert all(torch.equal(found[path], wanted[path]) for path in wanted)
    assert float(stepper.session.parameters["fc1.w"][1, 2]) != 0.5, "the net's own stays"


def test_an_upstream_gradient_that_is_edited_is_what_goes_on_from_there(stepper: Stepper) -> None:
    stepper.run_to("fc2", "backward")
    x = stepper.session.namespace["relu1"]
    before = values(stepper)

    stepper.edit("dfc2", (0, 0), 3.0)

    dout = stepper.session.namespace["dfc2"]
    assert float(dout[0, 0]) == 3.0
    assert torch.allclose(stepper.session.gradient("fc2.w"), x.t() @ dout)
    assert torch.equal(stepper.session.namespace["loss"], before["loss"])


def test_the_gradient_of_the_loss_itself_can_be_edited(stepper: Stepper) -> None:
    stepper.run_to_end()
    before = stepper.session.gradient("fc1.w").clone()

    stepper.edit("dloss", (), 2.0)

    assert torch.allclose(stepper.session.gradient("fc1.w"), 2 * before)


def test_several_edits_hold_together_in_whatever_order_they_are_made(
    graphs: Graphs, rows: Rows
) -> None:
    program = explorer.compile(graphs["chain"]())
    edits = [("fc2", (0, 0), 1.0), ("fc1_w", (0, 0), 2.0), ("relu1", (1, 1), 3.0)]
    walks = [Stepper(program.start(seed=2), rows(program)) for _ in range(2)]
    for walk, order in zip(walks, (edits, edits[::-1]), strict=True):
        walk.run_to_end()
        for edit in order:
            walk.edit(*edit)

    assert same(values(walks[0]), values(walks[1]))
    assert [e.variable for e in walks[0].edits.all] == ["fc1_w", "relu1", "fc2"]


def test_putting_back_leaves_no_trace(stepper: Stepper) -> None:
    stepper.run_to_end()
    before = values(stepper)
    for variable, index in (("fc1_w", (0, 0)), ("dfc2", (2, 0)), ("data_x", (0, 1))):
        stepper.edit(variable, index, 9.0)

    stepper.put_back()

    assert same(values(stepper), before)
    assert not stepper.edits


def test_one_edit_is_put_back_and_the_others_hold(stepper: Stepper) -> None:
    stepper.run_to_end()
    stepper.edit("relu1", (0, 0), 5.0)
    only = values(stepper)
    stepper.edit("fc1_w", (0, 0), 2.0)
    stepper.edit("dfc2", (0, 0), 3.0)
    weight, gradient = (e for e in stepper.edits.all if e.variable != "relu1")

    stepper.put_back(gradient)
    stepper.put_back(weight)

    assert same(values(stepper), only)
    assert [edit.variable for edit in stepper.edits.all] == ["relu1"]
    stepper.put_back(weight)
    assert same(values(stepper), only), "what holds no more is passed over"


def test_the_latest_edit_is_known_whatever_its_place(stepper: Stepper) -> None:
    stepper.run_to_end()
    for variable in ("fc2", "fc1_w", "relu1", "fc1_w"):
        stepper.edit(variable, (0, 0), float(len(stepper.edits.all) + 4))

    assert [edit.variable for edit in stepper.edits.as_made] == ["fc2", "relu1", "fc1_w"]


def test_an_edit_to_what_a_number_was_is_none(stepper: Stepper) -> None:
    stepper.run_to_end()
    before = values(stepper)
    was = float(before["relu1"][0, 0])
    stepper.edit("relu1", (0, 0), was)
    assert not stepper.edits
    stepper.edit("relu1", (0, 0), was + 1)
    stepper.edit("relu1", (0, 0), was)

    assert not stepper.edits
    assert same(values(stepper), before)


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("left_w", 1e39, "too large for left.w: float32 ends at 3.403e"),
        ("left", -1e39, "too large for left"),
        ("data_y", 0.5, "data.y holds whole numbers .*, and 0.5 is none"),
        ("data_y", float("nan"), "data.y holds whole numbers"),
        ("data_y", 1e30, "too large for data.y: int64 ends at"),
    ],
)
def test_a_number_that_a_tensor_cannot_hold_is_told(
    graphs: Graphs, rows: Rows, variable: str, value: float, message: str
) -> None:
    program = explorer.compile(graphs["diamond"]())
    stepper = Stepper(program.start(seed=2), rows(program))
    stepper.run_to_end()
    before = values(stepper)
    index = (0,) * before[variable].dim()

    with pytest.raises(EditError, match=message):
        stepper.edit(variable, index, value)

    assert same(values(stepper), before)
    assert not stepper.edits


def test_a_label_can_be_another_class(graphs: Graphs, rows: Rows) -> None:
    program = explorer.compile(graphs["diamond"]())
    stepper = Stepper(program.start(seed=2), rows(program))
    stepper.run_to_loss()
    before = float(stepper.session.value("loss.loss"))

    stepper.edit("data_y", (0,), 2)

    assert stepper.session.namespace["data_y"][0] == 2
    assert float(stepper.session.value("loss.loss")) != before


def test_within_a_call_nothing_is_edited(make: Callable[..., Graph], rows: Rows) -> None:
    graph = make(
        {
            "x": ("Input", {"shape": (4, 3)}),
            "rnn": ("RNN", {"hidden_size": 2}),
            "sum": ("Sum", {}),
        },
        *("x.out rnn.x", "rnn.out sum.x"),
    )
    program = explorer.compile(graph)
    stepper = Stepper(program.start(), rows(program))
    stepper.step()
    stepper.step_into()
    weight = program.parameters["rnn.w_ih_l0"]

    with pytest.raises(EditError, match="rnn is stepped into: step out of it"):
        stepper.edit(weight, (0, 0), 1.0)
    assert stepper.inside is not None


def test_each_variable_is_told_by_its_path_and_its_node(graphs: Graphs) -> None:
    program = explorer.compile(graphs["chain"]())
    found = {
        variable: (what_if.path_of(program, variable), what_if.node_of(program, variable))
        for variable in ("fc1_w", "relu1", "dfc2", "dfc1_w", "fc1_cache", "nobody")
    }
    assert found == {
        "fc1_w": ("fc1.w", "fc1"),
        "relu1": ("relu1.out", "relu1"),
        "dfc2": ("fc2.out", "fc2"),
        "dfc1_w": ("fc1.w", "fc1"),
        "fc1_cache": ("", "fc1"),
        "nobody": ("", ""),
    }


def test_editing_the_same_number_again_remembers_what_it_was_at_first(stepper: Stepper) -> None:
    stepper.run_to("fc1", "forward")
    was = float(stepper.session.namespace["fc1"][0, 0])
    stepper.edit("fc1", (0, 0), 1.0)
    stepper.edit("fc1", (0, 0), 2.0)

    (edit,) = stepper.edits.all

    assert (edit.before, edit.value) == (pytest.approx(was), 2.0)


def test_stepping_back_across_an_edit_undoes_it(stepper: Stepper) -> None:
    stepper.run_to_end()
    straight = values(stepper)
    stepper.edit("relu1", (0, 0), 5.0)
    stepper.edit("fc1_w", (0, 0), 5.0)

    stepper.run_to("relu1", "forward")
    assert len(stepper.edits.all) == 2
    stepper.back()
    assert [edit.variable for edit in stepper.edits.all] == ["fc1_w"]
    stepper.go_to(0)
    assert not stepper.edits

    stepper.run_to_end()
    assert same(values(stepper), straight)


def test_a_weight_can_be_edited_before_anything_reads_it(stepper: Stepper) -> None:
    stepper.step()
    stepper.edit("fc2_w", (0, 0), 4.0)
    stepper.run_to("fc2", "forward")

    assert float(stepper.session.namespace["fc2_w"][0, 0]) == 4.0
    stepper.go_to(0)
    stepper.run_to("fc2", "forward")
    assert float(stepper.session.namespace["fc2_w"][0, 0]) != 4.0


@pytest.mark.parametrize(
    ("variable", "index", "message"),
    [
        ("dfc1", (0, 0), "dfc1 is not computed yet"),
        ("nobody", (), "nobody cannot be edited"),
        ("fc1_cache", (0,), "fc1_cache is kept for the backward pass"),
        ("fc1", (0, 99), r"fc1.out has no place \[0, 99\]: its shape is \(6, 8\)"),
        ("fc1", (0,), r"fc1.out has no place \[0\]"),
        ("fc1", (-1, 0), "fc1.out has no place"),
    ],
)
def test_what_cannot_be_edited_is_told_in_a_sentence(
    stepper: Stepper, variable: str, index: tuple[int, ...], message: str
) -> None:
    stepper.run_to("fc1", "forward")
    before = values(stepper)

    with pytest.raises(EditError, match=message):
        stepper.edit(variable, index, 1.0)

    assert same(values(stepper), before)
    assert not stepper.edits


def test_a_number_that_the_net_cannot_compute_with_changes_nothing(
    graphs: Graphs, rows: Rows
) -> None:
    program = explorer.compile(graphs["diamond"]())
    stepper = Stepper(program.start(seed=2), rows(program))
    stepper.run_to_end()
    before = values(stepper)

    with pytest.raises(EditError, match="the net cannot compute with that"):
        stepper.edit("data_y", (0,), 99)

    assert same(values(stepper), before)
    assert not stepper.edits


EDITS = st.tuples(
    st.sampled_from(["data_x", "fc1_w", "fc1_b", "fc1", "relu1", "fc2", "dfc2", "drelu1", "dloss"]),
    st.floats(-3, 3, width=32),
)
MOVES = st.one_of(EDITS, st.integers(0, 12), st.just("put back"))


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=st.lists(MOVES, max_size=12))
def test_after_any_edits_and_walks_the_start_is_as_it_was(
    graphs: Graphs, rows: Rows, moves: list[Any]
) -> None:
    program = explorer.compile(graphs["chain"]())
    stepper, straight = (Stepper(program.start(seed=2), rows(program)) for _ in range(2))
    for move in moves:
        if move == "put back":
            stepper.put_back()
        elif isinstance(move, int):
            stepper.go_to(move)
        elif isinstance(tensor := stepper.session.namespace.get(move[0]), Tensor):
            stepper.edit(move[0], (0,) * tensor.dim(), move[1])
            at = stepper.session.namespace[move[0]]
            assert float(at[(0,) * at.dim()]) == move[1]
        assert all(edit.place <= stepper.position for edit in stepper.edits.all)

    stepper.put_back()
    straight.go_to(stepper.position)
    assert same(values(stepper), values(straight))


def test_a_twin_walks_in_float64_with_the_same_edits(stepper: Stepper) -> None:
    stepper.run_to_end()
    stepper.edit("fc1_w", (0, 0), 0.25)
    stepper.edit("relu1", (0, 0), 0.75)

    twin = stepper.twin()
    twin.run_to_end()

    assert twin.session.gradient("fc1.w").dtype == torch.float64
    for path, gradient in stepper.session.gradients().items():
        assert torch.allclose(gradient.double(), twin.session.gradient(path), atol=1e-6)


def test_of_two_edits_of_a_weight_the_one_made_further_on_is_undone_alone(
    stepper: Stepper,
) -> None:
    stepper.step()
    stepper.edit("fc2_w", (0, 0), 5.0)
    stepper.run_to_end()
    stepper.edit("fc2_w", (1, 0), 7.0)

    stepper.go_to(2)

    own = stepper.session.parameters["fc2.w"]
    now = stepper.session.namespace["fc2_w"]
    assert float(now[0, 0]) == 5.0
    assert float(now[1, 0]) == float(own[1, 0])


def test_what_a_walk_began_with_comes_again_however_often_one_goes_back(stepper: Stepper) -> None:
    stepper.run_to_end()
    stepper.edit("relu1", (0, 3), 7.5)
    stepper.edit("fc2_w", (0, 0), 5.0)
    stepper.edit("dfc2", (0, 0), 3.0)
    once = values(stepper)
    stepper.begin_with(stepper.edits)

    for place in (2, 1, len(stepper.calls), 0, 3, 0):
        stepper.go_to(place)
    stepper.run_to_end()

    assert same(values(stepper), once)


def test_what_is_to_come_can_be_put_back_before_it_has_come(stepper: Stepper) -> None:
    stepper.run_to_end()
    without = values(stepper)
    stepper.edit("relu1", (0, 3), 7.5)
    stepper.edit("fc2_w", (0, 0), 5.0)
    stepper.begin_with(stepper.edits)
    stepper.step()

    stepper.put_back(stepper.edits.of("fc2_w")[0])
    assert [edit.variable for edit in stepper.edits.all] == ["relu1"]
    stepper.put_back()
    stepper.run_to_end()

    assert same(values(stepper), without)
