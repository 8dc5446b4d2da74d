"""Where examples come from: built-in datasets, CSV and text files, splits and batches.

The text that ships, resources/texts/alice.txt, is chapters I to IV of Lewis Carroll's "Alice's
Adventures in Wonderland" (1865), which is in the public domain. It was taken from alice29.txt
of the Canterbury corpus, as the source archive of Brotli 1.2.1 on PyPI has it.
"""

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
