"""The training panel: set off, pause, stop; how far it is; on which device; with which settings."""

from typing import NamedTuple

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from explorer.app import theme
from explorer.app.panels.buttons import IconButton, PrimaryButton
from explorer.app.panels.latest_numbers import LatestNumbers
from explorer.app.panels.notice import Kind, Notice, as_sentence, wrapping_label
from explorer.app.panels.numbers import duration, plural, rate
from explorer.app.panels.scroll_page import ScrollPage
from explorer.app.panels.training_setup import TrainingSetup
from explorer.graph import TrainingSettings
from explorer.training import Device, Progress, Started, StateChanged
from explorer.training.events import State

_BAR = 1000


class _Face(NamedTuple):
    """What the big button is in a state."""

    drawing: str
    words: str
    what: str


_TRAIN = _Face("play", "Train", "Train the net")
_AGAIN = _Face("play", "Train again", "Train for as many epochs again, from these weights")
FACES: dict[State, _Face] = {
    "ready": _TRAIN,
    "running": _Face("pause", "Pause", "Pause after the step that runs"),
    "paused": _Face("play", "Continue", "Go on from where training stands"),
    "done": _AGAIN,
    "stopped": _AGAIN,
    "diverged": _Face("play", "Train again", "Train anew from fresh weights"),
    "failed": _Face("play", "Train again", "Train on from the weights last kept"),
}
_NEWS: dict[State, tuple[Kind, str]] = {
    "ready": ("info", ""),
    "running": ("info", ""),
    "paused": ("info", "Paused: step through this batch, or continue"),
    "done": ("done", "Done: all epochs are trained"),
    "stopped": ("info", "Stopped: the weights are kept"),
    "diverged": ("warning", "The loss is no longer a number: lower the learning rate"),
    "failed": ("error", "Training failed: choose another device or a smaller batch size"),
}


