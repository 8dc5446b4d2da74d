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


def test_bce_with_weighted_positives_takes_ten_thousand_either_way() -> None:
    y_hat = torch.tensor([-1e4, 1e4, -1e4, 1e4, 0.0])
    y = torch.tensor([0.0, 1.0, 1.0, 0.0, 0.5])

    loss, cache = layers.BCEWithLogitsLoss.forward(y_hat, y, pos_weight=3.0)
    dy_hat, dy = layers.BCEWithLogitsLoss.backward(torch.ones_like(loss), cache)

    theirs = torch.nn.BCEWithLogitsLoss(pos_weight=torch.tensor(3.0))
    value, gradient = torch_loss_and_gradient(theirs, y_hat, y)
    assert_close(loss, value)
    assert_close(dy_hat, gradient)
    assert torch.isfinite(dy).all()


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("soft", [False, True])
def test_smoothed_and_soft_cross_entropy_take_logits_of_ten_thousand(
    smoothing: float, soft: bool
) -> None:
    y_hat = torch.tensor([[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4], [1e4, 1e4, 1e4]])
    y = torch.eye(3)[[1, 2, 0]] if soft else torch.tensor([1, 2, 0])

    loss, cache = layers.CrossEntropyLoss.forward(y_hat, y, label_smoothing=smoothing)
    found = layers.CrossEntropyLoss.backward(torch.ones_like(loss), cache)

    theirs = torch.nn.CrossEntropyLoss(label_smoothing=smoothing)
    value, gradient = torch_loss_and_gradient(theirs, y_hat, y)
    assert_close(loss, value)
    assert_close(found[0] if soft else found, gradient)


def test_a_divergence_is_finite_where_a_probability_is_0() -> None:
    y_hat = torch.tensor([[0.5, 0.5, 1e-30]]).log()
    y = torch.tensor([[0.0, 1.0, 0.0]])

    loss, cache = layers.KLDivLoss.forward(y_hat, y, reduction="batchmean")
    dy_hat, dy = layers.KLDivLoss.backward(torch.ones_like(loss), cache)

    assert float(loss) == pytest.approx(0.6931472)
    assert dy_hat.tolist() == [[0, -1, 0]]
    assert torch.isfinite(dy).all()


def test_a_count_of_0_gives_no_nan() -> None:
    y_hat, y = torch.tensor([0.0, -200.0, 3.0]), torch.tensor([0.0, 0.0, 1.0])

    loss, cache = layers.PoissonNLLLoss.forward(y_hat, y, full=True)
    dy_hat, dy = layers.PoissonNLLLoss.backward(torch.ones_like(loss), cache)

    value, gradient = torch_loss_and_gradient(torch.nn.PoissonNLLLoss(full=True), y_hat, y)
    assert_close(loss, value)
    assert_close(dy_hat, gradient)
    assert torch.isfinite(dy).all()


def test_a_variance_of_0_is_held_and_can_grow_again() -> None:
    y_hat, y = torch.tensor([1.0, 2.0]), torch.tensor([0.0, 2.0])
    leaf = torch.zeros(2).requires_grad_()
    theirs = torch.nn.functional.gaussian_nll_loss(y_hat, y, leaf)
    theirs.backward()

    loss, cache = layers.GaussianNLLLoss.forward(y_hat, y, torch.zeros(2))
    *_, dvar = layers.GaussianNLLLoss.backward(torch.ones_like(loss), cache)

    assert_close(loss, theirs.detach())
    assert_close(dvar, leaf.grad)
    assert dvar[0] < 0


@pytest.mark.parametrize("loss", ["L1Loss", "SmoothL1Loss", "HuberLoss"])
def test_an_exact_prediction_is_pushed_nowhere(loss: str) -> None:
    layer = layers.find(loss)
    settings = {"beta": 0.0} if loss == "SmoothL1Loss" else {}

    value, cache = layer.forward(torch.ones(3), torch.ones(3), **settings)
    gradients = layer.backward(torch.ones_like(value), cache)

    assert float(value) == 0
    assert all(not gradient.any() for gradient in gradients)


