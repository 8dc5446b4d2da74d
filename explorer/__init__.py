"""Backprop Explorer: draw a net, see it compiled to forward/backward calls, train it, step it.

A name comes with its room when it is first asked for: torch takes a second to import, and the
program shows something before that.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explorer import layers
    from explorer.graph import FileError, Graph, GraphError, Problem, load
    from explorer.program import Program, Session, Stepper, compile
    from explorer.program.verify import verify
    from explorer.training import Trainer, TrainingError

__all__ = [
    "FileError",
    "Graph",
    "GraphError",
    "Problem",
    "Program",
    "Session",
    "Stepper",
    "Trainer",
    "TrainingError",
    "compile",
    "layers",
    "load",
    "verify",
]

_ROOMS = {
    "graph": ["FileError", "Graph", "GraphError", "Problem", "load"],
    "program": ["Program", "Session", "Stepper", "compile", "verify"],
    "training": ["Trainer", "TrainingError"],
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> Any:
    if name == "layers":
        return import_module("explorer.layers")
    if name not in _ROOM_OF:
        raise AttributeError(f"explorer has no {name}")
    globals()[name] = getattr(import_module(f"explorer.{_ROOM_OF[name]}"), name)
    return globals()[name]


def __dir__() -> list[str]:
    return __all__
