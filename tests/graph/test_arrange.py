"""Automatic layout: nothing on top of anything, few crossings, straight chains, deterministic."""

import random
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import explorer
from explorer import Graph
from explorer.graph.arrange import COLUMN, HEIGHT, ROW, WIDTH, arrange
from explorer.graph.grouping import grouping
from explorer.graph.layout.crossings import count_crossings, reduce_crossings
from explorer.graph.layout.layers import Link, layered

EXAMPLES = Path(__file__).parents[2] / "resources" / "examples"
seeds, sizes = st.integers(0, 10_000), st.integers(1, 30)
directions = st.sampled_from(["right", "down"])


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


def chain(graph: Graph, *ids: str) -> None:
    """A Parameter, and a Tanh after a Tanh behind it."""
    graph.add("Parameter", id=ids[0])
    for before, id in zip(ids, ids[1:], strict=False):
        graph.add("Tanh", id=id)
        graph.connect(f"{before}.out", f"{id}.x")


def heights_of(graph: Graph, seed: int) -> dict[str, float]:
    draw = random.Random(seed)
    return {id: draw.choice([66.0, 86.0, 146.0, 206.0]) for id in graph.nodes}


def overlapping(places: dict[str, tuple[float, float]], heights: dict[str, float]) -> list:
    def meet(a: str, b: str) -> bool:
        (ax, ay), (bx, by) = places[a], places[b]
        beside = ax + WIDTH <= bx or bx + WIDTH <= ax
        below = ay + heights.get(a, HEIGHT) <= by or by + heights.get(b, HEIGHT) <= ay
        return not (beside or below)

    return [pair for pair in combinations(places, 2) if meet(*pair)]


def in_layers(graph: Graph):
    """The whole graph in layers, as drawn."""
    number = {id: place for place, id in enumerate(graph.nodes)}

    def share(port: str, ports: tuple[str, ...]) -> float:
        return (ports.index(port) + 1) / (len(ports) + 1)

    links = [
        Link(
            number[wire.source_node],
            number[wire.target_node],
            share(wire.source_port, graph.nodes[wire.source_node].outputs),
            share(wire.target_port, graph.nodes[wire.target_node].inputs),
        )
        for wire in graph.wires.values()
    ]
    return layered(len(graph.nodes), links)


@settings(deadline=None)
@given(seed=seeds, nodes=sizes, direction=directions, wraps=st.booleans())
def test_no_card_stands_on_another_and_wires_lead_on(seed, nodes, direction, wraps) -> None:
    graph = tangle(seed, nodes)
    heights = heights_of(graph, seed)

    places = arrange(graph, direction=direction, heights=heights, wraps=wraps)

    assert set(places) == set(graph.nodes)
    assert overlapping(places, heights) == []
    assert min(x for x, _ in places.values()) == min(y for _, y in places.values()) == 0
    for wire in graph.wires.values():
        (ax, ay), (bx, by) = places[wire.source_node], places[wire.target_node]
        if direction == "down":
            assert by >= ay + heights[wire.source_node]
        else:
            assert bx - ax >= COLUMN or (wraps and by > ay)


@settings(deadline=None)
@given(seed=seeds, nodes=sizes)
def test_there_are_never_more_crossings_than_there_were(seed: int, nodes: int) -> None:
    net = in_layers(tangle(seed, nodes))
    before = count_crossings(net)
    inside = [sorted(layer) for layer in net.layers]

    left = reduce_crossings(net)

    assert left == count_crossings(net) <= before
    assert [sorted(layer) for layer in net.layers] == inside


@pytest.mark.parametrize("name", ["residual_digits", "transformer_text", "ctc_digit_strips"])
def test_no_wires_of_a_starter_graph_cross(name: str) -> None:
    assert reduce_crossings(in_layers(explorer.load(EXAMPLES / f"{name}.json"))) == 0


def test_a_large_tangle_loses_nearly_all_of_its_crossings() -> None:
    net = in_layers(tangle(1, 300))
    before = count_crossings(net)

    assert reduce_crossings(net) < before / 8


def test_which_port_a_wire_ends_in_decides_what_stands_above() -> None:
    graph = Graph()
    for id in ("low", "high"):
        graph.add("Parameter", id=id)
    graph.add("Add", id="sum")
    graph.connect("low.out", "sum.b")
    graph.connect("high.out", "sum.a")

    places = arrange(graph)

    assert places["high"][1] < places["low"][1]


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


def test_top_down_a_chain_stands_in_one_column(net: Graph) -> None:
    places = arrange(net, direction="down", heights={"fc1": 206.0})

    assert {x for x, _ in places.values()} == {0.0}
    rows = [places[id][1] for id in ("data", "fc1", "relu1", "fc2", "loss")]
    steps = [b - a for a, b in zip(rows, rows[1:], strict=False)]
    assert steps[1] == steps[0] + 206 - HEIGHT
    assert {steps[0], *steps[2:]} == {steps[0]}


