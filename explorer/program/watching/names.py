"""What a name in a watch stands for: by node, fc1.dw, or of the call that ran last, dw."""

from collections.abc import Mapping, Sequence

from torch import Tensor

from explorer.program.program import Call, Operand, Program, Role
from explorer.program.viewing import Address, Gallery, NotYetError, ViewError
from explorer.program.watching.errors import WatchedTooEarlyError, WatchError, meant

_OF_ONE_CALL: tuple[Role, ...] = ("cache", "memory", "measure")
"""What a node may have several of: by its name alone it is only known in its call."""


class Names:
    """The names that a program has wherever one stands in it; `calls` holds its updates, too."""

    def __init__(self, program: Program, calls: Sequence[Call]):
        self.by_node: dict[str, dict[str, Address]] = {}
        self.variables = {each.variable for call in calls for each in _operands(call)}
        self.labels: dict[str, str] = {}
        for call in calls:
            for operand in (*(() if call.is_addition else call.reads), *call.writes):
                if operand.role not in _OF_ONE_CALL:
                    self._add(call.node, operand.label, operand.variable)
                    self.labels.setdefault(operand.label, call.node)
        for path, variable in (program.parameters | program.buffers).items():
            node, label = path.split(".")
            self._add(node, label, variable)
        for path, variable in program.gradients.items():
            node, port = path.split(".")
            # What arrives in all, where several gradients meet.
            self.by_node[node][f"d{port}"] = Address(variable)

    def _add(self, node: str, label: str, variable: str) -> None:
        self.by_node.setdefault(node, {}).setdefault(label, Address(variable))

    @property
    def paths(self) -> list[str]:
        """All names by node, in the order of the program."""
        return [f"{node}.{label}" for node, labels in self.by_node.items() for label in labels]

    def name_of(self, address: Address, call: Call | None = None) -> str:
        """What a tensor is best called: by the call's node, by another, or as in the source.

        "" for what has no name here, such as a part of a cache.
        """
        if address.among != "variables" or address.part:
            return ""
        first = [call.node] if call is not None and call.node in self.by_node else []
        for node in [*first, *self.by_node]:
            for label, place in self.by_node[node].items():
                if place == address:
                    return f"{node}.{label}"
        return address.name if address.name in self.variables else ""

    def bare(self, call: Call | None) -> dict[str, Address]:
        """What x, w, out, dout and dw are to a call: its own, then what else its node has."""
        if call is None:
            return {}
        own = {operand.label: Address(operand.variable) for operand in _operands(call)}
        return own | {n: a for n, a in self.by_node.get(call.node, {}).items() if n not in own}


def _operands(call: Call) -> list[Operand]:
    """What a call reads and writes, but for caches, which are no tensors."""
    return [operand for operand in (*call.reads, *call.writes) if operand.role != "cache"]


class Scope:
    """The names that can be watched where a walk stands, and the tensors that they stand for.

    `call` is the one that ran last, None where nothing is walked through. `within` gives the
    variables of the part that ran last, while one stands within a call. A bare name is looked for
    within, then in the call, then at its node, then among the variables of the program's source.
    """

    def __init__(
        self,
        gallery: Gallery,
        names: Names,
        call: Call | None = None,
        within: Mapping[str, str] | None = None,
    ):
        self._gallery, self._names = gallery, names
        parts = {name: Address(variable) for name, variable in (within or {}).items()}
        self._bare = names.bare(call) | parts
        self._call = call

    def find(self, name: str) -> Address | None:
        """Where the tensor is that a name stands for: "dw", "fc1.dw", "fc1.w.grad"."""
        if name.endswith(".grad"):
            node, _, label = name.removesuffix(".grad").rpartition(".")
            return self.find(f"{node}.d{label}" if node else f"d{label}")
        node, _, label = name.rpartition(".")
        if node:
            return self._names.by_node.get(node, {}).get(label)
        return self._bare.get(name) or (Address(name) if name in self._names.variables else None)

    def has_node(self, name: str) -> bool:
        """Whether that is a node's name, and nothing that the last call has."""
        return name in self._names.by_node and name not in self._bare

    def tensor(self, address: Address) -> Tensor:
        """What is there now, live; WatchError where it is not computed yet."""
        try:
            return self._gallery.subject(address).tensor
        except NotYetError as error:
            raise WatchedTooEarlyError(error.title, str(error)) from error
        except ViewError as error:
            raise WatchError(str(error)) from error

    def why_unknown(self, name: str) -> str:
        """What is wrong with a name that stands for nothing, in a sentence."""
        node, _, label = name.rpartition(".")
        if node in self._names.by_node:
            known = ", ".join(self._names.by_node[node])
            return f"{node} has no {label}: it has {known}"
        if name in self._names.by_node:
            known = ", ".join(f"{name}.{label}" for label in self._names.by_node[name])
            return f"{name} is a node: write {known}"
        own, call = ", ".join(self._bare), self._call
        last = f"the last call, {call.node} {call.phase}," if call else ""
        if name in self._names.labels:
            as_in = f"name the node, as in {self._names.labels[name]}.{name}"
            if not last:
                return f"no call has run that has a {name}: {as_in}"
            return f"{last} has no {name}, but {own}: {as_in}"
        near = meant(name, [*self._bare, *self._names.paths, *self._names.variables])
        example = next(iter(self._names.paths), "")
        hint = f"{last} has {own}" if last else f"write a node and what it has, as in {example}"
        return f"there is no {name} here{near or f': {hint}'}"
