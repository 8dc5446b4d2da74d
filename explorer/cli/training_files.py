"""What a run leaves in a folder: the net as trained, and how it went.

NAME.json         the graph, with the settings that were used
NAME.safetensors  its weights
history.csv       a row per step: step (from 0), epoch (from 1), loss, accuracy
epochs.csv        a row per epoch
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import astuple, fields
from itertools import zip_longest
from pathlib import Path
from typing import Any

from explorer.cli.files import Source
from explorer.graph import FileError
from explorer.graph.file import write_atomically
from explorer.training import EpochRow, Result, Trainer, save_weights
from explorer.training.checkpoint import weights_path


def check_folder(folder: Path) -> None:
    """Make the folder where there is none. FileError where nothing can be written to it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(
            f"nothing can be written to {folder} ({reason}): give --out another folder"
        ) from None


def write(folder: Path, source: Source, trainer: Trainer, result: Result) -> list[Path]:
    """Write the files of a run so far; their paths. FileError where one cannot be written."""
    graph = folder / f"{source.name}.json"
    weights, history, epochs = weights_path(graph), folder / "history.csv", folder / "epochs.csv"
    save_weights(weights, trainer.weights)
    write_atomically(
        history, _table(("step", "epoch", "loss", "accuracy"), _steps(trainer, result))
    )
    write_atomically(epochs, _table(_EPOCH, (astuple(row) for row in result.epochs)))
    if graph.exists() and graph.samefile(source.path):
        # It is what the user drew: options of one run have no business in it.
        return [weights, history, epochs]
    source.graph.train_with(**trainer.settings.model_dump())
    source.graph.save(graph)
    return [graph, weights, history, epochs]


_EPOCH = tuple(field.name for field in fields(EpochRow))


def _steps(trainer: Trainer, result: Result) -> Iterator[tuple[Any, ...]]:
    steps_per_epoch = trainer.total_steps // trainer.epochs
    for step, (loss, accuracy) in enumerate(zip_longest(result.losses, result.accuracies)):
        yield step, step // steps_per_epoch + 1, loss, accuracy


def _table(headings: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue().encode()
