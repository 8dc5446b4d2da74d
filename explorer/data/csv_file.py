"""A CSV file as a pandas table: whatever keeps a file from being read is told in a sentence.

pandas takes a while to import, so that it waits until the first file is read.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from explorer.data.dataset import DataError
from explorer.data.user_file import UserFile, unreadable

if TYPE_CHECKING:
    from pandas import DataFrame

SEPARATORS = ",;\t"
LONGEST_HEADER = 1_000_000


@lru_cache(maxsize=2)
def read(file: UserFile) -> "DataFrame":
    """The file's rows under the names of its columns. Shared by the cache: not to be changed."""
    import pandas as pd

    name = file.path.name
    try:
        separator = _separator(file)
        _check_header(file, separator)
        # An open file, since pandas would fetch or decompress what a path names.
        with file.path.open(encoding="utf-8-sig", newline="") as stream:
            frame = pd.read_csv(stream, sep=separator, skipinitialspace=True, low_memory=False)
    except UnicodeDecodeError as error:
        raise DataError(f"'{name}' is not UTF-8 text: save it as CSV in UTF-8.") from error
    except OSError as error:
        raise unreadable(file, error) from error
    except (pd.errors.ParserError, csv.Error) as error:
        reason = str(error).strip().removeprefix("Error tokenizing data. C error: ")
        raise DataError(f"'{name}' is not a proper CSV file ({reason}): mend it there.") from error
    if frame.empty:
        raise DataError(f"'{name}' names columns but has no rows: add some below them.")
    return frame


def line_of(file: UserFile, row: int) -> int:
    """The line of the file, counted from 1, on which data row `row`, counted from 0, starts."""
    return next(islice(_records(file, _separator(file)), row + 1, None), (row + 2, []))[0]


def _check_header(file: UserFile, separator: str) -> None:
    name = file.path.name
    records = _records(file, separator)
    line, columns = next(records, (1, []))
    if len(columns) < 2:
        raise DataError(
            f"'{name}' has only one column: put commas between its features and its target."
        )
    if "" in columns:
        raise DataError(
            f"Column {columns.index('') + 1} of '{name}' has no name in line {line}: "
            "name it or delete it."
        )
    if all(_is_number(column) for column in columns):
        raise DataError(
            f"Line {line} of '{name}' holds numbers where the names of the columns belong: "
            "put a line of names above it."
        )
    column, times = Counter(columns).most_common(1)[0]
    if times > 1:
        raise DataError(
            f"Line {line} of '{name}' names {times} columns '{column}': rename all but one."
        )
    first, values = next(records, (line, []))
    if len(values) > len(columns):
        # pandas would take the values in front for the names of the rows.
        raise DataError(
            f"Line {first} of '{name}' has {len(values)} values, but line {line} names "
            f"{len(columns)} columns: name each column there."
        )


def _separator(file: UserFile) -> str:
    """The mark that the first line with any text has most of."""
    name = file.path.name
    with file.path.open(encoding="utf-8-sig") as stream:
        while (line := stream.readline(LONGEST_HEADER)) and not line.strip():
            pass
    if not line:
        raise DataError(f"'{name}' is empty: choose a CSV file with named columns and rows.")
    if "\0" in line or len(line) == LONGEST_HEADER:
        raise DataError(f"'{name}' is not text: save the table as CSV.")
    return max(SEPARATORS, key=line.count)


def _records(file: UserFile, separator: str) -> Iterator[tuple[int, list[str]]]:
    """(line, values) of each record; like pandas, blank lines make no record."""
    with file.path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=separator, skipinitialspace=True)
        line = 1
        for values in reader:
            if len(values) > 1 or any(value.strip() for value in values):
                yield line, values
            line = reader.line_num + 1


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
