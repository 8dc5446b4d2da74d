"""What is said of a run: before it, after it, and to a machine."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.table import Table

from explorer.cli import lines, tables
from explorer.cli.files import Source
from explorer.training import EpochRow, Result, Started, Trainer
from explorer.training.devices import available

ROWS = 12
"""Epochs in the table: a run at a glance."""


def headline(source: Source, trainer: Trainer, started: Started) -> str:
    """What is trained, with how much data, and where."""
    parameters = sum(tensor.numel() for tensor in trainer.session.parameters.values())
    facts = [f"{len(source.graph.nodes)} nodes", f"{parameters:,} parameters"]
    if started.rows:
        facts.append(f"{started.rows:,} rows to train on")
    if started.validation_rows:
        facts.append(f"{started.validation_rows:,} to validate")
    name = next((device.name for device in available() if device.id == started.device), "")
    said = f"{source.name}: {', '.join(facts)}, on {started.device} ({name})"
    return f"{said}\n{started.note}" if started.note else said


def show(result: Result, written: Sequence[Path]) -> None:
    """The epochs, how the run ended, and the files it left."""
    if result.epochs:
        lines.say("")
        tables.show(_epochs(result.epochs))
        lines.say("")
    lines.say(_summary(result))
    if written:
        names = ", ".join(path.name for path in written)
        lines.say(f"Wrote {names} to {written[0].parent}")


def document(
    file: str, trainer: Trainer, result: Result, written: Sequence[Path]
) -> dict[str, Any]:
    """All of it as JSON values; losses and accuracies are per step."""
    return {
        "file": file,
        "device": str(trainer.device),
        "state": result.state,
        "message": result.message,
        "settings": trainer.settings.model_dump(mode="json"),
        "losses": result.losses,
        "accuracies": result.accuracies,
        "epochs": [asdict(row) for row in result.epochs],
        "steps_per_second": result.steps_per_second,
        "seconds": result.seconds,
        "files": [str(path) for path in written],
    }


def why_not_done(trainer: Trainer, result: Result) -> str:
    """The sentence for a run that did not reach its last epoch."""
    if result.state == "stopped":
        return f"stopped by Ctrl-C after {trainer.steps:,} of {trainer.total_steps:,} steps"
    return result.message


def _epochs(rows: Sequence[EpochRow]) -> Table:
    """Some of the epochs, evenly chosen, the first and the last among them."""
    last, count = len(rows) - 1, min(len(rows), ROWS)
    chosen = [rows[round(place * last / max(count - 1, 1))] for place in range(count)]
    columns = {
        "Epoch": [f"{row.epoch}" for row in chosen],
        "Loss": [_number(row.loss) for row in chosen],
        "Accuracy": [_share(row.accuracy) for row in chosen],
        "Validation loss": [_number(row.validation_loss) for row in chosen],
        "Validation accuracy": [_share(row.validation_accuracy) for row in chosen],
        "Seconds": [f"{row.seconds:.2f}" for row in chosen],
    }
    known = {heading: cells for heading, cells in columns.items() if any(cells)}
    table = tables.table(*known, numbers=tuple(known))
    for cells in zip(*known.values(), strict=True):
        table.add_row(*cells)
    return table


def _summary(result: Result) -> str:
    steps = len(result.losses)
    text = (
        f"{result.state.capitalize()} in {result.seconds:.1f} s: {steps:,} steps, "
        f"{result.steps_per_second:,.0f} a second"
    )
    if result.epochs:
        row = result.epochs[-1]
        known = {
            "loss": _number(row.loss),
            "accuracy": _share(row.accuracy),
            "validation loss": _number(row.validation_loss),
            "validation accuracy": _share(row.validation_accuracy),
        }
        text += "; " + ", ".join(f"{name} {value}" for name, value in known.items() if value)
    return text


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:#.4g}"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"
