"""The sums of a shared weight's gradients, as they are told and drawn, against autograd."""

import pytest
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.testing import assert_close

import explorer
from explorer import Graph, Stepper
from explorer.program.flow import Gauge, Meeting, meeting
from tests import nets

SHARED = ("fc1", "fc2", "fc3")


@pytest.fixture
def graph() -> Graph:
    return nets.shared()


@pytest.fixture
def stepper(graph: Graph) -> Stepper:
    """At the end of the backward pass, in float64."""
    session = explorer.compile(graph).start(dtype=torch.float64, seed=3)
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(12, 2, generator=generator, dtype=torch.float64)
    y = torch.randint(0, 2, (12, 1), generator=generator).double()
    stepper = Stepper(session, {"data.x": x, "data.y": y})
    stepper.run_to_end()
    return stepper


def by_autograd(stepper: Stepper, name: str) -> dict[str, Tensor]:
    """By node the gradient of its own copy of the weights: all copies are alike."""
    weights = stepper.session.parameters
    copies = {
        f"{node}.{each}": weights[f"fc1.{each}"].clone().requires_grad_()
        for node in SHARED
        for each in ("w", "b")
    }
    batch = stepper.session.namespace["batch"]
    hidden = batch["data.x"]
    for node in SHARED:
        hidden = torch.tanh(hidden @ copies[f"{node}.w"] + copies[f"{node}.b"])
    logits = hidden @ weights["end.w"] + weights["end.b"]
    binary_cross_entropy_with_logits(logits, batch["data.y"]).backward()
    found = {}
    for node in SHARED:
        gradient = copies[f"{node}.{name}"].grad
        assert gradient is not None
        found[node] = gradient
    return found


def met(stepper: Stepper, of: str) -> Meeting:
    flow = Gauge(stepper.session.program).read(stepper.session.namespace)
    (found,) = (each for each in flow.meetings if each.of == of)
    return found


@pytest.mark.parametrize("name", ["w", "b"])
def test_each_part_of_the_sum_and_the_sum_are_those_of_autograd(
    stepper: Stepper, name: str
) -> None:
    parts = by_autograd(stepper, name)

    found = met(stepper, f"fc1.{name}")

    assert {part.sender for part in found.parts} == {f"{node}.{name}" for node in SHARED}
    for part in found.parts:
        own = parts[part.sender.partition(".")[0]]
        assert part.measure.norm == pytest.approx(float(own.norm()), rel=1e-12)
    whole = torch.stack(list(parts.values())).sum(0)
    assert found.total.norm == pytest.approx(float(whole.norm()), rel=1e-12)
    assert_close(stepper.session.gradient(f"fc1.{name}"), whole, rtol=1e-12, atol=0)


def test_the_sum_is_told_by_the_nodes_that_share_the_weight(stepper: Stepper) -> None:
    additions = [call for call in stepper.calls if call.is_addition]

    words = [meeting(stepper.session.program, call) for call in additions]

    assert words == ["gradients from fc3, fc2 and fc1 add up"] * 2
    assert all(call.node == "fc1" for call in additions)


def test_no_wire_is_said_to_carry_the_gradient_of_a_weight(stepper: Stepper) -> None:
    flow = Gauge(stepper.session.program).read(stepper.session.namespace)

    assert all(each.of in stepper.session.program.values for each in flow.gradients)


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_the_update_is_made_by_the_sum(graph: Graph, optimizer: str) -> None:
    graph.train_with(optimizer=optimizer, learning_rate=0.1, precision="float64")
    trainer = explorer.Trainer(graph)
    walk = trainer.walk()
    walk.run_to_end()
    parts = {name: by_autograd(walk, name) for name in ("w", "b")}
    before = {name: trainer.weights[f"fc1.{name}"].requires_grad_() for name in parts}
    for name, each in before.items():
        each.grad = torch.stack(list(parts[name].values())).sum(0)

    getattr(torch.optim, optimizer)(before.values(), lr=0.1).step()
    trainer.step()

    for name, each in before.items():
        assert_close(trainer.weights[f"fc1.{name}"], each.detach(), rtol=1e-9, atol=1e-12)
