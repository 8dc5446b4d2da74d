"""Each optimizer makes the steps that its formula says, written out by hand."""

from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor
from torch.testing import assert_close

from explorer.graph import TrainingSettings
from explorer.training import optimizers

SHAPES = ((3, 4), (4,), ())
Update = Callable[[int, Tensor, Tensor, dict[str, Tensor]], Tensor]
"""(step from 1, weight, gradient, what is kept for that weight) to the new weight."""


def gradients(steps: int, dtype: torch.dtype) -> Iterator[list[Tensor]]:
    generator = torch.Generator().manual_seed(8)
    for _ in range(steps):
        yield [torch.randn(shape, generator=generator).to(dtype) for shape in SHAPES]


def start(dtype: torch.dtype) -> list[Tensor]:
    generator = torch.Generator().manual_seed(7)
    return [torch.randn(shape, generator=generator).to(dtype) for shape in SHAPES]


def descend(step: int, w: Tensor, dw: Tensor, kept: dict[str, Tensor]) -> Tensor:
    return w - 0.05 * dw


def with_momentum(step: int, w: Tensor, dw: Tensor, kept: dict[str, Tensor]) -> Tensor:
    kept["v"] = 0.9 * kept.get("v", torch.zeros_like(w)) + dw
    return w - 0.05 * kept["v"]


def adam(step: int, w: Tensor, dw: Tensor, kept: dict[str, Tensor]) -> Tensor:
    kept["m"] = 0.9 * kept.get("m", torch.zeros_like(w)) + 0.1 * dw
    kept["v"] = 0.999 * kept.get("v", torch.zeros_like(w)) + 0.001 * dw * dw
    m, v = kept["m"] / (1 - 0.9**step), kept["v"] / (1 - 0.999**step)
    return w - 0.05 * m / (v.sqrt() + 1e-8)


FORMULAS: dict[str, tuple[TrainingSettings, Update]] = {
    "SGD": (TrainingSettings(optimizer="SGD", learning_rate=0.05), descend),
    "SGD with momentum": (
        TrainingSettings(optimizer="SGD", learning_rate=0.05, momentum=0.9),
        with_momentum,
    ),
    "Adam": (TrainingSettings(optimizer="Adam", learning_rate=0.05), adam),
}


def give(optimizer: torch.optim.Optimizer, found: list[Tensor]) -> None:
    """One step with these gradients."""
    for tensor, gradient in zip(optimizer.param_groups[0]["params"], found, strict=True):
        tensor.grad = gradient
    optimizer.step()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", FORMULAS)
def test_each_makes_the_steps_of_its_formula(name: str, dtype: torch.dtype) -> None:
    settings, update = FORMULAS[name]
    tensors, expected = start(dtype), start(dtype)
    optimizer = optimizers.make(settings, tensors)
    kept: list[dict[str, Tensor]] = [{} for _ in SHAPES]

    take = optimizers.Update(optimizer)
    for step, found in enumerate(gradients(25, dtype), 1):
        take(found)
        rows = zip(expected, found, kept, strict=True)
        expected = [update(step, w, dw, memory) for w, dw, memory in rows]

    tolerance = 1e-5 if dtype == torch.float32 else 1e-12
    for tensor, wanted in zip(tensors, expected, strict=True):
        assert_close(tensor, wanted, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", FORMULAS)
def test_the_whole_update_is_one_kernel(name: str) -> None:
    optimizer = optimizers.make(FORMULAS[name][0], start(torch.float32))

    assert optimizer.param_groups[0]["fused"]


@pytest.mark.parametrize("name", FORMULAS)
def test_another_learning_rate_keeps_what_is_remembered(name: str) -> None:
    settings, _ = FORMULAS[name]
    adjusted, rebuilt = (optimizers.make(settings, start(torch.float64)) for _ in range(2))
    for found in gradients(5, torch.float64):
        give(adjusted, found)
        give(rebuilt, found)

    slower = settings.model_copy(update={"learning_rate": 0.01})
    optimizers.adjust(adjusted, slower)
    rebuilt.param_groups[0]["lr"] = 0.01
    for found in gradients(5, torch.float64):
        give(adjusted, found)
        give(rebuilt, found)

    pairs = zip(adjusted.param_groups[0]["params"], rebuilt.param_groups[0]["params"], strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("name", FORMULAS)
def test_a_moved_optimizer_goes_on_with_what_it_remembers(name: str) -> None:
    settings, _ = FORMULAS[name]
    moved, stayed = (optimizers.make(settings, start(torch.float32)) for _ in range(2))
    for found in gradients(5, torch.float32):
        give(moved, found)
        give(stayed, found)

    tensors = [tensor.clone() for tensor in moved.param_groups[0]["params"]]
    moved = optimizers.move(moved, settings, tensors)
    for found in gradients(5, torch.float32):
        give(moved, found)
        give(stayed, found)

    pairs = zip(tensors, stayed.param_groups[0]["params"], strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("name", FORMULAS)
def test_a_device_without_such_a_kernel_takes_the_plain_one(name: str) -> None:
    settings, _ = FORMULAS[name]
    here = optimizers.make(settings, start(torch.float32))
    give(here, next(gradients(1, torch.float32)))

    there = optimizers.move(here, settings, [t.to("meta") for t in start(torch.float32)])

    assert not there.param_groups[0]["fused"]
    give(there, [gradient.to("meta") for gradient in next(gradients(1, torch.float32))])


@pytest.mark.parametrize("name", FORMULAS)
def test_the_short_way_makes_the_very_steps_of_the_optimizer(name: str) -> None:
    settings, _ = FORMULAS[name]
    usual, short = (optimizers.make(settings, start(torch.float32)) for _ in range(2))
    update = optimizers.Update(short)

    for found in gradients(6, torch.float32):
        give(usual, found)
        update(found)

    pairs = zip(usual.param_groups[0]["params"], short.param_groups[0]["params"], strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_momentum_can_begin_on_the_way() -> None:
    settings = TrainingSettings(learning_rate=0.05)
    usual, short = (optimizers.make(settings, start(torch.float32)) for _ in range(2))
    update = optimizers.Update(short)
    for step, found in enumerate(gradients(9, torch.float32)):
        if step == 4:
            for optimizer in (usual, short):
                optimizers.adjust(optimizer, settings.model_copy(update={"momentum": 0.9}))
            update = optimizers.Update(short)
        give(usual, found)
        update(found)

    pairs = zip(usual.param_groups[0]["params"], short.param_groups[0]["params"], strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def expanded(shape: tuple[int, ...]) -> Tensor:
    return torch.randn(()).expand(shape)


def transposed(shape: tuple[int, ...]) -> Tensor:
    return torch.randn(shape[::-1]).permute(*reversed(range(len(shape))))


def narrowed(shape: tuple[int, ...]) -> Tensor:
    return torch.randn((*shape[:-1], shape[-1] + 3))[..., 1 : 1 + shape[-1]]


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("layout", [expanded, transposed, narrowed])
def test_gradients_are_read_in_whatever_order_they_lie(
    name: str, layout: Callable[[tuple[int, ...]], Tensor]
) -> None:
    settings, update = FORMULAS[name]
    tensor = torch.randn(3, 4)
    expected, kept = tensor.clone(), {}
    take = optimizers.Update(optimizers.make(settings, [tensor]))

    for step in range(1, 5):
        gradient = layout((3, 4))
        take([gradient])
        expected = update(step, expected, gradient, kept)

    assert_close(tensor, expected, rtol=1e-5, atol=1e-6)
