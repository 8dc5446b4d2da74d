"""Where the stepper stands, as the canvas shows it."""

from collections.abc import Iterable, Mapping

from explorer.app.canvas.overlay import StepOverlay
from explorer.app.messages import StepperMoved
from explorer.graph import Graph, Wire
from explorer.graph.muting import way
from explorer.program import Program
from explorer.program.flow import Gradient
from explorer.program.program import Call, Phase


def trace(graph: Graph, program: Program, moved: StepperMoved) -> StepOverlay:
    """What is done, what runs, and which wires carry values or gradients.

    What passes a muted node by runs along the wires before and behind it.
    """
    current = moved.call
    ran = program.calls[: moved.position]
    forward, backward = _nodes(ran, "forward"), _nodes(ran, "backward")
    gradients = {each.sender: each for each in moved.flow.gradients}
    routes = [
        way(graph, wire)
        for wire in graph.wires.values()
        if not graph.nodes[wire.target_node].is_muted
    ]
    live = _targets(route for route in routes if current and current.node == _met(route, current))
    if current is not None and current.phase == "update":
        live = frozenset()
    elif current is not None and (current.is_addition or current.phase == "backward"):
        live &= _targets(route for route in routes if route[0].target in gradients)
    return StepOverlay(
        current=current.node if current else None,
        phase=current.phase if current else "forward",
        done_forward=forward,
        done_backward=backward,
        live_wires=live,
        gradients=_along(routes, gradients),
        meetings=moved.flow.meetings,
        met=moved.flow.meetings[-1] if current and current.is_addition else None,
        left_out=frozenset(program.left_out),
        waiting=_nodes(program.calls, "forward") - forward,
        without_gradient=_nodes(program.calls, "backward") - backward,
    )


def _met(route: list[Wire], call: Call) -> str:
    """The node at the end of a route that a call is about: its reader, or where it begins."""
    return route[-1].source_node if call.is_addition else route[0].target_node


def _targets(routes: Iterable[list[Wire]]) -> frozenset[str]:
    return frozenset(wire.target for route in routes for wire in route)


def _along(
    routes: Iterable[list[Wire]], gradients: Mapping[str, Gradient]
) -> dict[str, tuple[Gradient, ...]]:
    """By wire the gradients on it: those of all readers that a muted node passes it on to."""
    found: dict[str, tuple[Gradient, ...]] = {}
    for route in routes:
        if gradient := gradients.get(route[0].target):
            for wire in route:
                found[wire.target] = (*found.get(wire.target, ()), gradient)
    return found


def _nodes(calls: Iterable[Call], phase: Phase) -> frozenset[str]:
    return frozenset(c.node for c in calls if c.phase == phase and not c.is_addition)
