"""Optimizers as Python: torch.optim's, and the same written out by hand."""

import inspect
from dataclasses import dataclass

import torch

from explorer.exchange.page import CannotExpress
from explorer.graph import TrainingSettings


@dataclass(frozen=True)
class ByHand:
    """`update` defines a function of that name; `memory` is what it must be given besides."""

    update: tuple[str, ...]
    memory: str


def by_torch(settings: TrainingSettings, weights: str) -> str:
    """Python that makes the optimizer of these settings for some weights."""
    kind = getattr(torch.optim, settings.optimizer)
    usual = inspect.signature(kind).parameters
    told = [
        f"{name}={value!r}"
        for name, value in settings.model_dump().items()
        if name in usual and value != usual[name].default
    ]
    return f"torch.optim.{settings.optimizer}({', '.join([weights, 'lr=LEARNING_RATE', *told])})"


def by_hand(settings: TrainingSettings) -> ByHand:
    """A step of the optimizer, written out."""
    match settings.optimizer:
        case "Adam":
            return ByHand(_ADAM, "memory")
        case "SGD" if settings.momentum:
            return ByHand(_with_momentum(settings.momentum), "velocity")
        case "SGD":
            return ByHand(_SGD, "")
    raise CannotExpress(
        f"the optimizer {settings.optimizer} cannot be written by hand: choose SGD or Adam"
    )


_SGD = (
    "def update(parameters, gradients):",
    '    """A step down the gradient."""',
    "    for path, gradient in gradients.items():",
    "        parameters[path] = parameters[path] - LEARNING_RATE * gradient",
)


def _with_momentum(momentum: float) -> tuple[str, ...]:
    return (
        "def update(parameters, gradients, velocity):",
        '    """A step down the gradient, with what is left of the steps before it."""',
        "    for path, gradient in gradients.items():",
        f"        velocity[path] = {momentum} * velocity.get(path, 0) + gradient",
        "        parameters[path] = parameters[path] - LEARNING_RATE * velocity[path]",
    )


_ADAM = (
    "def update(parameters, gradients, memory):",
    '    """A step of Adam, which scales each gradient by its own running size."""',
    "    for path, gradient in gradients.items():",
    "        mean, square, steps = memory.get(path, (0, 0, 0))",
    "        mean = 0.9 * mean + 0.1 * gradient",
    "        square = 0.999 * square + 0.001 * gradient**2",
    "        memory[path] = (mean, square, steps + 1)",
    "        mean = mean / (1 - 0.9 ** (steps + 1))",
    "        square = square / (1 - 0.999 ** (steps + 1))",
    "        step = LEARNING_RATE * mean / (square.sqrt() + 1e-8)",
    "        parameters[path] = parameters[path] - step",
)
