"""Gradients that flow back along wires are measured, and those that meet add up."""

import pytest
import torch

import explorer
from explorer.program.flow import Gauge, measure, meeting
from tests import nets


def walk(graph: explorer.Graph) -> explorer.program.Stepper:
    return explorer.Trainer(graph).walk()


def forked_scalar() -> explorer.Graph:
    """c = a · a + a: a is read three times."""
    return nets.build(
        {"a": ("Parameter", {"value": 3.0}), "sq": ("Multiply", {}), "c": ("Add", {})},
        *("a.out sq.a", "a.out sq.b", "sq.out c.a", "a.out c.b"),
    )


def test_each_wire_has_the_norm_of_the_gradient_that_its_reader_gives() -> None:
    stepper = walk(nets.residual())
    gauge = Gauge(stepper.session.program)
    assert not gauge.read(stepper.session.namespace).gradients

    stepper.run_to_end()
    flow = gauge.read(stepper.session.namespace)

    found = {each.sender: each for each in flow.gradients}
    assert found.keys() == {"loss.y_hat", "fc3.x", "add1.a", "add1.b", "fc2.x", "relu1.x"}
    for sender, variable in {"fc3.x": "dadd1", "fc2.x": "dfc2_x", "add1.a": "dadd1_a"}.items():
        held = stepper.session.namespace[variable]
        assert found[sender].measure.norm == pytest.approx(float(held.norm()))
        assert found[sender].measure.value is None
    assert found["fc2.x"].of == found["add1.a"].of == "relu1.out"


def test_where_a_value_forks_the_parts_and_their_sum_are_told() -> None:
    stepper = walk(nets.residual())
    gauge = Gauge(stepper.session.program)
    (fork,) = (call for call in stepper.calls if call.is_addition)
    stepper.go_to(fork.index)
    assert not gauge.read(stepper.session.namespace).meetings

    stepper.step()
    (met,) = gauge.read(stepper.session.namespace).meetings

    assert met.of == "relu1.out"
    assert {part.sender for part in met.parts} == {"add1.a", "fc2.x"}
    assert met.total.norm == pytest.approx(float(stepper.session.gradient("relu1.out").norm()))
    assert meeting(stepper.session.program, fork) == "gradients from add1 and fc2 add up"


def test_gradients_of_single_numbers_are_told_as_numbers() -> None:
    stepper = walk(forked_scalar())
    stepper.run_to_end()

    (met,) = Gauge(stepper.session.program).read(stepper.session.namespace).meetings

    assert [part.measure.value for part in met.parts] == [1.0, 3.0, 3.0]
    assert met.total.value == 7.0
    (fork,) = (call for call in stepper.calls if call.is_addition)
    words = meeting(stepper.session.program, fork)
    assert words == "gradients from c.b, sq.a and sq.b add up"


def test_what_a_step_computes_anew_is_measured_anew() -> None:
    stepper = walk(nets.residual())
    gauge = Gauge(stepper.session.program)
    stepper.run_to_end()
    before = {e.sender: e.measure for e in gauge.read(stepper.session.namespace).gradients}

    stepper.edit("dfc3", (0, 0), 1000.0)
    after = {e.sender: e.measure for e in gauge.read(stepper.session.namespace).gradients}

    assert after["loss.y_hat"].norm == pytest.approx(1000.0, rel=1e-3)
    assert after["relu1.x"].norm > before["relu1.x"].norm


def test_gradients_in_few_bits_are_measured_in_many() -> None:
    tensor = torch.full((1000,), 200.0, dtype=torch.float16)

    assert measure(tensor).norm == pytest.approx(200.0 * 1000**0.5, rel=1e-4)
