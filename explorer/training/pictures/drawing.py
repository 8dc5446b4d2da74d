"""Which picture shows a tensor best, and that picture."""

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from explorer.layers import Shape
from explorer.training.pictures.kinds import (
    MIDDLE,
    MISSING,
    Histogram,
    Number,
    Picture,
    TileKind,
    Tiles,
)

TILES = 16
"""The most tiles that a picture has."""
BINS = 24
_ALONE, _AMONG_OTHERS = 64, 32
"""The most rows, and columns, of a tile that is the only one, and of one among others."""
_COUNTED = 20_000
"""The most numbers that a histogram counts: enough for its shape."""


def draw(value: Tensor, shape: Shape) -> Picture:
    """A number as it is, a sample's maps (N, C, H, W) or rows (N, T, D), else a histogram.

    `shape` is the program's, in which "N" says where the samples are.
    """
    if value.dim() == 0:
        return Number(float(value))
    if value.numel() and "N" in shape and value.dim() in (3, 4):
        sample = value.select(shape.index("N"), 0)
        return maps(sample) if sample.dim() == 3 else sheet(sample)
    return histogram(value)


def maps(sample: Tensor) -> Tiles:
    """The channels of one sample (C, H, W)."""
    return _tiles("maps", sample)


def sheet(sample: Tensor) -> Tiles:
    """One sample as rows and columns (T, D)."""
    return _tiles("sample", sample[None])


def planes(answers: Tensor, centre: float, least: float) -> Tiles:
    """What units answer over the plane: (rows, columns, units); the limit is at least `least`."""
    step = 1 if answers.shape[2] <= 4 else 2
    tiles = answers[::step, ::step, :TILES].permute(2, 0, 1)
    levels, limit = _levels(tiles, centre, least)
    return Tiles("plane", levels.cpu().numpy(), centre, float(limit), answers.shape[2])


def _tiles(of: TileKind, channels: Tensor) -> Tiles:
    most = _ALONE if len(channels) == 1 else _AMONG_OTHERS
    shown = channels[:TILES].to(torch.float32)
    rows, columns = (min(size, most) for size in shown.shape[1:])
    if (rows, columns) != shown.shape[1:]:
        shown = adaptive_avg_pool2d(shown, (rows, columns))
    levels, limit = _levels(shown)
    return Tiles(of, levels.cpu().numpy(), 0.0, float(limit), len(channels))


def _levels(numbers: Tensor, centre: float = 0.0, least: float = 0.0) -> tuple[Tensor, Tensor]:
    """Numbers as levels, and how far from the centre the outermost levels are.

    A few that lie far out would make all others pale, so what lies beyond twice the root mean
    square is clipped.
    """
    away = numbers.to(torch.float32) - centre
    finite = torch.where(away.isfinite(), away, 0.0)
    limit = torch.minimum(finite.abs().max(), 2 * finite.square().mean().sqrt())
    limit = limit.clamp_min(least)
    scaled = (away / limit.clamp_min(torch.finfo(torch.float32).tiny)).clamp(-1, 1)
    levels = (scaled * MIDDLE).round() + MIDDLE
    return levels.nan_to_num(MISSING).to(torch.uint8), limit


def histogram(value: Tensor) -> Histogram:
    """How the numbers are spread; of very many, every so-manieth."""
    flat = value.reshape(-1)
    flat = flat[:: -(-flat.numel() // _COUNTED) or 1].to("cpu").to(torch.float64)
    good = flat[flat.isfinite()]
    low, high = (float(good.min()), float(good.max())) if len(good) else (0.0, 0.0)
    if low == high:
        room = max(abs(low) / 2, 0.5)
        low, high = low - room, high + room
    counts = torch.histc(good, BINS, low, high)
    zeros = float((good == 0).sum()) / max(len(good), 1)
    return Histogram(
        counts.to(torch.int64).numpy(), low, high, zeros, len(flat), len(flat) - len(good)
    )
