"""Which tensor a name stands for, and what is said where it stands for none."""

from collections.abc import Callable

import pytest
import torch

from explorer import Graph, Stepper, compile

from .conftest import Watch, Watcher


def test_names_by_node_are_those_of_the_session(watcher: Watcher) -> None:
    session = watcher.stepper.session
    assert watcher.value("fc1.w").is_set_to(session.value("fc1.w"))
    assert watcher.value("fc1.out").is_set_to(session.value("fc1.out"))
    assert watcher.value("fc1.dw").is_set_to(session.gradient("fc1.w"))
    assert watcher.value("fc1.dout").is_set_to(session.gradient("fc1.out"))
    assert watcher.value("fc1.x").is_set_to(session.value("data.x"))
    assert watcher.value("loss.loss").is_set_to(session.value("loss.loss"))


def test_grad_behind_a_name_is_its_gradient_as_in_torch(watcher: Watcher) -> None:
    assert watcher.value("fc1.w.grad").is_set_to(watcher.value("fc1.dw"))
    assert watcher.value("w.grad").is_set_to(watcher.value("fc1.dw"))


def test_bare_names_are_those_of_the_last_call_and_of_its_node(watcher: Watcher) -> None:
    assert watcher.value("dw").is_set_to(watcher.value("fc1.dw"))
    assert watcher.value("w").is_set_to(watcher.value("fc1.w")), (
        "though only the cache holds it here"
    )
    watcher.stepper.run_to("fc2", "backward")
    assert watcher.value("dw").is_set_to(watcher.value("fc2.dw"))
    assert watcher.value("x").is_set_to(watcher.value("relu1.out"))


def test_variables_of_the_page_are_names_too(watcher: Watcher) -> None:
    assert watcher.value("dfc1_w").is_set_to(watcher.value("fc1.dw"))
    assert watcher.value("relu1").is_set_to(watcher.value("relu1.out"))


def test_gradients_that_meet_are_told_apart_from_their_sum(
    watch: Watch, graphs: dict[str, Callable[[], Graph]], rows: Callable
) -> None:
    program = compile(graphs["square"]())
    stepper = Stepper(program.start(), rows(program))
    stepper.run_to_end()
    watcher = watch(stepper)
    assert torch.equal(watcher.value("sq.da") + watcher.value("sq.db"), watcher.value("fc1.dout"))


def test_within_a_call_its_parts_have_names(watch: Watch, make: Callable, rows: Callable) -> None:
    graph = make(
        {
            "x": ("Input", {"shape": (4, 3)}),
            "lstm": ("LSTM", {"hidden_size": 2}),
            "sum": ("Sum", {}),
        },
        *("x.out lstm.x", "lstm.out sum.x"),
    )
    program = compile(graph)
    stepper = Stepper(program.start(), rows(program))
    stepper.run_to("x")
    stepper.step_into()
    assert stepper.inside is not None
    name, variable = next(iter(stepper.inside.variables.items()))
    assert watch(stepper).value(name).is_set_to(stepper.session.namespace[variable])


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("fc1.q", "fc1 has no q: it has x, w, b, out, dout, dw, db"),
        ("fc9.w", "there is no fc9 here: did you mean"),
        ("wieght", "there is no wieght here: the last call, fc1 backward, has dout, "),
        (
            "y_hat",
            "fc1 backward, has no y_hat, but dout, dw, db, x, w, b, out: name the node",
        ),
        ("fc1.x.grad", "fc1.x has no gradient in this program"),
        ("data", "data is a node: write data.x, data.y"),
    ],
)
def test_a_name_that_stands_for_nothing_is_told(watcher: Watcher, name: str, says: str) -> None:
    assert says in watcher.error(name)


def test_what_is_not_computed_yet_is_told(stepper: Stepper, watch: Watch) -> None:
    watcher = watch(stepper)
    assert watcher.error("w") == "no call has run that has a w: name the node, as in fc1.w"
    assert "step" in watcher.error("fc1.out")
    stepper.run_to("fc1", "forward")
    assert watcher.error("fc1.dw") == "gradient of fc1.w is not computed yet: step on"
    assert watcher.error("fc1.out") == ""


def test_only_what_is_named_can_be_opened_where_it_is(watcher: Watcher) -> None:
    address = watcher.read(" fc1.dw ").address
    assert address is not None
    assert address.name == "dfc1_w"
    assert watcher.read("fc1.dw * 1").address is None
