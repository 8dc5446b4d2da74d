"""One element as the sum that it is: dw[3, 5] = x[0, 3] · dout[0, 5] + x[1, 3] · dout[1, 5] + …

A gradient is such a sum always, over what arrives. An output is one where the layer adds up
products, as Linear, convolutions and pooling do; of any other it is told what it was made from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import isclose, prod

import numpy as np
import torch
from numpy.typing import NDArray

from explorer.program.explanation.computation import Computation, Tensors
from explorer.program.explanation.local import Local, adds_up, alone
from explorer.program.explanation.pattern import Sample, pattern
from explorer.program.explanation.places import Place, Source, place, unravel

SHOWN = 8
"""How many terms are told one by one; the others as their sum."""

IDLE = 2
"""How many terms are told where all of them are 0."""

NAMED = 4_000_000
"""On how many numbers a call may work at most for its slopes' factors to be found."""

_SAMPLES = 4
"""From how many more terms, spread over all, the rule is read that they follow."""

_MOST_FACTORS = 3
_SUMMANDS = 6
"""Among how many operands those are sought that an output is a sum over."""


@dataclass(frozen=True)
class Term:
    """slope · entry, where the slope is scale · factor · factor …

    Attributes:
        entry: the number that arrives or, of an output, the operand's.
        slope: how much the element changes with it.
        factors: the numbers whose product, times `scale`, is the slope; () where it is of no such
            form, and then `scale` is the slope.
        depends: the numbers that a slope of another form comes from, where these are few.
    """

    entry: Place
    slope: float
    scale: float
    factors: tuple[Place, ...]
    depends: tuple[Place, ...]

    @property
    def value(self) -> float:
        return self.slope * self.entry.value

    @property
    def product(self) -> tuple[tuple[str, float], ...]:
        """What is multiplied, by name and number; "" names a number that is its own name.

        Going forward the input comes first, as in x · w; going back what arrives comes last.
        """
        found = [(factor.text, factor.value) for factor in self.factors]
        if self.scale != 1:
            found.insert(0, ("" if self.factors else "slope", self.scale))
        own = (self.entry.text, self.entry.value)
        return (own, *found) if self.entry.source.where == "operand" else (*found, own)


@dataclass(frozen=True)
class Total:
    """An element and what it is made of.

    Attributes:
        element: the element itself.
        is_sum: whether the terms add up to it; else they only tell what it depends on.
        pattern: the sum in letters, "Σₙ x[n, 3] · dout[n, 5]"; "" where there is none.
        terms: the largest ones, largest first.
        more: how many others there are, and `rest` what they add up to.
        idle: how many of all terms are 0.
        total: what all of them add up to.
    """

    element: Place
    is_sum: bool
    pattern: str
    terms: tuple[Term, ...]
    more: int
    rest: float
    idle: int
    total: float

    @property
    def count(self) -> int:
        return len(self.terms) + self.more


def total_of(computation: Computation, local: Local, source: Source, at: int) -> Total:
    """Take element `at`, counted through, apart by its local gradient."""
    element = place(source, computation.written[source.name], at)
    numbers = computation.upstream or computation.operands
    summands: tuple[str, ...] | None = tuple(local.slopes)
    if not computation.upstream:
        summands = _summands(local, numbers, element.value)
    is_sum = summands is not None
    listed = [_Listed(name, local, computation) for name in summands or local.slopes]
    weights = np.concatenate([abs(one.products if is_sum else one.slopes) for one in listed])
    owners = [(one, k) for one in listed for k in range(len(one.at))]
    order = np.argsort(-weights, kind="stable")
    products = np.concatenate([one.products for one in listed])
    shown = min(int((weights != 0).sum()) or IDLE, SHOWN, len(order))
    return Total(
        element=element,
        is_sum=is_sum,
        pattern=_pattern(listed) if is_sum else "",
        terms=tuple(one.term(k) for one, k in (owners[i] for i in order[:shown])),
        more=len(order) - shown,
        rest=float(products[order[shown:]].sum()),
        idle=int((products == 0).sum()),
        total=float(products.sum()),
    )


def _summands(local: Local, numbers: Tensors, value: float) -> tuple[str, ...] | None:
    """The fewest operands that an output is linear in, and that it is the sum over."""
    names = list(local.slopes)[:_SUMMANDS]
    for count in range(1, len(names) + 1):
        for chosen in combinations(names, count):
            slopes = {name: local.slopes[name] for name in chosen}
            if adds_up(slopes, numbers, value) and _is_linear(local, chosen):
                return chosen
    return None


