"""Where in a sequence each position is, told to layers that would not know."""

import math
from functools import lru_cache
from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from explorer.layers.base import Learning, Mismatch, ParameterSpec, Spec, require_float
from explorer.layers.initialisation import MatrixInit, initial, normal
from explorer.layers.written import Lines

_SLOWEST = 10_000.0
"""The wavelength of the slowest waves is 2π times this."""


class PositionalEncoding(Learning):
    """Adds to each position of a sequence a pattern that tells where it is: waves, or learned.

    Shapes: x (N, T, D), w (max_len, D) if learned, out (N, T, D).
    Source: Vaswani et al. 2017, "Attention is all you need"; learned as in Devlin et al. 2019,
    "BERT".
    """

    family: ClassVar[str] = "Sequence"
    weights: ClassVar[tuple[str, ...]] = ("w",)
    differentiable: ClassVar[tuple[str, ...]] = ("x", "w")
    cache: ClassVar[tuple[str, ...]] = ("shape of w",)
    stem: ClassVar[str] = "position"
    synonyms: ClassVar[tuple[str, ...]] = (
        *("transformer", "position embedding", "sinusoidal", "order"),
        "time",
    )
    equations: ClassVar[dict[str, str]] = {
        "out": "out[t, 2i] = x + sin(t / 10000^(2i/D)), out[t, 2i+1] = x + cos(same);  "
        "learned: out[t] = x[t] + w[t]",
        "dx": "dx = dout",
        "dw": "dw[t] = Σₙ dout[n, t]",
    }
    zeros: ClassVar[dict[str, str]] = {"w": "no row is as long as this position"}

    kind: Literal["sinusoidal", "learned"] = Field(
        "sinusoidal", description="Waves of many lengths, or a pattern that is learned"
    )
    max_len: int = Field(
        512,
        ge=1,
        le=1_000_000,
        description="The longest sequence that it can learn patterns for",
        json_schema_extra={"when": ["learned"]},
    )
    w_init: MatrixInit = Field(
        "default",
        title="w starts as",
        description="How w starts: default (normal(0.02), as in BERT), zeros, normal(0.1) …",
        json_schema_extra={"when": ["learned"]},
    )

    @staticmethod
    def forward(x: Tensor, w: Tensor | None = None) -> tuple[Tensor, tuple]:
        length, width = x.shape[-2:]
        if w is None:
            return x + waves(length, width, x.dtype, x.device), (None,)
        return x + w[:length], (w.shape,)

    @staticmethod
    def backward(
        dout: Tensor, cache: tuple, needs: tuple[str, ...] = ("x", "w")
    ) -> tuple[Tensor | None, Tensor | None]:
        (shape,) = cache
        dw = None
        if shape is not None and "w" in needs:
            dw = dout.new_zeros(shape)
            torch.sum(dout, 0, out=dw[: dout.shape[1]])
        return dout if "x" in needs else None, dw

    def check(self, x: Spec) -> None:
        require_float("x", x)
        if len(x.shape) != 3:
            hint = "wire sequences to it: rows, positions, features of each position"
            raise Mismatch("x", "(N, T, D)", hint)
        length, width = x.shape[1:]
        if not isinstance(length, int) or not isinstance(width, int):
            raise Mismatch("x", "(N, T, D) with a fixed T and D", "keep the batch axis first")
        if self.kind == "learned" and length > self.max_len:
            hint = f"set max_len to {length} or more, or choose kind sinusoidal"
            raise Mismatch("x", f"at most {self.max_len} positions", hint)

    def parameters(self, x: Spec) -> dict[str, ParameterSpec]:
        if self.kind == "sinusoidal":
            return {}
        shape = (self.max_len, int(x.shape[2]))
        return {"w": ParameterSpec(shape, initial(self.w_init, shape, normal(0.02)))}

    def torch_lines(self, x: Spec) -> Lines:
        length, width = x.shape[1:]
        if self.kind == "learned":
            return {"out": f"x + w[:{length}]"}
        rates = f"torch.exp(torch.arange(0, {width}, 2).double() * (-math.log(10000) / {width}))"
        return {
            "rates": rates,
            "angle": f"torch.outer(torch.arange({length}).double(), rates)",
            "waves": f"torch.stack((angle.sin(), angle.cos()), 2).flatten(1)[:, :{width}]",
            "out": "x + waves.to(x.dtype)",
        }

    def hand_lines(self, x: Spec) -> Lines:
        return {"dx": "dout", "dw": "torch.zeros_like(w)", f"dw[:{x.shape[1]}]": "dout.sum(0)"}


@lru_cache(maxsize=32)
def waves(length: int, width: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Sines in the even columns and cosines in the odd ones (length, width), computed once.

    From column to column pair the waves get longer, in equal ratios from 2π on.
    """
    with torch.inference_mode(False):
        return _waves(length, width).to(device, dtype)


def _waves(length: int, width: int) -> Tensor:
    position = torch.arange(length, dtype=torch.float64)
    slower = torch.arange(0, width, 2, dtype=torch.float64) * (-math.log(_SLOWEST) / width)
    angle = torch.outer(position, slower.exp())
    table = torch.empty(length, width, dtype=torch.float64)
    table[:, 0::2] = angle.sin()
    table[:, 1::2] = angle[:, : width // 2].cos()
    return table
