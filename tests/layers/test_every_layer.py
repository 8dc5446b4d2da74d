"""What holds of every layer in the catalogue, on all its inputs."""

import inspect
from itertools import chain, combinations
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.testing import assert_close

from explorer.layers import Layer, SettingError
from tests.layers.conftest import cases_of

STEP = 1e-6


def subsets(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    return list(chain.from_iterable(combinations(names, n) for n in range(1, len(names))))


def skewed(tensor: Tensor) -> Tensor:
    """The same numbers, laid out in memory with gaps and back to front."""
    if tensor.dim() == 0:
        return tensor
    order = tuple(reversed(range(tensor.dim())))
    turned = tensor.permute(order).contiguous().permute(order)
    return torch.stack([turned, turned], -1)[..., 0]


def test_it_says_what_it_is(kind: type[Layer]) -> None:
    assert kind.family
    assert kind.summary().endswith(".")
    assert "Shapes:" in (inspect.getdoc(kind) or "")
    assert {"out", "loss", *kind.outputs} & kind.equations.keys()
    assert {f"d{name}" for name in kind.differentiable} <= kind.equations.keys()
    assert kind.synonyms


def test_every_setting_is_described(kind: type[Layer]) -> None:
    for name, setting in kind.model_fields.items():
        assert setting.description, f"{kind.name()}.{name} needs a description"
        assert not setting.is_required(), f"{kind.name()}.{name} needs a default"


def test_its_gradients_are_those_of_autograd(learning: Any) -> None:
    leaves = {
        name: value.clone().requires_grad_() if name in learning.differentiable else value
        for name, value in learning.arguments.items()
    }
    *outputs, _ = learning.layer.forward(*learning.positional(leaves), **learning.keywords)
    pairs = [(o, d) for o, d in zip(outputs, learning.upstream(), strict=True) if o.requires_grad]
    expected = torch.autograd.grad(
        [output for output, _ in pairs],
        [leaves[name] for name in learning.differentiable],
        [dout for _, dout in pairs],
    )

    found = learning.gradients()

    for name, gradient in zip(learning.differentiable, expected, strict=True):
        assert_close(found[name], gradient, rtol=1e-9, atol=1e-11)


def test_its_gradients_are_those_of_finite_differences(learning: Any) -> None:
    douts = learning.upstream()

    def objective() -> float:
        outputs, _ = learning.forward()
        return sum(float((o * d).sum()) for o, d in zip(outputs, douts, strict=True))

    for name in learning.differentiable:
        gradient = learning.gradients(douts)[name]
        flat = learning.arguments[name].view(-1)
        for index in range(0, flat.numel(), max(1, flat.numel() // 40)):
            kept = float(flat[index])
            flat[index] = kept + STEP
            up = objective()
            flat[index] = kept - STEP
            down = objective()
            flat[index] = kept
            assert (up - down) / (2 * STEP) == pytest.approx(
                float(gradient.reshape(-1)[index]), rel=1e-5, abs=1e-7
            ), f"d{name}[{index}]"


def test_it_keeps_and_gives_as_much_as_it_declares(case: Any) -> None:
    outputs, cache = case.forward()

    assert isinstance(cache, tuple)
    assert len(outputs) == len(case.layer.gives)
    assert len(cache) == len(case.layer.cache)
    if case.layer.learns:
        found = case.backward(case.upstream(), cache)
        assert len(found) == len(case.layer.learns)
        for name, gradient in zip(case.layer.learns, found, strict=True):
            if name in case.arguments:
                assert gradient.shape == case.arguments[name].shape
            else:
                assert gradient is None


def test_it_computes_only_the_gradients_that_are_needed(choosing: Any) -> None:
    douts = choosing.upstream()
    whole = choosing.gradients(douts)

    for needs in subsets(choosing.differentiable):
        _, cache = choosing.forward()
        found = choosing.backward(douts, cache, needs=needs)
        for name, gradient in zip(choosing.layer.learns, found, strict=True):
            if name in needs:
                assert torch.equal(gradient, whole[name])
            else:
                assert gradient is None, f"d{name} was not needed"


def test_a_gradient_that_nobody_sends_counts_as_zero(giving: Any) -> None:
    learning, douts = giving, giving.upstream()
    for index in range(len(douts)):
        alone = tuple(d if i == index else None for i, d in enumerate(douts))
        zeros = tuple(d if i == index else d * 0 for i, d in enumerate(douts))
        expected = learning.gradients(zeros)
        for name, gradient in learning.gradients(alone).items():
            if name in learning.differentiable:
                assert_close(gradient, expected[name])


def test_it_leaves_its_inputs_as_they_were(case: Any) -> None:
    before = {name: value.clone() for name, value in case.arguments.items()}
    douts = case.upstream()
    given = tuple(dout.clone() for dout in douts)

    outputs, cache = case.forward()
    computed = tuple(output.clone() for output in outputs)
    if case.differentiable:
        case.backward(douts, cache)
        again = case.gradients(douts)
        assert all(torch.equal(again[n], case.gradients(douts)[n]) for n in case.differentiable)

    assert all(
        torch.equal(before[name], value)
        for name, value in case.arguments.items()
        if name not in case.buffers
    )
    assert all(torch.equal(a, b) for a, b in zip(given, douts, strict=True))
    assert all(torch.equal(a, b) for a, b in zip(computed, outputs, strict=True))


def test_it_takes_tensors_that_are_not_contiguous(case: Any) -> None:
    douts = case.upstream()
    scattered = case.map(skewed)

    for a, b in zip(case.forward()[0], scattered.forward()[0], strict=True):
        assert_close(a, b)
    if case.differentiable:
        expected, found = case.gradients(douts), scattered.gradients(tuple(map(skewed, douts)))
        for name in case.differentiable:
            assert_close(found[name], expected[name])


def test_a_batch_can_be_cut(kind: type[Layer]) -> None:
    """Or the tests on a batch of one would look at nothing."""
    cases = cases_of(kind)

    assert any(case.batch_axes for case in cases) or not kind.inputs
    for case in cases:
        first = case.only_first()
        for port, axis in case.batch_axes.items():
            assert first.arguments[port].shape[axis] == 1 < case.arguments[port].shape[axis]
        assert all(
            first.arguments[name] is case.arguments[name]
            for name in case.layer.weights
            if name in case.arguments
        )


def test_axes_of_one_may_lie_in_any_order(batched: Any) -> None:
    case = batched
    first = case.only_first().map(turned)

    outputs, cache = first.forward()
    if case.differentiable:
        first.backward(tuple(turned(dout) for dout in first.upstream()), cache)

    for output, expected in zip(outputs, case.only_first().forward()[0], strict=True):
        assert_close(output, expected)


def turned(tensor: Tensor) -> Tensor:
    """The same numbers in reverse order of axes in memory: no strides tell where length is 1."""
    order = tuple(reversed(range(tensor.dim())))
    return tensor.permute(order).contiguous().permute(order)


def test_it_takes_a_batch_of_one(batched: Any) -> None:
    case = batched
    first = case.only_first()

    outputs, cache = first.forward()

    assert all(torch.isfinite(output).all() for output in outputs)
    if case.differentiable:
        found = first.backward(first.upstream(), cache)
        for name, gradient in zip(first.layer.learns, found, strict=True):
            if name in first.arguments:
                assert gradient.shape == first.arguments[name].shape
                assert torch.isfinite(gradient).all()


@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.bfloat16, 4e-2)], ids=["float32", "bf16"]
)
def test_it_computes_in_lower_precision_too(
    case: Any, dtype: torch.dtype, tolerance: float
) -> None:
    def lower(tensor: Tensor) -> Tensor:
        return tensor.to(dtype) if tensor.is_floating_point() else tensor

    low = case.map(lower)
    exact = low.map(lambda t: t.to(torch.float64) if t.is_floating_point() else t)

    outputs, _ = low.forward()
    for found, expected in zip(outputs, exact.forward()[0], strict=True):
        assert found.dtype == dtype or not found.is_floating_point()
        assert_close(found.to(expected), expected, rtol=tolerance, atol=tolerance)
    if case.differentiable:
        expected_gradients = exact.gradients(exact.upstream())
        for name, gradient in low.gradients(low.upstream()).items():
            if name in case.arguments:
                assert gradient.dtype == dtype
                scale = float(expected_gradients[name].abs().max())
                assert_close(
                    gradient.to(torch.float64),
                    expected_gradients[name],
                    rtol=tolerance,
                    atol=tolerance * max(scale, 1e-3),
                )


def test_on_the_meta_device_it_gives_the_same_shapes(case: Any) -> None:
    ghosts = case.map(lambda t: t.to("meta"))

    for real, ghost in zip(case.forward()[0], ghosts.forward()[0], strict=True):
        assert ghost.is_meta
        assert (ghost.shape, ghost.dtype) == (real.shape, real.dtype)


def test_its_settings_survive_a_round_trip(case: Any) -> None:
    assert type(case.layer).parse(case.layer.settings) == case.layer


@pytest.mark.parametrize("far", [1e39, -1e39, 10**30, -(10**30)])
def test_no_setting_takes_numbers_that_no_tensor_can_hold(kind: type[Layer], far: float) -> None:
    for name in kind.model_fields:
        for value in (far, *([far] * count for count in range(1, 7))):
            try:
                taken = getattr(kind.parse({name: value}), name)
            except SettingError:
                continue
            assert can_be_held(taken), f"{kind.name()}.{name} took {value}"


def can_be_held(setting: Any) -> bool:
    if isinstance(setting, (list, tuple)):
        return all(map(can_be_held, setting))
    return isinstance(setting, float) and abs(setting) < torch.finfo(torch.float32).max
