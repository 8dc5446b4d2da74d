"""Extreme inputs give finite, right numbers, as torch's own losses do."""

from itertools import product

import pytest
import torch
from torch import Tensor
from torch.testing import assert_close

from explorer import layers


def torch_loss_and_gradient(loss: torch.nn.Module, y_hat: Tensor, y: Tensor) -> tuple:
    leaf = y_hat.clone().requires_grad_()
    value = loss(leaf, y)
    value.backward()
    return value.detach(), leaf.grad


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_bce_is_finite_where_the_prediction_is_exactly_0_or_1(
    dtype: torch.dtype, reduction: str
) -> None:
    pairs = torch.tensor(list(product([0.0, 1.0, 1e-30, 0.5], [0.0, 1.0, 0.5])), dtype=dtype)
    y_hat, y = pairs.split(1, dim=1)

    loss, cache = layers.BCELoss.forward(y_hat, y, reduction=reduction)
    dy_hat, dy = layers.BCELoss.backward(torch.ones_like(loss), cache)

    value, gradient = torch_loss_and_gradient(torch.nn.BCELoss(reduction=reduction), y_hat, y)
    assert torch.isfinite(loss) and torch.isfinite(dy_hat).all() and torch.isfinite(dy).all()
    assert_close(loss, value)
    assert_close(dy_hat, gradient)


def test_cross_entropy_takes_logits_of_ten_thousand() -> None:
    y_hat = torch.tensor([[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4], [1e4, 1e4, 1e4]])
    y = torch.tensor([1, 2, 0])

    loss, cache = layers.CrossEntropyLoss.forward(y_hat, y)
    dy_hat = layers.CrossEntropyLoss.backward(torch.ones_like(loss), cache)

    value, gradient = torch_loss_and_gradient(torch.nn.CrossEntropyLoss(), y_hat, y)
    assert torch.isfinite(loss)
    assert_close(loss, value)
    assert_close(dy_hat, gradient)


def test_sigmoid_takes_a_thousand_either_way() -> None:
    x = torch.tensor([-1e3, -50.0, 0.0, 50.0, 1e3])

    out, cache = layers.Sigmoid.forward(x)
    dx = layers.Sigmoid.backward(torch.ones_like(out), cache)

    assert_close(out, torch.tensor([0.0, 0.0, 0.5, 1.0, 1.0]))
    assert_close(dx, torch.tensor([0.0, 0.0, 0.25, 0.0, 0.0]))


def test_bce_with_logits_takes_ten_thousand_either_way() -> None:
    y_hat = torch.tensor([-1e4, 1e4, -1e4, 1e4, 0.0])
    y = torch.tensor([0.0, 1.0, 1.0, 0.0, 0.5])

    loss, cache = layers.BCEWithLogitsLoss.forward(y_hat, y)
    dy_hat, dy = layers.BCEWithLogitsLoss.backward(torch.ones_like(loss), cache)

    value, gradient = torch_loss_and_gradient(torch.nn.BCEWithLogitsLoss(), y_hat, y)
    assert_close(loss, value)
    assert_close(dy_hat, gradient)
    assert torch.isfinite(dy).all()


def test_relu_passes_nothing_back_at_exactly_zero() -> None:
    x = torch.tensor([-1.0, 0.0, -0.0, 2.0])

    _, cache = layers.ReLU.forward(x)

    assert layers.ReLU.backward(torch.ones(4), cache).tolist() == [0, 0, 0, 1]


def test_a_nan_is_not_hidden_by_relu() -> None:
    out, _ = layers.ReLU.forward(torch.tensor([float("nan")]))

    assert out.isnan().all()
