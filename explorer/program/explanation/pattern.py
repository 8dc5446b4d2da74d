"""Many terms as one line: x[0, 3] · dout[0, 5], x[1, 3] · dout[1, 5], … is Σₙ x[n, 3] · dout[n, 5].

The letters are found from the indices of the terms, so that no layer has to spell them out.
"""

from collections.abc import Sequence
from math import isclose

import numpy as np
from numpy.typing import NDArray

from explorer.program.explanation.places import bare, brackets

LETTERS = "nijklm"
_BELOW = dict(zip(LETTERS, "ₙᵢⱼₖₗₘ", strict=True))

_LISTED = 6
"""How many numbers that a letter stands for are told one by one."""

Sample = tuple[tuple[int, ...], tuple[tuple[str, tuple[int, ...]], ...], float]
"""One term: the index of its entry; its factors by name and index; what it is scaled by."""


def pattern(
    name: str,
    shape: tuple[int, ...],
    places: NDArray[np.int64],
    samples: Sequence[Sample],
    entry_first: bool,
) -> str:
    """The sum in letters; "" where the terms follow no such rule.

    `places` (K, R) are the indices that the sum runs over, of the tensor called `name`, and
    `samples` some of its terms.
    """
    if places.shape[1] > len(LETTERS) or not _is_grid(places):
        return ""
    varying = [axis for axis in range(places.shape[1]) if len(set(places[:, axis])) > 1]
    factors = _factors(varying, samples)
    scale = samples[0][2]
    if factors is None or not all(isclose(s, scale, rel_tol=1e-4) for _, _, s in samples):
        return ""
    inside = tuple(
        LETTERS[axis] if axis in varying else int(places[0, axis])
        for axis in range(places.shape[1])
    )
    entry = f"{bare(name)}{brackets(inside)}"
    parts = [entry, *factors] if entry_first else [*factors, entry]
    if not isclose(scale, 1, rel_tol=1e-4):
        parts.insert(0, f"{scale:.4g}".replace("-", "−"))
    below = "".join(_BELOW[LETTERS[axis]] for axis in varying)
    spans = [_span(LETTERS[axis], places[:, axis], shape[axis]) for axis in varying]
    if None in spans:
        return ""
    written = f"{'Σ' if below else ''}{below} {' · '.join(parts)}".strip()
    return ", ".join([written, *(span for span in spans if span)])


def _is_grid(places: NDArray[np.int64]) -> bool:
    """Whether every combination of the indices along each axis is there."""
    return len(places) == np.prod([len(set(places[:, axis])) for axis in range(places.shape[1])])


def _span(letter: str, numbers: NDArray[np.int64], size: int) -> str | None:
    """Which numbers a letter stands for; "" for all, None where that takes too many words."""
    values = sorted(set(numbers.tolist()))
    if len(values) == size:
        return ""
    if values[-1] - values[0] == len(values) - 1:
        return f"{letter} = {values[0]}…{values[-1]}"
    listed = ", ".join(map(str, values))
    return f"{letter} ∈ {{{listed}}}" if len(values) <= _LISTED else None


def _factors(varying: list[int], samples: Sequence[Sample]) -> list[str] | None:
    """Each factor with letters for what varies; None where they follow no rule."""
    named = [tuple(name for name, _ in factors) for _, factors, _ in samples]
    if len(set(named)) != 1:
        return None
    entries = np.array([entry for entry, _, _ in samples], dtype=np.int64)
    written = []
    for slot, name in enumerate(named[0]):
        indices = np.array([factors[slot][1] for _, factors, _ in samples], dtype=np.int64)
        axes = [_axis(indices[:, axis], entries, varying) for axis in range(indices.shape[1])]
        if None in axes:
            return None
        written.append(f"{bare(name)}{brackets(tuple(axis for axis in axes if axis))}")
    return written


def _axis(numbers: NDArray[np.int64], entries: NDArray[np.int64], varying: list[int]) -> str | None:
    """One axis of a factor: a number, or what it is of one of the letters."""
    if len(set(numbers)) == 1:
        return str(numbers[0])
    fits = (_line(entries[:, axis], numbers, LETTERS[axis]) for axis in varying)
    found = [fit for fit in fits if fit]
    return min(found, key=len) if found else None


def _line(letter: NDArray[np.int64], numbers: NDArray[np.int64], name: str) -> str | None:
    """`numbers` as slope · letter + start, where that is what they are: 2i + 1, 5 − j."""
    low, high = int(letter.argmin()), int(letter.argmax())
    across = int(letter[high] - letter[low])
    slope, rest = divmod(int(numbers[high] - numbers[low]), across) if across else (0, 1)
    start = int(numbers[low]) - slope * int(letter[low])
    if rest or not slope or not (slope * letter + start == numbers).all():
        return None
    times = name if abs(slope) == 1 else f"{abs(slope)}{name}"
    if slope < 0:
        return f"{start} − {times}"
    sign = "+" if start > 0 else "−"
    return times if not start else f"{times} {sign} {abs(start)}"
