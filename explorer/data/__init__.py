"""Where examples come from: built-in datasets, CSV files, splits and batches."""

from explorer.data.batches import Batches
from explorer.data.catalogue import DATASETS, DatasetInfo, load, signature
from explorer.data.dataset import DataError, Dataset, Signature
from explorer.data.splitting import split

__all__ = [
    "DATASETS",
    "Batches",
    "DataError",
    "Dataset",
    "DatasetInfo",
    "Signature",
    "load",
    "signature",
    "split",
]
