"""One number nudged up and down: the slope of the loss that one can see, beside the gradient."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from math import isfinite

from explorer.layers.walking import Done, to_the_end
from explorer.program import what_if
from explorer.program.program import Call
from explorer.program.stepper import Stepper
from explorer.program.what_if import WhatIf

EPSILON = 1e-4
"""How far a number is nudged unless told otherwise: in float64 neither too far nor too little."""
_AGREES = 1e-5
"""The relative error up to which a finite difference and a gradient are the same slope."""
_FINER = (0.1, 0.01, 0.001)
"""Where they differ, shares of ε are tried: a bend of the loss matters less the smaller it is."""
_NEARER = 0.1
"""To this share of what it was must the relative error fall at one of them to blame a bend."""
_NEAR = 1e-3
"""And to this at least: rounding matters the more the smaller ε is."""
_ROUNDING = 1e-12
"""A change of the loss by less than this share of it is made of float64's rounding."""


Losing = Generator[Call, None, float]
"""The calls that a loss takes, ending in it."""


class NudgeError(ValueError):
    """A number that cannot be nudged; the message says why."""


@dataclass(frozen=True)
class Nudged:
    """The loss of one batch with a number as it is, and `epsilon` below and above, in float64.

    `path` is that of a weight, "fc1.w", or of a value, "fc1.out". `gradient` is what the program's
    own backward gives for it, in float64, too. `agrees_at` is a smaller ε with which the two agree
    where with this one they do not; None where there is none. `holds_edits` tells whether a value
    or a gradient was edited on the walk.
    """

    path: str
    index: tuple[int, ...]
    value: float
    epsilon: float
    loss_below: float
    loss: float
    loss_above: float
    gradient: float
    agrees_at: float | None = None
    holds_edits: bool = False

    @property
    def finite_difference(self) -> float:
        """(loss(w + ε) − loss(w − ε)) / 2ε."""
        return (self.loss_above - self.loss_below) / (2 * self.epsilon)

    @property
    def relative_error(self) -> float:
        """How far the two are apart, over the larger of them; 0 where both are 0."""
        largest = max(abs(self.gradient), abs(self.finite_difference))
        return abs(self.gradient - self.finite_difference) / largest if largest else 0.0

    @property
    def agrees(self) -> bool:
        """Whether the two are the same slope."""
        return self.relative_error <= _AGREES

    @property
    def meaning(self) -> str:
        """What that tells, in a sentence."""
        if not (isfinite(self.loss_below) and isfinite(self.loss_above)):
            return "So far off the loss is no number any more: take a smaller ε"
        if not self.gradient and not self.finite_difference:
            return "Both are 0: the loss of this batch does not change with this number"
        if self.agrees:
            return "They agree: the backward pass gives the slope of the loss"
        if self.agrees_at is not None:
            return (
                "They differ as the loss bends within ε, at the kink of a ReLU for one: "
                f"with ε = {self.agrees_at:g} they agree"
            )
        if self.holds_edits:
            return (
                "They differ as a value or a gradient was edited on this walk: it stays as it is "
                "however the number is nudged, and the backward pass goes through it all the same"
            )
        change = max(abs(self.loss_above - self.loss), abs(self.loss - self.loss_below))
        if change <= _ROUNDING * abs(self.loss):
            return "So small a change of the loss is lost in rounding: take a larger ε"
        return "They differ: some backward is wrong; Verify gradients tells whose"


def nudge(stepper: Stepper, path: str, index: tuple[int, ...], epsilon: float = EPSILON) -> Nudged:
    """Nudge one number of a weight or a value, on the batch that a walk is in, with its edits.

    The walk stays as it is. NudgeError, or EditError for the index, where there is no such slope.
    """
    return to_the_end(nudging(stepper, path, index, epsilon))


def nudging(
    stepper: Stepper, path: str, index: tuple[int, ...], epsilon: float = EPSILON
) -> Generator[Done, None, Nudged]:
    """The same call by call. What becomes of the walk from the second on changes nothing of it."""
    program = stepper.session.program
    variable = program.parameters.get(path) or program.values.get(path)
    if variable is None or path not in program.gradients:
        raise NudgeError(
            f"{path or 'this'} has no gradient to compare with: nudge a weight that is learned, "
            "or a value that such a weight is behind"
        )
    if program.is_mixed:
        raise NudgeError("a nudge is too small for bfloat16: set the precision to float32 first")
    if not 0 < epsilon < float("inf"):
        raise NudgeError(f"ε must be a number above 0; it is {epsilon:g}")
    done, total = 0, len(program.calls) + 3 * len(program.forward_calls)
    try:
        work = _nudged(stepper, path, variable, index, epsilon)
        while True:
            next(work)
            done += 1
            yield Done(done, max(done, total))
    except StopIteration as end:
        found: Nudged = end.value
        return found
    except (RuntimeError, IndexError) as error:
        first = str(error).partition("\n")[0]
        raise NudgeError(f"the net cannot be computed in float64: {first}") from error


def _nudged(
    stepper: Stepper, path: str, variable: str, index: tuple[int, ...], epsilon: float
) -> Generator[Call, None, Nudged]:
    program, twin = stepper.session.program, stepper.twin()
    for call in program.calls:
        twin.step()
        yield call
    value = what_if.number_at(twin.session.namespace[variable], index, path)
    loss = float(twin.session.value(program.loss))
    if not isfinite(loss):
        raise NudgeError(f"the loss is {loss}: it has no slope")
    if float((yield from twin.losing_with({}))) != loss:
        raise NudgeError("the net draws other random numbers each time: no two losses compare")

    def loss_at(number: float) -> Losing:
        edit = WhatIf(variable, index, number, value, place=0)
        return float((yield from twin.losing_with({}, edit)))

    weights = program.parameters.values()
    found = Nudged(
        path=path,
        index=index,
        value=value,
        epsilon=epsilon,
        loss_below=(yield from loss_at(value - epsilon)),
        loss=loss,
        loss_above=(yield from loss_at(value + epsilon)),
        gradient=float(twin.session.gradient(path)[index]),
        holds_edits=any(edit.variable not in weights for edit in twin.edits.all),
    )
    if found.agrees:
        return found
    return replace(found, agrees_at=(yield from _finer(found, loss_at)))


def _finer(
    found: Nudged, loss_at: Callable[[float], Losing]
) -> Generator[Call, None, float | None]:
    """A smaller ε with which slope and gradient agree; None where there is none."""
    enough = min(found.relative_error * _NEARER, _NEAR)
    for share in _FINER:
        epsilon = found.epsilon * share
        below = yield from loss_at(found.value - epsilon)
        above = yield from loss_at(found.value + epsilon)
        finer = replace(found, epsilon=epsilon, loss_below=below, loss_above=above)
        if finer.relative_error <= enough:
            return epsilon
    return None
