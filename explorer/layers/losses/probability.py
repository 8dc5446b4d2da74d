"""Losses that score a predicted distribution: over outcomes, counts or real numbers."""

import math
from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.base import Mismatch, Shape, Spec, require_float, shape_text, sum_to
from explorer.layers.losses.regression import (
    ElementwiseLoss,
    Gradients,
    Loss,
    Reduce,
    reduced,
    require_elementwise,
    share,
)
from explorer.layers.written import Lines, Unwritable


class KLDivLoss(ElementwiseLoss):
    """How far predicted log-probabilities are from target probabilities, in nats.

    Shapes: y_hat (N, *) log-probabilities, y as y_hat, loss ().
    Source: Kullback and Leibler 1951; torch.nn.KLDivLoss. Use reduction batchmean for the
    divergence itself. Where y is 0 its logarithm is held at −100 in dy.
    """

    family: ClassVar[str] = "Loss"
    cache: ClassVar[tuple[str, ...]] = ("y_hat", "y", "reduction", "log_target")
    synonyms: ClassVar[tuple[str, ...]] = ("kullback leibler", "relative entropy", "distillation")
    equations: ClassVar[dict[str, str]] = {
        "loss": "loss = Σ y (ln y − ŷ) / n",
        "dy_hat": "dŷ = −y / n · dloss",
        "dy": "dy = (ln y − ŷ + 1) / n · dloss; of ln y: y (ln y − ŷ + 1) / n · dloss",
    }
    zeros: ClassVar[dict[str, str]] = {"y_hat": "its share in the target is 0"}
    in_torch: ClassVar[Lines] = {
        "loss": "F.kl_div(y_hat, y, reduction=reduction, log_target=log_target)"
    }
    by_hand: ClassVar[Lines] = {
        "p": "torch.exp(y) if log_target else y",
        "log_y": "y if log_target else torch.log(y).clamp(min=-100)",
        "count": "y_hat.numel() if reduction == 'mean' else len(y_hat) "
        "if reduction == 'batchmean' else 1",
        "loss": "(p * (log_y - y_hat)).sum() / count",
        "dy_hat": "dloss * -p / count",
        "dy": "dloss * p * (log_y - y_hat + 1) / count if log_target "
        "else dloss * (log_y - y_hat + 1) / count",
    }

    reduction: Literal["mean", "batchmean", "sum"] = Field(  # type: ignore[assignment]
        "mean", description="Average over all elements, add up and average over rows, or add up"
    )
    log_target: bool = Field(False, description="y are log-probabilities too")

    @staticmethod
    def forward(
        y_hat: Tensor, y: Tensor, reduction: str = "mean", log_target: bool = False
    ) -> tuple[Tensor, tuple]:
        terms = torch.exp(y) * (y - y_hat) if log_target else torch.xlogy(y, y) - y * y_hat
        loss = terms.sum() / len(terms) if reduction == "batchmean" else reduced(terms, reduction)
        return loss, (y_hat, y, reduction, log_target)

    @staticmethod
    def backward(dloss: Tensor, cache: tuple, needs: tuple[str, ...] = ("y_hat", "y")) -> Gradients:
        y_hat, y, reduction, log_target = cache
        if reduction == "batchmean":
            dloss = dloss / len(y_hat)
        else:
            dloss = share(dloss, y_hat.numel(), reduction)
        p = torch.exp(y) if log_target else y
        dy_hat = p * -dloss if "y_hat" in needs else None
        dy = None
        if "y" in needs:
            dy = ((y if log_target else torch.log(y).clamp_min(-100)) - y_hat + 1) * dloss
            dy = dy * p if log_target else dy
        return dy_hat, dy

    def check(self, y_hat: Spec, y: Spec) -> None:
        super().check(y_hat, y)
        if self.reduction == "batchmean" and not y_hat.shape:
            hint = "choose reduction mean or sum"
            raise Mismatch("y_hat", "a batch axis to average over", hint)


