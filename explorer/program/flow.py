"""The gradients that flow back along wires, and where those of several readers meet: measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import ref

import torch
from torch import Tensor

from explorer.program.program import Call, Program


@dataclass(frozen=True)
class Measure:
    """The Euclidean norm of a tensor, and its one number where it holds but one."""

    norm: float
    value: float | None = None


@dataclass(frozen=True)
class Gradient:
    """The gradient of `of`, "fc1.out", as `sender`, the input "fc2.x" that reads it, gives it."""

    of: str
    sender: str
    measure: Measure


@dataclass(frozen=True)
class Meeting:
    """The gradients that its readers give of a value, or of a shared weight, and their sum."""

    of: str
    parts: tuple[Gradient, ...]
    total: Measure


@dataclass(frozen=True)
class Flow:
    """What has flown back by now: a gradient for each wire, a meeting for each addition."""

    gradients: tuple[Gradient, ...] = ()
    meetings: tuple[Meeting, ...] = ()


def senders(program: Program) -> dict[str, str]:
    """By variable of a gradient the input or weight, "fc2.x", whose backward call assigns it."""
    return {
        operand.variable: f"{call.node}.{operand.label.removeprefix('d')}"
        for call in program.backward_calls
        if not call.is_addition
        for operand in call.writes
    }


def meeting(program: Program, addition: Call) -> str:
    """Whose gradients an addition adds up, in words: "gradients from fc2 and add1 add up"."""
    known = senders(program)
    paths = [known[variable] for variable in addition.inputs]
    nodes = [path.partition(".")[0] for path in paths]
    *others, last = nodes if len(set(nodes)) == len(nodes) else paths
    return f"gradients from {', '.join(others)} and {last} add up"


class Gauge:
    """Measures a program's gradients, each once as long as it is the same tensor."""

    def __init__(self, program: Program):
        self.program = program
        self._senders = senders(program)
        self._additions = [call for call in program.backward_calls if call.is_addition]
        self._paths = {variable: path for path, variable in program.gradients.items()}
        for call in self._additions:
            of = self._paths[call.outputs[0]]
            self._paths |= dict.fromkeys(call.inputs, of)
        self._measured: dict[str, tuple[ref[Tensor], Measure]] = {}

    def read(self, namespace: Mapping[str, Any]) -> Flow:
        """What of a session's variables has been computed, and how large it is."""
        found = {
            variable: Gradient(self._paths[variable], sender, self._measure(variable, namespace))
            for variable, sender in self._senders.items()
            if variable in namespace
        }
        along_wires = (each for each in found.values() if each.of in self.program.values)
        meetings = (
            self._meeting(call, found, namespace)
            for call in self._additions
            if call.outputs[0] in namespace
        )
        return Flow(tuple(along_wires), tuple(meetings))

    def _meeting(
        self, call: Call, found: Mapping[str, Gradient], namespace: Mapping[str, Any]
    ) -> Meeting:
        (total,) = call.outputs
        parts = tuple(found[variable] for variable in call.inputs)
        return Meeting(self._paths[total], parts, self._measure(total, namespace))

    def _measure(self, variable: str, namespace: Mapping[str, Any]) -> Measure:
        tensor = namespace[variable]
        known = self._measured.get(variable)
        if known is None or known[0]() is not tensor:
            known = ref(tensor), measure(tensor)
            self._measured[variable] = known
        return known[1]


@torch.no_grad()
def measure(tensor: Tensor) -> Measure:
    """A tensor of floats, on any device."""
    wide = tensor.float() if tensor.dtype.itemsize < 4 else tensor
    norm = float(torch.linalg.vector_norm(wide))
    return Measure(norm, float(tensor) if tensor.numel() == 1 else None)