def test_a_chain_stays_straight_beside_its_skips() -> None:
    graph = explorer.load(EXAMPLES / "residual_digits.json")

    places = arrange(graph)

    assert len({y for _, y in places.values()}) == 1


def test_what_no_wire_joins_stands_by_itself() -> None:
    graph = Graph()
    chain(graph, "a1", "a2", "a3")
    chain(graph, "b1", "b2")
    for id in ("c", "d", "e", "f"):
        graph.add("Parameter", id=id)

    places = arrange(graph)

    assert places["b1"] == (0.0, ROW)
    assert places["b2"] == (COLUMN, ROW)
    assert [places[id] for id in "cdef"] == [
        (0, 2 * ROW), (COLUMN, 2 * ROW), (0, 3 * ROW), (COLUMN, 3 * ROW)
    ]  # fmt: skip


def test_a_source_stands_right_before_what_reads_it() -> None:
    graph = Graph()
    chain(graph, "n0", "n1", "n2", "n3")
    chain(graph, "scale", "bent")
    graph.add("Multiply", id="product")
    graph.connect("n3.out", "product.a")
    graph.connect("bent.out", "product.b")

    places = arrange(graph)

    assert [places[id][0] / COLUMN for id in ("scale", "bent", "product")] == [2, 3, 4]


def test_a_part_keeps_its_top_left_corner(net: Graph) -> None:
    net.move({"fc1": (1000, 700), "relu1": (950, 900)})

    places = arrange(net, ["relu1", "fc1"])

    assert places == {"fc1": (950, 700), "relu1": (950 + COLUMN, 700)}


def test_a_part_does_not_land_on_other_cards(net: Graph) -> None:
    net.move({"fc1": (0, 0), "relu1": (0, 200), "fc2": (COLUMN, 10), "loss": (600, 0)})
    net.move({"data": (-900, 0)})

    places = arrange(net, ["relu1", "fc1"])

    everything = {id: node.position for id, node in net.nodes.items()} | places
    assert overlapping(everything, {}) == []
    assert places["relu1"] == (places["fc1"][0] + COLUMN, places["fc1"][1])


@settings(deadline=None)
@given(seed=seeds, nodes=st.integers(4, 25))
def test_no_part_ever_lands_on_other_cards(seed: int, nodes: int) -> None:
    graph = tangle(seed, nodes)
    graph.move(arrange(graph))
    part = random.Random(seed).sample(list(graph.nodes), nodes // 2)

    places = {id: node.position for id, node in graph.nodes.items()} | arrange(graph, part)

    assert overlapping(places, {}) == []


def test_nothing_to_lay_out() -> None:
    assert arrange(Graph()) == {}
    assert arrange(tangle(1, 3), []) == {}


def test_a_long_net_goes_on_in_lines_below_and_keeps_what_belongs_together() -> None:
    graph = Graph()
    chain(graph, *(f"n{number}" for number in range(20)))
    graph.add("Add", id="skip")
    graph.connect("n4.out", "skip.a")
    graph.connect("n7.out", "skip.b")

    places = arrange(graph, wraps=True)

    assert max(x for x, _ in places.values()) <= 9 * COLUMN
    assert len({y for id, (_, y) in places.items() if id != "skip"}) >= 3
    assert [places[f"n{n}"][1] for n in range(4, 8)] == [places["n4"][1]] * 4
    assert arrange(graph) != places


def test_a_net_that_many_wires_would_be_torn_across_stays_in_one_line() -> None:
    graph = Graph()
    for row in range(5):
        chain(graph, *(f"n{row}_{column}" for column in range(30)))
    graph.add("Concat", id="all", count=5)
    for row, port in enumerate(graph.nodes["all"].inputs):
        graph.connect(f"n{row}_29.out", f"all.{port}")

    assert arrange(graph, wraps=True) == arrange(graph)


def test_wires_as_long_as_the_net_do_not_make_it_grow_beyond_measure() -> None:
    links = [Link(node, node + 1) for node in range(2_000)]
    links += [Link(node, 2_000, enters=0.9) for node in range(1_900)]

    net = layered(2_001, links)

    assert len(net.depth) <= 12_010
    assert reduce_crossings(net) == count_crossings(net)


def test_groups_are_laid_out_as_the_cards_that_they_show(net):
    edit, group = grouping(net, ["fc1", "relu1"])
    net.do(edit)

    places = arrange(net)

    assert group in places
    assert not {"fc1", "relu1"} & set(places)
    inside = arrange(net, level=group)
    assert inside.keys() == {"fc1", "relu1"}
    assert inside["fc1"][0] < inside["relu1"][0]


def test_a_group_that_is_both_before_and_behind_a_card_is_laid_out(net):
    first, *_, last = [id for id in net.nodes if net.net.degree(id)]
    edit, group = grouping(net, [first, last])
    net.do(edit)

    places = arrange(net)

    assert group in places