class PoissonNLLLoss(ElementwiseLoss):
    """Negative log-likelihood of counts under a Poisson distribution.

    Shapes: y_hat (N, *) the rate or its logarithm, y as y_hat, counts as floats, loss ().
    Source: torch.nn.PoissonNLLLoss; full adds Stirling's ln y! where y > 1.
    """

    family: ClassVar[str] = "Loss"
    cache: ClassVar[tuple[str, ...]] = ("y_hat", "y", "reduction", "log_input", "full", "eps")
    synonyms: ClassVar[tuple[str, ...]] = ("counts", "rate", "poisson regression")
    equations: ClassVar[dict[str, str]] = {
        "loss": "loss = Σ (exp ŷ − y ŷ) / n; of a rate: Σ (ŷ − y ln(ŷ + ε)) / n",
        "dy_hat": "dŷ = (exp ŷ − y) / n · dloss; of a rate: (1 − y / (ŷ + ε)) / n · dloss",
        "dy": "dy = −ŷ / n · dloss; of a rate: −ln(ŷ + ε) / n · dloss",
    }
    in_torch: ClassVar[Lines] = {
        "loss": "F.poisson_nll_loss(y_hat, y, log_input=log_input, full=full, eps=eps, "
        "reduction=reduction)"
    }

    log_input: bool = Field(True, description="y_hat is the logarithm of the rate, not the rate")
    full: bool = Field(False, description="Add Stirling's approximation of ln y!")
    eps: float = Field(
        1e-8,
        gt=0,
        le=1,
        description="Added to a rate before its logarithm",
    )

    @staticmethod
    def forward(
        y_hat: Tensor,
        y: Tensor,
        reduction: Reduce = "mean",
        log_input: bool = True,
        full: bool = False,
        eps: float = 1e-8,
    ) -> tuple[Tensor, tuple]:
        rate, log_rate = y_hat, y_hat
        if log_input:
            rate = torch.exp(y_hat)
        else:
            log_rate = torch.log(y_hat + eps)
        terms = rate - y * log_rate
        if full:
            # Below 1 the logarithm is that of 1, so that a count of 0 gives no NaN.
            count = y.clamp_min(1)
            stirling = y * torch.log(count) - y + 0.5 * torch.log(2 * math.pi * count)
            terms = terms + torch.where(y > 1, stirling, 0)
        return reduced(terms, reduction), (y_hat, y, reduction, log_input, full, eps)

    @staticmethod
    def backward(dloss: Tensor, cache: tuple, needs: tuple[str, ...] = ("y_hat", "y")) -> Gradients:
        y_hat, y, reduction, log_input, full, eps = cache
        dloss = share(dloss, y_hat.numel(), reduction)
        dy_hat = dy = None
        if "y_hat" in needs:
            dy_hat = dloss * (torch.exp(y_hat) - y if log_input else 1 - y / (y_hat + eps))
        if "y" in needs:
            slope = -y_hat if log_input else -torch.log(y_hat + eps)
            if full:
                slope = slope + torch.where(y > 1, torch.log(y) + 0.5 / y, 0)
            dy = dloss * slope
        return dy_hat, dy

    def hand_lines(self, y_hat: Spec, y: Spec) -> Lines:
        if self.full:
            raise Unwritable(
                "adds Stirling's formula", "set full to off, which changes no gradient"
            )
        return {
            "loss": "reduced(torch.exp(y_hat) - y * y_hat if log_input "
            "else y_hat - y * torch.log(y_hat + eps))",
            "dy_hat": "share(dloss * (torch.exp(y_hat) - y if log_input "
            "else 1 - y / (y_hat + eps)))",
            "dy": "share(dloss * (-y_hat if log_input else -torch.log(y_hat + eps)))",
        }


