"""BatchNorm in training, which moves its running statistics, and out of it, which uses them."""

import pytest
import torch
from torch.testing import assert_close

import explorer
from explorer import Graph, layers
from tests.layers.cases.inputs import numbers, shares

GAMMA, BETA = numbers(3), numbers(3) + 1


def test_running_statistics_follow_the_batches_as_in_torch() -> None:
    theirs = torch.nn.BatchNorm2d(3, momentum=0.3).double()
    mean, var = torch.zeros(3).double(), torch.ones(3).double()

    for shift in range(4):
        x = numbers(5, 3, 2, 2) * (1 + shift) + shift
        theirs(x)
        layers.BatchNorm2d.forward(x, GAMMA, BETA, mean, var, momentum=0.3)

    assert_close(mean, theirs.running_mean)
    assert_close(var, theirs.running_var)


def test_out_of_training_they_are_used_and_stay_as_they_are() -> None:
    x, mean, var = numbers(5, 3), numbers(3), shares(3)
    kept = mean.clone(), var.clone()

    out, cache = layers.BatchNorm1d.forward(x, GAMMA, BETA, mean, var, training=False)
    dx, _, _ = layers.BatchNorm1d.backward(torch.ones_like(x), cache)

    scale = GAMMA / torch.sqrt(var + 1e-5)
    assert_close(out, (x - mean) * scale + BETA)
    assert_close(dx, scale.expand(5, 3))
    assert torch.equal(mean, kept[0]) and torch.equal(var, kept[1])


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
@pytest.mark.parametrize(("name", "axes"), [("BatchNorm1d", 0), ("BatchNorm2d", 2)])
def test_one_value_for_each_channel_has_variance_0(
    name: str, axes: int, dtype: torch.dtype
) -> None:
    kind = layers.catalogue()[name]
    x = torch.tensor([[3.0, -4.0, 5.0]]).to(dtype).reshape(1, 3, *(1,) * axes)
    mean, var = torch.zeros(3, dtype=dtype), torch.ones(3, dtype=dtype)
    gamma, beta = GAMMA.to(dtype), BETA.to(dtype)

    out, cache = kind.forward(x, gamma, beta, mean, var, momentum=0.25)
    dx, dgamma, dbeta = kind.backward(torch.ones_like(x), cache)

    assert_close(out.flatten(), beta)
    assert_close(mean, torch.tensor([0.75, -1.0, 1.25], dtype=dtype))
    assert torch.equal(var, torch.ones_like(var)), "one value says nothing of a variance"
    assert torch.equal(dx, torch.zeros_like(x))
    assert_close(dgamma, torch.zeros_like(gamma))
    assert_close(dbeta, torch.ones_like(beta))


@pytest.mark.parametrize("running", [torch.float32, torch.bfloat16])
def test_half_precision_moves_statistics_of_either_type(running: torch.dtype) -> None:
    x = (numbers(5, 3) + 7).bfloat16()
    mean, var = torch.zeros(3, dtype=running), torch.ones(3, dtype=running)

    layers.BatchNorm1d.forward(x, GAMMA.bfloat16(), BETA.bfloat16(), mean, var, momentum=1.0)

    tolerance = 1e-5 if running == torch.float32 else 5e-3
    assert_close(mean.double(), x.double().mean(0), rtol=tolerance, atol=0)
    assert_close(var.double(), x.double().var(0), rtol=tolerance, atol=0)


def net() -> Graph:
    graph = Graph()
    graph.add("Data", id="data", dataset="moons")
    graph.add("BatchNorm1d", id="bn1")
    graph.add("Linear", id="fc1", out_features=1)
    graph.add("MSELoss", id="loss")
    for wire in ("data.x bn1.x", "bn1.out fc1.x", "fc1.out loss.y_hat", "data.y loss.y"):
        graph.connect(*wire.split())
    graph.set("data", labels="binary")
    return graph


def test_a_net_with_it_verifies_and_keeps_statistics_of_its_own() -> None:
    graph = net()
    session = explorer.compile(graph).start(seed=0)
    batch = {"data.x": torch.randn(20, 2) + 3, "data.y": torch.zeros(20, 1)}

    session.forward(batch)
    moved = session.value("bn1.running_mean").clone()
    session.training = False
    session.forward(batch)

    assert explorer.verify(graph).ok
    assert_close(moved, 0.1 * batch["data.x"].mean(0))
    assert torch.equal(session.value("bn1.running_mean"), moved)


def test_without_running_statistics_there_are_no_buffers() -> None:
    graph = net()
    graph.set("bn1", track_running_stats=False, affine=False)

    session = explorer.compile(graph).start()

    assert session.buffers == {}
    assert list(session.parameters) == ["fc1.w", "fc1.b"]
    assert explorer.verify(graph).ok
