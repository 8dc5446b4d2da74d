"""Backprop Explorer: draw a net, see it compiled to forward/backward calls, train it, step it."""

from explorer import layers
from explorer.graph import FileError, Graph, GraphError, Problem, load
from explorer.program import Program, Session, Stepper, compile, verify
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