def test_embeddings_of_no_length_have_a_finite_gradient() -> None:
    zeros, y = torch.zeros(2, 3), torch.tensor([1, -1])

    loss, cache = layers.CosineEmbeddingLoss.forward(zeros, zeros, y)
    assert all(g.isfinite().all() for g in layers.CosineEmbeddingLoss.backward(loss, cache))

    for p in (1.0, 2.0, 3.0):
        loss, cache = layers.TripletMarginLoss.forward(zeros, zeros, zeros, p=p, eps=0.0)
        gradients = layers.TripletMarginLoss.backward(torch.ones_like(loss), cache)
        assert float(loss) == 1
        assert all(not gradient.any() for gradient in gradients)


def test_ctc_takes_certain_predictions_and_targets_that_cannot_be_spelled() -> None:
    certain = torch.full((4, 2, 3), -1e4)
    certain[[0, 1, 2, 3], :, [1, 0, 2, 0]] = 0
    y = torch.tensor([[1, 2, 0, 0], [1, 1, 1, 1]])

    loss, _ = layers.CTCLoss.forward(certain, y, reduction="sum")
    held, cache = layers.CTCLoss.forward(certain, y, reduction="sum", zero_infinity=True)
    dy_hat = layers.CTCLoss.backward(torch.ones_like(held), cache)

    assert float(loss) == float("inf")
    assert float(held) == 0
    assert not dy_hat.any()


@pytest.mark.parametrize("need_weights", [False, True])
def test_attention_takes_scores_of_ten_thousand(need_weights: bool) -> None:
    x = torch.tensor([[[100.0, 0.0], [0.0, 100.0], [-100.0, 0.0]]])
    w_in, w_out = torch.eye(2).repeat(3, 1), torch.eye(2)

    out, *_, cache = layers.MultiheadAttention.forward(
        x, None, None, None, w_in, None, w_out, num_heads=1, need_weights=need_weights
    )
    rest = (None, cache) if need_weights else (cache,)
    dx, *_ = layers.MultiheadAttention.backward(torch.ones_like(out), *rest)

    assert_close(out, x)
    assert_close(dx, torch.ones_like(x))


def test_relu_passes_nothing_back_at_exactly_zero() -> None:
    x = torch.tensor([-1.0, 0.0, -0.0, 2.0])

    _, cache = layers.ReLU.forward(x)

    assert layers.ReLU.backward(torch.ones(4), cache).tolist() == [0, 0, 0, 1]


def test_a_nan_is_not_hidden_by_relu() -> None:
    out, _ = layers.ReLU.forward(torch.tensor([float("nan")]))

    assert out.isnan().all()


def test_what_is_kept_from_a_run_in_inference_mode_serves_autograd_later() -> None:
    y_hat, y = torch.randn(5, 3), torch.rand(5, 3)
    x, scores, labels = torch.randn(2, 7, 6), torch.randn(5, 3), torch.tensor([0, 1, 2, 0, 1])
    runs = (
        lambda t: layers.BCEWithLogitsLoss.forward(t, y, pos_weight=(0.25, 2.125, 3.0)),
        lambda t: layers.CrossEntropyLoss.forward(t, labels, weight=(0.375, 2.125, 3.0)),
        lambda t: layers.NLLLoss.forward(t, labels, weight=(0.625, 2.125, 3.0)),
        lambda t: layers.PositionalEncoding.forward(t),
    )

    for run, given in zip(runs, (y_hat, scores, scores, x), strict=True):
        with torch.inference_mode():
            run(given)
        leaf = given.clone().requires_grad_()
        out, _ = run(leaf * leaf)
        out.sum().backward()
        assert leaf.grad is not None and leaf.grad.isfinite().all()


def test_one_weight_in_a_tuple_is_a_plain_number() -> None:
    y_hat, y = torch.tensor(0.5), torch.tensor(1.0)

    loss, cache = layers.BCEWithLogitsLoss.forward(y_hat, y, pos_weight=(2.0,))
    found = layers.BCEWithLogitsLoss.backward(torch.ones_like(loss), cache)
    expected, cache = layers.BCEWithLogitsLoss.forward(y_hat, y, pos_weight=2.0)

    assert_close(loss, expected)
    assert_close(found, layers.BCEWithLogitsLoss.backward(torch.ones_like(loss), cache))
    assert all(gradient.shape == () for gradient in found)
