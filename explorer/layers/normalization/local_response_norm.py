"""LocalResponseNorm: neighbouring channels hold each other down."""

from typing import ClassVar

from pydantic import Field
from torch import Tensor
from torch.nn.functional import pad

from explorer.layers.accumulation import accumulator
from explorer.layers.base import Layer, Spec
from explorer.layers.normalization.norms import require_channels
from explorer.layers.written import Lines


def _mean_over_neighbours(x: Tensor, before: int, after: int) -> Tensor:
    """For each channel the mean over it, those before and those after; beyond the ends are 0s."""
    padded = pad(x.flatten(2), (0, 0, before, after))
    return padded.unfold(1, before + 1 + after, 1).mean(-1).view(x.shape)


class LocalResponseNorm(Layer):
    """Divides each channel by the size of its neighbours: the strong ones hold the weak down.

    Shapes: x (N, C, *) with at least one more axis, out as x.
    Source: Krizhevsky et al. 2012, "ImageNet classification with deep convolutional neural
    networks"; torch.nn.LocalResponseNorm.
    """

    family: ClassVar[str] = "Normalization"
    stem: ClassVar[str] = "lrn"
    cache: ClassVar[tuple[str, ...]] = ("x", "s", "size", "alpha", "beta")
    synonyms: ClassVar[tuple[str, ...]] = ("lrn", "alexnet", "lateral inhibition", "norm")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x / s^β, s = k + α · mean of x² over size neighbouring channels",
        "dx": "dx = dout / s^β − 2 α β x · mean over the neighbours of dout · x / s^(β+1)",
    }
    in_torch: ClassVar[Lines] = {
        "out": "F.local_response_norm(x, size, alpha=alpha, beta=beta, k=k)"
    }

    size: int = Field(5, ge=1, le=65536, description="How many neighbouring channels to look at")
    alpha: float = Field(1e-4, ge=0, le=1e6, description="How much the neighbours count")
    beta: float = Field(0.75, ge=0, le=100, description="The exponent of the divisor")
    k: float = Field(1.0, gt=0, le=1e6, description="What the divisor is without neighbours")

    @staticmethod
    def forward(
        x: Tensor, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
    ) -> tuple[Tensor, tuple]:
        wide = x.to(accumulator(x))
        mean = _mean_over_neighbours(wide * wide, size // 2, (size - 1) // 2)
        s = mean.mul_(alpha).add_(k)
        return (wide * s.pow(-beta)).to(x.dtype), (x, s, size, alpha, beta)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        x, s, size, alpha, beta = cache
        direct = dout * s.pow(-beta)
        # A channel is a neighbour of those whose neighbour it is: before and after change places.
        through = _mean_over_neighbours(direct * x / s, (size - 1) // 2, size // 2)
        return direct.addcmul_(through, x, value=-2 * alpha * beta).to(x.dtype)

    def check(self, x: Spec) -> None:
        hint = "wire images or sequences of channels to it: an axis is missing"
        require_channels(x, "(N, C, …) with at least three axes", range(3, 65), hint)
