"""Which rows and columns of the canvas wires run along, so that no two lie upon one another."""

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from explorer.app.canvas.routing import Point, straights

T = TypeVar("T")

_NEAR = 4.0
"""Two wires that run closer together than that look like one."""
_SHARED = 3.0
"""So much of a way may two wires have in common, where one turns off and another turns in."""

_Line = tuple[bool, int]
_Stretch = tuple[float, float, float]


class Lanes(Generic[T]):
    """The ways of things; those from one source are one and may share a lane."""

    def __init__(self) -> None:
        self._taken: dict[_Line, dict[T, list[_Stretch]]] = {}
        self._lines: dict[T, set[_Line]] = {}
        self._sources: dict[T, str] = {}

    def put(self, thing: T, source: str, way: Sequence[Point]) -> None:
        """It runs there from now on, and nowhere else."""
        self.drop(thing)
        self._sources[thing] = source
        self._lines[thing] = set()
        for is_across, at, first, last in straights(way):
            line = is_across, int(at // _NEAR)
            self._lines[thing].add(line)
            self._taken.setdefault(line, {}).setdefault(thing, []).append((at, first, last))

    def drop(self, thing: T) -> None:
        """It runs nowhere any longer."""
        for line in self._lines.pop(thing, ()):
            del self._taken[line][thing]
        self._sources.pop(thing, None)

    def is_free(self, source: str, way: Sequence[Point]) -> bool:
        """Whether a way from a source would lie upon none from another."""
        return not any(
            abs(at - other) < _NEAR and min(last, end) - max(first, begin) > _SHARED
            for is_across, at, first, last in straights(way)
            for other, begin, end in self._beside(is_across, at, source)
        )

    def _beside(self, is_across: bool, at: float, source: str) -> Iterator[_Stretch]:
        line = int(at // _NEAR)
        for number in (line - 1, line, line + 1):
            for thing, stretches in self._taken.get((is_across, number), {}).items():
                if self._sources[thing] != source:
                    yield from stretches
