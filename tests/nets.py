"""Small nets that tests of several folders are about."""

from typing import Any

from explorer import Graph

Nodes = dict[str, tuple[str, dict[str, Any]]]


def build(nodes: Nodes, *wires: str) -> Graph:
    """A graph from {"fc1": ("Linear", {"out_features": 3})} and "data.x fc1.x", …"""
    graph = Graph()
    for id, (layer, settings) in nodes.items():
        graph.add(layer, id=id, **settings)
    for wire in wires:
        graph.connect(*wire.split())
    return graph


def residual() -> Graph:
    """A net with a skip: relu1 is read by fc2 and, past it, by add1; in places of its own."""
    return build(
        {
            "data": ("Data", {"position": (0, 0), "dataset": "moons", "samples": 100}),
            "fc1": ("Linear", {"position": (240, 0), "out_features": 8}),
            "relu1": ("ReLU", {"position": (480, 0)}),
            "fc2": ("Linear", {"position": (720, -120), "out_features": 8}),
            "add1": ("Add", {"position": (960, 0)}),
            "fc3": ("Linear", {"position": (1200, 0), "out_features": 1}),
            "loss": ("BCEWithLogitsLoss", {"position": (1440, 0)}),
        },
        *("data.x fc1.x", "fc1.out relu1.x", "relu1.out fc2.x", "relu1.out add1.a"),
        *("fc2.out add1.b", "add1.out fc3.x", "fc3.out loss.y_hat", "data.y loss.y"),
    )
