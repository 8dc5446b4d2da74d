"""Measures the layers of a trainer at work."""

from collections.abc import Callable
from dataclasses import replace

from explorer.training.monitoring.measures import Measured, measure
from explorer.training.observer import Observer
from explorer.training.standing import Standing


class Monitor(Observer):
    """Measures the layers of whichever trainer it is pointed at, while `is_on`."""

    refusal = "the layers of this run are not measured"

    def __init__(self, on_measured: Callable[[Measured], object]):
        super().__init__()
        self._on_measured = on_measured
        self._has_missed = False

    def take(self, trainer: Standing) -> None:
        self._has_missed = self._has_missed or not self.is_on
        super().take(trainer)

    def _look(self, trainer: Standing) -> None:
        self._on_measured(replace(measure(trainer), is_after_gap=self._has_missed))
        self._has_missed = False
