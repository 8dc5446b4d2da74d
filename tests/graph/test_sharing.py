"""A node may use another's weights; what stands in the way is told."""

import pytest

from explorer import Graph


@pytest.fixture
def twins() -> Graph:
    """Two Linear nodes in a row on an input of equal width, the second with the first's weights."""
    graph = Graph()
    graph.add("Input", id="x", shape=(4,))
    graph.add("Linear", id="fc1", out_features=4)
    graph.add("Linear", id="fc2", out_features=4, weights_from="fc1")
    graph.add("Sum", id="sum")
    for wire in ("x.out fc1.x", "fc1.out fc2.x", "fc2.out sum.x"):
        graph.connect(*wire.split())
    return graph


def test_shared_weights_are_no_problem_and_count_once(twins: Graph) -> None:
    assert twins.problems() == []
    assert twins.analysis.parameter_count() == 4 * 4 + 4


def only_problem(graph: Graph) -> str:
    (problem,) = graph.problems()
    assert problem.node == "fc2"
    return f"{problem.message}: {problem.hint}"


def test_a_node_that_is_not_there_is_told(twins: Graph) -> None:
    twins.set("fc2", weights_from="fc9")

    assert only_problem(twins) == (
        "fc2 uses the weights of fc9, which is not there: "
        "name a Linear node in weights from, or leave it empty"
    )


def test_deleting_the_owner_is_told_and_undone(twins: Graph) -> None:
    twins.add("Linear", id="fc3", out_features=4)
    twins.set("fc2", weights_from="fc3")

    twins.remove("fc3")

    assert "uses the weights of fc3, which is not there" in only_problem(twins)
    twins.undo()
    assert not [p for p in twins.problems() if p.severity == "error"]


def test_another_kind_of_layer_is_told(twins: Graph) -> None:
    twins.set("fc2", weights_from="sum")

    assert "fc2 is a Linear and cannot use the weights of sum, which is a Sum" in only_problem(
        twins
    )


def test_weights_of_another_shape_are_told(twins: Graph) -> None:
    twins.set("fc2", out_features=3)

    assert only_problem(twins) == (
        "fc2 needs w (4, 3), b (3,), and fc1 has w (4, 4), b (4,): "
        "give both the same settings and inputs"
    )


def test_weights_at_third_hand_are_told(twins: Graph) -> None:
    twins.add("Linear", id="fc0", out_features=4)
    twins.set("fc1", weights_from="fc0")

    messages = [f"{p.message}: {p.hint}" for p in twins.problems() if p.node == "fc2"]

    assert messages == [
        "fc2 uses the weights of fc1, which uses those of fc0: name fc0 in weights from"
    ]


@pytest.mark.parametrize("name", ["fc 1", "1fc", "fc1.w"])
def test_what_can_be_no_id_is_refused(twins: Graph, name: str) -> None:
    with pytest.raises(Exception, match="weights_from"):
        twins.set("fc2", weights_from=name)


def test_users_of_weights_whose_owner_is_not_wired_must_agree(twins: Graph) -> None:
    twins.add("Linear", id="own", out_features=4)
    twins.set("fc1", weights_from="own")
    twins.set("fc2", weights_from="own", out_features=3)

    messages = [problem.message for problem in twins.problems() if problem.severity == "error"]

    assert messages == ["fc2 needs w (4, 3), b (3,), and fc1 has w (4, 4), b (4,)"]


def test_freezing_who_only_uses_weights_is_told_to_do_nothing(twins: Graph) -> None:
    twins.set("fc2", frozen=True)

    (problem,) = twins.problems()

    assert problem.severity == "warning"
    assert problem.hint == "freeze fc1 instead"


def test_a_node_cannot_borrow_from_itself(twins: Graph) -> None:
    twins.set("fc2", weights_from="fc2")

    assert only_problem(twins) == (
        "fc2 is to use its own weights, which it does anyway: "
        "leave weights from empty, or name another node"
    )
