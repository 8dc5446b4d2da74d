"""A whole training step recorded once as a CUDA graph and replayed: no Python, no launches.

Source: Ng et al. 2021, "Accelerating PyTorch with CUDA graphs".
"""

from collections.abc import Callable

import torch
from torch import Tensor

from explorer import layers
from explorer.program import Program
from explorer.training.feeder import Batch

Outcome = tuple[Tensor, Tensor | None]
"""The loss of a step and its accuracy, if it has one, as 0-d tensors."""

_WARM_UP = 3
"""Steps to run before recording: kernels are chosen and memory is set aside in these."""


def why_not(program: Program, device: torch.device, optimizer: torch.optim.Optimizer) -> str:
    """Why a step cannot be recorded, as a sentence; "" where it can be."""
    if device.type != "cuda":
        return f"steps are recorded on CUDA only; this run is on {device}"
    if "seed" in program.modes:
        drawing = sorted({c.node for c in program.forward_calls if "seed=seed" in c.text})
        names = ", ".join(drawing)
        return f"steps are not recorded: {names} draws new random numbers in each"
    catalogue = layers.catalogue()
    waiting = [c.node for c in program.forward_calls if catalogue[c.layer].reads_back]
    if waiting:
        return f"steps are not recorded: {', '.join(waiting)} waits for numbers from the device"
    if not optimizer.param_groups[0]["fused"]:
        return "steps are not recorded: the optimizer has no fused kernel here"
    return ""


class CapturedStep:
    """One training step on batches of one shape, recorded when it has been run a few times.

    `step` makes it the usual way. Batches of other shapes, such as the last one of an epoch, are
    always stepped the usual way. Parameters, buffers and what the optimizer remembers are
    changed in place, so both ways can take turns.
    """

    def __init__(self, step: Callable[[Batch], Outcome]):
        self._step = step
        self._steps = 0
        self._fed: Batch | None = None
        self._graph: torch.cuda.CUDAGraph | None = None
        self._outcome: Outcome | None = None

    def __call__(self, batch: Batch) -> Outcome:
        if self._fed is None:
            self._fed = {path: value.clone() for path, value in batch.items()}
        if any(value.shape != self._fed[path].shape for path, value in batch.items()):
            return self._step(batch)
        if self._graph is None and self._steps < _WARM_UP:
            self._steps += 1
            return self._step(batch)
        for path, value in batch.items():
            self._fed[path].copy_(value)
        if self._graph is None:
            self._record(self._fed)
        assert self._graph is not None
        assert self._outcome is not None
        self._graph.replay()
        loss, accuracy = self._outcome
        # The next replay writes into the same memory.
        return loss.clone(), None if accuracy is None else accuracy.clone()

    def _record(self, fed: Batch) -> None:
        """Record the step; nothing is computed while recording."""
        graph = torch.cuda.CUDAGraph()
        torch.cuda.synchronize()
        with torch.cuda.graph(graph):
            self._outcome = self._step(fed)
        self._graph = graph
