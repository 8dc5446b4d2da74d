"""The cards of groups, and of what is outside of the group that one looks into."""

from explorer.app.canvas.card import Card, Port, flow_of, worst
from explorer.graph import Graph, Problem, blocks, grouping
from explorer.graph.grouping import GroupPort
from explorer.layers import shape_text

KIND = "Group"


def describe_group(graph: Graph, id: str, problems: tuple[Problem, ...]) -> Card:
    """The card of a group, given what is wrong with the nodes in it."""
    inside = grouping.contents(graph, id)
    weights = graph.analysis.parameter_count(inside)
    return Card(
        id=id,
        title=graph.groups[id].label,
        kind=KIND,
        family=blocks.FAMILY,
        inputs=tuple(
            _port(graph, port, False, row) for row, port in enumerate(grouping.inputs(graph, id))
        ),
        outputs=tuple(
            _port(graph, port, True, row) for row, port in enumerate(grouping.outputs(graph, id))
        ),
        parameters=_counted(weights, "parameter") if weights else _counted(len(inside), "node"),
        severity=worst(problems),
        problems=tuple(str(problem) for problem in problems),
        is_usable=True,
    )


def gate_in(graph: Graph, source: str) -> Card:
    """The card of an output outside that is read in the group that is shown."""
    id, _, name = source.partition(".")
    port = _port(graph, GroupPort(name, (source,)), True, 0)
    return _gate(graph, id, outputs=(port,))


def gate_out(graph: Graph, target: str) -> Card:
    """The card of an input outside that reads from the group that is shown."""
    id, _, name = target.partition(".")
    port = _port(graph, GroupPort(name, (target,)), False, 0)
    return _gate(graph, id, inputs=(port,))


def _gate(
    graph: Graph, id: str, inputs: tuple[Port, ...] = (), outputs: tuple[Port, ...] = ()
) -> Card:
    node = graph.nodes[id]
    return Card(id, node.label, "outside", "", inputs, outputs, "", None, (), True)


def _port(graph: Graph, port: GroupPort, is_output: bool, row: int) -> Port:
    path = port.paths[0]
    wire = None if is_output else graph.wires.get(path)
    source = path if is_output else (wire.source if wire else None)
    spec = graph.analysis.spec(source) if source else None
    shape = shape_text(spec.shape) if spec else ""
    return Port(path, port.name, is_output, row, flow_of(spec), shape, paths=port.paths)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"
