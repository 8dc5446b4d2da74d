"""Activations in which the numbers along an axis share one whole."""

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.axes import Axis, require_axis
from explorer.layers.base import Elementwise, Spec
from explorer.layers.written import Lines


class AlongAxis(Elementwise):
    """What activations share that work along one axis: by default the last."""

    dim: Axis = Field(-1, description="The axis to work along: −1 is the last, 0 the batch")

    def check(self, x: Spec) -> None:
        super().check(x)
        require_axis("x", x.shape, self.dim)


def _line(index: tuple[int, ...], dim: int) -> tuple[int | slice, ...]:
    """All that shares one whole with the number at an index."""
    dim %= len(index)
    return (*index[:dim], slice(None), *index[dim + 1 :])


class Softmax(AlongAxis):
    """Turns the scores along an axis into shares that are positive and add up to 1.

    Shapes: x any with the axis dim, out as x. The largest score is subtracted first, so that no
    exponential overflows. Before a CrossEntropyLoss it is not wanted: that has its own.
    Source: Bridle 1990; torch.nn.Softmax, which leaves dim to be chosen: here it is the last.
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("out", "dim")
    synonyms: ClassVar[tuple[str, ...]] = ("probabilities", "normalized exponential")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = eˣ / Σ eˣ, summed along dim",
        "dx": "dx = out · (dout − Σ dout · out)",
    }
    zeros: ClassVar[dict[str, str]] = {
        "x": "its share is 0 or 1 to the last digit, and so moves no more",
    }
    in_torch: ClassVar[Lines] = {"out": "F.softmax(x, dim)"}
    by_hand: ClassVar[Lines] = {
        "scores": "torch.exp(x - x.amax(dim, keepdim=True))",
        "out": "scores / scores.sum(dim, keepdim=True)",
        "dx": "out * (dout - (dout * out).sum(dim, keepdim=True))",
    }

    @classmethod
    def single(
        cls, name: str, index: tuple[int, ...], tensors: Mapping[str, Any]
    ) -> tuple[str, dict[str, float]] | None:
        if "dim" not in tensors:
            return None
        line, out = _line(index, tensors["dim"]), tensors["out"]
        if name == "out":
            x = tensors["x"]
            whole = float(x[line].double().exp().sum())
            return "exp(x) / whole", {"x": float(x[index]), "whole": whole}
        dout = tensors["dout"]
        mean = float((dout[line] * out[line]).sum())
        return "out · (dout − mean)", {
            "out": float(out[index]),
            "dout": float(dout[index]),
            "mean": mean,
        }

    @staticmethod
    def forward(x: Tensor, dim: int = -1) -> tuple[Tensor, tuple]:
        out = torch.softmax(x, dim)
        return out, (out, dim)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        out, dim = cache
        return torch._softmax_backward_data(dout, out, dim, out.dtype)


class LogSoftmax(AlongAxis):
    """The logarithms of softmax's shares, which stay finite where a share rounds to 0.

    Shapes: x any with the axis dim, out as x.
    Source: torch.nn.LogSoftmax, which leaves dim to be chosen: here it is the last axis.
    """

    family: ClassVar[str] = "Activation"
    cache: ClassVar[tuple[str, ...]] = ("out", "dim")
    synonyms: ClassVar[tuple[str, ...]] = ("log softmax", "log probabilities")
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x − ln Σ eˣ, summed along dim",
        "dx": "dx = dout − exp(out) · Σ dout",
    }
    zeros: ClassVar[dict[str, str]] = {
        "x": "its share is 1 to the last digit, and so moves no more",
    }
    in_torch: ClassVar[Lines] = {"out": "F.log_softmax(x, dim)"}
    by_hand: ClassVar[Lines] = {
        "out": "x - x.logsumexp(dim, keepdim=True)",
        "dx": "dout - torch.exp(out) * dout.sum(dim, keepdim=True)",
    }

    @classmethod
    def single(
        cls, name: str, index: tuple[int, ...], tensors: Mapping[str, Any]
    ) -> tuple[str, dict[str, float]] | None:
        if "dim" not in tensors:
            return None
        line = _line(index, tensors["dim"])
        if name == "out":
            x = tensors["x"]
            whole = float(x[line].double().exp().sum())
            return "x − ln(whole)", {"x": float(x[index]), "whole": whole}
        dout = tensors["dout"]
        return "dout − exp(out) · sum", {
            "out": float(tensors["out"][index]),
            "dout": float(dout[index]),
            "sum": float(dout[line].sum()),
        }

    @staticmethod
    def forward(x: Tensor, dim: int = -1) -> tuple[Tensor, tuple]:
        out = torch.log_softmax(x, dim)
        return out, (out, dim)

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        out, dim = cache
        return torch._log_softmax_backward_data(dout, out, dim, out.dtype)
