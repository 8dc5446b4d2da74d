"""Where images stand side by side, in whole pixels of the screen: all gaps are equal."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.app.tensors.pixels import spread

_WHOLE_FROM = 3.0
"""From how many pixels of the screen on a pixel of an image has a whole number of them; below
that it would lose too much of its size."""


@dataclass(frozen=True)
class Ruler:
    """One direction: images of `count` pixels, `length` of the screen's, with `gap` between."""

    count: int
    length: int
    gap: int

    def at(self, place: float) -> tuple[int, int | None]:
        """Which image is at a place, and which pixel of it; None in the gap behind it."""
        image, inside = divmod(int(place // 1), self.length + self.gap)
        return image, inside * self.count // self.length if inside < self.length else None

    def span(self, image: int, pixel: int) -> tuple[float, float]:
        """Where a pixel of an image begins, and how long it is."""
        unit = self.length / self.count
        return image * (self.length + self.gap) + pixel * unit, unit

    def shown(self, images: int) -> NDArray[np.intp]:
        """What each of the screen's pixels shows of so many images with one pixel behind each."""
        inside = spread(self.count, self.length)
        one = np.concatenate((inside, np.full(self.gap, self.count)))
        return (np.arange(images)[:, None] * (self.count + 1) + one).ravel()


@dataclass(frozen=True)
class Grid:
    """Images in rows and columns."""

    down: Ruler
    across: Ruler

    @classmethod
    def of(cls, size: tuple[int, int], scale: float) -> "Grid":
        """For images of so many pixels down and across, each about `scale` of the screen's."""
        unit = float(int(scale)) if scale >= _WHOLE_FROM else scale
        gap = max(int(unit), 1)
        high, wide = (Ruler(max(n, 1), max(int(n * unit), 1), gap) for n in size)
        return cls(high, wide)
