"""One call from within: a layer's time steps, or its parts, one after the other, forth and back."""

from typing import Any

import torch

from explorer.layers import find
from explorer.layers.walking import Part, Walk
from explorer.program.program import Call


def can_enter(call: Call) -> bool:
    """Whether there is something to see within a call."""
    layer = find(call.layer)
    return layer is not None and layer.walk_forward is not None and call.phase != "update"


class Inside:
    """Stands within a call, behind one of its parts. `position` counts those that have run.

    What the last part computed stands among the session's other variables, for as long as it is
    the last; `variables` are their names there, by the names that the layer has for them.
    """

    def __init__(self, call: Call, namespace: dict[str, Any]):
        self.call = call
        self.position = 0
        self.variables: dict[str, str] = {}
        self._namespace = namespace
        self._walk = _walk(call, namespace)
        self._parts: list[Part] = []
        self._result: Any = None

    @property
    def part(self) -> Part | None:
        """The part that ran last; None before the first."""
        return self._parts[self.position - 1] if self.position else None

    @property
    def result(self) -> Any:
        """What the parts come to, once all have run: what the call returns, up to rounding."""
        return self._result

    def step(self) -> Part | None:
        """Run the next part and return it; None when there is none."""
        if self.position == len(self._parts):
            part = self._next()
            if part is None:
                return None
            self._parts.append(part)
        self.position += 1
        self._show()
        return self.part

    def back(self) -> Part | None:
        """Take the last part back and return the one before it; None at the start."""
        self.position = max(self.position - 1, 0)
        self._show()
        return self.part

    def leave(self) -> None:
        """Take what the last part computed out of the session again."""
        for variable in self.variables.values():
            del self._namespace[variable]
        self.variables = {}

    def _show(self) -> None:
        self.leave()
        if self.part is not None:
            self.variables = {name: self._free(f"within_{name}") for name in self.part.values}
            for name, value in self.part.values.items():
                self._namespace[self.variables[name]] = value

    def _free(self, name: str) -> str:
        while name in self._namespace:
            name += "_"
        return name

    def _next(self) -> Part | None:
        try:
            with torch.no_grad():
                return next(self._walk)
        except StopIteration as end:
            self._result = self._result or end.value
            return None


def _walk(call: Call, namespace: dict[str, Any]) -> Walk:
    """The call's own line, with the layer's walk in the place of its forward or backward."""
    _, _, right = call.text.partition(" = ")
    whole = f"layers.{call.layer}."
    line = right.replace(f"{whole}{call.phase}(", f"{whole}walk_{call.phase}(", 1)
    found: Walk = eval(line, namespace)
    return found
