"""Bends of wires: added, moved and taken away by edits, and carried along by what moves."""

import pytest

from explorer.graph import Graph, bends
from explorer.graph.fragments import duplication
from explorer.graph.grouping import grouping, ungrouping

PLACE = (100.0, 50.0)


@pytest.fixture
def net() -> Graph:
    graph = Graph()
    for number, id in enumerate(("x", "a", "b", "c")):
        graph.add("Input" if id == "x" else "ReLU", id=id, position=(200.0 * number, 0.0))
    for wire in ("x.out a.x", "a.out b.x", "b.out c.x"):
        graph.connect(*wire.split())
    return graph


def bend(graph: Graph, target: str) -> tuple[tuple[float, float], ...]:
    return graph.wires[target].bends


def test_bends_keep_their_order_and_each_edit_has_its_inverse(net: Graph) -> None:
    net.do(bends.adding(net.wires["b.x"], 0, (30.0, 0.0)))
    net.do(bends.adding(net.wires["b.x"], 0, (10.0, 0.0)))
    net.do(bends.adding(net.wires["b.x"], 1, (20.0, 0.0)))
    assert bend(net, "b.x") == ((10.0, 0.0), (20.0, 0.0), (30.0, 0.0))
    net.do(bends.moving(net.wires["b.x"], 1, (25.0, 5.0)))
    net.do(bends.removing(net.wires["b.x"], 0))
    assert bend(net, "b.x") == ((25.0, 5.0), (30.0, 0.0))
    while net.history.undo_label != "Connect b.out to c.x":
        net.undo()
    assert bend(net, "b.x") == ()


def test_bends_go_with_both_ends_moved_alike_and_with_nothing_else(net: Graph) -> None:
    net.do(bends.adding(net.wires["b.x"], 0, PLACE))
    net.move({"a": (200.0, 40.0)})
    net.move({"a": (200.0, 90.0), "b": (400.0, 10.0)})
    assert bend(net, "b.x") == (PLACE,)
    net.move({"a": (190.0, 100.0), "b": (390.0, 20.0)})
    assert bend(net, "b.x") == ((90.0, 60.0),)


def test_a_group_takes_the_bends_around_it_along_and_not_those_in_it(net: Graph) -> None:
    net.do(bends.adding(net.wires["b.x"], 0, PLACE))
    net.do(bends.adding(net.wires["c.x"], 0, PLACE))
    edit, group = grouping(net, ["a", "b"])
    net.do(edit)
    x, y = net.groups[group].position
    net.move({group: (x + 10, y), "c": (610.0, 0.0)})
    assert bend(net, "b.x") == (PLACE,)
    assert bend(net, "c.x") == ((110.0, 50.0),)


def test_bends_in_a_group_go_to_where_it_is_expanded(net: Graph) -> None:
    net.do(bends.adding(net.wires["b.x"], 0, (300.0, 50.0)))
    edit, group = grouping(net, ["a", "b"])
    net.do(edit)
    net.do(bends.adding(net.wires["a.x"], 0, PLACE))
    across, down = net.groups[group].position
    net.move({group: (across + 70, down + 30)})

    net.do(ungrouping(net, group))

    assert net.nodes["a"].position == (270.0, 30.0)
    assert bend(net, "b.x") == ((370.0, 80.0),)
    assert bend(net, "a.x") == (PLACE,), "what leads to the group is bent outside of it"


def test_a_copied_group_has_its_bends_where_its_nodes_are(net: Graph) -> None:
    net.do(bends.adding(net.wires["b.x"], 0, (300.0, 50.0)))
    net.do(bends.adding(net.wires["c.x"], 0, (500.0, 50.0)))
    edit, group = grouping(net, ["a", "b"])
    net.do(edit)

    edit, new = duplication(net, [group, "c"])
    net.do(edit)

    assert net.nodes[new["a"]].position == net.nodes["a"].position
    assert bend(net, f"{new['b']}.x") == ((300.0, 50.0),)
    assert bend(net, f"{new['c']}.x") == ((540.0, 90.0),)


def test_straightening_takes_the_bends_of_wires_between_the_nodes_named(net: Graph) -> None:
    net.do(bends.adding(net.wires["b.x"], 0, PLACE))
    net.do(bends.adding(net.wires["c.x"], 0, PLACE))
    for edit in bends.straightening(net, ["a", "b"], "Arrange nodes"):
        net.do(edit)
    assert bend(net, "b.x") == ()
    assert bend(net, "c.x") == (PLACE,)
