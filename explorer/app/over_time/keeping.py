"""The bar that says how many of the last steps are kept, and opens one of them."""

from functools import partial

from PySide6.QtCore import QSettings, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSpinBox, QVBoxLayout, QWidget

from explorer.app.panels.buttons import IconButton
from explorer.app.panels.moments import Moments
from explorer.app.panels.notice import wrapping_label
from explorer.app.panels.numbers import plural
from explorer.app.panels.wrapping_row import WrappingRow
from explorer.training import Kept

_MB = 2**20
_MOST, _USUAL = 1000, 20
_MOST_MB, _USUAL_MB = 100_000, 200


class KeepingBar(QWidget):
    """Asks for steps to be kept, says which are, and which of them is looked at.

    Signals:
        wanted: other steps are wanted, or more room for them.
        opened(int): that step, counted from 0, is to be looked at as it was.
        next_wanted(bool): the kept step before it, True, or behind it, False, is to be looked at.
        refused(str): why there is nothing to look at.
        changed: other steps can be opened.
    """

    wanted = Signal()
    opened = Signal(int)
    next_wanted = Signal(bool)
    refused = Signal(str)
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._kept = Kept()
        self._moment: int | None = None
        self._count = _spin("Steps to keep", "How many of the last steps are kept; 0: none", _MOST)
        self._count.setPrefix("Last ")
        self._count.setSuffix(" steps")
        self._count.setSpecialValueText("No steps")
        self._room = _spin("Memory for steps", "How much memory they may take", _MOST_MB, least=1)
        self._room.setSuffix(" MB")
        self._room.setPrefix("≤ ")
        self._status = wrapping_label()
        self._status.setProperty("role", "soft")
        self._earlier = IconButton(
            "back", "Earlier step", "Step through the step before, as it was", "earlier_moment"
        )
        self._later = IconButton(
            "step", "Later step", "Step through the step after, as it was", "later_moment"
        )
        row = WrappingRow(4)
        for control in (self._count, self._room, self._earlier, self._later):
            row.addWidget(control)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self._status)
        self._earlier.clicked.connect(partial(self._ask_next, True))
        self._later.clicked.connect(partial(self._ask_next, False))
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_room()

    def _keep_room(self) -> None:
        """Be as high as its words need below its controls: where room is short, curves give way."""
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def restore(self, settings: QSettings) -> None:
        """Take up what was chosen before, and keep what is chosen from now on."""
        for spin, usual in ((self._count, _USUAL), (self._room, _USUAL_MB)):
            name = f"over_time/{spin.accessibleName()}"
            spin.setValue(int(str(settings.value(name, usual))))
            spin.valueChanged.connect(lambda value, name=name: settings.setValue(name, value))
            spin.valueChanged.connect(self.wanted)
            spin.valueChanged.connect(self._show)
        self._show()

    @property
    def count(self) -> int:
        """How many steps are to be kept."""
        return self._count.value()

    @property
    def megabytes(self) -> int:
        """How much memory they may take."""
        return self._room.value()

    @property
    def kept(self) -> Moments:
        """The steps that are kept."""
        return Moments(self._kept.steps)

    @property
    def usable(self) -> dict[str, tuple[bool, str]]:
        """By command, whether it can be used, and if not, why."""
        return {
            "earlier_moment": (self._has_earlier, "No earlier step is kept"),
            "later_moment": (self._moment is not None, "No step of the past is looked at"),
        }

    @property
    def _has_earlier(self) -> bool:
        steps = self._kept.steps
        return bool(steps) and (self._moment is None or steps[0] < self._moment)

    # What it is told

    def show_kept(self, kept: Kept) -> None:
        self._kept = kept
        self._show()

    def show_moment(self, step: int | None) -> None:
        """A step of the past is looked at, or none."""
        self._moment = step
        self._show()

    # Opening

    def choose(self, place: float, reach: float) -> None:
        """Open the kept step nearest to a place among the steps, counted from 1."""
        nearest = self.kept.nearest(place, reach)
        if nearest is not None:
            self.opened.emit(nearest)
        else:
            self.refused.emit(self._why_not(max(round(place), 1)))

    def _why_not(self, step: int) -> str:
        if not self._kept.steps:
            return f"Step {step:,} is not kept: {self._lower(self._in_words())}"
        first, last = self._kept.steps[0] + 1, self._kept.steps[-1] + 1
        kept = f"step {last:,} is" if first == last else f"steps {first:,} to {last:,} are"
        return f"Step {step:,} is not kept, {kept}: click nearer, or keep more and train on"

    def _ask_next(self, is_earlier: bool, checked: bool = False) -> None:
        self.next_wanted.emit(is_earlier)

    # How it looks

    @Slot()
    def _show(self) -> None:
        self._status.setText(self._in_words())
        self._status.setAccessibleName(self._in_words())
        self._keep_room()
        can_before = self._earlier.isEnabled(), self._later.isEnabled()
        for name, button in (("earlier_moment", self._earlier), ("later_moment", self._later)):
            button.allow(*self.usable[name])
        if (self._earlier.isEnabled(), self._later.isEnabled()) != can_before:
            self.changed.emit()

    def _in_words(self) -> str:
        kept = self._kept
        if kept.fault:
            return f"None is kept: {kept.fault}"
        if not self.count:
            return "No steps are kept: choose how many"
        if kept.one > kept.limit and not kept.steps:
            return f"A step takes {_size(kept.one)}: allow more"
        if not kept.steps:
            return "None is kept yet: train while this is seen or records"
        steps = plural(kept.wanted, "step")
        return f"{len(kept.steps)} of last {steps}, {_size(kept.nbytes)}"

    @staticmethod
    def _lower(words: str) -> str:
        return words[:1].lower() + words[1:]


def _size(nbytes: int) -> str:
    """A number of bytes as 12 kB, 0.3 MB, 34 MB."""
    megabytes = nbytes / _MB
    if megabytes < 0.095:
        return f"{nbytes / 2**10:,.0f} kB"
    return f"{megabytes:.1f} MB" if megabytes < 9.95 else f"{megabytes:,.0f} MB"


def _spin(name: str, what: str, most: int, least: int = 0) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(least, most)
    spin.setAccessibleName(name)
    spin.setToolTip(what)
    spin.setKeyboardTracking(False)
    return spin
