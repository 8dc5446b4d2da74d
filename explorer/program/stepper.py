"""A program one call at a time, forward and back in time.

Each variable is assigned once, so going back is forgetting what the last call computed; all
earlier values are still there, as they were.
"""

from collections.abc import Generator, Mapping, Sequence
from typing import Protocol

import torch
from torch import Tensor

from explorer.layers.walking import Part, to_the_end
from explorer.program import what_if
from explorer.program.inside import Inside, can_enter
from explorer.program.program import Call, Phase
from explorer.program.session import Session
from explorer.program.what_if import EditError, Edits, WhatIf


class Further(Protocol):
    """A step behind the last call of a program: an update."""

    @property
    def call(self) -> Call: ...

    def run(self, stepper: "Stepper") -> None:
        """Put what `call` writes into the session, and change nothing else there."""


class Stepper:
    """Walks a session through its program, and on through what follows it.

    `seed` is the one that the batch's random numbers start from. `position` counts the calls
    that have run: 0 before the first, len(calls) after the last. `inside` stands within the next
    call, where somebody has stepped into it. `edits` are the numbers that were changed on the
    way; going back across the place of one undoes it, unless the walk began with it.
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
        self.inside: Inside | None = None
        self.edits = self._given = Edits()
        self._batch = dict(batch)
        self._seed = seed
        self.restart()

    def restart(self) -> None:
        """Go back to before the first call, with the same batch."""
        self.session.clear(self._batch, self._seed)
        self.position, self.inside = 0, None
        self.edits = self._given = Edits()

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
        """Run the next call, or what is left of it, and return it; None when there is none."""
        call = self.next
        if call is None:
            return None
        self._leave_inside()
        self._start(call)
        if call.phase == "update":
            self._further[self.position - len(self.session.program.calls)].run(self)
        else:
            self.session.run(call)
            what_if.apply(self.edits.of(*call.outputs), self.session.namespace)
        self.position += 1
        return call

    def step_into(self) -> Part | Call | None:
        """Run the first part of the next call, or that call where it has no parts.

        Within a call: its next part; behind the last of them the call itself, and out of it.
        """
        call = self.next
        if self.inside is None and call is not None and can_enter(call):
            self._start(call)
            self.inside = Inside(call, self.session.namespace)
        part = self.inside.step() if self.inside is not None else None
        return part or self.step()

    def step_over(self) -> Part | Call | None:
        """Within a call its next part, else the next call as a whole."""
        return self.step_into() if self.inside is not None else self.step()

    def step_back(self) -> Part | Call | None:
        """Take back the last part within a call, and out of it, else the last call."""
        if self.inside is None:
            return self.back()
        part = self.inside.back()
        if part is None:
            self.leave_call()
        return part or self.current

    def leave_call(self) -> None:
        """Stand before the call that was stepped into."""
        if (call := self._leave_inside()) is not None:
            self._unstart(call)

    def _leave_inside(self) -> Call | None:
        """Stand within a call no longer; the call, if there was one."""
        if self.inside is None:
            return None
        self.inside.leave()
        call, self.inside = self.inside.call, None
        return call

    def back(self) -> Call | None:
        """Take back the last call and return the one before it; None at the start."""
        self.leave_call()
        call = self.current
        if call is not None:
            self.session.forget(call)
            self.position -= 1
            self._unstart(call)
            self._undo_edits_behind()
        return self.current

    def go_to(self, position: int) -> Call | None:
        """Step, or step back, until `position` calls have run."""
        self.leave_call()
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

    # What if

    def edit(self, variable: str, index: tuple[int, ...], value: float) -> None:
        """Let a number be another: what is computed from it is computed anew, up to here.

        Raises EditError where there is no such number, where it cannot be edited, or where the
        net cannot compute with it; nothing has changed then.
        """
        if self.inside is not None:
            node = self.inside.call.node
            raise EditError(f"{node} is stepped into: step out of it, then edit numbers")
        place = min(what_if.place_of(self.session.program, variable), self.position)
        tensor = self.session.namespace.get(variable)
        if not isinstance(tensor, Tensor):
            raise EditError(f"{variable} is not computed yet: step on, then edit it")
        name = what_if.name_of(self.session.program, variable)
        before = what_if.number_at(tensor, index, name)
        what_if.check_number(tensor, value, name)
        made = WhatIf(variable, index, value, before, place)
        self._recompute(self.edits.with_one(made), place)

    def put_back(self, edit: WhatIf | None = None) -> None:
        """Undo an edit, or every one, and compute anew what was computed from it.

        One that does not hold any more is passed over.
        """
        kept = Edits() if edit is None else self.edits.without(edit)
        gone = [each for each in self.edits.all if each not in kept.all]
        if gone:
            self._recompute(kept, gone[0].place)

    def weight(self, path: str) -> Tensor:
        """A parameter as the walk has it, in the numbers that weights are kept in."""
        tensor = self.session.parameters[path]
        for edit in self.edits.of(self.session.program.parameters[path]):
            tensor = what_if.edited(tensor, edit)
        return tensor

    def begin_with(self, edits: Edits) -> None:
        """Walk from before the first call, with these edits to come, however often."""
        self.restart()
        self._given = edits
        self._hold(edits)

    def keep_weights(self) -> None:
        """Let the session's own parameters be as the walk has them, for training to go on with."""
        for path, parameter in self.session.parameters.items():
            parameter.copy_(self.weight(path))

    def twin(self) -> "Stepper":
        """The same walk in float64 on the CPU, from its start, with the same edits to come."""
        session = Session(self.session.program, dtype=torch.float64)
        session.load(self.session.state)
        session.training = self.session.training
        twin = Stepper(session, self._batch, self._seed)
        twin.begin_with(self.edits)
        return twin

    def _recompute(self, edits: Edits, place: int) -> None:
        """Go back to before a place, and on to here again with these edits."""
        here, before = self.position, self.edits
        start = min(max(place - 1, 0), here)
        self.go_to(start)
        self._hold(edits)
        try:
            self.go_to(here)
        except (RuntimeError, IndexError) as error:
            self.go_to(start)
            self._hold(before)
            self.go_to(here)
            first = str(error).partition("\n")[0]
            raise EditError(f"the net cannot compute with that: {first}") from error

    def _hold(self, edits: Edits) -> None:
        """Have these edits from here on: those of weights now, others where their numbers come."""
        self.session.renew({edit.variable for edit in self.edits.all})
        self.edits = edits
        weights = self.session.program.parameters.values()
        what_if.apply(edits.of(*weights), self.session.namespace)

    def _undo_edits_behind(self) -> None:
        """Let those go that were made further on; weights are what they were again."""
        kept = self.edits.up_to(self.position, self._given)
        if len(kept.all) < len(self.edits.all):
            self._hold(kept)

    def loss_with(self, weights: Mapping[str, Tensor], *edits: WhatIf) -> Tensor:
        """The loss of this batch with other numbers in some parameters, by path, and with edits.

        Those come on top of the walk's own. Nothing of the walk changes by it.
        """
        return to_the_end(self.losing_with(weights, *edits))

    def losing_with(
        self, weights: Mapping[str, Tensor], *edits: WhatIf
    ) -> Generator[Call, None, Tensor]:
        """The same, stopping after each call; ends in the loss."""
        session = self.session
        scratch = session.scratch(weights)
        what_if.apply(edits, scratch)
        for call in session.program.forward_calls:
            session.run_in(scratch, call)
            what_if.apply(self.edits.of(*call.outputs), scratch)
            what_if.apply((e for e in edits if e.variable in call.outputs), scratch)
            yield call
        return scratch[session.program.values[session.program.loss]]

    def _start(self, call: Call) -> None:
        """Have there what a call reads: the loss's own gradient, before the backward pass."""
        if self._is_first_backward(call):
            self.session.start_backward()
            what_if.apply(self.edits.of(self._dloss), self.session.namespace)

    def _unstart(self, call: Call) -> None:
        if self._is_first_backward(call):
            self.session.namespace.pop(self._dloss, None)

    def _is_first_backward(self, call: Call) -> bool:
        return call.phase == "backward" and call.index == len(self.session.program.forward_calls)

    @property
    def _dloss(self) -> str:
        return self.session.program.gradients[self.session.program.loss]
