"""A tensor as a file for other programs: .npy, or .csv with a line for each row."""

from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np
import torch

from explorer.graph import FileError
from explorer.graph.file import writing
from explorer.program.viewing.cut import Span
from explorer.program.viewing.subject import Subject, wide

SUFFIXES = (".npy", ".csv")
_PIECE = {".npy": 2**21, ".csv": 2**14}
"""How many numbers are written at a time: a few milliseconds' work."""


def save(subject: Subject, path: Path) -> Generator[float, None, None]:
    """Write all of it as it is when this begins; yields what share of it is written.

    A .csv file has a line for each index of the first axis, with all other axes side by side in
    the order of the tensor: `np.loadtxt(path, delimiter=",").reshape(shape)` reads it back. A
    writer that is closed before its end leaves no file, or the one that was there before.
    Raises FileError where the file cannot be written, or has another ending.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise FileError(f"{path} has an unknown ending: end it in {' or '.join(SUFFIXES)}")
    numbers = _copy(subject)
    rows = len(numbers) if numbers.ndim and numbers.size else 1
    columns = numbers.size // rows
    flat = numbers.reshape(-1)
    with writing(path) as file:
        if suffix == ".npy":
            header = np.lib.format.header_data_from_array_1_0(numbers)
            np.lib.format.write_array_header_1_0(file, header)
        for first, end in _pieces(rows, columns, _PIECE[suffix]):
            part = flat[first:end]
            file.write(_lines(part, columns, end) if suffix == ".csv" else part.data)
            yield end / flat.size


def _pieces(rows: int, columns: int, most: int) -> Iterator[Span]:
    """All numbers in pieces that are whole rows, or lie within one."""
    if columns <= most:
        step = max(most // max(columns, 1), 1)
        for row in range(0, rows if columns else 0, step):
            yield row * columns, min(row + step, rows) * columns
        return
    for row in range(rows):
        for first in range(row * columns, (row + 1) * columns, most):
            yield first, min(first + most, (row + 1) * columns)


def _lines(part: np.ndarray, columns: int, end: int) -> bytes:
    """A piece of the table that stops at number `end` of it."""
    form, across = _form(part.dtype), min(columns, part.size)
    after = "," if end % columns else "\n"
    line = ",".join([form] * across) + after
    return (line * (part.size // across) % tuple(part.tolist())).encode("ascii")


def _form(dtype: np.dtype) -> str:
    """How many digits it takes to read the very same number back."""
    if dtype.kind != "f":
        return "%d"
    return "%.9g" if dtype.itemsize == 4 else "%.17g"


@torch.no_grad()
def _copy(subject: Subject) -> np.ndarray:
    numbers = subject.numbers()
    plain = wide(numbers) if numbers.dtype.is_floating_point else numbers
    return np.array(plain.cpu().numpy(), order="C")
