"""What a session's tensors are called, and where each of them is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from torch import Tensor

from explorer.layers import find
from explorer.program.program import Call, Operand, Program
from explorer.program.viewing.axes import Axes, axes

Kind = Literal["value", "cache", "gradient", "parameter", "buffer", "optimizer", "pin"]
Memory = Mapping[tuple[str, str], Tensor]
"""What an optimizer remembers of each parameter: {("fc1.w", "exp_avg"): tensor, …}."""


@dataclass(frozen=True)
class Address:
    """Where a tensor is found, whatever numbers it holds by then.

    `name` is the variable in the program's source; the path of a parameter, "fc1.w", for what
    the optimizer remembers of it; the number of a pin. `part` is the entry of a cache, or what
    it is that the optimizer remembers.
    """

    name: str
    part: str = ""
    among: Literal["variables", "optimizer", "pins"] = "variables"

    @property
    def variable(self) -> str:
        """Its name in the program's source; "" where it is a part of something, or a copy."""
        return self.name if self.among == "variables" and not self.part else ""


@dataclass(frozen=True)
class Difference:
    """One tensor less another."""

    one: Address
    other: Address


@dataclass(frozen=True)
class Label:
    """What a tensor is called: by itself, "gradient of fc1.w", and among others of its kind."""

    kind: Kind
    title: str
    name: str
    axes: Axes = ()


class Catalogue:
    """Every tensor that a program can ever hold, in the order in which it comes to be."""

    def __init__(self, program: Program):
        self._axes = axes(program)
        self._parameters = program.parameters
        self._paths = {variable: path for path, variable in program.gradients.items()}
        self._cached: dict[str, tuple[str, ...]] = {}
        self.labels: dict[Address, Label] = {}
        for path, variable in program.parameters.items():
            self._add(Address(variable), "parameter", path, path)
        for path, variable in program.buffers.items():
            self._add(Address(variable), "buffer", path, path)
        for call in program.calls:
            for operand in call.writes:
                self._add_written(program, call, operand)
            if call.index + 1 == len(program.forward_calls):
                self._add_gradient(program.gradients[program.loss], "")

    def label(self, address: Address) -> Label | None:
        """What is at an address; None where this program has no such thing."""
        if address.among == "variables":
            return self.labels.get(address)
        if address.name not in self._parameters:
            return None
        known = self._axes.get(self._parameters[address.name], ())
        title = f"{address.part} of {address.name}"
        return Label("optimizer", title, f"{address.name}: {address.part}", known)

    def of_cache(self, variable: str, cache: Any) -> Iterator[tuple[Address, Tensor]]:
        """The tensors in a cache by the names that its layer has for them."""
        names = self._cached.get(variable, ())
        entries = cache if isinstance(cache, tuple) else ()
        for name, entry in zip(names, entries, strict=False):
            if isinstance(entry, Tensor):
                yield Address(variable, name), entry

    def _add_written(self, program: Program, call: Call, operand: Operand) -> None:
        if operand.role == "output":
            path = f"{call.node}.{operand.label}"
            self._add(Address(operand.variable), "value", path, path)
        elif operand.role == "gradient":
            self._add_gradient(operand.variable, f"{call.node}.{operand.label}")
        else:
            self._add_cache(call, operand.variable)

    def _add_gradient(self, variable: str, part: str) -> None:
        """A gradient by what it belongs to; one of those that are added up by who sends it."""
        path = self._paths.get(variable)
        title = f"gradient of {path}" if path else f"gradient {part}"
        self._add(Address(variable), "gradient", title, path or part)

    def _add_cache(self, call: Call, variable: str) -> None:
        layer = find(call.layer)
        self._cached[variable] = layer.cache if layer else ()
        inputs = {operand.label: operand.variable for operand in call.reads}
        for name in self._cached[variable]:
            known = self._axes.get(inputs.get(name, ""), ())
            title = f"{name} in the cache of {call.node}"
            self._add(Address(variable, name), "cache", title, f"{call.node}: {name}", known)

    def _add(
        self, address: Address, kind: Kind, title: str, name: str, axes: Axes | None = None
    ) -> None:
        known = self._axes.get(address.name, ()) if axes is None else axes
        self.labels.setdefault(address, Label(kind, title, name, known))