class GaussianNLLLoss(Loss):
    """Negative log-likelihood of numbers under a normal distribution: it learns how unsure it is.

    Shapes: y_hat (N, *) the mean, y as y_hat, var as y_hat, with axes of length 1, or (), loss ().
    Source: Nix and Weigend 1994; torch.nn.GaussianNLLLoss. A var below eps counts as eps, and
    gets the gradient that eps would get.
    """

    family: ClassVar[str] = "Loss"
    inputs: ClassVar[tuple[str, ...]] = ("y_hat", "y", "var")
    differentiable: ClassVar[tuple[str, ...]] = ("y_hat", "y", "var")
    cache: ClassVar[tuple[str, ...]] = ("y_hat", "y", "var, at least eps", "reduction")
    synonyms: ClassVar[tuple[str, ...]] = ("normal", "variance", "uncertainty", "heteroscedastic")
    equations: ClassVar[dict[str, str]] = {
        "loss": "loss = Σ (ln var + (ŷ − y)² / var) / 2n",
        "dy_hat": "dŷ = (ŷ − y) / var / n · dloss",
        "dy": "dy = −dŷ",
        "dvar": "dvar = (1 / var − (ŷ − y)² / var²) / 2n · dloss",
    }
    in_torch: ClassVar[Lines] = {
        "loss": "F.gaussian_nll_loss(y_hat, y, var.expand_as(y_hat) if rank(var) == 0 else var, "
        "full=full, eps=eps, reduction=reduction)"
    }
    by_hand: ClassVar[Lines] = {
        "held": "var.clamp(min=eps)",
        "constant": "math.log(2 * math.pi) / 2 if full else 0",
        "loss": "reduced((torch.log(held) + (y_hat - y) ** 2 / held) / 2 + constant) if full "
        "else reduced((torch.log(held) + (y_hat - y) ** 2 / held) / 2)",
        "dy_hat": "share(dloss * (y_hat - y) / held)",
        "dy": "share(dloss * (y - y_hat) / held)",
        "dvar": "share(dloss * (1 / held - ((y_hat - y) / held) ** 2) / 2).sum_to_size(var.shape)",
    }
    in_nn: ClassVar[Lines] = {
        "loss": "module(y_hat, y, var.expand_as(y_hat) if rank(var) == 0 else var)"
    }

    full: bool = Field(False, description="Add the constant ln(2π) / 2 for each element")
    eps: float = Field(1e-6, gt=0, le=1, description="The least variance")

    @staticmethod
    def forward(
        y_hat: Tensor,
        y: Tensor,
        var: Tensor,
        reduction: Reduce = "mean",
        full: bool = False,
        eps: float = 1e-6,
    ) -> tuple[Tensor, tuple]:
        # Other devices would have to be waited for; there too the variance is at least eps.
        if var.device.type == "cpu" and bool((var < 0).any()):
            raise RuntimeError("var has negative entries: let its path end in Softplus or Exp")
        held = var.clone()
        with torch.no_grad():
            held.clamp_(min=eps)
        difference = y_hat - y
        terms = 0.5 * (torch.log(held) + difference * difference / held)
        if full:
            terms = terms + 0.5 * math.log(2 * math.pi)
        return reduced(terms, reduction), (y_hat, y, held, reduction)

    @staticmethod
    def backward(
        dloss: Tensor, cache: tuple, needs: tuple[str, ...] = ("y_hat", "y", "var")
    ) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        y_hat, y, var, reduction = cache
        dloss = share(dloss, y_hat.numel(), reduction)
        scaled = (y_hat - y) / var
        dy_hat = scaled * dloss if "y_hat" in needs else None
        dy = scaled * -dloss if "y" in needs else None
        dvar = None
        if "var" in needs:
            dvar = sum_to((1 / var - scaled * scaled) * (0.5 * dloss), var.shape)
        return dy_hat, dy, dvar

    def check(self, y_hat: Spec, y: Spec, var: Spec) -> None:
        require_elementwise(y_hat, y)
        require_float("var", var)
        if var.shape and not _repeats_to(var.shape, y_hat.shape):
            raise Mismatch(
                "var",
                f"the shape of y_hat, {shape_text(y_hat.shape)}, or 1 where a variance is shared",
                "make the paths to y_hat and var end in the same number of features",
            )


def _repeats_to(shape: Shape, whole: Shape) -> bool:
    """Whether a shape is another, but for axes of length 1."""
    return len(shape) == len(whole) and all(m in (n, 1) for m, n in zip(shape, whole, strict=True))
