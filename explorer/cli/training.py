"""`train`: a run in the terminal."""

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from explorer.cli import faults, files, lines, training_files, training_report
from explorer.cli.progress_bar import ProgressBar
from explorer.training import DeviceError, Event, Result, Started, Trainer, TrainingError
from explorer.training.devices import available


def train_graph(
    file: str,
    device: str = "auto",
    settings: Mapping[str, Any] | None = None,
    out: Path | None = None,
    json: bool = False,
) -> int:
    """Train a graph; `settings` go before its own. Ctrl-C ends the run after the step it is at.

    With `out`, a folder, the weights and the history are written there, however the run ended.
    """
    _check_device(device)
    source = files.read(file)
    if out is not None:
        training_files.check_folder(out)
    bar = ProgressBar()

    def tell(event: Event) -> None:
        if isinstance(event, Started) and not json:
            lines.say(training_report.headline(source, trainer, event))
        bar.tell(event)

    trainer = Trainer(source.graph, device, tell, **(settings or {}))
    for problem in source.graph.problems():
        lines.warn(str(problem))
    with bar, _ctrl_c_stops(trainer):
        result = _run(trainer)
    written = training_files.write(out, source, trainer, result) if out is not None else []
    if json:
        lines.print_json(training_report.document(file, trainer, result, written))
    else:
        training_report.show(result, written)
    if result.state == "done":
        return 0
    lines.complain(training_report.why_not_done(trainer, result))
    return faults.FAILED


def _check_device(device: str) -> None:
    if device == "meta":
        known = ", ".join(device.id for device in available())
        raise DeviceError(f"nothing is learned on meta, which has no numbers: choose auto, {known}")


def _run(trainer: Trainer) -> Result:
    try:
        return trainer.run()
    except TrainingError:
        return trainer.result


@contextmanager
def _ctrl_c_stops(trainer: Trainer) -> Iterator[None]:
    """Let Ctrl-C end the run after the step it is at; a second one ends the program."""

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        trainer.stop()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
