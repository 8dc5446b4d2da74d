"""Within a call: its time steps or parts, forth and back, come to what the call itself gives."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

import explorer
from explorer import Graph, Stepper
from explorer.program import Call
from explorer.program.inside import Inside, can_enter

Make = Callable[..., Graph]

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "rnn": ("RNN", {"hidden_size": 3}),
    "gru": ("GRU", {"hidden_size": 3, "num_layers": 2}),
    "lstm": ("LSTM", {"hidden_size": 3, "bidirectional": True}),
    "attention": ("MultiheadAttention", {"num_heads": 2}),
    "causal": ("MultiheadAttention", {"num_heads": 2, "causal": True, "bias": False}),
    "dropped": ("MultiheadAttention", {"num_heads": 2, "dropout": 0.3}),
    "averaged": ("MultiheadAttention", {"num_heads": 1, "need_weights": True}),
}


def stepper_on(make: Make, kind: str) -> Stepper:
    """A walk in float64 through a net around such a layer, before its first call."""
    layer, settings = KINDS[kind]
    port = "query" if layer == "MultiheadAttention" else "x"
    graph = make(
        {
            "x": ("Input", {"shape": (5, 4)}),
            "fc": ("Linear", {"out_features": 4}),
            "deep": (layer, settings),
            "tanh": ("Tanh", {}),
            "sum": ("Sum", {}),
        },
        *("x.out fc.x", f"fc.out deep.{port}", "deep.out tanh.x", "tanh.out sum.x"),
    )
    program = explorer.compile(graph)
    x = torch.randn(2, 5, 4, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    return Stepper(program.start(dtype=torch.float64, seed=3), {"x.out": x}, seed=7)


def before(stepper: Stepper, phase: str) -> Call:
    """Go to right before the layer's call of a phase; that call."""
    (call,) = (c for c in stepper.calls if c.node == "deep" and c.phase == phase)
    stepper.go_to(call.index)
    return call


@pytest.mark.parametrize("phase", ["forward", "backward"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_parts_of_a_call_come_to_what_the_call_gives(make: Make, kind: str, phase: str) -> None:
    stepper = stepper_on(make, kind)
    call = before(stepper, phase)
    inside = Inside(call, stepper.session.namespace)
    while inside.step():
        pass
    stepper.step()

    found = dict(zip(_targets(call), inside.result, strict=False))

    for operand in call.writes:
        if operand.role != "cache":
            whole = stepper.session.namespace[operand.variable]
            assert (found[operand.variable] - whole).abs().max() < 1e-12, operand.label


def _targets(call: Call) -> list[str]:
    return call.text.partition(" = ")[0].split(", ")


@pytest.mark.parametrize("kind", ["rnn", "lstm"])
def test_what_the_time_steps_add_to_a_weights_gradient_adds_up(make: Make, kind: str) -> None:
    stepper = stepper_on(make, kind)
    call = before(stepper, "backward")
    inside = Inside(call, stepper.session.namespace)
    total: Tensor | None = None
    while part := inside.step():
        if part.title.startswith("t = "):
            share = part.values["dw_hh"]
            total = share if total is None else total + share
    stepper.step()

    whole = stepper.session.gradient("deep.w_hh_l0")

    assert total is not None
    assert (total - whole).abs().max() < 1e-12


def test_time_steps_are_told_with_the_gates_and_backward_from_last_to_first(make: Make) -> None:
    stepper = stepper_on(make, "lstm")
    before(stepper, "forward")
    first = stepper.step_into()
    assert first is not None
    assert first.title == "t = 0 of 5"
    assert {"x", "i", "f", "g", "o", "c", "h"} <= first.values.keys()

    before(stepper, "backward")
    titles = []
    while (part := stepper.step_into()) and stepper.inside:
        titles.append(part.title)

    there = [f"t = {t} of 5" for t in (4, 3, 2, 1, 0)]
    assert titles == there + [f"reverse, t = {t} of 5" for t in range(5)]


def test_attention_is_told_from_projections_to_projection_and_back(make: Make) -> None:
    stepper = stepper_on(make, "dropped")
    parts = {}
    for phase in ("forward", "backward"):
        before(stepper, phase)
        while (part := stepper.step_into()) and stepper.inside:
            parts.setdefault(phase, []).append(part.title)

    order = ["projections", "scores", "softmax", "dropout", "weighted sum", "output projection"]
    assert parts == {"forward": order, "backward": order[::-1]}


def test_one_steps_into_through_and_out_of_a_call_and_back(make: Make) -> None:
    stepper = stepper_on(make, "gru")
    call = before(stepper, "forward")
    names = set(stepper.session.namespace)

    stepper.step_into()
    second = stepper.step_over()
    assert stepper.inside is not None and stepper.inside.part == second
    assert stepper.next == call, "the call itself has not run"
    assert "within_h" in stepper.session.namespace
    assert stepper.session.namespace["within_h"] is second.values["h"]

    assert stepper.step_back() == stepper.inside.part
    assert stepper.inside.position == 1
    stepper.step_back()
    assert stepper.inside is None
    assert set(stepper.session.namespace) == names

    stepper.step_into()
    assert stepper.step() == call, "out of it: what is left runs at once"
    assert stepper.inside is None and stepper.current == call
    assert not any(name.startswith("within_") for name in stepper.session.namespace)
    assert stepper.back() != call


def test_behind_the_last_part_the_call_itself_runs(make: Make) -> None:
    stepper = stepper_on(make, "attention")
    call = before(stepper, "forward")
    for _ in range(5):
        stepper.step_into()
        assert stepper.inside is not None

    assert stepper.step_into() == call
    assert stepper.inside is None


def test_a_call_without_parts_is_stepped_over(make: Make) -> None:
    stepper = stepper_on(make, "attention")

    call = stepper.step_into()

    assert call == stepper.calls[0]
    assert stepper.inside is None
    assert [c.node for c in stepper.calls if can_enter(c)] == ["deep", "deep"]


@pytest.mark.parametrize("move", ["restart", "run_to_end", "run_to_loss"])
def test_any_other_move_leaves_the_call(make: Make, move: str) -> None:
    stepper = stepper_on(make, "lstm")
    before(stepper, "backward")
    stepper.step_into()

    getattr(stepper, move)()

    assert stepper.inside is None
    assert not any(name.startswith("within_") for name in stepper.session.namespace)


def test_stepping_within_changes_none_of_the_bits(make: Make) -> None:
    stepper, straight = stepper_on(make, "lstm"), stepper_on(make, "lstm")
    straight.run_to_end()

    while stepper.next is not None:
        stepper.step_into()

    found, wanted = stepper.session.gradients(), straight.session.gradients()
    assert all(torch.equal(found[path], wanted[path]) for path in wanted)
