"""Layers that put numbers around others."""

from typing import ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator
from torch import Tensor
from torch.nn import functional

from explorer.layers.axes import Ints
from explorer.layers.base import Layer, Mismatch, Spec
from explorer.layers.convolution.edges import Edges, added, folded
from explorer.layers.written import Lines, Unwritable

Mode = Literal["constant", "reflect", "replicate", "circular"]


class Pad(Layer):
    """Puts numbers around others: a constant, or the numbers at the edge once more.

    Shapes: x (*, D), out (*, left + D + right), and so on for axes further in front.
    Source: torch.nn.functional.pad; a constant may also take away, with numbers below 0.
    """

    family: ClassVar[str] = "Shaping"
    cache: ClassVar[tuple[str, ...]] = ("padding", "mode")
    synonyms: ClassVar[tuple[str, ...]] = (
        *("padding", "border", "margin", "zero padding", "ZeroPad2d", "ConstantPad2d"),
        *("ReflectionPad2d", "ReplicationPad2d", "CircularPad2d", "crop", "wrap", "mirror"),
    )
    equations: ClassVar[dict[str, str]] = {
        "out": "out = x with padding[0] numbers before and padding[1] behind its last axis, …",
        "dx": "dx = dout within, and what came from an edge added there",
    }
    zeros: ClassVar[dict[str, str]] = {"x": "it was cut away"}

    padding: Ints = Field(
        (1, 1), description="How many before and behind the last axis, then the one before it …"
    )
    mode: Mode = Field(
        "constant",
        description="Pad with a value, the mirrored inside, the edge repeated, or the other end",
    )
    value: float = Field(
        0.0,
        allow_inf_nan=False,
        description="What a constant padding consists of",
        json_schema_extra={"when": ["constant"]},
    )

    @field_validator("padding")
    @classmethod
    def _in_pairs(cls, padding: tuple[int, ...]) -> tuple[int, ...]:
        if len(padding) % 2 or not padding:
            raise ValueError("must be pairs: how many before and behind each axis")
        if any(abs(amount) > 65536 for amount in padding):
            raise ValueError("must be at most 65536 each")
        return padding

    @field_validator("mode")
    @classmethod
    def _takes_nothing_away(cls, mode: Mode, info: ValidationInfo) -> Mode:
        padding = info.data.get("padding", ())
        if mode != "constant" and any(amount < 0 for amount in padding):
            raise ValueError(f"must be constant where padding takes away, {padding}")
        return mode

    @staticmethod
    def forward(
        x: Tensor, padding: tuple[int, ...] = (1, 1), mode: Mode = "constant", value: float = 0.0
    ) -> tuple[Tensor, tuple]:
        cache = (padding, mode)
        if mode == "constant":
            return functional.pad(x, padding, mode, value), cache
        # torch wants all axes behind the first two, or behind the first.
        axes = min(max(len(padding) // 2, x.dim() - 2), x.dim() - 1)
        return added(x, _edges(padding, axes), mode), cache

    @staticmethod
    def backward(dout: Tensor, cache: tuple) -> Tensor:
        padding, mode = cache
        if mode != "constant":
            # One axis more in front: `folded` keeps two as they are, and here it is one.
            return folded(dout.unsqueeze(0), _edges(padding, dout.dim() - 1), mode).squeeze(0)
        if min(padding) < 0:
            return functional.pad(dout, tuple(-amount for amount in padding))
        for axis, (before, behind) in enumerate(_edges(padding, dout.dim())):
            dout = dout.narrow(axis, before, dout.shape[axis] - before - behind)
        return dout

    def check(self, x: Spec) -> None:
        rank = len(x.shape)
        if len(self.padding) > 2 * rank:
            raise Mismatch(
                "x",
                f"an axis for each pair of padding, of which there are {len(self.padding) // 2}",
                "give fewer pairs",
            )
        padded = {axis: pair for axis, pair in enumerate(_edges(self.padding, rank)) if any(pair)}
        if self.mode != "constant":
            self._check_axes(padded, rank)
        for axis, (before, behind) in padded.items():
            self._check_length(axis, x, before, behind)

    def _check_axes(self, padded: dict[int, tuple[int, int]], rank: int) -> None:
        if not 2 <= rank <= 5:
            raise Mismatch("x", f"2 to 5 axes to pad with {self.mode}", "set mode to constant")
        if 0 in padded:
            raise Mismatch(
                "x",
                f"its first axis to stay as it is with {self.mode}",
                "rows would be mixed: pad the other axes, or set mode to constant",
            )
        if len(padded) > 3:
            raise Mismatch("x", f"at most 3 axes to pad with {self.mode}", "pad fewer axes at once")

    def _check_length(self, axis: int, x: Spec, before: int, behind: int) -> None:
        length = x.shape[axis]
        if not isinstance(length, int):
            if min(before, behind) < 0:
                raise Mismatch(
                    "x",
                    f"axis {axis} to have a fixed length",
                    "a batch may have any number of rows: take away along another axis",
                )
            return
        most = {"reflect": length - 1, "circular": length}.get(self.mode)
        if most is not None and max(before, behind) > most:
            raise Mismatch(
                "x",
                f"axis {axis} to be of length {max(before, behind) + length - most} or more",
                f"{self.mode} takes what it pads with from there: pad with at most {most}",
            )
        if length + before + behind < 1:
            raise Mismatch(
                "x",
                f"more than {-before - behind} places along axis {axis}",
                "padding takes all of them away",
            )

    def torch_lines(self, x: Spec) -> Lines:
        axes = min(max(len(self.padding) // 2, len(x.shape) - 2), len(x.shape) - 1)
        padding = self.padding
        if self.mode != "constant":
            # torch wants all axes behind the first two, or behind the first.
            padding = (*padding, *(0,) * (2 * axes))[: 2 * axes]
        return {"out": f"F.pad(x, {padding}, mode=mode, value=value)"}

    def hand_lines(self, x: Spec) -> Lines:
        if self.mode != "constant" or min(self.padding) < 0:
            raise Unwritable(f"pads with {self.mode}", "pad with a constant, and take nothing away")
        kept = (
            f"{before}:-{behind}" if behind else f"{before}:"
            for before, behind in _pairs(self.padding)
        )
        return {"dx": f"dout[..., {', '.join(reversed([*kept]))}]"}


def _edges(padding: tuple[int, ...], axes: int) -> Edges:
    """How much comes before and behind each of the last axes, front to back."""
    return tuple(reversed([*_pairs(padding), *[(0, 0)] * axes][:axes]))


def _pairs(padding: tuple[int, ...]) -> list[tuple[int, int]]:
    """How much comes before and behind each axis, from the last on."""
    return list(zip(padding[::2], padding[1::2], strict=True))
