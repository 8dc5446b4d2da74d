"""How a run is going, on one line of the terminal that keeps changing."""

from rich.progress import BarColumn, TaskID, TextColumn
from rich.progress import Progress as Bar

from explorer.cli import tables
from explorer.training import EpochRow, Event, Progress, Started

REDRAWS_PER_SECOND = 5
"""What an eye can read; drawing takes time from training."""


class ProgressBar:
    """Shows a trainer's events on stderr, where that is a terminal; elsewhere nothing."""

    def __init__(self) -> None:
        console = tables.console(stderr=True)
        self._bar = Bar(
            TextColumn("epoch {task.fields[epoch]}"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[numbers]}"),
            console=console,
            disable=not console.is_terminal,
            expand=True,
            refresh_per_second=REDRAWS_PER_SECOND,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task: TaskID | None = None
        self._validation = ""

    def __enter__(self) -> "ProgressBar":
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def tell(self, event: Event) -> None:
        """Show what happened."""
        match event:
            case Started(epochs=epochs, steps_per_epoch=steps):
                total = epochs * steps
                self._task = self._bar.add_task("", total=total, epoch=f"0/{epochs}", numbers="")
                self._bar.start()
            case Progress() if self._task is not None:
                if event.epochs:
                    self._validation = _validation(event.epochs[-1])
                self._bar.update(
                    self._task,
                    completed=event.step,
                    epoch=f"{event.epoch}/{event.total_epochs}",
                    numbers=self._numbers(event),
                )

    def _numbers(self, event: Progress) -> str:
        found = []
        if event.losses:
            found.append(f"loss {sum(event.losses) / len(event.losses):#.4g}")
        if event.accuracies:
            found.append(f"acc {sum(event.accuracies) / len(event.accuracies):.1%}")
        if self._validation:
            found.append(self._validation)
        left = f"{_duration(event.seconds_left)} left"
        return "  ".join([*found, f"{event.steps_per_second:,.0f} steps/s", left])


def _duration(seconds: float) -> str:
    """42 s, 3:05 or 12:03:05, as a clock has it."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{rest:02}"
    return f"{minutes}:{rest:02}" if minutes else f"{rest} s"


def _validation(row: EpochRow) -> str:
    if row.validation_accuracy is not None:
        return f"val {row.validation_accuracy:.1%}"
    return "" if row.validation_loss is None else f"val {row.validation_loss:#.4g}"
