"""The datasets by name: what each is, its shapes without loading it, and its rows."""

import difflib
from dataclasses import dataclass
from typing import Literal

import torch

from explorer.data import bundled, digits, generated, strips, table, targets, text
from explorer.data.dataset import DataError, Dataset, Signature
from explorer.data.generated import MOST_SAMPLES

Task = Literal["classification", "binary", "regression", "sequence"]


@dataclass(frozen=True)
class DatasetInfo:
    """What a list of datasets shows, and what is known of one before it is loaded.

    `task` is what labels="auto" asks for (a CSV file may turn out to be any of the first three);
    "sequence" is a class at each place of a row. `generated` sets have the options samples, up
    to `most_samples`, and seed; `noisy` ones have noise too. `x_shape` is without the batch
    axis; `classes` is 0 where the target is a number. Both are empty where a file decides.
    """

    name: str
    title: str
    description: str
    task: Task
    generated: bool = False
    x_shape: tuple[int, ...] = ()
    classes: int = 0
    noisy: bool = False
    most_samples: int = MOST_SAMPLES


def _toy(name: str, title: str, description: str) -> DatasetInfo:
    return DatasetInfo(name, title, description, "binary", True, (2,), 2, noisy=True)


DATASETS: dict[str, DatasetInfo] = {
    info.name: info
    for info in (
        DatasetInfo(
            "random",
            "Random numbers",
            "Sixteen uniform random features with a random 0 or 1 to memorise.",
            "binary",
            generated=True,
            x_shape=(generated.RANDOM_FEATURES,),
            classes=2,
        ),
        _toy("moons", "Two moons", "Two half circles that reach into each other."),
        _toy("circles", "Circles", "A small circle inside a large one."),
        _toy("spiral", "Spiral", "Two interleaved spirals, the playground classic."),
        _toy("xor", "XOR", "Four quadrants; opposite ones belong to the same class."),
        _toy("gaussians", "Gaussians", "Two round clouds that a straight line separates."),
        DatasetInfo(
            "digits",
            "Handwritten digits",
            "1,797 real handwritten digits as 8x8 grey images; which digit is it?",
            "classification",
            x_shape=(1, 8, 8),
            classes=10,
        ),
        DatasetInfo(
            "digits_32",
            "Handwritten digits, 32x32",
            "The same 1,797 digits enlarged to 32x32 grey images; which digit is it?",
            "classification",
            x_shape=(1, digits.SIZE, digits.SIZE),
            classes=10,
        ),
        DatasetInfo(
            "digit_strips",
            "Strips of digits",
            "Three to five real handwritten digits side by side, to be read in order (CTC).",
            "sequence",
            generated=True,
            x_shape=strips.SIGNATURE.x_shape,
            classes=len(strips.CLASS_NAMES),
            most_samples=strips.MOST_SAMPLES,
        ),
        DatasetInfo(
            "iris",
            "Iris",
            "Sepal and petal sizes of 150 iris flowers; which of three species is it?",
            "classification",
            x_shape=(4,),
            classes=3,
        ),
        DatasetInfo(
            "wine",
            "Wine",
            "Thirteen chemical measures of 178 wines; which of three growers made it?",
            "classification",
            x_shape=(13,),
            classes=3,
        ),
        DatasetInfo(
            "breast_cancer",
            "Breast cancer",
            "Thirty measures of cell nuclei in 569 biopsies; malignant or benign?",
            "binary",
            x_shape=(30,),
            classes=2,
        ),
        DatasetInfo(
            "diabetes",
            "Diabetes",
            "Ten measures of 442 patients; how far has the disease gone a year later?",
            "regression",
            x_shape=(10,),
        ),
        DatasetInfo(
            "text",
            "Text",
            "Alice's Adventures in Wonderland or a text of your own; which character is next?",
            "sequence",
        ),
        DatasetInfo(
            "csv",
            "CSV file",
            "A table of your own: one row per example, one named column as the target.",
            "classification",
        ),
    )
}


def signature(
    dataset: str,
    *,
    samples: int = 1000,
    noise: float = 0.1,
    seed: int = 0,
    path: str = "",
    target: str = "",
    labels: str = "auto",
    length: int = 64,
) -> Signature:
    """The shapes and dtypes that `load` yields for the same options; only a file is read."""
    info = _checked(dataset, samples, noise, seed, labels)
    match info.name:
        case "csv":
            return table.cached(path, target, labels).signature
        case "text":
            return text.signature(path, length)
        case "digit_strips":
            return strips.SIGNATURE
    form = _form(info, labels)
    return Signature(
        x_shape=info.x_shape,
        x_dtype=torch.float32,
        y_shape=targets.y_shape(form),
        y_dtype=targets.y_dtype(form),
        classes=info.classes if form == "class" else None,
    )


def load(
    dataset: str,
    *,
    samples: int = 1000,
    noise: float = 0.1,
    seed: int = 0,
    path: str = "",
    target: str = "",
    labels: str = "auto",
    length: int = 64,
) -> Dataset:
    """The dataset's rows. Raises DataError where the options or the file cannot be used.

    Generated sets heed `samples`, `noise` (a standard deviation) and `seed`; csv heeds `path`
    and `target` (a column's name, the last column if empty); text heeds `path` (empty for the
    text that ships) and `length`, the characters in a row. `labels` is the form of y:
    "class" (N,) int64 indices, "binary" (N, 1) of 0.0 and 1.0, "real" (N, 1), or "auto".
    Sequences have y (N, T) int64 indices, which is "class" and "auto".
    """
    info = _checked(dataset, samples, noise, seed, labels)
    match info.name:
        case "csv":
            return table.load(path, target, labels)
        case "text":
            return text.load(path, length)
        case "digit_strips":
            return strips.make(samples, seed)
    form = _form(info, labels)
    if info.name == "digits_32":
        return digits.enlarged(form)
    if info.generated:
        return generated.generate(info.name, form, samples, noise, seed)
    return bundled.read(info.name, form)


def _checked(dataset: str, samples: int, noise: float, seed: int, labels: str) -> DatasetInfo:
    info = DATASETS.get(dataset)
    if info is None:
        close = difflib.get_close_matches(dataset, DATASETS, n=1, cutoff=0.5)
        mend = f"did you mean '{close[0]}'?" if close else f"choose one of {', '.join(DATASETS)}."
        raise DataError(f"There is no dataset '{dataset}': {mend}")
    targets.check_labels(labels)
    if info.task == "sequence":
        targets.check_sequence(labels, where=_target_of(info))
    if info.generated:
        generated.check(samples, noise, seed, info.most_samples)
    return info


def _form(info: DatasetInfo, labels: str) -> targets.Form:
    return targets.form_of(labels, info.classes, where=_target_of(info))


def _target_of(info: DatasetInfo) -> str:
    return f"The target of {info.name}"
