"""Layers that drop numbers at random while they train, and do nothing in evaluation."""

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.activations.rectifiers import SELU_ALPHA, SELU_SCALE
from explorer.layers.base import Elementwise, Mismatch, Spec
from explorer.layers.randomness import draw_kept, keep
from explorer.layers.written import Lines


class Dropping(Elementwise):
    """What layers share that drop numbers: how many, and that gradients take the same way back."""

    cache: ClassVar[tuple[str, ...]] = ("which are kept", "their scale")

    p: float = Field(
        0.5, ge=0, lt=1, description="The probability that a number is dropped: 0 keeps all"
    )

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        kept, scale = cache
        return dout if kept is None else keep(dout, kept, scale)

    @classmethod
    def single(
        cls, name: str, index: tuple[int, ...], tensors: Mapping[str, Any]
    ) -> tuple[str, dict[str, float]] | None:
        given = "x" if name == "out" else "dout"
        kept, own = tensors.get("which are kept"), float(tensors[given][index])
        if kept is None:
            return None
        if bool(kept.expand_as(tensors[given])[index]):
            return f"{given} / (1 − p)", {given: own, "p": tensors["p"]}
        return f"0 · {given}", {given: own}


def _drop(
    x: Tensor, shape: tuple[int, ...], p: float, training: bool, seed: int
) -> tuple[Tensor, tuple]:
    """Drop by a mask of `shape`, which broadcasts to x; what is kept makes up for the rest."""
    if not training or p == 0:
        return x, (None, 1.0)
    kept, scale = draw_kept(shape, p, seed, x.device), 1 / (1 - p)
    return keep(x, kept, scale), (kept, scale)


class Dropout(Dropping):
    """In training makes random numbers 0 and the others larger, so that no unit is relied upon.

    Shapes: x any, out as x; in evaluation out is x. Equal seeds drop the same numbers.
    Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from
    overfitting"; scaled in training, as in torch.nn.Dropout.
    """

    family: ClassVar[str] = "Regularization"
    synonyms: ClassVar[tuple[str, ...]] = ("drop", "regularization", "overfitting", "noise")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x / (1 − p) where kept, else 0;  in evaluation out = x",
        "dx": "dx = dout / (1 − p) where kept, else 0",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "it was dropped in this batch"}
    in_torch: ClassVar[Lines] = {"out": "F.dropout(x, p=p, training=training)"}
    by_hand: ClassVar[Lines] = {
        "kept": "(torch.rand_like(x) >= p) / (1 - p) if training else 1",
        "out": "x * kept",
        "dx": "dout * kept",
    }

    @staticmethod
    def forward(
        x: Tensor, p: float = 0.5, training: bool = True, seed: int = 0
    ) -> tuple[Tensor, tuple]:
        return _drop(x, x.shape, p, training, seed)


class Dropout2d(Dropping):
    """In training makes random channels 0 all over, since neighbouring pixels tell the same.

    Shapes: x (N, C, H, W) or (N, C, *), out as x; in evaluation out is x.
    Source: Tompson et al. 2015, "Efficient object localization using convolutional networks";
    torch.nn.Dropout2d.
    """

    family: ClassVar[str] = "Regularization"
    synonyms: ClassVar[tuple[str, ...]] = ("spatial dropout", "channel dropout", "feature dropout")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x / (1 − p) in channels that are kept, else 0;  in evaluation out = x",
        "dx": "dx = dout / (1 − p) in channels that are kept, else 0",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "its channel was dropped in this batch"}
    by_hand: ClassVar[Lines] = {
        "channels": "x.flatten(2)[..., 0].reshape(*x.shape[:2], *(1,) * (rank(x) - 2))",
        "kept": "(torch.rand_like(channels) >= p) / (1 - p) if training else 1",
        "out": "x * kept",
        "dx": "dout * kept",
    }

    @staticmethod
    def forward(
        x: Tensor, p: float = 0.5, training: bool = True, seed: int = 0
    ) -> tuple[Tensor, tuple]:
        channels = (*x.shape[:2], *[1] * (x.dim() - 2))
        return _drop(x, channels, p, training, seed)

    def check(self, x: Spec) -> None:
        super().check(x)
        if len(x.shape) < 3:
            raise Mismatch("x", "(N, C, H, W), channels of pixels", "use Dropout for plain rows")

    def torch_lines(self, x: Spec) -> Lines:
        return {"out": f"F.dropout{min(len(x.shape) - 2, 3)}d(x, p=p, training=training)"}


class AlphaDropout(Dropping):
    """A dropout for nets of SELU: mean and variance stay as they were.

    Shapes: x any, out as x; in evaluation out is x. What is dropped becomes SELU's lowest value.
    Source: Klambauer et al. 2017, "Self-normalizing neural networks"; torch.nn.AlphaDropout.
    """

    family: ClassVar[str] = "Regularization"
    synonyms: ClassVar[tuple[str, ...]] = ("self-normalizing", "selu dropout")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = a · (x where kept, else α′) + b;  in evaluation out = x;  "
        "α′ = −λα of SELU, a = ((1 − p)(1 + p α′²))^(−1/2), b = −a p α′",
        "dx": "dx = a · dout where kept, else 0",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "it was dropped in this batch"}
    in_torch: ClassVar[Lines] = {"out": "F.alpha_dropout(x, p=p, training=training)"}

    @staticmethod
    def forward(
        x: Tensor, p: float = 0.5, training: bool = True, seed: int = 0
    ) -> tuple[Tensor, tuple]:
        if not training or p == 0:
            return x, (None, 1.0)
        kept, lowest = draw_kept(x.shape, p, seed, x.device), -SELU_SCALE * SELU_ALPHA
        scale = ((1 - p) * (1 + p * lowest**2)) ** -0.5
        out = torch.where(kept, x, lowest).mul_(scale).sub_(scale * p * lowest)
        return out, (kept, scale)
