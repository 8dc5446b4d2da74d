"""Steps of a run that can be opened, as places along an axis."""

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True)
class Moments:
    """Steps in order, counted from 0; `per_unit` of them go by along one unit of the axis.

    A step stands at what it has come to behind it: the first at 1 / `per_unit`.
    """

    steps: tuple[int, ...] = ()
    per_unit: float = 1.0

    def place(self, step: int) -> float:
        """Where a step stands."""
        return (step + 1) / self.per_unit

    @property
    def span(self) -> tuple[float, float] | None:
        """Where the first and the last stand; None where there is none."""
        return (self.place(self.steps[0]), self.place(self.steps[-1])) if self.steps else None

    def nearest(self, place: float, reach: float) -> int | None:
        """The step nearest to a place, if it is within reach, or half a step away at most."""
        near = ((abs(self.place(step) - place), step) for step in self.steps)
        away, step = min(near, default=(inf, 0))
        return step if away <= max(reach, 0.5 / self.per_unit) else None
