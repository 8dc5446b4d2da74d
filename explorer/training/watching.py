"""Training steps that are walked call by call: to stop at breakpoints, or to go on with edits."""

from collections.abc import Callable, Iterable, Sequence

import torch

from explorer.program import Breakpoint, Lookout, Met, Program, Stepper
from explorer.program.stepper import Further
from explorer.program.what_if import Edits


class Watch:
    """Walks the batch that training stands at, and looks out for breakpoints behind each call.

    `begin` makes a stepper before the first call of that batch.

    Attributes:
        met: the breakpoint that the walk stands at.
        is_resting: whether steps are to be made without looking out.
        keeps_edits: whether training goes on with what was edited on the walk.
    """

    def __init__(self, program: Program, begin: Callable[[], Stepper]):
        self._program = program
        self._begin = begin
        self._lookout = Lookout(program)
        self._stepper: Stepper | None = None
        self._told_at = 0
        self.met: Met | None = None
        self.is_resting = False
        self.keeps_edits = False

    @property
    def is_on(self) -> bool:
        """Whether the step is to be walked: something is looked out for, or edits are kept."""
        return self._looks_out or self.has_edits_to_keep

    @property
    def has_edits_to_keep(self) -> bool:
        return bool(self.edits_to_keep)

    @property
    def edits(self) -> Edits:
        """The numbers that are edited on the walk, whether they are kept or not."""
        return Edits() if self._stepper is None else self._stepper.edits

    @property
    def edits_to_keep(self) -> Edits:
        """The edits that are trained on with."""
        return self.edits if self.keeps_edits else Edits()

    @property
    def _looks_out(self) -> bool:
        return bool(self._lookout) and not self.is_resting

    def look_out_for(self, points: Iterable[Breakpoint]) -> None:
        self._lookout = Lookout(self._program, points)
        self._told_at = 0

    def walk(self) -> Stepper:
        """The walk through this batch, which begins where there is none yet."""
        if self._stepper is None:
            self._stepper = self._begin()
        return self._stepper

    def follow_with(self, further: Callable[[], Sequence[Further]]) -> None:
        """Have other steps behind the calls of the walk, if there is one."""
        if self._stepper is not None:
            self._stepper.follow_with(further())

    def forget_edits(self) -> None:
        """Begin anew, unless they are kept, where training is to go on: by its own numbers."""
        if self._stepper is not None and self._stepper.edits and not self.keeps_edits:
            self.leave()

    def goes_through(self, loss_before: float | None) -> bool:
        """Walk on to the end of the backward pass; False where a breakpoint is met on the way.

        A batch that was left at a breakpoint does not stop there again when it is walked anew.
        """
        told_at = self._told_at if self._stepper is None else 0
        self.met = None
        # What is computed here may be edited and looked at later, out of inference mode.
        with torch.inference_mode(False):
            stepper = self.walk()
            while stepper.position < len(self._program.calls):
                call = stepper.step()
                assert call is not None, "there are calls left"
                if self._looks_out and stepper.position > told_at:
                    self.met = self._lookout.met(stepper.session, call, loss_before)
                if self.met is not None:
                    self._told_at = stepper.position
                    return False
        return True

    def leave(self) -> None:
        """Nobody walks through this batch any more."""
        self._stepper = self.met = None
        self.keeps_edits = False

    def go_on(self) -> None:
        """Training stands at another batch."""
        self.leave()
        self._told_at = 0
