"""The window's end of all questions about tensors: each answer goes to whoever asked."""

from collections.abc import Callable
from functools import partial
from itertools import count

from PySide6.QtCore import QObject, Signal, Slot

from explorer.app.tensors.requests import (
    Forget,
    Look,
    Pinned,
    Saving,
    Seen,
    Studied,
    Study,
    TensorMessage,
    TensorRequest,
    TensorsListed,
    Unseen,
)
from explorer.program.viewing import Address, Cut, Difference, Query

Place = Address | Difference
Heard = Callable[[Seen | Unseen | Studied], object]


class TensorClient(QObject):
    """Numbers the questions, and hands each answer on.

    Signals:
        asked(request): what is to go to the worker.
        listed(TensorsListed), pinned(Entry), saving(Saving): what the worker tells everyone.
    """

    asked = Signal(object)
    listed = Signal(object)
    pinned = Signal(object)
    saving = Signal(object)

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._waiting: dict[int, Heard] = {}
        self._tickets = count(1)

    @Slot(object)
    def hear(self, message: TensorMessage) -> None:
        """Hand a message of the worker to those whom it concerns."""
        match message:
            case Seen() | Unseen() | Studied():
                self._answer(message)
            case TensorsListed():
                self.listed.emit(message)
            case Pinned():
                self.pinned.emit(message.entry)
            case Saving():
                self.saving.emit(message)

    def ask(self, request: TensorRequest) -> None:
        """Ask the worker for something that nobody waits for in particular."""
        self.asked.emit(request)

    def look(self, place: Place, query: Query | None, heard: Heard) -> int:
        """Ask something that is answered once. The ticket of the question."""
        ticket = self._wait(heard)
        self.ask(Look(ticket, place, query))
        return ticket

    def study(self, place: Place, cut: Cut | None, histogram: bool, heard: Heard) -> int:
        """Have a tensor gone through, which is answered bit by bit. The ticket of the question."""
        ticket = self._wait(heard)
        self.ask(Study(ticket, place, cut, histogram))
        return ticket

    def drop(self, ticket: int) -> None:
        """Nobody waits for that answer any more."""
        if self._waiting.pop(ticket, None) is not None:
            self.ask(Forget(ticket))

    def _wait(self, heard: Heard) -> int:
        ticket = next(self._tickets)
        self._waiting[ticket] = heard
        return ticket

    def _answer(self, message: Seen | Unseen | Studied) -> None:
        heard = self._waiting.get(message.ticket)
        if heard is None:
            return
        if not isinstance(message, Studied) or message.survey.is_complete:
            del self._waiting[message.ticket]
        heard(message)


class Asker:
    """Asks one question at a time, and of those that come up meanwhile only the last.

    So a view that scrolls or is dragged never has more than one question on its way.
    `heard(query, answer)` is told what comes back.
    """

    def __init__(
        self,
        client: TensorClient,
        heard: Callable[[Query | None, Seen | Unseen], object],
    ):
        self._client = client
        self._heard = heard
        self._ticket = 0
        self._next: tuple[Place, Query | None] | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether a question is on its way."""
        return bool(self._ticket)

    def ask(self, place: Place, query: Query | None) -> None:
        """Ask as soon as the answer to the last question is there."""
        if self._ticket:
            self._next = place, query
        else:
            self._ticket = self._client.look(place, query, partial(self._hear, query))

    def stop(self) -> None:
        """Ask and hear no more of what was asked."""
        self._next = None
        if self._ticket:
            self._client.drop(self._ticket)
            self._ticket = 0

    def _hear(self, query: Query | None, answer: Seen | Unseen | Studied) -> None:
        assert not isinstance(answer, Studied), "nothing was to be gone through"
        self._ticket = 0
        following, self._next = self._next, None
        if following is not None:
            self.ask(*following)
        self._heard(query, answer)
