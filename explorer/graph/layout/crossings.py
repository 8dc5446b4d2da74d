"""The order within each layer in which wires cross little.

Sources: barycenter sweeps (Sugiyama et al. 1981) with transposition (Gansner et al. 1993);
counting by an accumulator tree (Barth, Mutzel & Jünger 2004).
"""

from collections.abc import Sequence

from explorer.graph.layout.layers import Layered, Segment

_ROUNDS = 24
_PATIENCE = 4
"""Rounds without fewer crossings after which nothing better is looked for."""
_WORK = 120_000
"""Segments looked at in all rounds together, about: large nets get fewer rounds."""
_SWAPS = 4
_BUSY = 400
"""Pairs of wires to compare beyond which two neighbours are not tried the other way round."""


def reduce_crossings(net: Layered) -> int:
    """Put every layer into a good order, in place; how many crossings are left.

    Never more than there were. The same net comes out in the same order.
    """
    best, fewest = _order(net), count_crossings(net)
    if not fewest:
        return 0
    _follow_wires(net)
    rounds = max(3, min(_ROUNDS, _WORK // max(net.segments, 1)))
    idle = 0
    for number in range(rounds):
        if number:
            _sweep(net, downwards=number % 2 == 1)
        _transpose(net)
        found = count_crossings(net)
        idle += 1
        if found < fewest:
            best, fewest, idle = _order(net), found, 0
        if not fewest or idle > _PATIENCE:
            break
    net.layers[:] = best
    return fewest


def count_crossings(net: Layered) -> int:
    """How many pairs of segments cross, where each ends on its card taken into account."""
    total = 0
    for layer, below in zip(net.layers, net.layers[1:], strict=False):
        place = {vertex: number for number, vertex in enumerate(below)}
        ends: list[float] = []
        for vertex in layer:
            found = [(s.own, place[s.other] + s.theirs) for s in net.after[vertex]]
            ends += [end for _, end in sorted(found)]
        total += _inversions(ends)
    return total


def _inversions(values: Sequence[float]) -> int:
    """How many pairs of values stand the wrong way round."""
    if len(values) < 2:
        return 0
    ranks = {value: rank for rank, value in enumerate(sorted(set(values)), 1)}
    tree = [0] * (len(ranks) + 1)
    total = 0
    for seen, value in enumerate(values):
        rank = at = ranks[value]
        not_above = 0
        while at:
            not_above += tree[at]
            at &= at - 1
        total += seen - not_above
        at = rank
        while at < len(tree):
            tree[at] += 1
            at += at & -at
    return total


def _order(net: Layered) -> list[list[int]]:
    return [list(layer) for layer in net.layers]


def _follow_wires(net: Layered) -> None:
    """A first order: depth first along the wires, so that what is wired stands together."""
    seen = [False] * len(net.depth)
    layers: list[list[int]] = [[] for _ in net.layers]
    starts = [vertex for layer in net.layers for vertex in layer if not net.before[vertex]]
    for start in starts:
        stack = [start]
        while stack:
            vertex = stack.pop()
            if seen[vertex]:
                continue
            seen[vertex] = True
            layers[net.depth[vertex]].append(vertex)
            readers = sorted(net.after[vertex], key=lambda segment: -segment.own)
            stack.extend(segment.other for segment in readers)
    # A wire too long for dummies leaves what it feeds without a start of its own.
    for layer, found in zip(net.layers, layers, strict=True):
        found.extend(vertex for vertex in layer if not seen[vertex])
        layer[:] = found


def _sweep(net: Layered, downwards: bool) -> None:
    """Sort each layer by the mean place of what its vertices are wired to in the one before."""
    layers = net.layers if downwards else net.layers[::-1]
    sides = net.before if downwards else net.after
    for fixed, layer in zip(layers, layers[1:], strict=False):
        if len(layer) > 1:
            _sort_by_neighbours(layer, fixed, sides)


def _sort_by_neighbours(layer: list[int], fixed: list[int], sides: list[list[Segment]]) -> None:
    place = {vertex: number for number, vertex in enumerate(fixed)}
    wanted: dict[int, float] = {}
    for vertex in layer:
        if segments := sides[vertex]:
            ends = sum(place[s.other] + s.theirs - s.own for s in segments)
            wanted[vertex] = ends / len(segments)
    # What is wired to nothing there keeps its place; the others are sorted among themselves.
    moving = iter(sorted((v for v in layer if v in wanted), key=wanted.__getitem__))
    layer[:] = [next(moving) if vertex in wanted else vertex for vertex in layer]


def _transpose(net: Layered) -> None:
    """Swap neighbours for as long as that takes crossings away."""
    place = [0] * len(net.depth)
    for layer in net.layers:
        for number, vertex in enumerate(layer):
            place[vertex] = number
    stale = {number for number, layer in enumerate(net.layers) if len(layer) > 1}
    for _ in range(_SWAPS):
        changed = {number for number in sorted(stale) if _swap_neighbours(net, number, place)}
        stale = {near for number in changed for near in (number - 1, number, number + 1)}
        stale = {number for number in stale if 0 <= number < len(net.layers)}
        if not stale:
            break


def _swap_neighbours(net: Layered, number: int, place: list[int]) -> bool:
    layer = net.layers[number]
    swapped = False
    for at in range(len(layer) - 1):
        left, right = layer[at], layer[at + 1]
        gain = sum(_gain(side[left], side[right], place) for side in (net.before, net.after))
        if gain > 0:
            layer[at], layer[at + 1] = right, left
            place[left], place[right] = at + 1, at
            swapped = True
    return swapped


def _gain(left: list[Segment], right: list[Segment], place: list[int]) -> int:
    """How many crossings fewer there are when `right` stands before `left`."""
    gain = 0
    if len(left) * len(right) > _BUSY:
        return gain
    for a in left:
        end = place[a.other] + a.theirs
        for b in right:
            other = place[b.other] + b.theirs
            gain += (end > other) - (end < other)
    return gain
