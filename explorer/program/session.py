"""A program's tensors on one device: parameters, buffers, values, gradients."""

from collections.abc import Collection, Mapping
from copy import copy
from typing import Any

import torch
from torch import Tensor

from explorer.layers import Spec, shape_text
from explorer.layers.base import MODES
from explorer.program import source, threads
from explorer.program.program import Call, Program


class FeedError(ValueError):
    """What a session was fed does not fit; the message says which port, and what it wants."""


class WeightsError(ValueError):
    """Weights that do not fit a program; the message says which, and why."""


class Session:
    """One run of a program: its parameters, and every value and gradient computed so far.

    `dtype` is what parameters are kept in, `compute` what forward and backward compute in: the
    same unless told otherwise. `training` says whether layers such as BatchNorm and Dropout
    compute as in training. `usual_rows` is the size of the batches that the number of threads is
    chosen for; 0 where each is chosen for by itself.
    """

    def __init__(
        self,
        program: Program,
        device: Any = "cpu",
        dtype: torch.dtype = torch.float32,
        seed: int = 0,
        compute: torch.dtype | None = None,
    ):
        self.program = program
        self.device = torch.device(device)
        self.dtype = dtype
        self.compute = compute or dtype
        generator = torch.Generator().manual_seed(seed)
        self.parameters: dict[str, Tensor] = {
            path: spec.init(generator).to(self.device, dtype)
            for path, spec in program.specs.items()
        }
        self.buffers: dict[str, Tensor] = {
            path: spec.init(generator).to(self.device, dtype)
            for path, spec in program.buffer_specs.items()
        }
        self.training = True
        self.usual_rows = 0
        self.namespace: dict[str, Any] = {}
        self._before: dict[str, Tensor] = {}
        self._multiplications = 0
        self._stand_at_start({})

    @property
    def state(self) -> dict[str, Tensor]:
        """All that a file of weights holds, by path: parameters and buffers, live."""
        return self.parameters | self.buffers

    def beside(self) -> "Session":
        """Another session on the very same weights; its values, gradients and buffers are its own.

        What it computes leaves no trace in this one.
        """
        other = copy(self)
        other.buffers = {path: buffer.clone() for path, buffer in self.buffers.items()}
        other.release()
        return other

    def apart(self, state: Mapping[str, Tensor]) -> "Session":
        """A session like this one on copies of other weights and buffers, by path."""
        other = self.beside()
        other.parameters = {path: p.clone() for path, p in self.parameters.items()}
        other.load(state)
        other.release()
        return other

    def clear(self, batch: Mapping[str, Tensor], seed: int = 0) -> None:
        """Forget all values and gradients, and stand before the first call with a new batch.

        `seed` starts the random numbers of this batch. Raises FeedError where it does not fit.
        """
        self._stand_at_start(self._fed(batch), seed)

    def release(self) -> None:
        """Forget the batch, all values and gradients, and with them their memory."""
        self._stand_at_start({})

    def _stand_at_start(self, fed: dict[str, Tensor], seed: int = 0) -> None:
        self.namespace = source.fresh_namespace()
        self.namespace |= {"batch": fed, "training": self.training, "seed": seed}
        for path, variable in self.program.parameters.items():
            self.namespace[variable] = self.parameters[path].to(self.compute)
        for path, variable in self.program.buffers.items():
            self.namespace[variable] = self.buffers[path]
        self._before = {}
        rows = self.usual_rows or max((len(value) for value in fed.values()), default=1)
        self._multiplications = self.program.multiplications * rows

    def run(self, call: Call) -> None:
        """Execute one call: the same line that the source has."""
        for operand in call.reads:
            if operand.role == "buffer":
                # The call changes it in place; what it was is needed to go back in time.
                self._before[operand.variable] = self.namespace[operand.variable]
                self.namespace[operand.variable] = self._before[operand.variable].clone()
        self.run_in(self.namespace, call)
        # What a line drops into _ would otherwise stay alive until another line does.
        self.namespace.pop("_", None)

    def run_in(self, namespace: dict[str, Any], call: Call) -> None:
        """Execute one call on other variables than this session's own."""
        # On as many threads as training uses: their number can change the last bits of a sum.
        with torch.no_grad(), threads.suited_to(self._multiplications):
            exec(self.program.codes[call.index], namespace)

    def scratch(self, weights: Mapping[str, Tensor]) -> dict[str, Any]:
        """Variables as before the first call, with other numbers in some parameters, by path."""
        names = ("layers", "batch", *MODES)
        found = {name: self.namespace[name] for name in names}
        for path, variable in self.program.parameters.items():
            other = weights.get(path)
            found[variable] = self.namespace[variable] if other is None else other.to(self.compute)
        for path, variable in self.program.buffers.items():
            found[variable] = self.buffers[path].clone()
        return found

    def forget(self, call: Call) -> None:
        """Undo one call: what it computed is gone, and all before it is as it was."""
        for variable in call.outputs:
            del self.namespace[variable]
        for operand in call.reads:
            if operand.role == "buffer":
                self.namespace[operand.variable] = self._before.pop(operand.variable)

    def renew(self, variables: Collection[str]) -> None:
        """Let weights among these variables be the parameters that they come from again."""
        for path, variable in self.program.parameters.items():
            if variable in variables:
                self.namespace[variable] = self.parameters[path].to(self.compute)

    def start_backward(self) -> None:
        """Set the gradient of the loss by itself: 1."""
        loss = self.value(self.program.loss)
        self.namespace[self.program.gradients[self.program.loss]] = torch.ones_like(loss)

    def forward(self, feeds: Mapping[str, Tensor], seed: int = 0) -> Tensor:
        """Run every forward call and return the loss, a 0-d tensor; buffers are brought up to date.

        `feeds` are by port path: {"data.x": x, "data.y": y}; an Input is "x.out". `seed` starts
        the random numbers, of Dropout for one. Raises FeedError where a feed is missing, unknown
        or of the wrong shape.
        """
        self.clear(feeds, seed)
        for call in self.program.forward_calls:
            self.run(call)
        self.keep_buffers()
        return self.value(self.program.loss)

    def keep_buffers(self) -> None:
        """Bring the buffers up to date with a forward pass that has run."""
        for path, variable in self.program.buffers.items():
            self.buffers[path].copy_(self.namespace[variable])

    def backward(self) -> dict[str, Tensor]:
        """Run every backward call and return the gradient of each parameter, by its path."""
        self.start_backward()
        for call in self.program.backward_calls:
            self.run(call)
        return self.gradients()

    def gradients(self) -> dict[str, Tensor]:
        """The parameters' gradients that are computed by now, by path."""
        names = self.program.gradients
        return {
            path: self.namespace[names[path]]
            for path in self.program.parameters
            if path in names and names[path] in self.namespace
        }

    def value(self, path: str) -> Tensor:
        """The value at an output port, "fc1.out", of a parameter, "fc1.w", or of a buffer."""
        if path in self.parameters:
            return self.parameters[path]
        if path in self.buffers:
            return self.namespace[self.program.buffers[path]]
        if path not in self.program.values:
            raise KeyError(f"{path} is no value of this program")
        variable = self.program.values[path]
        if variable not in self.namespace:
            raise KeyError(f"{path} is not computed yet: run forward first")
        return self.namespace[variable]

    def gradient(self, path: str) -> Tensor:
        """The gradient of the loss by an output, "fc1.out", or by a parameter, "fc1.w"."""
        variable = self.program.gradients.get(path)
        if variable is None:
            known = path in self.program.values or path in self.program.parameters
            why = "nobody reads it, so it is not computed" if known else "it is no value here"
            raise KeyError(f"{path} has no gradient: {why}")
        if variable not in self.namespace:
            raise KeyError(f"the gradient of {path} is not computed yet: run backward first")
        return self.namespace[variable]

    def load(self, state: Mapping[str, Tensor]) -> None:
        """Put values into parameters and buffers, in place. WeightsError where they do not fit."""
        own = self.state
        missing, unknown = set(own) - set(state), set(state) - set(own)
        if missing or unknown:
            off = ", ".join(sorted(missing | unknown)[:5])
            raise WeightsError(f"these weights are of another net: {off} do not match")
        for path, parameter in own.items():
            if state[path].shape != parameter.shape:
                here = shape_text(tuple(parameter.shape))
                there = shape_text(tuple(state[path].shape))
                raise WeightsError(f"{path} is {there} in these weights and {here} in the net")
        for path, tensor in state.items():
            own[path].copy_(tensor)

    def lay_out(self, memory_format: torch.memory_format) -> None:
        """Keep weights with four axes, those of 2-d convolutions, in another order in memory."""
        for path, parameter in self.parameters.items():
            if parameter.dim() == 4:
                self.parameters[path] = parameter.contiguous(memory_format=memory_format)
        self.release()

    def move(self, device: Any) -> None:
        """Take parameters and buffers to another device; values and gradients are forgotten."""
        self.device = torch.device(device)
        self.parameters = {path: p.to(self.device) for path, p in self.parameters.items()}
        self.buffers = {path: b.to(self.device) for path, b in self.buffers.items()}
        self.release()

    def fed(self, path: str, value: Tensor) -> Tensor:
        """A fed tensor on this session's device: floats as it computes in, labels as int64.

        Targets stay as wide as the weights are kept: losses compute in that.
        """
        wanted = self.program.feeds[path].dtype
        floats = self.dtype if path in self.program.targets else self.compute
        dtype = floats if wanted.is_floating_point else wanted
        return value.to(self.device, dtype)

    def _fed(self, batch: Mapping[str, Tensor]) -> dict[str, Tensor]:
        wanted = self.program.feeds
        if missing := [path for path in wanted if path not in batch]:
            raise FeedError(f"nothing is fed to {', '.join(missing)}")
        if unknown := [path for path in batch if path not in wanted]:
            known = ", ".join(wanted) or "nothing"
            raise FeedError(f"{', '.join(unknown)} takes no feed; this program is fed {known}")
        for path, value in batch.items():
            _check_feed(path, wanted[path], value)
        if len(rows := {path: len(value) for path, value in batch.items()}) > 1 and (
            len(set(rows.values())) > 1
        ):
            counts = ", ".join(f"{path} {count}" for path, count in rows.items())
            raise FeedError(f"all that is fed must have as many rows: {counts}")
        return {path: self.fed(path, value) for path, value in batch.items()}


def _check_feed(path: str, spec: Spec, value: Tensor) -> None:
    if value.dim() == 0 or tuple(value.shape[1:]) != spec.shape[1:]:
        got = shape_text(tuple(value.shape))
        raise FeedError(f"{path} takes {shape_text(spec.shape)}; it was fed {got}")
    if value.dtype.is_floating_point != spec.dtype.is_floating_point:
        kind = "floats" if spec.dtype.is_floating_point else "whole numbers"
        raise FeedError(f"{path} takes {kind}; it was fed {value.dtype}")
