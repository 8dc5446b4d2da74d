"""In which numbers a net is kept, and in which it computes."""

from dataclasses import dataclass

import torch

from explorer.graph.settings import Precision


@dataclass(frozen=True)
class Dtypes:
    """`kept` holds weights and what the optimizer remembers; forward and backward `compute`."""

    kept: torch.dtype
    compute: torch.dtype


DTYPES: dict[Precision, Dtypes] = {
    "float32": Dtypes(torch.float32, torch.float32),
    "float64": Dtypes(torch.float64, torch.float64),
    "mixed": Dtypes(torch.float32, torch.bfloat16),
}
"""Mixed: Micikevicius et al. 2018, "Mixed precision training", with bfloat16, which needs no
scaling of the loss."""
