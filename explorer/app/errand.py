"""Long work in the worker thread: bit by bit, between other requests, until done or stopped."""

from collections.abc import Callable, Generator
from time import perf_counter
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

SLICE = 0.03
"""Seconds of one go."""

Work = Generator[object, None, None]
"""Does a bit and yields what to tell of how far it is; tells by itself what it found."""


class Errand(QObject):
    """One piece of work at a time. `tell` hears how far it is, `guarded` what goes wrong with it.

    Work that is stopped is closed: it may tell what it has found by then.
    """

    def __init__(
        self,
        tell: Callable[[Any], object],
        guarded: Callable[[Callable[[], None]], None],
        parent: QObject,
    ):
        super().__init__(parent)
        self._tell, self._guarded = tell, guarded
        self._work: Work | None = None
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._work_on)

    def begin(self, work: Work) -> None:
        """Leave what is at work, and begin with this."""
        self.stop()
        self._work = work
        self._go_on()

    def stop(self) -> None:
        """Leave what is at work as far as it is."""
        work, self._work = self._work, None
        if work is not None:
            work.close()

    @Slot()
    def _work_on(self) -> None:
        self._guarded(self._go_on)

    def _go_on(self) -> None:
        """A slice of it; where it fails there is nothing to go on with."""
        work, self._work = self._work, None
        if work is None:
            return
        until = perf_counter() + SLICE
        for progress in work:
            if perf_counter() >= until:
                self._work = work
                self._tell(progress)
                self._timer.start()
                return
