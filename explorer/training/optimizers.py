"""Training settings as a torch.optim optimizer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor
from torch.optim.adam import adam
from torch.optim.sgd import sgd

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


def copied(
    optimizer: torch.optim.Optimizer, settings: TrainingSettings, parameters: Iterable[Tensor]
) -> torch.optim.Optimizer:
    """An optimizer like this one for copies of its parameters, with a memory of its own."""
    twin = make(settings, parameters)
    twin.load_state_dict(deepcopy(optimizer.state_dict()))
    return twin


def memory(optimizer: torch.optim.Optimizer, paths: Sequence[str]) -> dict[tuple[str, str], Tensor]:
    """What it remembers of each parameter, live: {("fc1.w", "exp_avg"): tensor, …}.

    `paths` are those of its tensors. There is nothing before its first step.
    """
    return {
        (path, name): value
        for path, tensor in zip(paths, optimizer.param_groups[0]["params"], strict=True)
        for name, value in optimizer.state.get(tensor, {}).items()
        if isinstance(value, Tensor)
    }


def remember(
    optimizer: torch.optim.Optimizer,
    paths: Sequence[str],
    memory: Mapping[tuple[str, str], Tensor],
) -> None:
    """Let a fresh optimizer remember what `memory` told of another one, in copies of its own."""
    by_path = dict(zip(paths, optimizer.param_groups[0]["params"], strict=True))
    for (path, name), value in memory.items():
        optimizer.state[by_path[path]][name] = value.clone()


class Update:
    """Calls that make one step of an optimizer each, given a gradient for each of its tensors.

    The first is the optimizer's own step, which sets up what it remembers. Those after it run
    its functional form on the very same tensors: the same kernel, without the Python around it,
    which takes longer than a small net's arithmetic. Settings are read once, so whoever changes
    them makes a new Update.
    """

    def __init__(self, optimizer: torch.optim.Optimizer):
        self._optimizer = optimizer
        self._tensors: list[Tensor] = optimizer.param_groups[0]["params"]
        self._step: Callable[[list[Tensor]], object] | None = None

    def __call__(self, gradients: Sequence[Tensor]) -> None:
        laid_out = list(map(_laid_out_as, self._tensors, gradients))
        if self._step is not None:
            self._step(laid_out)
            return
        for tensor, gradient in zip(self._tensors, laid_out, strict=True):
            tensor.grad = gradient
        self._optimizer.step()
        self._optimizer.zero_grad()
        self._step = self._functional()

    def _functional(self) -> Callable[[list[Tensor]], object]:
        group = dict(self._optimizer.param_groups[0])
        group.pop("params")
        memory = [self._optimizer.state[tensor] for tensor in self._tensors]
        make = _adam if isinstance(self._optimizer, torch.optim.Adam) else _sgd
        return make(self._tensors, memory, group)


def _laid_out_as(tensor: Tensor, gradient: Tensor) -> Tensor:
    """The gradient with its numbers in the tensor's order in memory.

    torch's fused kernels on the CPU walk both side by side and heed no strides: an expanded or a
    transposed gradient would be read wrongly, and past its end.
    """
    if gradient.stride() == tensor.stride():
        return gradient
    return torch.empty_like(tensor).copy_(gradient)


def _sgd(
    tensors: list[Tensor], memory: list[dict[str, Any]], group: dict[str, Any]
) -> Callable[[list[Tensor]], object]:
    buffers = [each.get("momentum_buffer") for each in memory]
    named = ("fused", "foreach", "weight_decay", "momentum", "lr", "dampening", "nesterov")
    settings = {name: group[name] for name in named}

    def step(gradients: list[Tensor]) -> None:
        sgd(tensors, gradients, buffers, maximize=False, **settings)

    return step


def _adam(
    tensors: list[Tensor], memory: list[dict[str, Any]], group: dict[str, Any]
) -> Callable[[list[Tensor]], object]:
    first, second, steps = ([m[k] for m in memory] for k in ("exp_avg", "exp_avg_sq", "step"))
    named = ("fused", "foreach", "capturable", "amsgrad", "lr", "weight_decay", "eps", "maximize")
    settings = {name: group[name] for name in named}
    settings["beta1"], settings["beta2"] = group["betas"]

    def step(gradients: list[Tensor]) -> None:
        adam(tensors, gradients, first, second, [], steps, **settings)

    return step
