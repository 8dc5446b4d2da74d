"""How a gradient on a wire looks and what is said of it: thickness by its norm, and the number."""

from collections.abc import Sequence
from math import inf, isfinite, isinf, isnan, log10

from explorer.app.panels.numbers import brief, short
from explorer.program.flow import Gradient, Measure, Meeting

THINNEST, THICKEST = 1.0, 6.0
SPAN = "0.00001 to 1"
"""Between which norms the thickness tells them apart."""
NO_NUMBER = "A breakpoint on NaN or infinite numbers stops where the first of them arises"
"""What to do about a gradient that is no number."""


def thickness(gradients: Sequence[Gradient]) -> float:
    """How thick their wire is, in scene units: one more for each power of ten of the largest."""
    norm = _largest(gradients)
    size = THICKEST if isnan(norm) else THICKEST + (log10(norm) if norm else -inf)
    return min(max(size, THINNEST), THICKEST)


def are_zero(gradients: Sequence[Gradient]) -> bool:
    """Whether nothing comes back along their wire."""
    return all(each.measure.norm == 0 for each in gradients)


def on_wire(gradients: Sequence[Gradient]) -> str:
    """What the label of their wire says: "‖d‖ 0.012", or "d -0.5" of a single number."""
    value = gradients[0].measure.value if len(gradients) == 1 else None
    return f"‖d‖ {brief(_largest(gradients))}" if value is None else f"d {brief(value)}"


def in_full(gradient: Gradient) -> str:
    """ "‖d fc1.out‖ = 0.0123, from relu1.x"."""
    norm = gradient.measure.norm
    return f"‖d {gradient.of}‖ = {short(norm)}{_meaning(norm)}, from {gradient.sender}"


def are_broken(gradients: Sequence[Gradient]) -> bool:
    """Whether one of them holds what is NaN or infinite, or is too large to be measured."""
    return not isfinite(_largest(gradients))


def _meaning(norm: float) -> str:
    """What a norm is that is no finite number, in brackets."""
    return " (not a number)" if isnan(norm) else " (infinite)" if isinf(norm) else ""


def number(measure: Measure) -> str:
    """A gradient that is one number as that, any other by its norm."""
    return short(measure.norm if measure.value is None else measure.value)


def sum_of(meeting: Meeting) -> str:
    """How gradients add up: "d a.out = 0.3100 + (-0.1200) = 0.1900" for single numbers."""
    if meeting.total.value is None:
        return f"{len(meeting.parts)} gradients of {meeting.of} add up"
    first, *others = (number(part.measure) for part in meeting.parts)
    terms = [first, *(f"({each})" if each.startswith("-") else each for each in others)]
    return f"d {meeting.of} = {' + '.join(terms)} = {number(meeting.total)}"


def _largest(gradients: Sequence[Gradient]) -> float:
    norms = [each.measure.norm for each in gradients]
    return next((norm for norm in norms if isnan(norm)), max(norms))
