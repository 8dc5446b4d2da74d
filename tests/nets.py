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


def shared() -> Graph:
    """Three layers on the very same weights, fc1's, with a Tanh behind each."""
    nodes: Nodes = {"data": ("Data", {"dataset": "moons", "samples": 40, "position": (0, 0)})}
    wires, last = [], "data.x"
    for number in (1, 2, 3):
        own = {"out_features": 2} | ({"weights_from": "fc1"} if number > 1 else {})
        nodes[f"fc{number}"] = ("Linear", {"position": (480 * number - 240, 0), **own})
        nodes[f"tanh{number}"] = ("Tanh", {"position": (480 * number, 0)})
        wires += [f"{last} fc{number}.x", f"fc{number}.out tanh{number}.x"]
        last = f"tanh{number}.out"
    nodes["end"] = ("Linear", {"out_features": 1, "position": (1680, 0)})
    nodes["loss"] = ("BCEWithLogitsLoss", {"position": (1920, 0)})
    return build(nodes, *wires, f"{last} end.x", "end.out loss.y_hat", "data.y loss.y")
