"""What the norms share: a learned scale gamma and shift beta, and the checks of channels."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.accumulation import HALF
from explorer.layers.base import Learning, Mismatch, ParameterSpec, Spec, require_float
from explorer.layers.initialisation import VectorInit, constant, initial, starts


def exact(
    x: Tensor, shape: tuple[int, ...], gamma: Tensor | None, *others: Tensor | None
) -> tuple[Tensor | None, ...]:
    """gamma, and what comes with it, as ATen's norms must get them.

    Those keep means and variances in the type of gamma: for half precision that is float32, even
    where there is no gamma.
    """
    if x.dtype not in HALF:
        return gamma, *others
    wide = torch.ones(shape, device=x.device) if gamma is None else gamma.float()
    return wide, *(None if other is None else other.float() for other in others)


def mask(needs: Collection[str], gamma: Tensor | None, beta: Tensor | None) -> tuple[bool, ...]:
    """Which of dx, dgamma and dbeta to compute, as ATen asks for it."""
    return (
        "x" in needs,
        gamma is not None and "gamma" in needs,
        beta is not None and "beta" in needs,
    )


def chosen(
    wanted: tuple[bool, ...], found: tuple[Tensor | None, ...], likes: tuple[Tensor | None, ...]
) -> tuple[Tensor | None, ...]:
    """The gradients that are wanted, each in the type of what it belongs to."""
    return tuple(
        gradient.to(like.dtype) if is_wanted and gradient is not None and like is not None else None
        for is_wanted, gradient, like in zip(wanted, found, likes, strict=True)
    )


def by_hand(axes: str, shape: str, shared: str) -> dict[str, str]:
    """What every norm does with x̂: scales it by gamma, shifts it by beta, and all the way back.

    `axes` are those of one mean, `shape` what gamma and beta are viewed in, "" for as they are,
    and `shared` the axes along which they are repeated.
    """
    gamma, beta = (f"{name}.view({shape})" if shape else name for name in ("gamma", "beta"))
    return {
        "out": f"x_hat if gamma is None else {gamma} * x_hat if beta is None "
        f"else {gamma} * x_hat + {beta}",
        "dx_hat": f"dout if gamma is None else dout * {gamma}",
        "lean": f"(dx_hat * x_hat).mean({axes}, keepdim=True)",
        "dx": f"(dx_hat - dx_hat.mean({axes}, keepdim=True) - x_hat * lean) / std",
        "dgamma": f"(dout * x_hat).sum({shared})",
        "dbeta": f"dout.sum({shared})",
    }


class Scaled(Learning):
    """A norm that multiplies by a learned gamma."""

    gamma_init: VectorInit = starts("gamma")

    def scale(self, shape: tuple[int, ...]) -> dict[str, ParameterSpec]:
        """gamma, 1 at first as in torch.nn."""
        return {"gamma": ParameterSpec(shape, initial(self.gamma_init, shape, constant(1.0)))}


class Shifted(Scaled):
    """A norm that multiplies by a learned gamma and adds a learned beta."""

    weights: ClassVar[tuple[str, ...]] = ("gamma", "beta")
    differentiable: ClassVar[tuple[str, ...]] = ("x", "gamma", "beta")

    beta_init: VectorInit = starts("beta")

    def shift(self, shape: tuple[int, ...]) -> dict[str, ParameterSpec]:
        """beta, 0 at first as in torch.nn."""
        return {"beta": ParameterSpec(shape, initial(self.beta_init, shape, constant(0.0)))}


def of_one(
    name: str,
    index: tuple[int, ...],
    tensors: Mapping[str, Any],
    group: tuple[int | slice, ...],
    spread: Tensor,
    along: tuple[int, ...],
) -> tuple[str, dict[str, float]]:
    """`Layer.single` of a norm, for "out" and "dx".

    `group` indexes what is normalized together with the number at `index`, `spread` is the one
    number 1 / √(variance + eps) of the group, and `along` the shape in which gamma and beta meet
    x. Where one gamma is that of the whole group it stands before the difference of dx.
    """
    x = tensors["x"]
    gamma, beta = (
        None if (t := tensors.get(each)) is None else t.reshape(along).expand_as(x)
        for each in ("gamma", "beta")
    )
    mean, width = float(x[group].mean()), 1 / float(spread)
    own = float(x[index])
    scale, shift = "" if gamma is None else "γ · ", "" if beta is None else " + β"
    values = {"s": width}
    values |= {} if gamma is None else {"γ": float(gamma[index])}
    values |= {} if beta is None else {"β": float(beta[index])}
    if name == "out":
        return f"{scale}(x − μ) / s{shift}", {"x": own, "μ": mean, **values}
    g, x_hat = tensors["dout"][group], (x[group] - mean) / width
    arriving = float(tensors["dout"][index])
    if gamma is not None and bool((gamma[group] != gamma[index]).any()):
        g, arriving, scale = g * gamma[group], arriving * float(gamma[index]), ""
    return f"{scale}(g − m − h · l) / s", {
        "g": arriving,
        "m": float(g.mean()),
        "h": (own - mean) / width,
        "l": float((g * x_hat).mean()),
        **values,
    }


class ChannelNorm(Shifted):
    """A norm with one gamma and one beta for each channel of x (N, C, …)."""

    nn_weights: ClassVar[Mapping[str, str]] = {"gamma": "weight", "beta": "bias"}

    eps: float = Field(
        1e-5, gt=0, le=1, description="Added to the variance, so that nothing is divided by 0"
    )
    affine: bool = Field(
        True, description="Multiply each channel by a learned gamma and add a learned beta"
    )

    def parameters(self, x: Spec) -> dict[str, ParameterSpec]:
        shape = (int(x.shape[1]),)
        return self.scale(shape) | self.shift(shape) if self.affine else {}

    def nn_settings(self, x: Spec) -> dict[str, Any]:
        return {"num_features": x.shape[1]}


def require_channels(x: Spec, form: str, ranks: Collection[int], hint: str) -> int:
    """How many channels x has. Mismatch where it has other axes than `form` says."""
    require_float("x", x)
    if len(x.shape) not in ranks:
        raise Mismatch("x", form, hint)
    channels = x.shape[1]
    if not isinstance(channels, int):
        raise Mismatch("x", f"{form} with a fixed C", "keep the batch axis first")
    return channels
