"""What runs: straight-line calls, one forward per node, one backward per node in reverse."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import torch

from explorer.layers import ParameterSpec, Shape, Spec
from explorer.program import source

if TYPE_CHECKING:
    from types import CodeType

    from explorer.program.session import Session
    from explorer.program.source import Functions

Phase = Literal["forward", "backward", "update"]
Role = Literal[
    "input",
    "parameter",
    "buffer",
    "output",
    "cache",
    "upstream",
    "gradient",
    "memory",
    "new",
    "measure",
    "part",
]
"""Of updates: what the optimizer keeps, what it gives, and what that does. A part is of what a
call computes within."""


@dataclass(frozen=True)
class Operand:
    """A variable as one call uses it: its name in the source, and what the layer calls it."""

    variable: str
    label: str
    role: Role


@dataclass(frozen=True)
class Call:
    """One line of the program: a layer's forward or backward, or the addition at a fork.

    `layer` names the layer, "Linear", and is empty for an addition. `inputs` and `outputs` are
    the variables that the line reads and assigns, each once in a whole program. `index` is its
    place among the program's calls, `line` to `last_line` where it stands in the source, counted
    from 1; a long one is wrapped there.

    Updates of weights are behind the calls of a program and stand in no line of its source;
    `layer` names the optimizer.
    """

    phase: Phase
    node: str
    layer: str
    text: str
    reads: tuple[Operand, ...]
    writes: tuple[Operand, ...]
    comment: str
    line: int = 0
    last_line: int = 0
    index: int = 0

    @property
    def is_addition(self) -> bool:
        return not self.layer

    @property
    def inputs(self) -> tuple[str, ...]:
        return tuple(operand.variable for operand in self.reads)

    @property
    def outputs(self) -> tuple[str, ...]:
        return tuple(operand.variable for operand in self.writes)


@dataclass(frozen=True)
class Program:
    """A compiled graph. Immutable: threads and sessions may share it.

    Attributes:
        loss: the output that is minimised, "loss.loss".
        values, parameters, buffers, gradients: the variable that holds "fc1.out", "fc1.w",
            "bn1.running_mean", and the gradient of either of the first two, by that path.
        specs, buffer_specs: how each parameter and each buffer starts, by path.
        is_mixed: whether losses widen what they get to float32, for mixed precision.
        modes: what `forward` is told of the run: "training", "seed", both or neither.
        feeds: what each step must be fed, by port path.
        targets: those of them that only losses read.
        shapes: the shape at each output port, by path.
        multiplications: multiply-accumulates of a forward pass, for each row of the batch.
        compared: the variables that the loss compares, (y_hat, y); () where it compares no such.
        loss_kind, loss_settings: the layer that the loss comes from, and what its forward is told.
        left_out: nodes that do not reach the loss.
    """

    name: str
    calls: tuple[Call, ...]
    loss: str
    values: dict[str, str]
    parameters: dict[str, str]
    buffers: dict[str, str]
    gradients: dict[str, str]
    specs: dict[str, ParameterSpec]
    buffer_specs: dict[str, ParameterSpec]
    modes: tuple[str, ...]
    is_mixed: bool
    feeds: dict[str, Spec]
    targets: frozenset[str]
    shapes: dict[str, Shape]
    multiplications: int
    compared: tuple[str, ...]
    loss_kind: str
    loss_settings: dict[str, Any]
    left_out: tuple[str, ...]
    source: str

    @cached_property
    def filename(self) -> str:
        """The name under which tracebacks show the source's lines."""
        return source.filename(self.name, self.source)

    @cached_property
    def functions(self) -> "Functions":
        """The source's own `forward` and `backward`, ready to call."""
        source.show_in_tracebacks(self.source, self.filename, self)
        return source.functions(self.source, self.filename)

    @cached_property
    def codes(self) -> "tuple[CodeType, ...]":
        """Each call compiled by itself, at its own line of the source."""
        source.show_in_tracebacks(self.source, self.filename, self)
        return tuple(
            source.compile_line(call.text, self.filename, call.line) for call in self.calls
        )

    @cached_property
    def forward_calls(self) -> tuple[Call, ...]:
        return tuple(call for call in self.calls if call.phase == "forward")

    @cached_property
    def backward_calls(self) -> tuple[Call, ...]:
        return tuple(call for call in self.calls if call.phase == "backward")

    def start(
        self,
        device: Any = "cpu",
        dtype: torch.dtype = torch.float32,
        seed: int = 0,
        compute: torch.dtype | None = None,
    ) -> "Session":
        """A session with fresh parameters, drawn from `seed` in the order of the calls."""
        from explorer.program.session import Session

        return Session(self, device, dtype, seed, compute)
