"""A text cut into windows of characters, each with the character that follows it."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

from explorer.data import user_file
from explorer.data.dataset import DataError, Dataset, Signature
from explorer.data.user_file import UserFile, unreadable

SHIPPED = Path(__file__).resolve().parents[2] / "resources" / "texts" / "alice.txt"
SHORTEST, LONGEST = 2, 4096
MOST_CHARACTERS = 1000
MOST_MEGABYTES = 20
"""As int64 x and y, and split in two, a text takes over 30 times its size in memory."""


@dataclass(frozen=True, eq=False)
class Text:
    """Every character of a file (M,), as int16 indices into the sorted `vocabulary`."""

    name: str
    indices: Tensor
    vocabulary: tuple[str, ...]


def signature(path: str, length: int) -> Signature:
    """The signature of what `load` yields; the file is read for its vocabulary, once."""
    classes = len(_text(path, length).vocabulary)
    return Signature((length,), torch.int64, (length,), torch.int64, classes, classes)


def load(path: str, length: int) -> Dataset:
    """Windows x (N, length) of the text, and y (N, length), which is x one character on.

    A window starts where the last one ends; what is left over at the end is dropped.
    """
    text = _text(path, length)
    windows = (len(text.indices) - 1) // length
    size = windows * length
    return Dataset(
        name=text.name,
        x=text.indices[:size].long().reshape(windows, length),
        y=text.indices[1 : size + 1].long().reshape(windows, length),
        classes=len(text.vocabulary),
        class_names=text.vocabulary,
        feature_names=tuple(f"character {place}" for place in range(1, length + 1)),
        x_classes=len(text.vocabulary),
    )


def _text(path: str, length: int) -> Text:
    if not SHORTEST <= length <= LONGEST:
        raise DataError(
            f"Cannot cut a text into rows of {length} characters: "
            f"set length between {SHORTEST} and {LONGEST:,}."
        )
    file = user_file.find(path if path.strip() else str(SHIPPED), "text file")
    text = _read(file)
    count = len(text.indices)
    if count <= length:
        mend = f" or set length to {count - 1:,} or less" if count > SHORTEST else ""
        raise DataError(
            f"'{file.path.name}' has {count:,} characters, too few for a row of {length:,} and the "
            f"one that follows: choose a longer text{mend}."
        )
    return text


@lru_cache(maxsize=4)
def _read(file: UserFile) -> Text:
    text = _characters(file)
    vocabulary = tuple(sorted(set(text)))
    if len(vocabulary) > MOST_CHARACTERS:
        raise DataError(
            f"'{file.path.name}' has {len(vocabulary):,} different characters, more than "
            f"{MOST_CHARACTERS:,}: choose a text in an alphabet or take the rare ones out."
        )
    codes = [ord(character) for character in vocabulary]
    index_of = torch.zeros(codes[-1] + 1, dtype=torch.int16)
    index_of[codes] = torch.arange(len(codes), dtype=torch.int16)
    points = torch.frombuffer(bytearray(text.encode("utf-32-le")), dtype=torch.int32)
    return Text(file.path.stem, index_of.index_select(0, points), vocabulary)


def _characters(file: UserFile) -> str:
    name = file.path.name
    if file.size > MOST_MEGABYTES * 1_000_000:
        raise DataError(
            f"'{name}' has {file.size / 1e6:,.0f} MB, more than {MOST_MEGABYTES} MB: "
            "cut a part out of it."
        )
    try:
        text = file.path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"'{name}' is not UTF-8 text: save it as plain text in UTF-8.") from error
    except OSError as error:
        raise unreadable(file, error) from error
    if not text.strip():
        raise DataError(f"'{name}' is empty: choose a file with some text in it.")
    return text