def _is_linear(local: Local, names: tuple[str, ...]) -> bool:
    """Whether the slopes by some operands stay as they are when these operands change."""
    weights = {
        name: torch.ones_like(t) if name in names else torch.zeros_like(t)
        for name, t in local.slopes.items()
    }
    found = local.uses(weights)
    return not any(change.any() for source, change in found.items() if source.name in names)


class _Listed:
    """The terms over one tensor: `at` are the places of it that count, counted through."""

    def __init__(self, name: str, local: Local, computation: Computation):
        self.name = name
        self._local, self._computation = local, computation
        self._numbers = (computation.upstream or computation.operands)[name]
        self.at: NDArray[np.int64] = local.possible[name].flatten().nonzero()[:, 0].cpu().numpy()
        self.slopes, entries = (
            tensor.detach().flatten().double().cpu().numpy()[self.at]
            for tensor in (local.slopes[name], self._numbers)
        )
        self.products = self.slopes * entries
        self._made: dict[int, Term] = {}
        self._is_mixed = computation.size > NAMED
        """Whether a slope is made of too many numbers to name them, as then all are."""

    def term(self, k: int) -> Term:
        """The term at the k-th of the places, with the numbers that its slope is made of."""
        if k not in self._made:
            self._made[k] = self._make(k)
        return self._made[k]

    def _make(self, k: int) -> Term:
        at, slope = int(self.at[k]), float(self.slopes[k])
        entry = place(Source(self._local.source, self.name), self._numbers, at)
        used = [] if self._is_mixed else list(self._used(at))
        self._is_mixed |= len(used) > _MOST_FACTORS
        factors = tuple(number for number, _ in used)
        if 0 < len(used) <= _MOST_FACTORS and _is_product(slope, used):
            product = prod(number.value for number in factors)
            scale = slope / product if product else used[0][1]
            return Term(entry, slope, scale, factors, ())
        return Term(entry, slope, slope, (), factors if len(used) <= _MOST_FACTORS else ())

    def _used(self, at: int) -> Iterator[tuple[Place, float]]:
        """The numbers that a slope changes with, and by how much; the first few."""
        c = self._computation
        weights = alone(self._local.slopes, self.name, at)
        for source, change in self._local.uses(weights).items():
            tensor = (c.kept if source.where == "cache" else c.operands)[source.name]
            for place_ in change.flatten().nonzero()[: _MOST_FACTORS + 1, 0].tolist():
                yield place(source, tensor, place_), float(change.flatten()[place_])

    def pattern(self) -> str:
        """All of them in letters."""
        count = len(self.at)
        if self._is_mixed and not np.allclose(self.slopes, self.slopes[0], rtol=1e-4):
            return ""
        spread = np.linspace(0, count - 1, min(count, SHOWN + _SAMPLES)).round().astype(int)
        terms = [self.term(int(k)) for k in dict.fromkeys(spread)]
        shape = tuple(self._numbers.shape)
        places = np.array([unravel(int(at), shape) for at in self.at]).reshape(count, len(shape))
        samples = [_sample(term) for term in terms]
        is_output = not self._computation.upstream
        return pattern(self.name, shape, places, samples, entry_first=is_output)


def _pattern(listed: list[_Listed]) -> str:
    """The whole sum in letters; "" where some part of it follows no rule, or it is one number."""
    listed = [one for one in listed if len(one.at)]
    if sum(len(one.at) for one in listed) < 2:
        return ""
    parts = [one.pattern() for one in listed]
    if not all(parts):
        return ""
    # A part that says which places it runs over comes last, or would seem to speak for all.
    return " + ".join(sorted(parts, key=lambda part: ", " in part.rpartition("]")[2]))


def _is_product(slope: float, used: list[tuple[Place, float]]) -> bool:
    """Whether a slope is a number times all that it changes with: it changes by slope / number."""
    return all(
        isclose(slope, change * number.value, rel_tol=1e-4, abs_tol=1e-30)
        for number, change in used
    )


def _sample(term: Term) -> Sample:
    factors = tuple((factor.source.name, factor.index) for factor in term.factors)
    return term.entry.index, factors, term.scale
