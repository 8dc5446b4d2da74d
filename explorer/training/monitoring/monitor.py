"""Measures the layers of a trainer at work."""

from collections.abc import Callable

from explorer.training.monitoring.measures import Measured, measure
from explorer.training.observer import Observer
from explorer.training.standing import Standing


class Monitor(Observer):
    """Measures the layers of whichever trainer it is pointed at, while `is_on`."""

    refusal = "the layers of this run are not measured"

    def __init__(self, on_measured: Callable[[Measured], object]):
        super().__init__()
        self._on_measured = on_measured

    def _look(self, trainer: Standing) -> None:
        self._on_measured(measure(trainer))
