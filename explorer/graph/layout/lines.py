"""A long net goes on in lines below, as text does: where its layers are broken into lines."""

from collections.abc import Iterable
from itertools import accumulate
from math import ceil, log

_SHORTEST = 10
"""Layers that stay in one line in any case."""
_MOST_ACROSS = 3
"""So many wires may lead from one line to those below; where there are more, none are broken."""
_EARLY, _LATE = 3, 2
"""How much sooner or later than wanted a line may end, to be crossed by fewer wires."""
_SHAPE = 1.7
"""How much wider than high a page is best."""


def lines(
    layers: int, spans: Iterable[tuple[int, int]], width: float, height: float
) -> list[tuple[int, int]]:
    """The first layer of each line, and the one after its last; one line where that is best.

    `spans` are the wires by the layers of their ends, `width` how much a layer takes, `height`
    how much a line does.
    """
    whole = [(0, layers)]
    if layers <= _SHORTEST:
        return whole
    number = min(
        range(1, layers), key=lambda n: abs(log(width * layers / n / (height * n) / _SHAPE))
    )
    across = _across(layers, spans)
    found = _broken(layers, ceil(layers / number), across)
    return whole if any(across[first] > _MOST_ACROSS for first, _ in found[1:]) else found


def _across(layers: int, spans: Iterable[tuple[int, int]]) -> list[int]:
    """How many wires lead past the beginning of each layer."""
    change = [0] * (layers + 2)
    for first, last in spans:
        change[first + 1] += 1
        change[last + 1] -= 1
    return list(accumulate(change))


def _broken(layers: int, line: int, across: list[int]) -> list[tuple[int, int]]:
    found, first = [], 0
    while layers - first > line + _LATE:
        cuts = range(first + max(line - _EARLY, 1), first + line + _LATE + 1)
        cut = min(cuts, key=lambda at: (across[at], abs(at - first - line)))
        found.append((first, cut))
        first = cut
    return [*found, (first, layers)]
