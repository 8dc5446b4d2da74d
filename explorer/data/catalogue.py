"""The datasets by name: what each is, its shapes without loading it, and its rows."""

import difflib
from dataclasses import dataclass
from typing import Literal

import torch

from explorer.data import bundled, generated, table, targets
from explorer.data.dataset import DataError, Dataset, Signature

Task = Literal["classification", "binary", "regression"]


@dataclass(frozen=True)
class DatasetInfo:
    """What a list of datasets shows, and what is known of one before it is loaded.

    `task` is what labels="auto" asks for (a CSV file may turn out to be any of the three).
    `generated` sets have the options samples, noise and seed. `x_shape` is without the batch
    axis, and () for csv; `classes` is 0 where the target is a number.
    """

    name: str
    title: str
    description: str
    task: Task
    generated: bool = False
    x_shape: tuple[int, ...] = ()
    classes: int = 0


def _toy(name: str, title: str, description: str) -> DatasetInfo:
    return DatasetInfo(name, title, description, "binary", True, (2,), 2)


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
) -> Signature:
    """The shapes and dtypes that `load` yields for the same options; only a CSV file is read."""
    info = _checked(dataset, samples, noise, seed, labels)
    if info.name == "csv":
        return table.cached(path, target, labels).signature
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
) -> Dataset:
    """The dataset's rows. Raises DataError where the options or the file cannot be used.

    Generated sets heed `samples`, `noise` (a standard deviation) and `seed`; csv heeds `path`
    and `target` (a column's name, the last column if empty). `labels` is the form of y:
    "class" (N,) int64 indices, "binary" (N, 1) of 0.0 and 1.0, "real" (N, 1), or "auto".
    """
    info = _checked(dataset, samples, noise, seed, labels)
    if info.name == "csv":
        return table.load(path, target, labels)
    form = _form(info, labels)
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
    if info.generated:
        generated.check(samples, noise, seed)
    return info


def _form(info: DatasetInfo, labels: str) -> targets.Form:
    return targets.form_of(labels, info.classes, where=f"The target of {info.name}")
