"""Whatever is done to a graph, undone and redone, the canvas shows what is there."""

from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.app.canvas import GraphScene
from explorer.graph import GraphError

from .conftest import assert_in_step, small_net

KINDS = ("Linear", "ReLU", "Add", "Data", "BCELoss", "Flatten")
ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(("add", "remove", "connect", "disconnect", "move", "undo", "redo")),
        st.integers(0, 50),
        st.integers(0, 50),
    ),
    max_size=25,
)


def act(graph, what: str, a: int, b: int) -> None:
    """One action, chosen by numbers; the graph refuses what cannot be."""
    ids, wires = list(graph.nodes), list(graph.wires)
    outputs = [f"{n.id}.{port}" for n in graph.nodes.values() for port in n.outputs]
    inputs = [f"{n.id}.{port}" for n in graph.nodes.values() for port in n.inputs]
    if what == "add":
        graph.add(KINDS[a % len(KINDS)], position=(10.0 * a, 10.0 * b))
    elif what == "remove" and ids:
        graph.remove(*{ids[a % len(ids)], ids[b % len(ids)]})
    elif what == "connect" and inputs and outputs:
        graph.connect(outputs[a % len(outputs)], inputs[b % len(inputs)])
    elif what == "disconnect" and wires:
        graph.disconnect(wires[a % len(wires)])
    elif what == "move" and ids:
        graph.move({ids[a % len(ids)]: (float(b), float(a))})
    elif what == "undo":
        graph.undo()
    elif what == "redo":
        graph.redo()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(actions=ACTIONS)
def test_items_equal_the_graph_after_any_edits_undos_and_redos(qapp, actions):
    graph = small_net()
    scene = GraphScene(graph)
    for action in actions:
        with suppress(GraphError):
            act(graph, *action)
        assert_in_step(scene)
        for id, item in scene.nodes.items():
            report = graph.analysis.report(id)
            shown = {port.name: port.shape for port in item.card.outputs if port.shape}
            assert shown.keys() == report.outputs.keys()
