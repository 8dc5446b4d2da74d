"""The kinds of pictures: small arrays on the CPU, frozen, so that they may cross threads."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from explorer.training.pictures.gauges import Gauge

MISSING = 255
"""The level of what is not a number."""
MIDDLE = 127
"""The level of a tile's centre; 0 is `limit` below it, 254 as much above."""

Extent = tuple[tuple[float, float], tuple[float, float]]
"""From where to where a plane reaches: ((left, right), (bottom, top))."""


@dataclass(frozen=True, eq=False)
class Scatter:
    """The data's points on the plane.

    Attributes:
        places: (points, 2) from 0 to 1: to the right, and down.
        tones: (points,) what each point's target is: -1 to 1, or the number of its class where
            there are more than two `classes`.
        classes: how many there are; 0 where targets are no classes.
        extent: which part of the plane it is.
    """

    places: np.ndarray
    tones: np.ndarray
    classes: int
    extent: Extent


TileKind = Literal["plane", "maps", "sample"]


@dataclass(frozen=True, eq=False)
class Tiles:
    """One tile for each unit, channel or sample, in the same colours.

    Attributes:
        of: "plane": what units answer over the plane, top row first; "maps": a sample's feature
            maps; "sample": one sample's rows and columns.
        levels: (tiles, rows, columns) uint8: MIDDLE is `centre`, 0 and 254 are `limit` from it or
            further.
        centre: 0, or 0.5 where the numbers are a prediction's probabilities.
        limit: what the strongest colour is away from the centre, 0 where all is at it.
        count: how many tiles there would be in full.
        points: the data over the plane, under the net's prediction alone.
    """

    of: TileKind
    levels: np.ndarray
    centre: float
    limit: float
    count: int
    points: Scatter | None = None

    @property
    def numbers(self) -> np.ndarray:
        """What the levels stand for, at most `limit` from the centre; NaN for what is no number."""
        scaled = (self.levels.astype(np.float64) - MIDDLE) / MIDDLE * self.limit + self.centre
        return np.where(self.levels == MISSING, np.nan, scaled)


@dataclass(frozen=True, eq=False)
class Histogram:
    """How many numbers lie in each of equally wide bins from `low` to `high`.

    `zeros` is the share of exact zeros, `bad` how many of `counted` are NaN or infinite and in
    no bin.
    """

    counts: np.ndarray
    low: float
    high: float
    zeros: float
    counted: int
    bad: int


@dataclass(frozen=True)
class Number:
    """A single number, as a loss is."""

    value: float


Picture = Scatter | Tiles | Histogram | Number


@dataclass(frozen=True, eq=False)
class NodePicture:
    """What a node gives out at `port`, and how large its gradient is, where it has one."""

    port: str
    picture: Picture
    gauge: Gauge | None


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures of every node that runs, by id, on the batch that training step `step` uses."""

    step: int
    nodes: dict[str, NodePicture]
