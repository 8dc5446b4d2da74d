"""All tensors that can be looked at now: a session's, an optimizer's, and those pinned before."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from torch import Tensor

from explorer.program.program import Program
from explorer.program.session import Session
from explorer.program.viewing.catalogue import Address, Catalogue, Difference, Label, Memory
from explorer.program.viewing.cut import NotYetError, ViewError
from explorer.program.viewing.subject import Subject

PIN_LIMIT = 2**30
"""How many bytes all pins together may take."""


@dataclass(frozen=True)
class Entry:
    """One tensor that can be looked at, without its numbers."""

    address: Address | Difference
    label: Label
    shape: tuple[int, ...]
    dtype: str
    device: str

    @property
    def variable(self) -> str:
        """Its name in the program's source; "" where it is a part of something, or a copy."""
        return self.address.variable if isinstance(self.address, Address) else ""


class Gallery:
    """Finds tensors by address. It keeps none but the pins, which are copies on the CPU."""

    def __init__(self) -> None:
        self._session: Session | None = None
        self._memory: Memory = {}
        self._program: Program | None = None
        self._catalogue: Catalogue | None = None
        self._weights: dict[str, str] = {}
        self._pins: dict[Address, tuple[Label, Tensor]] = {}
        self._numbers = count(1)

    def show(self, session: Session | None, memory: Memory) -> None:
        """Look at these from now on; as soon as a call has run, weights are those that it reads."""
        program = session.program if session else None
        if program is not None and program is not self._program:
            self._program, self._catalogue = program, Catalogue(program)
            both = program.parameters | program.buffers
            self._weights = {variable: path for path, variable in both.items()}
        self._session, self._memory = session, memory

    def entries(self) -> tuple[Entry, ...]:
        """All that can be looked at now, in the order of the program."""
        return tuple(_entry(*found) for found in self._all())

    def entry(self, address: Address | Difference) -> Entry:
        """What is at an address. ViewError says why there is nothing."""
        if not isinstance(address, Difference):
            return _entry(address, self._label(address), self._tensor(address))
        subject = self.subject(address)
        one, other = self._label(address.one), self._label(address.other)
        label = replace(one, title=f"{one.title} − {other.title}")
        dtype = str(subject.dtype).removeprefix("torch.")
        return Entry(address, label, subject.shape, dtype, "cpu")

    def subject(self, address: Address | Difference) -> Subject:
        """What is at an address, to be looked at. ViewError says why there is nothing."""
        if isinstance(address, Difference):
            return Subject(self._tensor(address.one), self._tensor(address.other))
        return Subject(self._tensor(address))

    # Pins

    @property
    def pinned(self) -> int:
        """How many bytes the pins take."""
        return sum(tensor.nbytes for _, tensor in self._pins.values())

    def pin(self, address: Address, when: str) -> Entry:
        """Keep a copy of a tensor as it is; `when` says in words when that was.

        Raises ViewError where there is no such tensor, or where the pins would take too much.
        """
        label, tensor = self._label(address), self._tensor(address)
        return self._keep(replace(label, title=f"{label.title} at {when}"), tensor)

    def keep(self, tensor: Tensor, title: str) -> Entry:
        """Pin a copy of what was computed. ViewError where the pins would take too much."""
        return self._keep(Label("pin", title, title), tensor)

    def _keep(self, label: Label, tensor: Tensor) -> Entry:
        if self.pinned + tensor.nbytes > PIN_LIMIT:
            limit = f"{PIN_LIMIT / 2**20:,.0f} MB"
            raise ViewError(f"pins may take {limit} together: unpin some that you need no more")
        pin = Address(str(next(self._numbers)), among="pins")
        self._pins[pin] = replace(label, kind="pin", name=label.title), _copy(tensor)
        return self.entry(pin)

    def unpin(self, address: Address) -> None:
        """Let a pin go; one that has gone already stays gone."""
        self._pins.pop(address, None)

    # Finding

    def _all(self) -> Iterator[tuple[Address, Label, Tensor]]:
        if self._session is not None and self._catalogue is not None:
            for address, label in self._catalogue.labels.items():
                tensor = self._variable(self._session, address)
                if tensor is not None:
                    yield address, label, tensor
        for (path, part), tensor in self._memory.items():
            address = Address(path, part, "optimizer")
            yield address, self._label(address), tensor
        for address, (label, tensor) in self._pins.items():
            yield address, label, tensor

    def _tensor(self, address: Address) -> Tensor:
        found: Tensor | None = None
        if address.among == "pins":
            found = self._pins[address][1] if address in self._pins else None
        elif address.among == "optimizer":
            found = self._memory.get((address.name, address.part))
        elif self._session is not None:
            found = self._variable(self._session, address)
        if found is None:
            raise self._refusal(address)
        return found

    def _variable(self, session: Session, address: Address) -> Tensor | None:
        assert self._catalogue is not None, "a session has a program"
        path = self._weights.get(address.name)
        if path is not None and not _is_stepping(session):
            # In mixed precision the calls read copies, which training does not touch.
            return session.state[path]
        value = session.namespace.get(address.name)
        if address.part:
            value = dict(self._catalogue.of_cache(address.name, value)).get(address)
        return value if isinstance(value, Tensor) else None

    def _label(self, address: Address) -> Label:
        if address.among == "pins":
            known = self._pins[address][0] if address in self._pins else None
        else:
            known = self._catalogue.label(address) if self._catalogue else None
        return known or Label("value", address.name, address.name)

    def _refusal(self, address: Address) -> ViewError:
        """Why there is no tensor at an address."""
        title = self._label(address).title
        if address.among == "pins":
            return ViewError("this pin was let go")
        if self._session is None or self._catalogue is None:
            why = "nothing has been trained or stepped through"
            return ViewError(f"{title} is not there yet: {why}")
        if self._catalogue.label(address) is None:
            return ViewError(f"the net changed: it has no {title} any more")
        if address.among == "optimizer":
            return ViewError(f"{title} is not there yet: the optimizer has made no step")
        if _is_stepping(self._session):
            return NotYetError(title)
        return ViewError(f"{title} is only kept while stepping: step to see it")


def _is_stepping(session: Session) -> bool:
    return any(name in session.namespace for name in session.program.calls[0].outputs)


def _entry(address: Address, label: Label, tensor: Tensor) -> Entry:
    dtype = str(tensor.dtype).removeprefix("torch.")
    return Entry(address, label, tuple(tensor.shape), dtype, str(tensor.device))


def _copy(tensor: Tensor) -> Tensor:
    return tensor.detach().cpu().clone()
