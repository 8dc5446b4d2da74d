"""Looks at a trainer at work, seldom enough not to hold it up."""

from abc import ABC, abstractmethod
from collections import deque
from time import perf_counter

from explorer.training import faults
from explorer.training.faults import TrainingError
from explorer.training.standing import Standing

INTERVAL = 0.25
"""Seconds between looks, at least."""
SHARE = 0.05
"""The most of the time that looks may take from training."""
_COSTS = 3
"""Of so many looks the cheapest tells what one costs: others share the machine with it."""


class Observer(ABC):
    """Looks at whichever trainer it is pointed at, while `is_on`.

    A subclass says what is seen. It leaves no trace in the trainer. What is edited on the walk
    through the batch at hand is edited in what it sees as well.
    """

    refusal: str
    """What comes of it where the device has no room for a look, in words."""

    def __init__(self) -> None:
        self.is_on = False
        self._trainer: Standing | None = None
        self._seen: object = None
        self._next = 0.0
        self._costs: deque[float] = deque(maxlen=_COSTS)
        self._cannot = False

    @abstractmethod
    def _look(self, trainer: Standing) -> None:
        """Tell what is seen of a trainer where it stands."""

    def glance(self, trainer: Standing) -> None:
        """Look if a look is due."""
        if self._trainer is not trainer or perf_counter() >= self._next:
            self.take(trainer)

    def catch_up(self, trainer: Standing) -> None:
        """Look unless the last look was where the trainer stands."""
        if self._trainer is not trainer or self._seen != self._place_of(trainer):
            self.take(trainer)

    def _place_of(self, trainer: Standing) -> object:
        """What a look depends on: as long as it is equal, another shows nothing new."""
        return trainer.steps, trainer.edits.as_made

    def take(self, trainer: Standing) -> None:
        """Look now, unless it is off.

        Raises TrainingError where the device has no room for it; the trainer can go on, and it is
        not looked at any more.
        """
        if not self.is_on or trainer.state == "failed":
            return
        is_first = self._trainer is not trainer
        if is_first:
            self._point_at(trainer)
        if self._cannot:
            return
        start = perf_counter()
        try:
            self._look_past_edits(trainer)
        except (RuntimeError, MemoryError) as error:
            self._cannot = True
            why = faults.explain(error, trainer.device, trainer.settings.batch_size)
            raise TrainingError(f"{self.refusal}: {why}") from error
        end, self._seen = perf_counter(), self._place_of(trainer)
        if not is_first:  # which has much to get ready that later ones find
            self._costs.append(end - start)
        self._next = end + max(INTERVAL, min(self._costs, default=0.0) * (1 / SHARE - 1))

    def _look_past_edits(self, trainer: Standing) -> None:
        try:
            self._look(trainer)
        except (RuntimeError, IndexError):
            if not trainer.edits:
                raise
            # A call ahead cannot compute with an edit: the walk says so when it comes to it.

    def forget(self) -> None:
        """Let go of the trainer."""
        self._trainer = None

    def _point_at(self, trainer: Standing) -> None:
        self._trainer, self._cannot = trainer, False
        self._costs.clear()
