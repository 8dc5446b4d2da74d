"""Graphs that the tests start from."""

from collections.abc import Callable

import pytest

from explorer import Graph

Wiring = Callable[..., None]


@pytest.fixture
def wire() -> Wiring:
    """Draws several wires: wire(graph, "data.x fc1.x", "fc1.out relu1.x")."""

    def draw(graph: Graph, *wires: str) -> None:
        for each in wires:
            graph.connect(*each.split())

    return draw


@pytest.fixture
def net(wire: Wiring) -> Graph:
    """Data, Linear, ReLU, Linear, loss on two moons: it can train as it is."""
    graph = Graph()
    graph.add("Data", id="data", dataset="moons", position=(0, 40))
    graph.add("Linear", id="fc1", out_features=8, position=(240, 0))
    graph.add("ReLU", id="relu1")
    graph.add("Linear", id="fc2", out_features=1, title="head")
    graph.add("BCEWithLogitsLoss", id="loss")
    wire(graph, "data.x fc1.x", "fc1.out relu1.x", "relu1.out fc2.x", "fc2.out loss.y_hat")
    wire(graph, "data.y loss.y")
    graph.history.clear()
    return graph