class TrainingPanel(QWidget):
    """Shows a run and asks for one; it holds no trainer."""

    train_requested = Signal()
    pause_requested = Signal()
    stop_requested = Signal()
    reset_requested = Signal()
    setting_changed = Signal(str, object)
    device_changed = Signal(str)
    pace_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._state: State = "ready"
        self._progress: Progress | None = None
        self._step = 0
        self._can_train, self._reason = True, ""
        self._make_widgets()
        self._lay_out()
        self._show_buttons()
        self.clear()

    # What it is told

    @Slot(object)
    def show_settings(self, settings: TrainingSettings) -> None:
        """Fill the form in."""
        self._setup.show_settings(settings)

    def show_setting_error(self, field: str, sentence: str | None) -> None:
        """Say beside a field what is wrong with it; None when it is mended."""
        self._setup.show_error(field, sentence)

    def show_devices(self, devices: list[Device], chosen: str) -> None:
        """Offer these devices, the first of which is what "auto" means."""
        self._setup.show_devices(devices, chosen)

    def show_can_train(self, can_train: bool, reason: str = "") -> None:
        """Allow training, or say why the net cannot be trained."""
        self._can_train, self._reason = can_train, reason
        self._show_buttons()
        self._show_news("")

    @Slot(object)
    def show_started(self, started: Started) -> None:
        """A run begins: name its device and rows, and show the settings that it uses."""
        self._setup.restore()
        held_back = f", {started.validation_rows:,} to validate on"
        rows = f"{plural(started.rows, 'row')}{held_back if started.validation_rows else ''} · "
        said = f"{rows if started.rows else ''}on {started.device}"
        self._rows.setText(f"{said}\n{as_sentence(started.note)}" if started.note else said)
        self._rows.show()

    @Slot(object)
    def show_progress(self, progress: Progress) -> None:
        """Move the bar and take over the numbers."""
        self._step = progress.step
        share = progress.step / progress.total_steps if progress.total_steps else 0.0
        self._bar.show()
        self._bar.setValue(round(_BAR * min(share, 1.0)))
        self._progress = progress
        self._show_where()
        self._numbers.show_progress(progress)

    @Slot(object)
    def show_state(self, changed: StateChanged) -> None:
        """The trainer stands at another state."""
        self._state, self._step = changed.state, changed.step
        if changed.state == "ready" and changed.step == 0:
            self._clear_run()
        self._show_where()
        self._show_buttons()
        self._show_news(changed.message)

    @Slot()
    def clear(self) -> None:
        """Back to before any training."""
        self._setup.restore()
        self.show_state(StateChanged("ready", 0))

    # How it looks

    def _make_widgets(self) -> None:
        self._train = PrimaryButton()
        self._stop = IconButton("stop", "Stop", "End the run and keep its weights", "stop")
        self._reset = IconButton(
            "reset", "Reset", "Back to fresh weights and the first batch", "reset"
        )
        for button in (self._stop, self._reset):
            button.setFixedSize(38, 34)
        self._train.clicked.connect(self._on_train)
        self._stop.clicked.connect(self.stop_requested)
        self._reset.clicked.connect(self.reset_requested)
        self._bar = QProgressBar()
        self._bar.setRange(0, _BAR)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(8)
        self._bar.setAccessibleName("Training progress")
        self._bar.setToolTip("How much of the run is done")
        self._where, self._rows = wrapping_label(), wrapping_label()
        self._rows.setProperty("role", "soft")
        self._notice = Notice()
        self._numbers = LatestNumbers()
        self._setup = TrainingSetup()
        self._setup.setting_changed.connect(self.setting_changed)
        self._setup.device_changed.connect(self.device_changed)
        self._setup.pace_changed.connect(self.pace_changed)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACING)
        buttons.addWidget(self._train, 1)
        buttons.addWidget(self._stop)
        buttons.addWidget(self._reset)
        head = QVBoxLayout()
        head.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, 0)
        head.setSpacing(theme.SPACING)
        head.addLayout(buttons)
        head.addWidget(self._bar)
        head.addWidget(self._where)
        head.addWidget(self._rows)
        head.addWidget(self._notice)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACING)
        column.addLayout(head)
        column.addWidget(self._make_scrolled(), 1)

    def _make_scrolled(self) -> ScrollPage:
        page = ScrollPage("Results and settings of training", spacing=theme.MARGIN + 4)
        page.column.addWidget(self._numbers)
        page.column.addWidget(self._setup)
        page.column.addStretch(1)
        return page

    def _show_buttons(self) -> None:
        running = self._state == "running"
        self._train.show_action(*FACES[self._state], "train")
        self._train.allow(self._can_train or running, self._reason)
        underway = self._state in ("running", "paused")
        self._stop.allow(underway, "There is no run to stop")
        fresh = self._state == "ready" and self._step == 0
        self._reset.allow(not fresh, "Nothing has been trained yet")

    def _show_news(self, message: str) -> None:
        kind, usual = _NEWS[self._state]
        if not self._can_train and self._state != "running":
            self._notice.tell("warning", self._reason or "The net cannot be trained yet")
        else:
            self._notice.tell(kind, message or usual)

    def _clear_run(self) -> None:
        self._step = 0
        self._bar.setValue(0)
        self._bar.hide()
        self._progress = None
        self._where.setText("Not trained yet")
        self._rows.hide()
        self._numbers.clear()

    def _show_where(self) -> None:
        if self._progress is not None:
            self._where.setText(_where(self._progress, self._state in ("running", "paused")))
            self._bar.setAccessibleDescription(self._where.text())

    @Slot()
    def _on_train(self) -> None:
        if self._state == "running":
            self.pause_requested.emit()
        else:
            self.train_requested.emit()


def _where(progress: Progress, goes_on: bool) -> str:
    parts = [f"Epoch {progress.epoch:,} of {progress.total_epochs:,}"]
    if progress.steps_per_second > 0:
        parts.append(rate(progress.steps_per_second))
    if goes_on and progress.step < progress.total_steps and progress.steps_per_second > 0:
        parts.append(f"{duration(progress.seconds_left)} left")
    return " · ".join(parts).replace(" steps/s", "\N{NO-BREAK SPACE}steps/s")
