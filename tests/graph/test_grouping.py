"""Groups: one card for several nodes; what runs stays the same."""

import pytest

from explorer.graph import Graph, GraphError
from explorer.graph.annotations import Bookmark
from explorer.graph.edits import Annotate
from explorer.graph.file import from_text, to_text
from explorer.graph.fragments import duplication, fragment
from explorer.graph.grouping import (
    contents,
    grouping,
    inputs,
    levels,
    outputs,
    shown_as,
    ungrouping,
)
from explorer.graph.inserting import insertion
from explorer.program import compile
from tests.nets import residual


@pytest.fixture
def net() -> Graph:
    return residual()


def group(graph: Graph, *ids: str, title: str = "") -> str:
    edit, id = grouping(graph, ids, title)
    graph.do(edit)
    return id


def test_a_group_has_a_port_for_each_wire_that_it_cuts(net: Graph) -> None:
    block = group(net, "fc2", "add1")

    assert [(port.name, port.paths) for port in inputs(net, block)] == [
        ("x", ("fc2.x", "add1.a")),
    ]
    assert [(port.name, port.paths) for port in outputs(net, block)] == [("out", ("add1.out",))]
    assert contents(net, block) == {"fc2", "add1"}


def test_grouping_changes_nothing_that_runs(net: Graph) -> None:
    before = compile(net).source

    group(net, "fc2", "add1")

    assert compile(net).source == before


def test_undo_takes_a_group_apart_and_redo_makes_it_again(net: Graph) -> None:
    before = to_text(net)
    group(net, "fc2", "add1")
    after = to_text(net)

    assert net.undo() == "Group 2 nodes"
    assert to_text(net) == before
    net.redo()
    assert to_text(net) == after


def test_groups_nest_and_are_shown_by_the_outermost_of_a_level(net: Graph) -> None:
    inner = group(net, "fc2", "add1")
    outer = group(net, "relu1", inner)

    assert levels(net, inner) == [outer, inner]
    assert contents(net, outer) == {"relu1", "fc2", "add1"}
    assert shown_as(net, "fc2", "") == outer
    assert shown_as(net, "fc2", outer) == inner
    assert shown_as(net, "fc2", inner) == "fc2"
    assert shown_as(net, "fc1", outer) is None


def test_expanding_puts_the_nodes_where_the_card_was_moved_to(net: Graph) -> None:
    block = group(net, "fc2", "add1")
    x, y = net.groups[block].position
    net.move({block: (x + 100, y + 50)})

    net.do(ungrouping(net, block))

    assert net.nodes["fc2"].position == (820, -70)
    assert net.nodes["add1"].position == (1060, 50)
    assert not net.groups


def test_a_bookmark_in_a_group_moves_no_node_when_it_is_expanded(net: Graph) -> None:
    before = dict(net.nodes)
    block = group(net, "fc2", "add1")
    net.do(Annotate(Bookmark("far", position=(9000.0, 9000.0), group=block), "Add far"))

    net.do(ungrouping(net, block))

    assert net.nodes == before
    assert net.bookmarks["far"] == Bookmark("far", position=(9000.0, 9000.0))


def test_a_group_survives_a_save_with_what_is_in_it(net: Graph) -> None:
    inner = group(net, "fc2", "add1", title="Skip")
    outer = group(net, "relu1", inner)

    opened = from_text(to_text(net))

    assert to_text(opened) == to_text(net)
    assert opened.groups[inner].title == "Skip"
    assert opened.groups[inner].group == outer
    assert contents(opened, outer) == contents(net, outer)


def test_deleting_a_group_deletes_what_is_in_it_and_undo_brings_all_back(net: Graph) -> None:
    inner = group(net, "fc2", "add1")
    outer = group(net, "relu1", inner)
    before = to_text(net)

    net.remove(outer)

    assert list(net.nodes) == ["data", "fc1", "fc3", "loss"]
    assert not net.groups
    net.undo()
    assert to_text(net) == before


def test_a_copied_group_brings_its_nodes_under_new_names(net: Graph) -> None:
    block = group(net, "fc2", "add1", title="Skip")

    edit, ids = duplication(net, [block])
    net.do(edit)

    copy = ids[block]
    assert net.groups[copy].title == "Skip"
    assert contents(net, copy) == {ids["fc2"], ids["add1"]}
    assert net.wires[f"{ids['add1']}.a"].source == "relu1.out"
    assert net.wires[f"{ids['add1']}.b"].source == f"{ids['fc2']}.out"


def test_a_group_taken_elsewhere_still_feeds_together_what_was_fed_together(net: Graph) -> None:
    block = group(net, "fc2", "add1")
    part = fragment(net, [block])
    other = Graph()

    edit, ids = insertion(other, part, (0, 0), "Paste")
    other.do(edit)

    (port,) = inputs(other, ids[block])
    assert port.paths == ("fc2.x", "add1.a")


def test_what_cannot_be_grouped_is_told(net: Graph) -> None:
    group(net, "fc2", "add1")
    with pytest.raises(GraphError, match="nothing to group"):
        grouping(net, [])
    with pytest.raises(GraphError, match="not in the same group"):
        grouping(net, ["fc1", "fc2"])
    with pytest.raises(GraphError, match="fc1 is no group"):
        ungrouping(net, "fc1")


def test_a_group_is_never_inside_of_itself(net: Graph) -> None:
    text = to_text(net).replace(
        '"groups": []',
        '"groups": [{"id": "a", "position": [0, 0], "group": "b", "nodes": ["fc1"]}, '
        '{"id": "b", "position": [0, 0], "group": "a", "nodes": []}]',
    )

    opened = from_text(text)

    assert not opened.groups
    assert len(opened.unknown_annotations["groups"]) == 2


def test_entries_of_one_id_that_fit_no_graph_are_each_kept(net: Graph) -> None:
    gone = '{"id": "a", "position": [0, 0], "nodes": ["gone"]}'
    lost = '{"id": "a", "position": [0, 0], "group": "nowhere", "nodes": ["fc1"]}'
    text = to_text(net).replace('"groups": []', f'"groups": [\n    {gone},\n    {lost}\n  ]')

    assert to_text(from_text(text)) == text
