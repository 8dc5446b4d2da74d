"""Training settings as a torch.optim optimizer."""

from collections.abc import Iterable

import torch
from torch import Tensor

from explorer.graph import TrainingSettings

FUSED = ("cpu", "cuda", "xpu", "mps")
"""Where torch has one kernel for the whole update."""


def make(settings: TrainingSettings, parameters: Iterable[Tensor]) -> torch.optim.Optimizer:
    """The optimizer that the settings name, with fused kernels where there are any."""
    tensors = list(parameters)
    fused = tensors[0].device.type in FUSED
    if settings.optimizer == "Adam":
        return torch.optim.Adam(tensors, lr=settings.learning_rate, fused=fused)
    return torch.optim.SGD(
        tensors, lr=settings.learning_rate, momentum=settings.momentum, fused=fused
    )


def adjust(optimizer: torch.optim.Optimizer, settings: TrainingSettings) -> None:
    """Go on with another learning rate and momentum; what the optimizer remembers stays."""
    for group in optimizer.param_groups:
        group["lr"] = settings.learning_rate
        if "momentum" in group:
            group["momentum"] = settings.momentum


def move(
    optimizer: torch.optim.Optimizer, settings: TrainingSettings, parameters: Iterable[Tensor]
) -> torch.optim.Optimizer:
    """An optimizer of the same kind and memory for the same parameters on another device."""
    moved = make(settings, parameters)
    memory = optimizer.state_dict()
    memory["param_groups"][0]["fused"] = moved.param_groups[0]["fused"]
    moved.load_state_dict(memory)
    return moved
