"""What the user drew: nodes, wires, how to train them; no Qt, no training."""

from explorer.graph.edits import Edit
from explorer.graph.errors import FileError, GraphError, Problem
from explorer.graph.file import load
from explorer.graph.graph import Graph, Node, Unusable, Wire
from explorer.graph.settings import TrainingSettings

__all__ = [
    "Edit",
    "FileError",
    "Graph",
    "GraphError",
    "Node",
    "Problem",
    "TrainingSettings",
    "Unusable",
    "Wire",
    "load",
]
