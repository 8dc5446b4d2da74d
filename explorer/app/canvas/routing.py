"""The way of a wire around cards: along rows and columns beside them, with few turns.

Pure geometry, in scene units: y grows downwards, a wire leaves to the right and arrives from the
left. A way is given by its corners, its start and end included.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import pairwise

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Obstacle = tuple[float, float, float, float, float]
"""A box, and how many times as long a way behind it counts."""

LANES = 5
_NEAREST, _APART = 12.0, 6.0
"""How far from a card the first lane is, and from one lane to the next."""
_KEEP = 8.0
"""How far a way stays from a card where there is room."""
_TURN = 60.0
"""A way that much longer is as good as one with one turn more."""
_ROUNDS, _MOST = 8, 900
"""How often a way is sought again for what it would run behind, and among how many crossings."""
_AT_PORTS = 1.001
"""A little dearer than elsewhere, so that a way turns as near to its ports as it can."""
_WAYS = ((1, 0), (0, 1), (-1, 0), (0, -1))
"""Right, down, left, up: a quarter turn to the right is one further."""
_State = tuple[int, int, int]
"""The number of a column and of a row that cross, and which way one came there."""


def way_around(
    start: Point,
    end: Point,
    known: Iterable[Obstacle],
    others: Callable[[Box], Iterable[Obstacle]],
    lane: int = 0,
) -> list[Point]:
    """The cheapest way past the obstacles that are known, and past all others that it would meet.

    `others` says what is in a box. A higher `lane`, below LANES, stays further from what it
    passes, so that ways past the same cards can be told apart. [] where there is too much to
    search.
    """
    away = _NEAREST + lane * _APART
    found = dict.fromkeys(known)
    way: list[Point] = []
    for _ in range(_ROUNDS):
        search = _Search(start, end, list(found), away)
        if search.size > _MOST:
            break
        way = search.way()
        before = len(found)
        found |= dict.fromkeys(met for piece in pairwise(way) for met in others(_around(*piece)))
        if len(found) == before:
            break
    return way


def straights(way: Sequence[Point]) -> list[tuple[bool, float, float, float]]:
    """The pieces of a way between its first and last: whether across, at what y or x, from, to."""
    found = []
    for (x, y), (to_x, to_y) in list(pairwise(way))[1:-1]:
        is_across = y == to_y
        along = (x, to_x) if is_across else (y, to_y)
        found.append((is_across, y if is_across else x, min(along), max(along)))
    return found


def _around(a: Point, b: Point) -> Box:
    """What a piece of a way must keep clear of."""
    keep = _KEEP - 1
    (left, right), (top, bottom) = sorted((a[0], b[0])), sorted((a[1], b[1]))
    return left - keep, top - keep, right + keep, bottom + keep


class _Search:
    """One search on the crossings of all rows and columns beside obstacles."""

    def __init__(self, start: Point, end: Point, obstacles: Sequence[Obstacle], away: float):
        self._ends = start, end
        self._first, self._last = (start[0] + away, start[1]), (end[0] - away, end[1])
        columns, rows = {self._first[0], self._last[0]}, {self._first[1], self._last[1]}
        for left, top, right, bottom, _ in obstacles:
            columns |= {left - away, right + away}
            rows |= {top - away, bottom + away}
        self._xs, self._ys = sorted(columns), sorted(rows)
        wide, high = len(self._xs), len(self._ys)
        self.size = wide * high
        self._across = [[1.0] * wide for _ in range(high)]
        self._down = [[1.0] * high for _ in range(wide)]
        for row in (start[1], end[1]):
            self._across[self._ys.index(row)] = [_AT_PORTS] * wide
        for left, top, right, bottom, cost in obstacles:
            box = left - _KEEP, top - _KEEP, right + _KEEP, bottom + _KEEP
            _block(self._across, self._xs, self._ys, box, cost)
            _block(self._down, self._ys, self._xs, (box[1], box[0], box[3], box[2]), cost)

    def way(self) -> list[Point]:
        """The cheapest one, found by A*."""
        xs, ys = self._xs, self._ys
        first = xs.index(self._first[0]), ys.index(self._first[1]), 0
        goal = xs.index(self._last[0]), ys.index(self._last[1]), 0
        costs, before = {first: 0.0}, {first: first}
        queue = [(0.0, first)]
        while queue:
            _, state = heappop(queue)
            if state == goal:
                break
            for following, step in self._steps(*state):
                cost = costs[state] + step
                if cost < costs.get(following, cost + 1):
                    costs[following], before[following] = cost, state
                    heappush(queue, (cost + self._least(*following), following))
        turns = []
        state = goal
        while state != first:
            earlier = before[state]
            if earlier[2] != state[2]:
                turns.append((xs[earlier[0]], ys[earlier[1]]))
            state = earlier
        return [self._ends[0], *reversed(turns), self._ends[1]]

    def _least(self, column: int, row: int, way: int) -> float:
        """What it costs at least from there to the end, which is entered to the right."""
        across, down = self._xs[column] - self._last[0], self._ys[row] - self._last[1]
        turns = (0 if down == 0 else 2, 1, 2, 1)[way]
        return abs(across) + abs(down) + turns * _TURN

    def _steps(self, column: int, row: int, way: int) -> Iterator[tuple[_State, float]]:
        """The crossings next to one, but that one comes from; at the end, a turn to enter it."""
        xs, ys = self._xs, self._ys
        if (xs[column], ys[row]) == self._last and way % 2:
            yield (column, row, 0), _TURN
        for turn in (0, 1, 3):
            to = (way + turn) % 4
            across, down = _WAYS[to]
            to_column, to_row = column + across, row + down
            if 0 <= to_column < len(xs) and 0 <= to_row < len(ys):
                if across:
                    dear = self._across[row][min(column, to_column)]
                    length = abs(xs[to_column] - xs[column]) * dear
                else:
                    dear = self._down[column][min(row, to_row)]
                    length = abs(ys[to_row] - ys[row]) * dear
                yield (to_column, to_row, to), length + (_TURN if turn else 0.0)


def _block(
    costs: list[list[float]],
    along: Sequence[float],
    lines: Sequence[float],
    box: Box,
    cost: float,
) -> None:
    """Raise what it costs to go along lines where they are in a box: its first axis is theirs."""
    first = max(bisect_right(along, box[0]) - 1, 0)
    last = bisect_left(along, box[2])
    for line in range(bisect_right(lines, box[1]), bisect_left(lines, box[3])):
        on = costs[line]
        for place in range(first, min(last, len(along) - 1)):
            on[place] = max(on[place], cost)
