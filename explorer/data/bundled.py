"""The real datasets that ship inside scikit-learn, which is imported only when one is read."""

from functools import partial

import torch

from explorer.data import targets
from explorer.data.dataset import Dataset


def read(name: str, form: targets.Form) -> Dataset:
    """x (N, D) in raw units; of digits x (N, 1, 8, 8) in [0, 1]."""
    from sklearn import datasets

    bunch = {
        "digits": datasets.load_digits,
        "iris": datasets.load_iris,
        "wine": datasets.load_wine,
        "breast_cancer": datasets.load_breast_cancer,
        "diabetes": partial(datasets.load_diabetes, scaled=False),
    }[name]()
    x = torch.tensor(bunch.data, dtype=torch.float32)
    if name == "digits":
        x = x.reshape(-1, 1, 8, 8) / 16
    class_names = tuple(str(each) for each in bunch.get("target_names", ()))
    return Dataset(
        name=name,
        x=x,
        y=targets.encode(torch.tensor(bunch.target), form),
        classes=len(class_names) if form == "class" else None,
        class_names=() if form == "real" else class_names,
        feature_names=tuple(str(each) for each in bunch.feature_names),
    )
