"""Automatic layout: left to right, nothing on top of anything, the same each time, and fast."""

import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from explorer import Graph
from explorer.graph.arrange import COLUMN, ROW, arrange


def tangle(seed: int, nodes: int) -> Graph:
    """Random additions of earlier nodes, sources in between."""
    draw = random.Random(seed)
    graph = Graph()
    ids: list[str] = []
    for number in range(nodes):
        kind = "Parameter" if not ids or draw.random() < 0.25 else draw.choice(["Tanh", "Add"])
        graph.add(kind, id=f"n{number}")
        ports = {"Parameter": "", "Tanh": "x", "Add": "ab"}[kind]
        for port in ports:
            if draw.random() < 0.9:
                graph.connect(f"{draw.choice(ids[-12:])}.out", f"n{number}.{port}")
        ids.append(f"n{number}")
    return graph


def check(graph: Graph, places: dict[str, tuple[float, float]]) -> None:
    assert set(places) == set(graph.nodes)
    for wire in graph.wires.values():
        assert places[wire.target_node][0] - places[wire.source_node][0] >= COLUMN
    columns: dict[float, list[float]] = {}
    for x, y in places.values():
        columns.setdefault(x, []).append(y)
    for rows in columns.values():
        rows.sort()
        assert all(b - a >= ROW - 1e-6 for a, b in zip(rows, rows[1:], strict=False))


@settings(deadline=None)
@given(seed=st.integers(0, 10_000), nodes=st.integers(1, 30))
def test_wires_go_right_and_nodes_keep_apart(seed: int, nodes: int) -> None:
    graph = tangle(seed, nodes)

    check(graph, arrange(graph))


def test_the_same_graph_is_laid_out_the_same_way() -> None:
    graph = tangle(3, 40)
    first = arrange(graph)

    graph.move({id: (random.random() * 99, 0) for id in graph.nodes})

    assert arrange(graph) == first == arrange(tangle(3, 40))


def test_a_chain_is_a_straight_line(net: Graph) -> None:
    places = arrange(net)

    assert [places[id][0] for id in ("data", "fc1", "relu1", "fc2", "loss")] == [
        COLUMN * column for column in range(5)
    ]
    assert len({y for _, y in places.values()}) == 1


def test_some_nodes_can_be_laid_out_by_themselves(net: Graph) -> None:
    places = arrange(net, ["relu1", "fc1"])

    assert set(places) == {"fc1", "relu1"}
    assert places["fc1"][0] < places["relu1"][0]


def test_nothing_to_lay_out() -> None:
    assert arrange(Graph()) == {}


def test_a_thousand_nodes_take_no_more_than_a_few_seconds() -> None:
    graph = tangle(1, 1000)

    start = time.perf_counter()
    places = arrange(graph)

    assert time.perf_counter() - start < 5
    check(graph, places)


def test_a_long_net_goes_on_in_lines_below_and_keeps_what_belongs_together() -> None:
    graph = Graph()
    last = "n0"
    graph.add("Parameter", id="n0")
    for number in range(1, 20):
        graph.add("Tanh", id=f"n{number}")
        graph.connect(f"{last}.out", f"n{number}.x")
        last = f"n{number}"
    graph.add("Add", id="skip")
    graph.connect("n3.out", "skip.a")
    graph.connect("n6.out", "skip.b")

    places = arrange(graph, line=7)

    assert max(x for x, _ in places.values()) <= 9 * COLUMN
    assert len({y for id, (_, y) in places.items() if id != "skip"}) >= 3
    assert [places[f"n{n}"][1] for n in range(3, 7)] == [places["n3"][1]] * 4
    assert arrange(graph) != places
