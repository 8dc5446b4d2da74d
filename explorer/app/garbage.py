"""Garbage is collected in the window's thread only.

Python collects in whatever thread allocates: in the worker's, it would end widgets that the window
is just about to send an event to.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_INTERVAL_MS = 250
"""Often, as what has come since is gone through each time: in a second it is enough for a pause."""
_SETTLED = 4
"""After so many intervals the libraries have made what they keep."""


class Garbage(QObject):
    """Stands in for Python's own collections from when it is made until `stop`."""

    def __init__(self, parent: QObject):
        super().__init__(parent)
        gc.disable()
        self._intervals = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(_INTERVAL_MS)

    def stop(self) -> None:
        """Let Python collect by itself again: there is no other thread any more."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    @Slot()
    def _collect(self) -> None:
        """Collect the oldest generation that is due, as Python would."""
        self._intervals += 1
        if self._intervals == _SETTLED:
            # Half a million objects of the libraries live as long as the program: to go through
            # them again and again would hold the window up for a tenth of a second each time.
            gc.freeze()
        if self._intervals <= _SETTLED:
            return
        due = zip(gc.get_count(), gc.get_threshold(), strict=True)
        full = [age for age, (count, limit) in enumerate(due) if count > limit]
        if full:
            gc.collect(full[-1])
