"""A table with named columns as a dataset: text becomes one-hot features and classes."""

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from explorer.data import csv_file, targets, user_file
from explorer.data.dataset import DataError, Dataset
from explorer.data.user_file import UserFile

if TYPE_CHECKING:
    from pandas import DataFrame, Series

MOST_CATEGORIES = 100
MOST_NUMBERED_CLASSES = 20
NAMES_SHOWN = 8
STRAY_SHARE = 0.1


def load(path: str, target: str, labels: str) -> Dataset:
    """The file's rows, in tensors of the caller's own."""
    dataset = cached(path, target, labels)
    return replace(dataset, x=dataset.x.clone(), y=dataset.y.clone())


def cached(path: str, target: str, labels: str) -> Dataset:
    """The file's rows, read again only once the file has changed. Not to be written to."""
    return _dataset(user_file.find(path, "CSV file"), target, labels)


@lru_cache(maxsize=4)
def _dataset(file: UserFile, target: str, labels: str) -> Dataset:
    frame = csv_file.read(file)
    names = [str(column) for column in frame.columns]
    target = target or names[-1]
    if target not in names:
        shown = ", ".join(names[:NAMES_SHOWN])
        more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
        raise DataError(
            f"'{file.path.name}' has no column '{target}' for the target: choose {shown}{more}."
        )
    _check_complete(file, frame)

    blocks, feature_names = [], []
    for name in names:
        if name != target:
            block, labelled = _features(file, frame[name])
            blocks.append(block)
            feature_names += labelled
    y, class_names, form = _target(file, frame[target], labels)
    return Dataset(
        name=file.path.stem,
        x=torch.cat(blocks, dim=1),
        y=y,
        classes=len(class_names) if form == "class" else None,
        class_names=class_names,
        feature_names=tuple(feature_names),
    )


def _check_complete(file: UserFile, frame: "DataFrame") -> None:
    missing = frame.isna().to_numpy()
    if missing.any():
        row = int(missing.any(axis=1).argmax())
        column = frame.columns[int(missing[row].argmax())]
        raise DataError(f"{_place(file, row, column)} has no value: fill it in or delete the line.")


def _features(file: UserFile, column: "Series") -> tuple[Tensor, list[str]]:
    """One column as features (N, 1), or one-hot (N, categories) if it is no number."""
    name = str(column.name)
    if _is_numeric(column):
        return _numbers(file, column).unsqueeze(1).float(), [name]
    indices, categories = _categories(file, column)
    one_hot = torch.nn.functional.one_hot(indices, len(categories)).float()
    return one_hot, [f"{name}={category}" for category in categories]


def _target(
    file: UserFile, column: "Series", labels: str
) -> tuple[Tensor, tuple[str, ...], targets.Form]:
    """(y, names of its classes, form)."""
    where = f"The target '{column.name}' of '{file.path.name}'"
    if _is_numeric(column):
        return _number_target(_numbers(file, column), labels, where)
    indices, names = _categories(file, column)
    if labels == "real" and not _is_bool(column):
        raise DataError(f"{where} is text, not a number: set labels to auto or class.")
    return _class_target(indices, names, labels, where)


def _number_target(
    numbers: Tensor, labels: str, where: str
) -> tuple[Tensor, tuple[str, ...], targets.Form]:
    values, indices = numbers.unique(return_inverse=True)
    whole = bool((values == values.round()).all())
    if labels == "auto":
        labels = "class" if whole and len(values) <= MOST_NUMBERED_CLASSES else "real"
    if labels == "real" or not whole:
        form = targets.form_of(labels, 0, where)
        return targets.encode(numbers, form), (), form
    if len(values) > MOST_CATEGORIES:
        raise DataError(
            f"{where} has {len(values)} different values, and classes may be at most "
            f"{MOST_CATEGORIES}: set labels to real."
        )
    names = tuple(str(int(value)) for value in values.tolist())
    return _class_target(indices, names, labels, where)


def _class_target(
    indices: Tensor, names: tuple[str, ...], labels: str, where: str
) -> tuple[Tensor, tuple[str, ...], targets.Form]:
    if len(names) < 2 and labels != "real":
        raise DataError(f"{where} is '{names[0]}' in every row: choose another target.")
    form = targets.form_of(labels, len(names), where)
    return targets.encode(indices, form), () if form == "real" else names, form


def _numbers(file: UserFile, column: "Series") -> Tensor:
    """A numeric column as (N,) float64, each of which float32 can hold."""
    numbers = torch.tensor(column.to_numpy(dtype="float64"))
    unusable = ~numbers.float().isfinite()
    if unusable.any():
        row = int(unusable.int().argmax())
        raise DataError(
            f"{_place(file, row, column.name)} is {float(numbers[row]):g}, beyond any number "
            "that float32 holds: mend it or delete the line."
        )
    return numbers


def _categories(file: UserFile, column: "Series") -> tuple[Tensor, tuple[str, ...]]:
    """A text or bool column as indices (N,) into its sorted categories."""
    text = column.astype(str)
    _check_truly_text(file, text)
    categories = sorted(text.unique())
    if len(categories) > MOST_CATEGORIES:
        raise DataError(
            f"Column '{column.name}' of '{file.path.name}' is text with {len(categories)} "
            f"different values, more than {MOST_CATEGORIES}: delete the column or group them."
        )
    indices = text.map({category: index for index, category in enumerate(categories)})
    return torch.tensor(indices.to_numpy(dtype="int64")), tuple(categories)


def _check_truly_text(file: UserFile, text: "Series") -> None:
    """One stray word turns a column of numbers into text, which would pass for categories."""
    import pandas as pd

    strange = pd.to_numeric(text, errors="coerce").isna().to_numpy()
    if strange.mean() <= STRAY_SHARE:
        row = int(strange.argmax())
        raise DataError(
            f"{_place(file, row, text.name)} is '{text.iloc[row]}' among numbers: "
            "make it a number or delete the line."
        )


def _is_bool(column: "Series") -> bool:
    from pandas.api.types import is_bool_dtype

    return bool(is_bool_dtype(column))


def _is_numeric(column: "Series") -> bool:
    from pandas.api.types import infer_dtype, is_numeric_dtype

    if column.dtype == object:
        # What pandas makes of integers too large for 64 bits.
        return infer_dtype(column) == "integer"
    return bool(is_numeric_dtype(column)) and not _is_bool(column)


def _place(file: UserFile, row: int, column: object) -> str:
    return f"Line {csv_file.line_of(file, row)} of '{file.path.name}', column '{column}',"
