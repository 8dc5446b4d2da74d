"""One weight nudged up and down: the slope of the loss that one can see, beside the gradient."""

from dataclasses import dataclass

from explorer.program import what_if
from explorer.program.stepper import Stepper


class NudgeError(ValueError):
    """A weight that cannot be nudged; the message says why."""


@dataclass(frozen=True)
class Nudged:
    """The loss of one batch with a weight as it is, and `epsilon` below and above, in float64.

    `gradient` is what the program's own backward gives for it, in float64, too.
    """

    path: str
    index: tuple[int, ...]
    value: float
    epsilon: float
    loss_below: float
    loss: float
    loss_above: float
    gradient: float

    @property
    def finite_difference(self) -> float:
        """(loss(w + ε) − loss(w − ε)) / 2ε."""
        return (self.loss_above - self.loss_below) / (2 * self.epsilon)

    @property
    def relative_error(self) -> float:
        """How far the two are apart, over the larger of them; 0 where both are 0."""
        largest = max(abs(self.gradient), abs(self.finite_difference))
        return abs(self.gradient - self.finite_difference) / largest if largest else 0.0


def nudge(stepper: Stepper, path: str, index: tuple[int, ...], epsilon: float = 1e-4) -> Nudged:
    """Nudge one number of a parameter, on the batch that a walk is in, with its edits.

    The walk stays as it is. NudgeError, or EditError for the index, where there is no such slope.
    """
    program = stepper.session.program
    if path not in program.parameters or path not in program.gradients:
        learned = [name for name in program.parameters if name in program.gradients]
        raise NudgeError(f"{path} is no weight that is learned; these are: {', '.join(learned)}")
    if program.is_mixed:
        raise NudgeError("a nudge is too small for bfloat16: set the precision to float32 first")
    if not 0 < epsilon < float("inf"):
        raise NudgeError(f"ε must be a number above 0; it is {epsilon:g}")
    twin = stepper.twin()
    twin.run_to_end()
    weight = twin.weight(path)
    value = what_if.number_at(weight, index, path)

    def loss_at(number: float) -> float:
        nudged = weight.clone()
        nudged[index] = number
        return float(twin.loss_with({path: nudged}))

    return Nudged(
        path=path,
        index=index,
        value=value,
        epsilon=epsilon,
        loss_below=loss_at(value - epsilon),
        loss=float(twin.session.value(program.loss)),
        loss_above=loss_at(value + epsilon),
        gradient=float(twin.session.gradient(path)[index]),
    )
