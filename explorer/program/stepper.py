"""A program one call at a time, forward and back in time.

Each variable is assigned once, so going back is forgetting what the last call computed; all
earlier values are still there, as they were.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from torch import Tensor

from explorer.program.program import Call, Phase
from explorer.program.session import Session


class Further(Protocol):
    """A step behind the last call of a program: an update."""

    @property
    def call(self) -> Call: ...

    def run(self, stepper: "Stepper") -> None:
        """Put what `call` writes into the session, and change nothing else there."""


class Stepper:
    """Walks a session through its program, and on through what follows it.

    `seed` is the one that the batch's random numbers start from. `position` counts the calls
    that have run: 0 before the first, len(calls) after the last.
    """

    def __init__(
        self,
        session: Session,
        batch: Mapping[str, Tensor],
        seed: int = 0,
        further: Sequence[Further] = (),
    ):
        self.session = session
        self.calls: tuple[Call, ...] = ()
        self._further: Sequence[Further] = ()
        self._list(further)
        self.position = 0
        self._batch = dict(batch)
        self._seed = seed
        self.restart()

    def restart(self) -> None:
        """Go back to before the first call, with the same batch."""
        self.session.clear(self._batch, self._seed)
        self.position = 0

    def _list(self, further: Sequence[Further]) -> None:
        self._further = further
        self.calls = (*self.session.program.calls, *(step.call for step in further))

    def follow_with(self, further: Sequence[Further]) -> None:
        """Have other steps behind the program's calls, and stand at the same place."""
        place = self.position
        self.go_to(min(place, len(self.session.program.calls)))
        self._list(further)
        self.go_to(place)

    @property
    def current(self) -> Call | None:
        """The call that ran last; None before the first."""
        return self.calls[self.position - 1] if self.position else None

    @property
    def next(self) -> Call | None:
        """The call that runs next; None after the last."""
        return self.calls[self.position] if self.position < len(self.calls) else None

    def step(self) -> Call | None:
        """Run the next call and return it; None when there is none."""
        call = self.next
        if call is None:
            return None
        if self._is_first_backward(call):
            self.session.start_backward()
        if call.phase == "update":
            self._further[self.position - len(self.session.program.calls)].run(self)
        else:
            self.session.run(call)
        self.position += 1
        return call

    def back(self) -> Call | None:
        """Take back the last call and return the one before it; None at the start."""
        call = self.current
        if call is not None:
            self.session.forget(call)
            self.position -= 1
            if self._is_first_backward(call):
                self.session.namespace.pop(self._dloss)
        return self.current

    def go_to(self, position: int) -> Call | None:
        """Step, or step back, until `position` calls have run."""
        position = min(max(position, 0), len(self.calls))
        while self.position < position:
            self.step()
        while self.position > position:
            self.back()
        return self.current

    def run_to(self, node: str, phase: Phase | None = None) -> Call | None:
        """Go to right after a node's own call, and return that call; None where it has none.

        Without a phase: its backward call when the forward one has run already, else forward.
        """
        places = {
            call.phase: call.index + 1
            for call in self.session.program.calls
            if call.node == node and not call.is_addition
        }
        if phase is None:
            ahead = [place for place in places.values() if place > self.position]
            place = min(ahead, default=min(places.values(), default=None))
        else:
            place = places.get(phase)
        return None if place is None else self.go_to(place)

    def run_to_loss(self) -> Call | None:
        """Go to the end of the forward pass."""
        return self.go_to(len(self.session.program.forward_calls))

    def run_to_end(self) -> Call | None:
        """Go to the end of the backward pass: every gradient is there."""
        return self.go_to(len(self.session.program.calls))

    def loss_with(self, weights: Mapping[str, Tensor]) -> Tensor:
        """The loss of this batch with other numbers in some parameters, by path.

        Nothing of the walk changes by it.
        """
        session = self.session
        scratch = session.scratch(weights)
        for call in session.program.forward_calls:
            session.run_in(scratch, call)
        return scratch[session.program.values[session.program.loss]]

    def _is_first_backward(self, call: Call) -> bool:
        return call.phase == "backward" and call.index == len(self.session.program.forward_calls)

    @property
    def _dloss(self) -> str:
        return self.session.program.gradients[self.session.program.loss]
